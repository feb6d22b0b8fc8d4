"""Edited passes of any model beside the same edits in PyTorch, written out step by step."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from rnnviz.analysis import Edit, kl_divergence, what_if
from rnnviz.app.lab.edit_targets import targets
from rnnviz.engine import Batch, Network
from rnnviz.trace import Trace
from tests.engine.models import Case, cases

torch = pytest.importorskip("torch")
pytestmark = pytest.mark.reference

from tests.engine.test_every_model_against_torch import has_ties, network_of  # noqa: E402  # needs it, too
from tests.engine.torch_model import TorchModel, of  # noqa: E402  # both need PyTorch

TOLERANCE = 1e-12


class EditedTorch(TorchModel):
    """The same model with some numbers overwritten on the way."""

    def __init__(self, net: Network, batch: Batch, edits: tuple[Edit, ...]) -> None:
        self.edits = edits
        super().__init__(net, batch)

    def edited(self, name: str, step: int, value: Any) -> Any:
        for edit in self.edits:
            if edit.name == name and edit.step in (None, step):
                place = (slice(None) if edit.row is None else edit.row, *edit.index)
                value = overwritten(value, edit, place)
        return value

    def changed(self, name: str, value: Any) -> Any:
        made = torch.tensor(np.array(value, np.float64))
        for edit in self.edits:
            if edit.name == name:
                made = overwritten(made, edit, edit.index)
        return made.numpy()


def overwritten(value: Any, edit: Edit, place: Any) -> Any:
    here = torch.zeros_like(value, dtype=torch.bool)
    here[place] = True
    if edit.action == "add":
        return value + edit.value * here.double()
    if edit.action == "scale":
        return torch.where(here, value * edit.value, value)
    if edit.action == "clamp":
        inside = (value > edit.value) & (value < edit.high)
        kept = torch.where(inside, value, value.detach().clamp(edit.value, edit.high))
        return torch.where(here, kept, value)
    new = torch.full_like(value, 0.0 if edit.action == "ablate" else edit.value)
    return torch.where(here, new, value)


def steps_to_edit(trace: Trace, name: str, steps: int, row: int | None) -> int:
    """As many as there are before the sequences meant have ended."""
    lengths, reads = trace.get("lengths"), trace.spec.prefixes[0]
    of_output = name in ("logits", "attention") or name.startswith("decoder_")
    if lengths is None or (reads and of_output):
        return steps
    return int(lengths.max() if row is None else lengths[row])


@st.composite
def edits_of(draw: st.DrawFn, trace: Trace) -> tuple[Edit, ...]:
    """One to three edits of anything that the window offers, tokens aside."""
    offered = [each for each in targets(trace) if not each.is_token]
    found = []
    for _ in range(draw(st.integers(1, 3))):
        target = draw(st.sampled_from(offered))
        one_row = not target.is_parameter and draw(st.booleans())
        row = draw(st.integers(0, trace.batch_size - 1)) if one_row else None
        steps = steps_to_edit(trace, target.name, target.steps, row)
        step = None if target.is_parameter else draw(st.none() | st.integers(0, steps - 1))
        action = draw(st.sampled_from(["set", "add", "scale", "clamp", "ablate"]))
        low = draw(st.floats(-0.8, 0.4))
        found.append(
            Edit(
                name=target.name,
                action=action,
                value=0.0 if action == "ablate" else low,
                high=low + 0.4,
                step=step,
                index=tuple(draw(st.integers(0, size - 1)) for size in target.shape),
                row=row,
            )
        )
    return tuple(found)


def equal(ours: np.ndarray, theirs: Any, what: str) -> None:
    theirs = np.asarray(theirs)
    assert ours.shape == theirs.shape, what
    scale = max(1.0, float(np.abs(theirs).max(initial=0.0)))
    assert np.abs(ours - theirs).max(initial=0.0) <= TOLERANCE * scale, what


@settings(max_examples=120)
@given(cases(dropout=0.0), st.data())
def test_an_edited_pass_and_its_gradients_equal_pytorchs(case: Case, data: st.DataObject) -> None:
    assume(not has_ties(case))
    net, batch = network_of(case), case.batch()
    trace = net.trace(batch)
    edits = data.draw(edits_of(trace))
    found, theirs = what_if(trace, edits), EditedTorch(net, batch, edits)
    after = found.after
    theirs.loss.backward()
    equal(after["loss_total"], theirs.loss.item(), "loss_total")
    for name, parameter in theirs.params.items():
        equal(after[f"dL_d{name}"], of(parameter, gradient=True), f"gradient at {name}")
    on = np.arange(case.steps)[:, None, None] < theirs.lengths.numpy()[:, None]
    answers = True if case.spec.kind == "many-to-many" else on

    def equal_answers(ours: np.ndarray, there: Any, what: str) -> None:
        there = np.asarray(there).reshape(*ours.shape[:2], -1)
        ours = ours.reshape(there.shape)
        equal(np.where(answers, ours, 0.0), np.where(answers, there, 0.0), what)

    equal_answers(after["logits"], theirs.wholes["logits"].detach(), "logits")
    for name in theirs.seen:
        seen = True if name.startswith("decoder_") else on
        equal(np.where(seen, after[name], 0.0), np.where(seen, theirs.values(name), 0.0), name)
        if f"dL_d{name}" in after:
            there = np.where(seen, theirs.values(name, gradient=True), 0.0)
            equal(after[f"dL_d{name}"], there, f"gradient at {name}")
    if trace.spec.loss == "cross-entropy":
        before = TorchModel(net, batch).wholes["logits"].detach()
        log_p, log_q = (torch.log_softmax(y, -1) for y in (before, theirs.wholes["logits"]))
        kl = (log_p.exp() * (log_p - log_q.detach())).sum(-1)
        equal_answers(found.kl(), kl, "KL")
        equal_answers(kl_divergence(trace["logits"], after["logits"]), kl, "KL of the logits")
    for name, values in trace.arrays.items():
        if name in found.before and values.ndim == 3:
            there = found.before[name]
            assert np.abs(values - there).max(initial=0.0) < 1e-11, f"{name}, padding too"
    weights = net.params.flat.copy()
    assert np.array_equal(network_of(case).params.flat, weights), "the network is not touched"
