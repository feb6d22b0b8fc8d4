"""Floor 4, the picture: trace → geometry, colours, words and playback. No Qt."""
