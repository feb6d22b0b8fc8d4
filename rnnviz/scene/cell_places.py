"""Where an LSTM cell's parts stand on the board: forward and backward wires share these."""

from __future__ import annotations

HIGHWAY = 68.0
"""y of the cell state's wire."""
F, I, G, O = 330.0, 462.0, 594.0, 726.0  # noqa: E741  (the gates' names)
"""x of the gates."""
JOIN = (I + G) / 2
"""x at which i ⊙ g is made and added."""
TAP = 868.0
"""x of the way from c to h."""
PEEP, PEEP_O = 250.0, 820.0
"""x at which the gates look at the old and at the new cell state, where they do."""
