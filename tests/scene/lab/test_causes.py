"""Who caused it: places, sums and horizons."""

import numpy as np
import pytest

from rnnviz.scene.lab.cause_bars import grouped_shares, loss_colors
from rnnviz.scene.lab.causes import Causes, causes_picture, gradient_horizon
from rnnviz.scene.lab.plot import GUTTER
from rnnviz.scene.shapes import Bars, Label
from rnnviz.scene.theme import LIGHT


def causes_of(n: int = 6) -> Causes:
    rng = np.random.default_rng(1)
    k, t = np.indices((n, n))
    log10 = np.where(t <= k, -10.0 * (k - t), -np.inf)
    shares = np.where(t <= k, rng.normal(size=(n, n)), 0.0)
    shares /= shares.sum(axis=0)
    counted = tuple(True for _ in range(n))
    return Causes("l0", "h", log10, log10, shares, np.zeros(n), counted, tuple("abcdef"[:n]), ())


@pytest.mark.parametrize(("k", "t"), [(0, 0), (5, 0), (2, 4), (5, 5)])
def test_a_place_of_the_matrix_is_found_by_arithmetic_with_its_number(k: int, t: int) -> None:
    causes = causes_of()
    picture = causes_picture(causes, LIGHT, 300, None, None, None)
    assert picture.matrix is not None
    x = picture.matrix.x + (t + 0.5) * picture.matrix.w / 6
    y = picture.matrix.y + (k + 0.5) * picture.matrix.h / 6
    hit = picture.hit(x, y)
    assert hit is not None
    assert hit.node == f"cell@{k},{t}"
    said = hit.tip.splitlines()[0].split("= ")[1]
    wanted = {(0, 0): "1.00", (5, 0): "1.00·10⁻⁵⁰", (2, 4): "0", (5, 5): "1.00"}[k, t]
    assert said == wanted


def test_the_name_of_a_row_is_the_loss_and_the_token_below_is_the_state() -> None:
    picture = causes_picture(causes_of(), LIGHT, 300, None, None, None)
    assert picture.matrix is not None
    m = picture.matrix
    row = picture.hit(m.x - GUTTER / 2, m.y + 2.5 * m.h / 6)
    column = picture.hit(m.x + 1.5 * m.w / 6, m.bottom + 5)
    assert row is not None
    assert row.node == "loss@2"
    assert column is not None
    assert column.node == "state@1"


def test_grouped_shares_still_add_up_to_one() -> None:
    causes = causes_of()
    whole, edges = grouped_shares(causes.shares)
    assert edges == [0, 1, 2, 3, 4, 5, 6]
    many = np.tile(causes.shares, (20, 1)) / 20
    grouped, edges = grouped_shares(many)
    assert len(grouped) == 24
    assert edges[-1] == 120
    np.testing.assert_allclose(grouped.sum(axis=0), whole.sum(axis=0))


def test_the_bars_of_a_state_reach_one_when_what_goes_down_is_taken_off() -> None:
    causes = causes_of()
    picture = causes_picture(causes, LIGHT, 400, None, None, None)
    colors = set(loss_colors(6, LIGHT))
    bars = [
        shape for layer in picture.layers for shape in layer.shapes
        if isinstance(shape, Bars) and len(shape.colors) and int(shape.colors[0]) in colors
    ]  # fmt: skip
    rects = np.concatenate([b.rects for b in bars if len(set(b.colors.tolist())) == 1])
    # One state's pieces stand in one column; heights are in proportion to |share|.
    for t in range(6):
        shares = causes.shares[:, t]
        columns = np.unique(np.round(rects[:, 0], 3))
        assert len(columns) >= 6
        piece = rects[np.isclose(rects[:, 0], columns[t])]
        tall = np.abs(shares)[np.abs(shares) > 0.02].sum()
        assert piece[:, 3].sum() > 0
        assert tall > 0
    scale = [
        rects[np.isclose(rects[:, 0], x)][:, 3].sum() for x in np.unique(np.round(rects[:, 0], 3))
    ]
    ratio = np.array(scale[:6]) / np.abs(causes.shares).sum(axis=0)
    np.testing.assert_allclose(ratio, ratio[0], rtol=0.1)


def test_the_horizon_counts_the_states_at_one_percent_or_more() -> None:
    assert gradient_horizon(np.array([-np.inf, -2.1, -1.9, 0.0])) == 2
    assert gradient_horizon(np.full(3, -np.inf)) is None


def test_a_chosen_loss_is_walked_back_and_a_chosen_state_shows_its_sources() -> None:
    def words(loss: int | None, state: int | None) -> str:
        picture = causes_picture(causes_of(), LIGHT, 300, None, loss, state)
        return " ".join(
            s.text for layer in picture.layers for s in layer.shapes if isinstance(s, Label)
        )

    assert "walks back" in words(5, None)
    assert "felt at 1 % of its largest over 1 of 6 steps" in words(5, None)
    assert "What reaches h₃" in words(None, 2)
    assert "4 of 6 losses" in words(None, 2)
