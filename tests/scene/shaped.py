"""Traces with the arrays of a spec in the right shapes and random numbers: for geometry only."""

from __future__ import annotations

from typing import Any

import numpy as np

from rnnviz.trace import Labels, ModelSpec, Trace, Update

WORDS = {
    "plain": ("h", "e", "l", "o"),
    "long": ("Donaudampfschifffahrt", "antidisestablishmentarianism", "x", "it"),
    "hebrew": ("שלום", "עולם", "אבגדהוזחטיכל", "ש"),
    "arabic": ("مرحبا", "بالعالم", "م", "ن"),
    "chinese": ("世界", "你", "漢字漢字漢字", "好"),
    "marks": (" ", "\n", "é̈", "🙂"),
}


def shaped_trace(
    spec: ModelSpec,
    steps: int,
    *,
    words: str = "plain",
    mode: Any = "train",
    cuts: tuple[int, ...] = (),
    pictures: bool = False,
    decoder_steps: int = 0,
    batch: int = 1,
) -> Trace:
    rng = np.random.default_rng(0)
    arrays: dict[str, Any] = {}
    hidden, width = spec.hidden_size, spec.embedding_size or spec.input_size

    def some(*shape: int) -> np.ndarray:
        return rng.uniform(-1, 1, shape).astype(np.float32)

    lengths = {"": steps, "encoder_": steps, "decoder_": decoder_steps or steps}
    for prefix in spec.prefixes:
        count = lengths[prefix]
        arrays[f"{prefix}x"] = some(count, batch, width)
        for name in spec.layer_names(prefix):
            keys = ["h", *(["c"] if spec.has_cell_state else []), *spec.gates]
            for key in keys:
                arrays[f"{prefix}{key}_{name}"] = some(count, batch, hidden)
            arrays[f"{prefix}h0_{name}"] = some(batch, hidden)
            if mode == "train":
                for key in ("dh", "dh_direct"):
                    arrays[f"dL_{key.replace('d', 'd' + prefix, 1)}_{name}"] = some(
                        count, batch, hidden
                    )
                arrays[f"step_norm_{prefix}W_hh_{name}"] = abs(some(count))
    out = lengths[spec.prefixes[-1]]
    arrays["logits"] = some(out, batch, spec.output_size)
    if spec.loss == "cross-entropy":
        arrays["probs"] = np.full((out, batch, spec.output_size), 1.0 / spec.output_size)
    if mode == "train":
        arrays["loss"] = abs(some(out, batch)) * 5
        mask = np.ones((out, batch))
        if spec.kind == "many-to-one":
            mask[:-1] = 0
        arrays |= {"loss_mask": mask, "loss_total": np.array((arrays["loss"] * mask).sum())}
        arrays["dL_dlogits"] = some(out, batch, spec.output_size)
        arrays["targets"] = rng.integers(0, spec.output_size, (out, batch))
    if spec.attention != "none":
        raw = abs(some(lengths["decoder_"], batch, steps))
        arrays["attention"] = raw / raw.sum(-1, keepdims=True)
    if spec.context_size:
        arrays["context"] = some(batch, spec.context_size)
    if cuts:
        arrays["cuts"] = np.array(cuts)
    if pictures:
        count = 1 if spec.context_size else steps
        arrays["pictures"] = rng.integers(0, 255, (count, batch, 8, 8, 3)).astype(np.uint8)
    pool = WORDS[words]
    row = tuple(pool[i % len(pool)] for i in range(max(lengths.values())))
    labels = Labels((row,) * batch, (row,) * batch, (row,) * batch, pool, pool)
    update = Update("sgd", 0.1, 0.5, 0.5, None, 3.0, 0.05) if mode == "train" else None
    return Trace(spec, arrays, labels, mode, update=update)
