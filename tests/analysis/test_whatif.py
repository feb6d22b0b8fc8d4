from __future__ import annotations

import numpy as np
import pytest

from rnnviz.analysis.replay.network import replay
from rnnviz.analysis.whatif import Edit, kl_divergence, what_if
from rnnviz.trace import Trace, UserError


def loss_with(trace, edits):
    return float(replay(trace, edits)["loss_total"])


def test_nothing_changes_before_the_edit_and_something_after(make_trace, cell):
    trace = make_trace(**cell)
    found = what_if(trace, [Edit(name="h_l0", step=3, index=(1,), value=0.9)])
    assert not found.difference("h_l0")[:3].any()
    assert (found.after["h_l0"][3, :, 1] == 0.9).all()
    assert found.difference("h_l0")[4:].any(axis=(1, 2)).all()
    assert not found.kl()[:3].any()
    assert (found.kl()[3:] > 0).all()


def test_the_gradient_at_an_added_number_is_the_slope_of_the_loss(make_trace, cell):
    trace = make_trace(**cell)
    names = ["h_l0", "x", "logits", *[f"{gate}_l0" for gate in trace.spec.gates]]
    if trace.spec.has_cell_state:
        names.append("c_l0")
    for name in names:
        up, down = (
            loss_with(trace, [Edit(name=name, action="add", step=2, row=1, index=(1,), value=e)])
            for e in (1e-6, -1e-6)
        )
        slope = trace[f"dL_d{name}"][2, 1, 1]
        assert slope == pytest.approx((up - down) / 2e-6, abs=1e-8), name


def test_gradients_of_the_edited_pass_are_those_of_the_edited_loss(make_trace, cell):
    trace = make_trace(**cell)
    edits = [
        Edit(name="h_l0", step=3, index=(0,), value=0.4),
        Edit(name="h_l0", action="scale", step=4, index=(2,), value=-0.5),
        Edit(name="W_hy", action="add", index=(0, 1), value=0.3),
    ]
    edited = replay(trace, edits)
    for name in ("W_xh_l0", "W_hy", "b_h_l0"):
        up, down = (
            loss_with(trace, [*edits, Edit(name=name, action="add", value=e, index=(0,))])
            for e in (1e-6, -1e-6)
        )
        assert edited[f"dL_d{name}"][0].sum() == pytest.approx((up - down) / 2e-6, abs=1e-7), name


def test_a_set_unit_passes_no_gradient_to_its_causes(make_trace):
    trace = make_trace(H=3)
    edits = [Edit(name="h_l0", step=t, value=0.1) for t in (4,)]
    edited = replay(trace, edits)
    assert edited["dL_dh_l0"][4].any()
    assert not edited["dL_da_l0"][4].any()
    own_loss = trace["loss_mask"][3] * 1.0
    assert own_loss.any()
    direct = edited["dL_dh_direct_l0"][3]
    np.testing.assert_allclose(edited["dL_dh_l0"][3], direct, atol=1e-15)


def test_a_clamp_passes_gradient_only_inside_its_limits(make_trace):
    trace = make_trace()
    edited = replay(trace, [Edit(name="h_l0", action="clamp", value=-0.2, high=0.2)])
    h = edited["h_l0"]
    assert h.min() == -0.2
    assert h.max() == 0.2
    outside = np.abs(h) == 0.2
    assert not edited["dL_da_l0"][outside].any()
    assert edited["dL_da_l0"][~outside].all()


def test_an_ablated_unit_is_off_for_the_whole_pass(make_trace, cell):
    found = what_if(make_trace(**cell), [Edit(name="h_l0", action="ablate", index=(2,))])
    assert not found.after["h_l0"][..., 2].any()
    assert not found.after["dL_dW_hy"][:, 2].any()
    change = found.loss_change()
    assert change is not None
    assert change != 0.0


def test_another_token_is_read(make_trace):
    trace = make_trace(input_kind="one-hot")
    row = trace["tokens"][2, 0]
    found = what_if(trace, [Edit(name="tokens", step=2, row=0, value=(row + 1) % 4)])
    assert found.after["tokens"][2, 0] == (row + 1) % 4
    assert not found.difference("h_l0")[:, 1].any()
    assert found.difference("h_l0")[2:, 0].any()


@pytest.mark.parametrize(
    ("edit", "words"),
    [
        (Edit(name="tokens", row=9), "row 9 is not in this batch"),
        (Edit(name="tokens", row=-1), "counts from 0"),
        (Edit(name="tokens", step=1, index=(2,)), "one number a step"),
        (Edit(name="tokens", step=70), "no step 71"),
        (Edit(name="h0_l0", step=1), "before the first step"),
    ],
)
def test_a_token_or_a_first_state_at_a_place_that_it_has_not_is_refused(make_trace, edit, words):
    with pytest.raises(UserError, match=words):
        what_if(make_trace(input_kind="one-hot"), [edit])


def test_an_edit_in_a_lower_layer_reaches_the_layers_above(make_trace):
    found = what_if(make_trace(layers=2, cell="gru"), [Edit(name="z_l0", step=2, value=1.0)])
    assert found.difference("h_l1")[2].any()
    assert "h_l1" in found.changed_names()
    np.testing.assert_allclose(found.after["h_l0"][2], found.after["h_l0"][1])


def test_undo_is_leaving_out_the_edit(make_trace):
    trace = make_trace()
    first = Edit(name="h_l0", step=1, value=0.5)
    second = Edit(name="x", action="add", step=4, value=1.0)
    both = what_if(trace, [first]).also(second)
    assert both.edits == (first, second)
    np.testing.assert_array_equal(
        both.without(0).after["logits"], what_if(trace, [second]).after["logits"]
    )
    untouched = both.without(0).without(0)
    assert untouched.changed_names() == ()
    assert untouched.after is untouched.before


def test_the_trace_itself_is_never_changed(make_trace):
    trace = make_trace()
    before = {name: np.array(array) for name, array in trace.arrays.items()}
    what_if(trace, [Edit(name="W_hh_l0", action="scale", value=2.0)])
    for name, array in before.items():
        np.testing.assert_array_equal(trace[name], array)


def test_the_initial_state_can_be_edited(make_trace, cell):
    name = "y0_l0" if cell["cell"] == "jordan" else "h0_l0"
    found = what_if(make_trace(**cell), [Edit(name=name, index=(0,), value=0.8)])
    assert found.difference("h_l0")[0].any()
    assert (found.after[name][:, 0] == 0.8).all()


def test_kl_is_zero_only_for_equal_distributions():
    y = np.array([[1.0, 2.0, 3.0]])
    assert kl_divergence(y, y + 5.0) == pytest.approx(0.0, abs=1e-15)
    p, q = np.array([0.5, 0.5]), np.array([0.9, 0.1])
    expected = (p * np.log(p / q)).sum()
    assert kl_divergence(np.log(p), np.log(q)) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("edit", "words"),
    [
        (Edit(name="q_l0", step=1), "computes no 'q_l0'"),
        (Edit(name="h_l0", step=70), "h_l0 has no step 71"),
        (Edit(name="h_l0", step=1, index=(50,)), "no component"),
        (Edit(name="h_l0", step=1, index=(-1,)), "counts from 0"),
        (Edit(name="h_l0", step=1, row=9), "row 9 is not in this batch"),
        (Edit(name="h_l0", step=1, index=(5,)), r"no component \[6\] .*its last is \[5\]"),
        (Edit(name="W_hh", index=(0, 0)), "it has W_hh_l0"),
        (Edit(name="W_hy", step=1), "shared by all steps"),
        (Edit(name="tokens", value=1.0), "computes no 'tokens'"),
    ],
)
def test_an_edit_that_fits_nothing_says_so(make_trace, edit, words):
    with pytest.raises(UserError, match=words):
        what_if(make_trace(), [edit])


def test_an_edit_that_makes_no_sense_is_refused_at_once():
    with pytest.raises(UserError, match="use one of set"):
        Edit(name="h_l0", action="wiggle")  # type: ignore[arg-type]  # the point of the test
    with pytest.raises(UserError, match="finite"):
        Edit(name="h_l0", value=float("nan"))
    with pytest.raises(UserError, match="empty"):
        Edit(name="h_l0", action="clamp", value=1.0, high=0.0)


def test_pre_activations_can_be_edited_where_they_are_one_number(make_trace):
    found = what_if(make_trace(cell="lstm"), [Edit(name="a_l0", step=2, index=(5,), value=50.0)])
    assert found.after["f_l0"][2, 0, 0] == pytest.approx(1.0)
    with pytest.raises(UserError, match="edit its gates"):
        what_if(make_trace(cell="gru"), [Edit(name="a_l0", step=2, value=1.0)])


def test_an_edit_reads_like_a_sentence_that_counts_from_one():
    edit = Edit(name="f_l0", action="clamp", value=0, high=0.5, step=4, index=(2,))
    assert str(edit) == "f_l0[3] kept in [0, 0.5] at step 5"
    assert str(Edit(name="h_l0", action="ablate")) == "h_l0 ablated at every step"


def test_a_replay_of_a_replay_is_the_same(make_trace, cell):
    trace = make_trace(**cell)
    again = replay(Trace(trace.spec, trace.arrays))
    for name in trace:
        np.testing.assert_array_equal(again[name], trace[name])


@pytest.mark.parametrize("attention", ["dot", "general", "additive"])
def test_attention_weights_can_be_edited_and_have_a_slope(engine_trace, attention):
    trace = engine_trace({"kind": "many-to-many", "cell": "gru", "attention": attention})
    edit = Edit(name="attention", step=1, row=0, index=(2,), value=1.0)
    found = what_if(trace, [edit])
    assert found.after["attention"][1, 0, 2] == 1.0
    changed = found.kl() > 1e-20
    assert changed[1, 0]
    assert changed.sum() == 1
    up, down = (
        loss_with(trace, [Edit(name="attention", action="add", step=1, row=0, index=(2,), value=e)])
        for e in (1e-6, -1e-6)
    )
    assert trace["dL_dattention"][1, 0, 2] == pytest.approx((up - down) / 2e-6, abs=1e-8)


def test_what_the_decoder_reads_can_be_another_token(engine_trace):
    trace = engine_trace({"kind": "many-to-many"})
    other = (trace["decoder_tokens"][2, 1] + 1) % 4
    found = what_if(trace, [Edit(name="decoder_tokens", step=2, row=1, value=other)])
    assert not found.kl()[:2].any()
    assert (found.kl()[2:, 1] > 0).all()


def test_an_encoder_state_reaches_the_decoder(engine_trace):
    trace = engine_trace({"kind": "many-to-many", "cell": "lstm"})
    found = what_if(trace, [Edit(name="encoder_c_l0", action="ablate", step=5, index=(0,))])
    assert found.difference("decoder_h_l0").any()


@pytest.mark.parametrize("name", ["h_l0", "logits", "x", "tokens"])
def test_a_step_after_the_end_of_a_sequence_cannot_be_edited_and_says_where_it_ends(
    engine_trace, name
):
    trace = engine_trace({"input_kind": "one-hot"}, ragged=True)
    lengths = trace["lengths"].tolist()
    assert lengths == [6, 3, 5]
    what_if(trace, [Edit(name=name, step=2, row=1)])
    what_if(trace, [Edit(name=name, step=3)])
    with pytest.raises(UserError, match=f"ends at step 3: there is no {name} at step 4"):
        what_if(trace, [Edit(name=name, step=3, row=1)])


def test_the_outputs_of_a_decoder_end_when_it_ends_and_not_when_the_input_does(engine_trace):
    trace = engine_trace({"kind": "many-to-many", "attention": "dot"}, ragged=True)
    last = len(trace["logits"]) - 1
    for name in ("logits", "attention", "decoder_h_l0"):
        what_if(trace, [Edit(name=name, step=last, row=1)])
    with pytest.raises(UserError, match="no encoder_h_l0 at step 5"):
        what_if(trace, [Edit(name="encoder_h_l0", step=4, row=1)])
