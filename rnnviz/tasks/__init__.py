"""Floor 3: data and vocabularies."""
