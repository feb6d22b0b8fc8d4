"""Floor 7, the shell: window, actions, worker thread, settings, themes."""
