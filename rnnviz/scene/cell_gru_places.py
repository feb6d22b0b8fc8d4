"""Where a GRU cell's parts stand on the board: forward and backward wires share these."""

from __future__ import annotations

HIGHWAY = 68.0
"""y of the wire from the old state to the new."""
MIX = 150.0
"""y at which 1 − z meets n, and r meets m."""
Z, N, M, R = 330.0, 500.0, 680.0, 840.0
"""x of the update gate, the candidate, the product m and the reset gate."""
RESET = 638.0
"""x at which r ⊙ m comes down to the candidate's sum."""
SUM, SHORT, LOW = 358.0, 292.0, 404.0
"""y of that sum, of the lower edge of the candidate above it, and of the matrix below it."""
UP = 912.0
"""x of the way up."""
