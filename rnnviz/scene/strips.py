"""Same steps, same axis: everything the pass recorded, column under column, with one cursor."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from rnnviz.scene.shapes import Hit, Picture
from rnnviz.scene.state import ViewState
from rnnviz.scene.strips_heat import order_of
from rnnviz.scene.strips_hits import data_hit, output_at
from rnnviz.scene.strips_layers import strip_layers
from rnnviz.scene.strips_layout import StripLayout
from rnnviz.scene.strips_left_out import left_out_layers
from rnnviz.scene.strips_memo import StripsMemo
from rnnviz.scene.strips_place import Placed
from rnnviz.scene.strips_room import LEAST_GAP, TOP
from rnnviz.scene.strips_shelf import shelf_of
from rnnviz.scene.strips_words import strips_summary


@dataclass(frozen=True, slots=True, eq=False)
class StripsPicture(Picture):
    """A picture that finds its millions of cells by arithmetic instead of listing them.

    `needed` is the height that all strips take, `stops` are the distances they can be scrolled by
    and `scroll` the one they are; `placed` are those in sight, `every` are all in their order.
    """

    state: ViewState | None = None
    layout: StripLayout = field(default_factory=StripLayout)
    memo: StripsMemo | None = None
    placed: tuple[Placed, ...] = ()
    every: tuple[Placed, ...] = ()
    needed: float = 0.0
    stops: tuple[float, ...] = (0.0,)
    scroll: float = 0.0

    def hit(self, x: float, y: float) -> Hit | None:
        """The title under the point, or the value with its unit, step and token."""
        for title in self.hits:
            if title.rect.contains(x, y):
                return title
        if self.state is None or self.memo is None:
            return None
        return data_hit(self.state, self.placed, self.layout, self.memo, x, y)

    def unit_at(self, placed: Placed, share: float) -> int | None:
        """The unit at a share of a strip's height; None where the strip has no units."""
        return None if placed.strip.name == "attention" else self.entry_at(placed, share)

    def entry_at(self, placed: Placed, share: float) -> int | None:
        """The same for every strip of numbers: of attention it is the input that is looked at."""
        if self.state is None or self.memo is None or placed.collapsed:
            return None
        if placed.strip.family != "heat":
            return None
        order = self.units(placed)
        return order[min(max(int(share * len(order)), 0), len(order) - 1)]

    def number_at(self, placed: Placed, column: int, share: float) -> str:
        """The node of the number there (``h_l0@3[5]``); empty where there is none to take.

        Of a probability it is the output before the softmax, which can be set by itself.
        """
        part = placed.strip.part
        if self.state is None or not part.start <= column < part.stop:
            return ""
        if placed.strip.family == "outputs" and not placed.collapsed:
            found = output_at(self.state, placed.strip, column - part.start, share)
            return "" if found is None else f"logits@{column}[{found}]"
        unit = self.entry_at(placed, share)
        return "" if unit is None else f"{placed.strip.name}@{column}[{unit}]"

    def scrolled(self, layout: StripLayout, rows: int) -> StripLayout:
        """Scrolled so many stops further down, or up where it is negative."""
        at = self.stops.index(self.scroll) + rows
        return replace(layout, scroll=self.stops[min(max(at, 0), len(self.stops) - 1)])

    def rows_to(self, scroll: float) -> int:
        """How many stops further down the one nearest to a distance is."""
        nearest = min(self.stops, key=lambda stop: abs(stop - scroll))
        return self.stops.index(nearest) - self.stops.index(self.scroll)

    def scrolled_to(self, layout: StripLayout, placed: Placed) -> StripLayout:
        """Scrolled no further than it takes to see the whole strip."""
        top, bottom = (y + self.scroll for y in (placed.rect.y, placed.rect.bottom))
        if bottom + LEAST_GAP / 2 > self.scroll + self.height:
            below = (s for s in self.stops if bottom + LEAST_GAP / 2 <= s + self.height)
            # Of what is higher than the room the beginning comes first.
            stop = min(next(below, self.stops[-1]), max(top - TOP, 0.0))
            return replace(layout, scroll=stop)
        above = (s for s in reversed(self.stops) if s <= top - TOP)
        return replace(layout, scroll=min(self.scroll, next(above, 0.0)))

    @property
    def rows(self) -> tuple[Placed, ...]:
        """The strips that have a row of their own."""
        return tuple(placed for placed in self.every if not placed.beside)

    def moved(self, layout: StripLayout, name: str, rows: int) -> StripLayout:
        """A strip so many rows further down; what shares its row comes along."""
        own = tuple(placed.strip.name for placed in self.rows)
        at = own.index(name)
        to = own[min(max(at + rows, 0), len(own) - 1)]
        if to == name:
            return layout
        names = tuple(placed.strip.name for placed in self.every)
        target = next(placed for placed in self.rows if placed.strip.name == to)
        # Down: behind the row that is passed, and behind what shares it.
        passed = target.guest if rows > 0 and target.guest else to
        guest = self.rows[at].guest
        moved = layout.moved(name, names.index(passed), names)
        if not guest:
            return moved
        rest = tuple(each for each in moved.order if each != guest)
        return moved.moved(guest, rest.index(name) + 1, moved.order)

    def units(self, placed: Placed) -> tuple[int, ...]:
        """The units of a strip from top to bottom."""
        if self.state is None or self.memo is None:
            return ()
        order = order_of(self.state, placed.strip, self.layout, self.memo)
        return tuple(order.tolist())


def strips_picture(
    state: ViewState,
    width: float,
    height: float,
    layout: StripLayout | None = None,
    memo: StripsMemo | None = None,
) -> StripsPicture:
    """The strips in `width` × `height` logical pixels; only what is in sight is built.

    With the `memo` of the last picture, a cursor move builds only the cursor: every strip is a
    layer whose key says what it depends on.
    """
    layout = layout or StripLayout()
    memo = memo or StripsMemo()
    memo.show(state.trace)
    shelf = shelf_of(state, layout, height, memo)
    layers = strip_layers(state, shelf, height, layout, memo)
    return StripsPicture(
        width, height, state.theme.panel,
        (*layers, *left_out_layers(shelf.left_out, state.theme, width, height)),
        shelf.titles, strips_summary(state, shelf.shown, shelf.left_out, memo), state, layout, memo,
        shelf.shown, shelf.placed, shelf.rows.needed, shelf.rows.stops, shelf.scroll,
        left_out=shelf.left_out,
    )  # fmt: skip
