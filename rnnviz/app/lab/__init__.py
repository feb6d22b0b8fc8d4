"""The gradient laboratory on screen: figures, the worker that computes them, and what-if."""
