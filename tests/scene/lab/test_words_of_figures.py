"""The sentences of the figures say what the numbers say."""

import numpy as np

from rnnviz.scene.lab.clip_bars import clip_bars
from rnnviz.scene.lab.eigenvalues import BlockSpectrum, WeightSpectra, eigenvalues_picture
from rnnviz.scene.lab.flow_history import FlowHistory, history_picture
from rnnviz.scene.lab.hand import ByHand, Strength, verdict
from rnnviz.scene.lab.matches import context_words, units_on
from rnnviz.scene.lab.saturation import GateSaturation, SaturationScatter, saturation_picture
from rnnviz.scene.lab.sheet import Sheet
from rnnviz.scene.lab.words import layer_words
from rnnviz.scene.shapes import Bars, Label, Picture, Raster
from rnnviz.scene.theme import LIGHT


def strength(first: float, last: float) -> Strength:
    return Strength(np.array([first, last]), 1.0, 1.0, 0.5, 2.0, "tanh")


def by_hand(first: float, last: float) -> ByHand:
    return ByHand("l0", strength(0, 0), strength(first, last), True, False, None)


def texts(picture: Picture) -> str:
    return " ".join(
        s.text for layer in picture.layers for s in layer.shapes if isinstance(s, Label)
    )


def test_vanishing_and_exploding_are_told_from_the_first_and_last_norm() -> None:
    assert verdict(by_hand(-30, 0)).startswith("It vanishes: a factor of 1.0·10⁻³⁰")
    assert verdict(by_hand(12, 0)).startswith("It explodes: a factor of 1.0·10¹²")
    assert verdict(by_hand(-0.3, 0)).startswith("It keeps its size: a factor of 0.50")
    assert "exactly 0" in verdict(by_hand(-np.inf, 0))


def test_by_hand_says_why_a_gradient_is_lost_or_does_not_explode() -> None:
    def of(log10: list[float], activation: str, sigma: float, slope: float | None) -> str:
        made = Strength(np.array(log10), sigma, sigma, 0.5, 2.0, activation, slope)
        return verdict(ByHand("l0", strength(0, 0), made, True, False, None))

    off = of([-np.inf, -np.inf, 0.0], "relu", 1.0, 0.5)
    assert off.startswith("From step 2 back the gradient is exactly 0")
    assert "relu" in off
    assert "explodes: from step 1 back" in of([np.nan, 300.0], "relu", 4.0, 1.0)
    assert "1 − h², is 0.12 on average" in of([-9.0, 0.0], "tanh", 4.0, 0.12)
    for activation, sigma, slope in (("tanh", 0.9, 0.5), ("gru", 4.0, None), ("relu", 4.0, 0.2)):
        assert "slope" not in of([-9.0, 0.0], activation, sigma, slope)


def test_by_hand_says_so_where_the_loss_itself_has_no_gradient() -> None:
    for activation in ("linear", "tanh", "lstm"):
        made = Strength(np.full(3, -np.inf), 1.3, 1.3, 0.0, 0.0, activation, None)
        told = verdict(ByHand("l0", strength(0, 0), made, True, False, None))
        assert told.startswith("There is no gradient to send back")
    made = Strength(np.array([-np.inf, -np.inf, 0.0]), 1.3, 1.3, 0.0, 0.0, "linear", None)
    told = verdict(ByHand("l0", strength(0, 0), made, True, False, None))
    assert "the matrix lets nothing of it through" in told


def test_by_hand_says_what_decides_where_the_way_back_is_one_matrix() -> None:
    made = Strength(np.array([-9.0, 0.0]), 0.75, 0.5, 0.5, 2.0, "linear", 1.0, is_product=True)
    told = verdict(ByHand("l0", strength(0, 0), made, True, False, None))
    assert "the same matrix at every step" in told
    assert "σ₁ = 0.750" in told
    assert "max |λ| = 0.500" in told


def test_singular_values_allow_a_conclusion_only_where_nothing_else_decides() -> None:
    block = BlockSpectrum("W_hh", np.array([0.5 + 0j]), 0.5)
    plain = texts(eigenvalues_picture(WeightSpectra("l0", (block,)), LIGHT, 900.0))
    assert "another matter: σ₁ < 1 suffices for vanishing" in plain
    gated = WeightSpectra("l0", (block,), decides_too="the gates decide, too")
    told = texts(eigenvalues_picture(gated, LIGHT, 900.0))
    assert "in a vanilla cell σ₁ < 1 suffices for vanishing, here the gates decide, too" in told


def test_saturation_counts_its_steps_and_sequences() -> None:
    gate = GateSaturation("h", np.zeros(2), np.zeros(2), "< −0.9", "> 0.9")
    for steps, batch, told in ((4, 1, "4 steps × 1 sequence"), (1, 3, "1 step × 3 sequences")):
        found = SaturationScatter("l0", (gate,), steps, batch)
        assert f"; {told} " in texts(saturation_picture(found, LIGHT, 900.0)) + " "


def test_clipping_draws_both_bars_on_one_scale() -> None:
    sheet = Sheet(LIGHT, 300)
    clip_bars(sheet, 20.0, 5.0)
    picture = sheet.picture("")
    before, after = (s for s in picture.layers[0].shapes if isinstance(s, Bars))
    assert after.rects[0, 2] / before.rects[0, 2] == 0.25
    assert "scaled by 0.250" in texts(picture)
    sheet = Sheet(LIGHT, 300)
    clip_bars(sheet, 2.0, 5.0)
    assert "nothing is cut" in texts(sheet.picture(""))


def test_the_history_says_which_iterations_and_draws_each_as_a_row() -> None:
    history = FlowHistory("l0", (3, 7, 40), np.array([[-1.0, -2.0], [-3.0, -4.0], [-5.0, -6.0]]))
    picture = history_picture(history, LIGHT, 300)
    assert "3 passes of iterations 3 to 40" in texts(picture)
    rasters = [s for s in picture.layers[0].shapes if isinstance(s, Raster)]
    np.testing.assert_array_equal(rasters[-1].values, history.log10)
    alone = history_picture(FlowHistory("l0", (259,), np.array([[-1.0, -2.0]])), LIGHT, 300)
    assert "the pass of iteration 259:" in texts(alone)


def test_a_match_is_shown_in_its_context() -> None:
    words = tuple("to be or not to be")
    before, inside, after = context_words(words, 3, 5)
    assert (before, inside, after) == ("to␣", "be", "␣or␣not␣")
    assert context_words(("a", "word", "list"), 1, 2) == ("a", "word", "list")


def test_units_on_are_counted_by_step() -> None:
    states = np.array([[0.5, 0.1, 0.9], [0.2, 0.4, 0.31]])
    np.testing.assert_array_equal(units_on(states, (0, 2), 0.3), [2.0, 1.0])
    np.testing.assert_array_equal(units_on(states, (), 0.3), [0.0, 0.0])


def test_a_layer_is_named_as_it_is_counted_on_screen() -> None:
    assert layer_words("l0") == "layer 1"
    assert layer_words("l2_reverse") == "layer 3, right to left"
    assert layer_words("encoder_l0") == "encoder layer 1"
    assert layer_words("decoder_l1_reverse") == "decoder layer 2, right to left"
