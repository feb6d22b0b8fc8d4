"""The forward pass on the tape, from the inputs to the outputs of every step."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from rnnviz.analysis.layers import Array
from rnnviz.analysis.replay.attention import attend
from rnnviz.analysis.replay.edits import edited_tokens
from rnnviz.analysis.replay.initial import bridged_states, initial_states
from rnnviz.analysis.replay.layers import Part
from rnnviz.analysis.replay.pooling import pooled
from rnnviz.analysis.replay.recorder import Recorder
from rnnviz.analysis.replay.tape import Var, choose
from rnnviz.analysis.saturation import counted_steps
from rnnviz.trace import Trace

Weights = Mapping[str, Var]


def forward(trace: Trace, record: Recorder, weights: Weights) -> list[Var]:
    """The logits (B, V) of every output step; everything on the way goes into ``record``."""
    if trace.spec.kind == "many-to-many":
        features = _encoder_decoder(trace, record, weights)
    else:
        part = _part(trace, "", record, weights)
        start = initial_states(trace, "", record, weights)
        top, _ = part.run(_inputs(trace, "", record, weights), start)
        if trace.spec.cell == "jordan":
            return _own_outputs(trace, record, weights, len(top))
        features = pooled(trace.spec, top)
    return [
        record.put("logits", step, h.through(weights["W_hy"]) + weights["b_y"])
        for step, h in enumerate(features)
    ]


def _own_outputs(trace: Trace, record: Recorder, weights: Weights, steps: int) -> list[Var]:
    """What a jordan cell has put out; after the end of a sequence what it says in silence, b_y."""
    counted = counted_steps(trace)
    silent = record.tape.leaf(np.zeros((trace.batch_size, 1))) + weights["b_y"]
    outputs = [record.kept("logits", step) for step in range(steps)]
    return [
        y if valid.all() else choose(valid[:, None], y, silent)
        for y, valid in zip(outputs, counted, strict=True)
    ]


def _encoder_decoder(trace: Trace, record: Recorder, weights: Weights) -> list[Var]:
    """Read it all, hand the last states over, write; T_out × (B, H)."""
    encoder = _part(trace, "encoder_", record, weights)
    start = initial_states(trace, "encoder_", record, weights)
    memory, finals = encoder.run(_inputs(trace, "encoder_", record, weights), start)
    decoder = _part(trace, "decoder_", record, weights)
    start = bridged_states(trace, record, weights, finals)
    query, _ = decoder.run(_inputs(trace, "decoder_", record, weights), start)
    if trace.spec.attention == "none":
        return query
    return attend(trace.spec, record, weights, query, memory, encoder.counted)


def _part(trace: Trace, prefix: str, record: Recorder, weights: Weights) -> Part:
    cuts = frozenset(int(cut) for cut in trace.arrays.get("cuts", ()) if cut > 0)
    counted = counted_steps(trace, prefix)
    return Part(trace.spec, prefix, record, weights, trace.arrays, counted, cuts)


def _inputs(trace: Trace, prefix: str, record: Recorder, weights: Weights) -> list[Var]:
    """x_t (B, D) of every step: looked up, written out as one-hot rows, or as given."""
    tokens = read_tokens(trace, prefix, record)
    width = vocabulary(trace, prefix)
    inputs = []
    for step in range(len(trace[f"{prefix}h_l0"])):
        if tokens is not None and f"{prefix}embedding" in weights:
            x = weights[f"{prefix}embedding"].rows(tokens[step])
        elif tokens is not None:
            x = record.tape.leaf(np.eye(width)[tokens[step]])
        else:
            x = record.tape.leaf(trace[f"{prefix}x"][step])
        inputs.append(record.put(f"{prefix}x", step, x.same()))
    return inputs


def read_tokens(trace: Trace, prefix: str, record: Recorder) -> Array | None:
    """The token ids (T, B) a part reads, edited; None where it reads vectors."""
    name = f"{prefix}tokens"
    tokens = trace.get(name)
    if tokens is None:
        return None
    edits = record.edits_of(name)
    return edited_tokens(tokens, edits, vocabulary(trace, prefix)) if edits else np.asarray(tokens)


def vocabulary(trace: Trace, prefix: str) -> int:
    """How many tokens a part knows."""
    return trace.spec.output_size if prefix == "decoder_" else trace.spec.input_size
