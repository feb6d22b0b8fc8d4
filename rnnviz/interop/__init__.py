"""Floor 3: foreign weights and recorded runs."""
