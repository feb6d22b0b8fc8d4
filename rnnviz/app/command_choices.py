"""Commands of which one in a group is chosen: colour vision, and the size of everything."""

from __future__ import annotations

from rnnviz.app.command import Command

VISIONS = tuple(
    Command(f"vision-{name}", "&View/&Colour vision", text, (), tip, checkable=True)
    for name, text, tip in (
        ("typical", "&Typical", "Colours as they are"),
        ("protanopia", "&Protanopia (no red cones)", "As eyes without red cones see it"),
        ("deuteranopia", "&Deuteranopia (no green cones)", "As eyes without green cones see it"),
        ("tritanopia", "T&ritanopia (no blue cones)", "As eyes without blue cones see it"),
        ("achromatopsia", "&Achromatopsia (no colours)", "As eyes that see no colours see it"),
    )
)

SCALES = (100, 125, 150, 175, 200)
"""Sizes of everything, in percent."""

SIZES = tuple(
    Command(
        f"size-{percent}",
        "&View/Si&ze of everything",
        f"{percent} %",
        (),
        "Letters, pictures and controls together, from the next start on",
        checkable=True,
    )
    for percent in SCALES
)
