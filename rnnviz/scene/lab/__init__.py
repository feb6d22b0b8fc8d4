"""The figures of the gradient laboratory: a frozen result in, a picture out, no Qt."""
