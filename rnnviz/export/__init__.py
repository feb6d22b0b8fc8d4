"""Floor 6: figures, animations and tables from the paint code of the screen."""
