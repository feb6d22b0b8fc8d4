"""Floor 8: one command line; Qt is imported only where a command needs it."""
