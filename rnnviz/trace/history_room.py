"""Room for the rows to come: what is old is thinned, but no thinner than what is new."""

from __future__ import annotations

import numpy as np

from rnnviz.trace.history_rows import BLOCK, STANDS, WIDTH, Block, Rows
from rnnviz.trace.thinning import fours_apart, thin_close

_CLOSE = 1.5
"""Rows of consecutive iterations are 1 apart; where they were thinned, 2, 4, 8, …"""


def with_room(full: list[Block], most: int) -> Rows:
    """The rows of these blocks, at most `most`, thinned where they stand closest.

    If all were halved every time, the first of n halvings would leave next to nothing of what it
    began with: a curve over all iterations would show little but its end.
    """
    nearest = [float(fours_apart(block.values[0]).min()) for block in full]
    kept, close = len(full), _CLOSE
    loose = np.empty((0, WIDTH))
    while kept * BLOCK + len(loose) > most:
        # Blocks before the first with rows so close stay as they are, with what they remember.
        first = next((at for at in range(kept) if nearest[at] < close), kept)
        table = np.concatenate([*(block.values.T for block in full[first:kept]), loose])
        loose, kept, close = thin_close(table, close, STANDS), first, 2 * close
    rest = Rows.of(loose)
    return Rows([*full[:kept], *rest.full], rest.last_block(rest.count - BLOCK * len(rest.full)).T)
