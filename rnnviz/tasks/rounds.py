"""Data that are walked through from the beginning to the end over and over."""

from __future__ import annotations


def walked(place: int, strides: int, stride: int, length: int) -> tuple[int, int]:
    """Where ``strides`` of ``stride`` items each lead from ``place`` in data of ``length`` items.

    A round ends where no whole stride is left; the next one begins at 0. Returns how many rounds
    were begun on the way, and the place in the last of them. ``length`` has room for a stride.
    """
    left = max(length - place, 0) // stride
    if strides <= left:
        return 0, place + strides * stride
    rounds, rest = divmod(strides - left - 1, length // stride)
    return rounds + 1, (rest + 1) * stride
