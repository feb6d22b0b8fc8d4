"""Places in data that are walked through over and over."""

from hypothesis import given
from hypothesis import strategies as st

from rnnviz.tasks.rounds import walked


@given(st.integers(0, 60), st.integers(0, 200), st.integers(1, 9), st.integers(0, 40))
def test_many_strides_lead_where_one_after_the_other_does(
    place: int, strides: int, stride: int, more: int
) -> None:
    length = stride + more
    rounds, reached = 0, place
    for _ in range(strides):
        if reached + stride > length:
            rounds, reached = rounds + 1, 0
        reached += stride
    assert walked(place, strides, stride, length) == (rounds, reached)
