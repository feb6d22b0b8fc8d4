"""Floor 4: a training run, its checkpoints and its mailbox. No Qt."""
