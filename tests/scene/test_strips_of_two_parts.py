"""Encoder and decoder on the strips: rows of what both have, on one scale."""

from __future__ import annotations

import numpy as np

from rnnviz.scene.strips import strips_picture
from rnnviz.scene.strips_bars import bar_scale
from rnnviz.scene.strips_catalog import catalog
from rnnviz.scene.strips_layout import StripLayout
from rnnviz.scene.strips_memo import StripsMemo
from rnnviz.session import Run, RunConfig
from tests.scene.placed_strips import place_of, tip, with_arrays
from tests.scene.test_strips import state_of


def of_part(name: str, part: str) -> str:
    bare = name.removeprefix("dL_d")
    return f"{'dL_d' if bare != name else ''}{part}_{bare}"


def test_bars_of_the_encoder_are_as_high_as_those_of_the_decoder_for_the_same_norm() -> None:
    trace = Run.create(RunConfig(task="translation")).train(1).traced_step()
    decoder, encoder = "dL_ddecoder_h_l0", "dL_dencoder_h_l0"
    trace = with_arrays(trace, **{encoder: np.full_like(trace[encoder], 1e-5)})
    state, memo = state_of(trace, position=1e9), StripsMemo()
    strips = {strip.name: strip for strip in catalog(trace)}
    scale = bar_scale(state, strips[encoder], memo)
    assert scale == bar_scale(state, strips[decoder], memo)
    most = np.linalg.norm(trace[decoder][:, 0], axis=1).max()
    low, high = scale.share(np.array([1e-5 * np.sqrt(trace[encoder].shape[2]), most]))
    assert 0.0 < low < high <= 1.0


def test_encoder_and_decoder_share_the_rows_of_what_both_have() -> None:
    trace = Run.create(RunConfig(task="translation")).train(1).traced_step()
    state = state_of(trace, position=1e9)
    picture = strips_picture(state, 900, 2000)
    for name in ("input", "h_l0", "r_l0", "dL_dh_l0"):
        encoder, decoder = (
            place_of(picture, of_part(name, part)) for part in ("encoder", "decoder")
        )
        assert encoder.rect == decoder.rect
        assert decoder.beside == encoder.strip.name
        assert encoder.guest == decoder.strip.name
    first = trace.parts[1].start
    assert tip(picture, "encoder_h_l0", first + 2, 0.01).startswith("h[1] = ")
    assert "step 3" in tip(picture, "encoder_h_l0", first + 2)
    titles = [hit.node for hit in picture.hits]
    assert "strip:encoder_h_l0" in titles
    assert "strip:decoder_h_l0" not in titles


def test_a_row_of_both_parts_moves_as_one_and_parts_when_folded() -> None:
    trace = Run.create(RunConfig(task="translation")).train(1).traced_step()
    state = state_of(trace, position=1e9)
    picture = strips_picture(state, 900, 2000)
    rows = [placed.strip.name for placed in picture.rows]
    layout = picture.moved(StripLayout(), "encoder_h_l0", 1)
    after = strips_picture(state, 900, 2000, layout)
    at = rows.index("encoder_h_l0")
    rows[at], rows[at + 1] = rows[at + 1], rows[at]
    assert [placed.strip.name for placed in after.rows] == rows
    assert place_of(after, "decoder_h_l0").beside == "encoder_h_l0"
    folded = strips_picture(state, 900, 2000, StripLayout().toggled("encoder_h_l0"))
    assert place_of(folded, "decoder_h_l0").beside == ""
    both = place_of(picture, "encoder_h_l0").names
    shut = strips_picture(state, 900, 2000, StripLayout().toggled(*both))
    assert place_of(shut, "encoder_h_l0").collapsed
    assert place_of(shut, "decoder_h_l0").beside == "encoder_h_l0"
