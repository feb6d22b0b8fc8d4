"""Floor 7, the shell: the only floor that builds the window and connects it to a session."""
