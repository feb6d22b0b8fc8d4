"""Floor 3: what can be said about a trace: Jacobians, contributions, saturation."""
