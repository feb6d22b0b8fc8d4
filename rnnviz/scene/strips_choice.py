"""Certain strips and no others: the layout for a figure that names what it shows."""

from __future__ import annotations

from collections.abc import Sequence

from rnnviz.scene.strips_catalog import catalog
from rnnviz.scene.strips_layout import StripLayout
from rnnviz.trace import Trace, UserError


def only_strips(trace: Trace, names: Sequence[str]) -> StripLayout:
    """The strips of those names in that order, all of them open.

    Raises:
        UserError: if the pass has no strip of such a name.
    """
    strips = catalog(trace)
    known = [strip.name for strip in strips]
    for name in names:
        if name not in known:
            raise UserError(f"this pass has no strip {name!r}; use some of {', '.join(known)}")
    # A name in `collapsed` stands for the opposite of how its strip starts.
    turned = frozenset(s.name for s in strips if (s.name in names) == s.starts_folded)
    return StripLayout(order=tuple(names), collapsed=turned, open_only=True)
