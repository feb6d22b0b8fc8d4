"""Where a sequence, a part of the network or a chain of states ends: what the inspector says."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from rnnviz.engine.batch import Batch
from rnnviz.engine.network import Network
from rnnviz.scene.axis import TimeAxis
from rnnviz.scene.cell_picture import cell_picture
from rnnviz.scene.cursor import cursor_at
from rnnviz.scene.equations import equations_of
from rnnviz.scene.equations_spoken import spoken
from rnnviz.scene.equations_typeset import is_known
from rnnviz.scene.handover import handed_over
from rnnviz.scene.inspector import inspector_picture
from rnnviz.scene.inspector_node import parse_node
from rnnviz.scene.inspector_terms import at_step, terms
from rnnviz.scene.numbers import signed
from rnnviz.scene.shapes import Equation, Label, Picture
from rnnviz.scene.state import ViewState
from rnnviz.scene.theme import theme
from rnnviz.scene.timeline import Timeline
from rnnviz.trace import ModelSpec, Trace


def net_of(rng: np.random.Generator, **options: Any) -> Network:
    """A small network in which every initial state that is learned is something."""
    spec = ModelSpec(**{"input_size": 5, "hidden_size": 3, "output_size": 5, **options})
    net = Network.create(spec, rng=rng, dtype=np.float64)
    for name in net.params:
        if "_init_" in name:
            net.params[name][...] = rng.normal(0, 0.5, net.params[name].shape)
    return net


def traced(net: Network, rng: np.random.Generator, lengths: list[int] | None = None) -> Trace:
    """A pass over two sequences of five steps; a decoder's have three."""
    tokens, decodes = rng.integers(0, 5, (5, 2)), net.spec.kind == "many-to-many"
    targets = rng.integers(0, 5, (3 if decodes else 5, 2))
    decoder = {"decoder_tokens": targets} if decodes else {}
    return net.trace(Batch(tokens=tokens, targets=targets, lengths=lengths, **decoder))


def state_at(trace: Trace, node: str, row: int = 0) -> ViewState:
    timeline = Timeline(trace)
    axis, cursor = TimeAxis.fitted(trace.columns, 122.0, 900.0), cursor_at(timeline, len(timeline))
    return ViewState(trace, timeline, cursor, axis, theme("light"), selected=node, row=row)


def words_of(picture: Picture) -> list[str]:
    return [s.text for layer in picture.layers for s in layer.shapes if isinstance(s, Label)]


def equations_in(picture: Picture) -> list[str]:
    return [s.tex for layer in picture.layers for s in layer.shapes if isinstance(s, Equation)]


def backward(trace: Trace, node: str, row: int = 0) -> list[str]:
    found = parse_node(trace, node)
    assert found is not None
    formulas = equations_of(trace, found, row).backward
    assert all(is_known(piece) for formula in formulas for piece in formula)
    return [spoken((formula,)) for formula in formulas]


@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
@pytest.mark.parametrize("base", ["h", "a gate"])
def test_after_the_end_of_a_sequence_nothing_is_said_to_be_computed(
    cell: Any, base: str, rng: np.random.Generator
) -> None:
    trace = traced(net_of(rng, cell=cell), rng, lengths=[3, 5])
    gate = {"rnn": "h", "lstm": "i", "gru": "z"}[cell]
    node = f"{'h' if base == 'h' else gate}_l0@3"
    picture = inspector_picture(state_at(trace, node), 600, 600)
    assert any("The sequence is over at this step" in text for text in words_of(picture))
    assert equations_in(picture) == []
    assert "=" not in picture.summary
    # The other sequence goes on.
    assert equations_in(inspector_picture(state_at(trace, node, row=1), 600, 600)) != []


@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
def test_a_cell_in_the_padding_writes_out_no_sum(cell: Any, rng: np.random.Generator) -> None:
    trace = traced(net_of(rng, cell=cell), rng, lengths=[3, 5])
    over = cell_picture(state_at(trace, ""), 1300, 800, "h_l0@3")
    assert not [text for text in words_of(over) if text.startswith("[1]")]
    assert "Computes" not in over.summary
    within = cell_picture(state_at(trace, "", row=1), 1300, 800, "h_l0@3")
    assert [text for text in words_of(within) if text.startswith("[1]")]


def test_a_jordan_network_reads_its_learned_output_before_the_first_step(
    rng: np.random.Generator,
) -> None:
    trace = traced(net_of(rng, cell="jordan", learned_state=True), rng)
    node = parse_node(trace, "h_l0@0")
    assert node is not None
    found = terms(trace, node, 1, 2)
    assert found is not None
    assert found.carried == pytest.approx(float(trace["W_yh_l0"][2] @ trace["y0_l0"][1]))
    assert found.read == pytest.approx(float(trace["W_xh_l0"][2] @ trace["x"][0, 1]))
    assert abs(found.carried) > 1e-3


def test_in_reverse_the_last_true_step_starts_from_the_initial_state(
    rng: np.random.Generator,
) -> None:
    net = net_of(rng, cell="gru", bidirectional=True, learned_state=True)
    trace = traced(net, rng, lengths=[3, 5])
    node = parse_node(trace, "h_l0_reverse@2")
    assert node is not None
    before = at_step(trace, node, "h", 0, 1)
    assert before is not None
    assert before == pytest.approx(trace["h0_l0_reverse"][0])
    shown = inspector_picture(state_at(trace, "h_l0_reverse@2"), 600, 600)
    old = signed(float(trace["h0_l0_reverse"][0, 0])).lstrip("+")
    assert any(f"× {old} " in text for text in words_of(shown))


@pytest.mark.parametrize("attention", ["none", "dot"])
@pytest.mark.parametrize("lengths", [None, [3, 5]])
def test_the_encoders_last_state_gets_its_gradient_from_the_decoders_first(
    attention: Any, lengths: list[int] | None, rng: np.random.Generator
) -> None:
    trace = traced(net_of(rng, kind="many-to-many", attention=attention), rng, lengths)
    last = 2 if lengths else 4
    (said,) = backward(trace, f"encoder_h_l0@{last}")
    assert said.endswith("∂L/∂h_0^dec")
    assert "h_6" not in said
    assert "h_4^enc)" not in said
    before = backward(trace, f"encoder_h_l0@{last - 1}")[0]
    assert "dec" not in before
    given = handed_over(trace, "h", "l0", 0)
    assert given is not None
    picture = inspector_picture(state_at(trace, f"encoder_h_l0@{last}"), 600, 600)
    texts = words_of(picture)
    assert "from h₀ᵈ" in texts
    assert ("from above" in texts) == (attention == "dot")
    assert f"{float(given[0]):+.4f}".replace("-", "−") in texts


@pytest.mark.parametrize("layers", [1, 2])
def test_both_directions_of_an_encoder_get_theirs_through_the_bridge(
    layers: int, rng: np.random.Generator
) -> None:
    net = net_of(rng, cell="lstm", kind="many-to-many", bidirectional=True, layers=layers)
    trace = traced(net, rng)
    ends = {"encoder_h_l0@4": "→", "encoder_h_l0_reverse@0": "←"}
    for node, arrow in ends.items():
        h, c = backward(trace, node)
        for said, letter in ((h, "h"), (c, "c")):
            assert f"W_bridge{letter}^({arrow}ᵀ) ∂L/∂{letter}_0^" in said
        assert not h.endswith("= 0")


def test_the_chain_of_a_padded_sequence_ends_with_its_last_word(rng: np.random.Generator) -> None:
    trace = traced(net_of(rng), rng, lengths=[3, 5])
    assert backward(trace, "h_l0@2", row=0) == ["∂L/∂h_3 = W_hyᵀ ∂L/∂y_3"]
    assert "h_4" in backward(trace, "h_l0@2", row=1)[0]


@pytest.mark.parametrize("dropout", [0.0, 0.3])
def test_the_answer_of_both_directions_reads_their_last_states(
    dropout: float, rng: np.random.Generator
) -> None:
    options = {"kind": "many-to-one", "head": "last", "bidirectional": True, "dropout": dropout}
    trace = traced(net_of(rng, **options), rng)
    node = parse_node(trace, "logits@4")
    assert node is not None
    formulas = equations_of(trace, node).forward
    assert all(is_known(piece) for formula in formulas for piece in formula)
    letter = "u" if dropout else "h"
    said = spoken(formulas)
    assert f"y_5 = W_hy [ {letter}_5^(→) ; {letter}_1^(←) ] + b_y" in said


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"bidirectional": True}, "h_5^dec· W_mem h_s^enc"),
        ({"dropout": 0.3}, "u_5^dec· u_s^enc"),
        ({"layers": 2, "residual": True}, "u_5^dec· u_s^enc"),
        ({}, "h_5^dec· h_s^enc"),
    ],
    ids=["both ways", "dropout", "residual", "plain"],
)
def test_attention_looks_at_what_the_top_layers_hand_up(
    options: dict[str, Any], said: str, rng: np.random.Generator
) -> None:
    trace = traced(net_of(rng, kind="many-to-many", attention="dot", **options), rng)
    node = parse_node(trace, "attention@9") or parse_node(trace, "attention@7")
    assert node is not None
    formulas = equations_of(trace, node)
    pieces = [piece for f in (*formulas.forward, *formulas.backward) for piece in f]
    assert all(map(is_known, pieces))
    found = spoken(formulas.forward).replace(f"_{node.step}^", "_5^")
    assert said.replace(" ", "") in found.replace(" ", "")


@pytest.mark.parametrize(("head", "read"), [("mean", "h̄_tᵀ"), ("max", "h_t^"), ("last", "h_tᵀ")])
def test_the_gradient_of_the_output_matrix_is_of_what_it_reads(
    head: Any, read: str, rng: np.random.Generator
) -> None:
    trace = traced(net_of(rng, kind="many-to-one", head=head), rng)
    (said,) = backward(trace, "W_hy")
    assert said.rpartition("∂L/∂y_t ")[2].startswith(read)
