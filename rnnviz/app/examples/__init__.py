"""Examples, own input, decoding and the held-out score in the window."""
