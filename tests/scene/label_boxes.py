"""Where the words of a picture really are, for tests that nothing overlaps or is cut off."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from rnnviz.scene.numbers import figures_for, number_text
from rnnviz.scene.shapes import Box, Cells, Label, Picture, Rect, Wire
from rnnviz.scene.strips_tokens import visible_token
from rnnviz.scene.textwidth import text_width
from rnnviz.trace import Trace


def tight(label: Label) -> Rect:
    """The part of a label's rect that its figures fill."""
    width = text_width(label.text, label.size, label.family, label.bold)
    left = label.rect.x
    if label.align == "center":
        left += (label.rect.w - width) / 2
    elif label.align == "right":
        left += label.rect.w - width
    middle = label.rect.y + label.rect.h / 2
    return Rect(left, middle - label.size * 0.42, width, label.size * 0.84)


def labels_in_sight(picture: Picture) -> list[Label]:
    shown = []
    for layer in picture.layers:
        for shape in layer.shapes:
            if isinstance(shape, Label) and (
                layer.clip is None or layer.clip.overlaps(tight(shape))
            ):
                shown.append(shape)
    return shown


def words_of(trace: Trace) -> tuple[str, ...]:
    """The words that came with a pass: only these may be cut."""
    labels = trace.labels
    rows = (*labels.inputs, *labels.targets, *labels.decoder_inputs)
    return (*labels.classes, *(word for row in rows for word in row))


def cut_off(label: Label, given: Sequence[str]) -> bool:
    """Whether a label ends in an ellipsis that stands for words of the program's own: only what a
    user has `given`, such as a long token, may be cut."""
    text = label.text.rstrip("”")
    if not text.endswith("…"):
        return False
    kept = text.rstrip("…").lstrip("“")
    return not any(visible_token(word).startswith(kept) for word in given if kept)


def faults(picture: Picture, given: Sequence[str] = ()) -> list[str]:
    """Everything that is wrong with the words of a picture, in words; `given` are the user's."""
    labels = labels_in_sight(picture)
    found = [f"{label.text!r} is cut off" for label in labels if cut_off(label, given)]
    framed = {
        shape.rect
        for layer in picture.layers
        for shape in layer.shapes
        if isinstance(shape, Box) and shape.stroke
    }
    clips = {
        id(shape): layer.clip for layer in picture.layers for shape in layer.shapes if layer.clip
    }
    boxes = []
    for label in labels:
        box = tight(label)
        if box.w > label.rect.w + 1.0:
            found.append(f"{label.text!r} is {box.w:.0f} wide in a box of {label.rect.w:.0f}")
        if label.size > label.rect.h + 0.5:
            found.append(f"{label.text!r} is too high for its box of {label.rect.h:.0f}")
        elif label.rect in framed and label.size * 1.15 > label.rect.h + 0.5:
            found.append(f"{label.text!r} touches its frame, which is {label.rect.h:.0f} high")
        clip = clips.get(id(label))
        if clip is None and not (
            box.x >= -0.5
            and box.y >= -0.5
            and box.right <= picture.width + 0.5
            and box.bottom <= picture.height + 0.5
        ):
            found.append(f"{label.text!r} leaves the picture: {box}")
        if clip is not None:
            # What is scrolled half out of sight is cut there and covers nothing beyond.
            left, top = max(box.x, clip.x), max(box.y, clip.y)
            right, bottom = min(box.right, clip.right), min(box.bottom, clip.bottom)
            box = Rect(left, top, max(right - left, 0.0), max(bottom - top, 0.0))
        boxes.append((box.x, box.y, box.right, box.bottom))
    if boxes:
        b = np.array(boxes)
        over = (
            (b[:, None, 0] < b[None, :, 2] - 0.5)
            & (b[None, :, 0] < b[:, None, 2] - 0.5)
            & (b[:, None, 1] < b[None, :, 3] - 0.5)
            & (b[None, :, 1] < b[:, None, 3] - 0.5)
        )
        for i, j in np.argwhere(np.triu(over, 1)).tolist():
            found.append(f"{labels[i].text!r} overlaps {labels[j].text!r} at {tight(labels[i])}")
    for layer in picture.layers:
        for shape in layer.shapes:
            if isinstance(shape, Cells) and shape.numbers:
                found += _numbers_that_stick_out(shape)
    return found


def _numbers_that_stick_out(cells: Cells) -> list[str]:
    figures = figures_for(cells.w, cells.size, signed=cells.scale.low < 0)
    texts = {number_text(float(v), figures) for v in cells.values.ravel()[:200]}
    # Figures may touch the edges of their cell, not leave it.
    return [
        f"{text} sticks out of its cell of {cells.w:.1f}"
        for text in texts
        if text_width(text, cells.size) > cells.w + 2.0
    ]


def crossed(picture: Picture, ignored: tuple[int, ...] = ()) -> list[str]:
    """Labels that a wire runs through (wires of the ignored colours aside)."""
    labels = [(label, tight(label).inset(0.5)) for label in labels_in_sight(picture)]
    segments = [
        (a, b, wire.width / 2, layer.clip)
        for layer in picture.layers
        for wire in layer.shapes
        if isinstance(wire, Wire) and not wire.curved and wire.color not in ignored
        for a, b in pairwise(wire.points)
    ]
    if not labels or not segments:
        return []
    box = np.array([(b.x, b.y, b.right, b.bottom) for _, b in labels])
    ends = np.array([(*a, *b, half) for a, b, half, _ in segments])
    low = np.minimum(ends[:, :2], ends[:, 2:4]) - ends[:, 4:]
    high = np.maximum(ends[:, :2], ends[:, 2:4]) + ends[:, 4:]
    near = (low[:, None] < box[None, :, 2:]).all(2) & (box[None, :, :2] < high[:, None]).all(2)
    return [
        f"a wire {segments[i][:2]} crosses {labels[j][0].text!r} at {labels[j][1]}"
        for i, j in np.argwhere(near).tolist()
        if _meets(*segments[i][:2], labels[j][1], segments[i][2])
        # What is scrolled out of sight runs through nothing.
        and ((clip := segments[i][3]) is None or clip.overlaps(labels[j][1]))
    ]


def _meets(a: tuple[float, float], b: tuple[float, float], box: Rect, half: float) -> bool:
    """Whether a segment of that half width meets the box (Liang and Barsky's clipping)."""
    low, high = 0.0, 1.0
    dx, dy = b[0] - a[0], b[1] - a[1]
    for p, q in (
        (-dx, a[0] - (box.x - half)),
        (dx, box.right + half - a[0]),
        (-dy, a[1] - (box.y - half)),
        (dy, box.bottom + half - a[1]),
    ):
        if p == 0.0:
            if q < 0.0:
                return False
            continue
        t = q / p
        if p < 0.0:
            low = max(low, t)
        else:
            high = min(high, t)
    return low <= high
