"""Floor 2, the arithmetic: cells, unrolling, losses and optimisers. NumPy only."""
