"""How large something is, beside what it may be: never rounded until the two look the same."""

from __future__ import annotations


def over_the_limit(size: int, limit: int) -> str:
    """``has 120.5 MB; the limit is 100 MB``, of so many bytes; to the byte where the size is hardly
    above it."""
    if round(size / 1e6, 1) > limit / 1e6:
        allowed = f"{limit / 1e6:,.1f}".removesuffix(".0")
        return f"has {size / 1e6:,.1f} MB; the limit is {allowed} MB"
    return f"has {size:,} bytes; the limit is {limit:,} bytes"
