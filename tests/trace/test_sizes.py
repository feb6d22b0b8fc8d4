"""A size and its limit are told so that one sees that the one is above the other."""

import pytest

from rnnviz.trace.sizes import over_the_limit


@pytest.mark.parametrize(
    ("size", "limit", "words"),
    [
        (10_000_000_000, 100_000_000, "has 10,000.0 MB; the limit is 100 MB"),
        (100_060_000, 100_000_000, "has 100.1 MB; the limit is 100 MB"),
        (100_000_001, 100_000_000, "has 100,000,001 bytes; the limit is 100,000,000 bytes"),
        (100_049_999, 100_000_000, "has 100,049,999 bytes; the limit is 100,000,000 bytes"),
        (9_000_000_000, 8 << 30, "has 9,000.0 MB; the limit is 8,589.9 MB"),
        ((8 << 30) + 1, 8 << 30, "has 8,589,934,593 bytes; the limit is 8,589,934,592 bytes"),
        (230, 100, "has 230 bytes; the limit is 100 bytes"),
    ],
)
def test_a_size_is_rounded_where_that_leaves_it_above_the_limit(
    size: int, limit: int, words: str
) -> None:
    assert over_the_limit(size, limit) == words
