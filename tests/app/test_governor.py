"""How far apart frames are, from what they cost."""

from rnnviz.app.governor import FrameGovernor


def settled(cost: float, **options: float) -> float:
    governor = FrameGovernor(**options)
    for _ in range(100):
        governor.begin_tick()
        governor.end_tick(cost)
    return governor.interval


def test_cheap_frames_come_as_often_as_wanted() -> None:
    assert settled(0.001, frames_per_second=60.0, share=0.25) == 1 / 60


def test_dear_frames_are_spaced_so_that_they_take_their_share_and_no_more() -> None:
    assert abs(settled(0.02, frames_per_second=60.0, share=0.25) - 0.08) < 1e-6


def test_the_window_stays_alive_however_dear_a_frame_is() -> None:
    assert settled(10.0, frames_per_second=60.0, share=0.25) == 0.25


def test_what_is_painted_between_two_ticks_counts_too() -> None:
    governor = FrameGovernor(60.0, 0.25)
    for _ in range(100):
        governor.begin_tick()
        governor.end_tick(0.01)
        governor.spend(0.01)
    assert abs(governor.interval - 0.08) < 1e-6


def test_a_hiccup_changes_nothing_but_several_do() -> None:
    governor = FrameGovernor(60.0, 0.25)
    for cost in [0.003] * 20 + [0.09] + [0.003] * 6 + [0.2]:
        governor.begin_tick()
        governor.end_tick(cost)
        assert governor.interval == 1 / 60
    for _ in range(8):
        governor.begin_tick()
        governor.end_tick(0.09)
    assert governor.interval > 0.1
