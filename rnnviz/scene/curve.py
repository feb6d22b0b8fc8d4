"""The training curve: loss by iteration, and the marker that travels back in training time."""

from __future__ import annotations

import math
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field

import numpy as np

from rnnviz.scene.curve_axes import LossAxis, iteration_ticks, loss_axis
from rnnviz.scene.curve_history import EnvelopeView, HistoryView
from rnnviz.scene.curve_mean import mean_window
from rnnviz.scene.curve_words import HEIGHT, Entry, legend, marker
from rnnviz.scene.numbers import grouped, short
from rnnviz.scene.shapes import Bars, Box, Curve, Floats, Label, Layer, Picture, Rect, Shape, Wire
from rnnviz.scene.textwidth import shortened, text_width
from rnnviz.scene.theme import Theme

_SIZE = 10.0
_EMPTY = (
    "The training curve begins with the first iteration.",
    "The curve begins with iteration 1.",
    "no iteration yet",
)
_RIGHT, _BOTTOM = 16.0, 20.0


@dataclass(frozen=True, slots=True, kw_only=True)
class CurveOptions:
    """How the curve is shown. `classes` is V and `counted` how many steps of a sequence
    have a loss that counts: guessing costs counted · ln V (V = 0: no such line);
    `held_out` are pairs of iteration and loss on data that was not trained on."""

    log: bool = False
    classes: int = 0
    counted: float = 1.0
    held_out: tuple[tuple[float, float], ...] = ()
    gradient: bool = False
    training: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class CurvePicture(Picture):
    """A picture that knows which iteration stands where."""

    plot: Rect = field(default_factory=lambda: Rect(0.0, 0.0, 1.0, 1.0))
    first: float = 0.0
    last: float = 0.0

    def iteration_at(self, x: float) -> int:
        """The iteration under x, clamped to the first and last."""
        share = min(max((x - self.plot.x) / max(self.plot.w, 1e-9), 0.0), 1.0)
        return round(self.first + share * (self.last - self.first))

    def x_of(self, iteration: float) -> float:
        """x of an iteration."""
        return _x(iteration, self.first, self.last, self.plot)


def _x(iteration: float, first: float, last: float, plot: Rect) -> float:
    span = last - first
    return plot.x + (plot.w if span <= 0 else (iteration - first) / span * plot.w)


def curve_picture(
    history: HistoryView,
    iteration: int,
    theme: Theme,
    width: float,
    height: float,
    options: CurveOptions | None = None,
) -> CurvePicture:
    """The curve in `width` × `height` logical pixels, its marker at `iteration`."""
    options = options or CurveOptions()
    # Training goes on meanwhile: every part of the picture is of the same rows.
    source, history = id(history), history.still()
    count = len(history)
    if count == 0:
        return _empty(theme, width, height)
    first = min(float(history.column("iteration", 0, 1)[0]), 0.0 if count < 2 else math.inf)
    last = max(float(history.column("iteration", count - 1)[0]), first)
    bins = max(int(width), 8)
    raw = history.envelope("loss", bins)
    window = mean_window(first, last)
    smooth = _smooth(history, window, bins // 2)
    baseline = options.counted * math.log(options.classes) if options.classes > 1 else None
    low, high = _range(raw, smooth, options.held_out)
    axis = loss_axis(low, high, baseline, log=options.log)
    labels = [text for _, text in axis.ticks(Rect(0, 0, width, height - HEIGHT - _BOTTOM))]
    left = 12.0 + max((text_width(text, _SIZE) for text in labels), default=10.0)
    plot = Rect(
        left, HEIGHT, max(width - left - _RIGHT, 10.0), max(height - HEIGHT - _BOTTOM, 10.0)
    )
    if baseline is not None and axis.y(np.array([baseline]), plot)[0] < plot.y + 0.5:
        baseline = None
    key: Hashable = (
        "curve", count, first, last, low, high, theme.key, width, height,
        options.log, options.classes, options.counted, options.held_out, options.gradient,
        source,
    )  # fmt: skip
    frame = _frame(axis, plot, first, last, baseline, theme)
    curves: list[Shape] = []
    entries: list[Entry] = []
    if baseline is not None:
        entries.append(Entry("dashes", f"guessing: {short(baseline)}", theme.loss))
    if options.held_out:
        entries.append(Entry("square", "held-out", theme.good))
    if options.gradient:
        norms, named = _gradient(history, bins // 3, first, last, plot, theme)
        curves += norms
        entries += named
    entries += _losses_named(window, theme)
    named_lines, free = legend(entries, plot, theme)
    curves += _band(raw, axis, first, last, plot, theme)
    curves += _line(smooth, axis, first, last, plot, theme)
    curves += _held_out(options.held_out, axis, first, last, plot, theme)
    at = min(max(float(iteration), first), last)
    knob = marker(
        iteration, _x(at, first, last, plot), free, plot, width, theme,
        training=options.training, can_resume=iteration < last,
    )  # fmt: skip
    loss = float(history.column("loss", count - 1)[0])
    words = "running" if options.training else "paused"
    return CurvePicture(
        width, height, theme.panel,
        (Layer((*frame, *curves, *named_lines), key), Layer(knob, role="control")), (),
        f"Training curve, {words}: iterations {grouped(int(first))} to {grouped(int(last))}, "
        f"loss now {short(loss)}; the marker is at iteration {grouped(iteration)}.",
        plot, first, last,
    )  # fmt: skip


def blend(color: int, ground: int, share: float) -> int:
    """An opaque colour: `share` of the one over the other."""
    parts = (
        round((color >> shift & 0xFF) * share + (ground >> shift & 0xFF) * (1 - share)) << shift
        for shift in (16, 8, 0)
    )
    return 0xFF000000 | sum(parts)


def _faint(theme: Theme) -> int:
    return blend(theme.output, theme.panel, 0.38)


def _smooth(history: HistoryView, window: int, bins: int) -> EnvelopeView:
    """What the thick line shows: a mean, or the losses themselves where they are few."""
    if window == 1:
        return history.envelope("loss", bins)
    return history.recent_loss(window, bins)


def _losses_named(window: int, theme: Theme) -> list[Entry]:
    if window == 1:
        return [Entry("line", "each iteration", theme.output)]
    return [
        Entry("line", f"mean of last {grouped(window)}", theme.output),
        Entry("thin", "each iteration", _faint(theme)),
    ]


def _empty(theme: Theme, width: float, height: float) -> CurvePicture:
    text, size = shortened(_EMPTY, width - 24, 12.0, 9.0) or ("", 9.0)
    label = Label(Rect(12, 0, max(width - 24, 1.0), height), text, theme.muted, size)
    return CurvePicture(
        width, height, theme.panel, (Layer((label,), ("empty", theme.key, width, height)),),
        (), "No iteration has been trained yet.",
    )  # fmt: skip


def _range(
    raw: EnvelopeView, smooth: EnvelopeView, held_out: Sequence[tuple[float, float]]
) -> tuple[float, float]:
    extra = np.array([loss for _, loss in held_out], np.float64)
    every = np.concatenate([raw.low, raw.high, smooth.low, smooth.high, extra])
    finite = every[np.isfinite(every)]
    if not len(finite):
        return 0.0, math.nan
    return float(finite.min()), float(finite.max())


def _frame(
    axis: LossAxis, plot: Rect, first: float, last: float, baseline: float | None, theme: Theme,
) -> list[Shape]:  # fmt: skip
    shapes: list[Shape] = []
    for value, text in axis.ticks(plot):
        y = float(axis.y(np.array([value]), plot)[0])
        shapes.append(Wire(((plot.x, y), (plot.right, y)), theme.line, 1.0, head=False))
        place = Rect(0.0, y - 7, plot.x - 6, 14)
        shapes.append(Label(place, text, theme.muted, _SIZE, "right"))
    for number, text in iteration_ticks(first, last, plot):
        x = _x(number, first, last, plot)
        wide = text_width(text, _SIZE) + 2
        left = min(max(x - wide / 2, plot.x), plot.right + _RIGHT - wide)
        shapes.append(Box(Rect(x - 0.5, plot.bottom, 1, 3), theme.muted))
        shapes.append(Label(Rect(left, plot.bottom + 4, wide, 13), text, theme.muted, _SIZE))
    if baseline is not None:
        y = float(axis.y(np.array([baseline]), plot)[0])
        line = ((plot.x, y), (plot.right, y))
        shapes.append(Wire(line, theme.loss, 1.0, head=False, dashed=True))
    # Kind by kind: the painter sets up for each kind once.
    return sorted(shapes, key=lambda shape: (Wire, Box, Label).index(type(shape)))


def _xs(envelope: EnvelopeView, first: float, last: float, plot: Rect) -> Floats:
    span = max(last - first, 1e-12)
    if last <= first:
        return np.full(len(envelope.iteration), plot.right)
    return np.asarray(plot.x + (envelope.iteration - first) / span * plot.w, np.float64)


def _band(
    raw: EnvelopeView, axis: LossAxis, first: float, last: float, plot: Rect, theme: Theme
) -> list[Shape]:
    """The raw loss, faint: from its least to its greatest value in every pixel column."""
    there = np.isfinite(raw.low)
    xs = _xs(raw, first, last, plot)[there]
    if not len(xs):
        return []
    top = axis.y(raw.high[there], plot)
    bottom = axis.y(raw.low[there], plot)
    faint = _faint(theme)
    if len(xs) < plot.w / 3 or bool((raw.low[there] == raw.high[there]).all()):
        # Every point is one iteration: a line, where bars would be dots with gaps between them.
        return [Curve(np.column_stack([xs, (top + bottom) / 2]), faint, 1.0)]
    wide = np.maximum(np.diff(xs, append=max(plot.right, xs[-1])), 1.0)
    rects = np.column_stack([xs, top, wide, np.maximum(bottom - top, 1.0)])
    return [Bars(rects, np.full(len(xs), faint, np.uint32))]


def _line(
    smooth: EnvelopeView, axis: LossAxis, first: float, last: float, plot: Rect, theme: Theme
) -> list[Shape]:
    there = np.isfinite(smooth.low)
    xs = _xs(smooth, first, last, plot)[there]
    if not len(xs):
        return []
    ys = axis.y((smooth.low[there] + smooth.high[there]) / 2, plot)
    if len(xs) == 1:
        rect = np.array([[xs[0] - 2, ys[0] - 2, 4.0, 4.0]])
        return [Bars(rect, np.array([theme.output], np.uint32))]
    return [Curve(np.column_stack([xs, ys]), theme.output, 2.0)]


def _held_out(
    points: Sequence[tuple[float, float]],
    axis: LossAxis, first: float, last: float, plot: Rect, theme: Theme,
) -> list[Shape]:  # fmt: skip
    """Losses on held-out data: green squares, so that colour is not the only sign."""
    there = [(i, v) for i, v in points if math.isfinite(v) and first <= i <= last]
    if not there:
        return []
    ys = axis.y(np.array([v for _, v in there]), plot)
    xs = np.array([_x(i, first, last, plot) for i, _ in there])
    rects = np.column_stack([xs - 3, ys - 3, np.full(len(xs), 6.0), np.full(len(xs), 6.0)])
    return [Bars(rects, np.full(len(xs), theme.good, np.uint32))]


def _gradient(
    history: HistoryView, bins: int, first: float, last: float, plot: Rect, theme: Theme
) -> tuple[list[Shape], list[Entry]]:
    """The gradient norm before clipping on a log axis of its own, and its range in words."""
    norms = history.envelope("grad_norm", bins)
    there = np.isfinite(norms.high) & (norms.high > 0)
    if there.sum() < 2:
        return [], []
    logs = np.log10(norms.high[there])
    low, high = float(logs.min()), float(logs.max())
    share = (logs - low) / max(high - low, 1e-9)
    xs = _xs(norms, first, last, plot)[there]
    faint = blend(theme.gradient, theme.panel, 0.6)
    text = f"‖∂L/∂W‖ {short(10**low, 2)} to {short(10**high, 2)}, log"
    line = np.column_stack([xs, plot.bottom - share * plot.h])
    return [Curve(line, faint, 1.0)], [Entry("line", text, faint)]
