"""Arrays that are made when somebody asks for them."""

from threading import Event, Lock, Thread

import numpy as np
import pytest

from rnnviz.trace.arrays import Array, Arrays, Later


def recipe(made: list[str]) -> Later:
    whole = np.arange(24).reshape(2, 3, 4)

    def every() -> Array:
        made.append("all")
        return whole

    def one(b: int) -> Array:
        made.append(f"sequence {b}")
        return whole[:, b]

    return Later(whole.shape, every, one)


def test_one_sequence_is_made_without_the_others_and_only_once() -> None:
    made: list[str] = []
    arrays = Arrays({"pictures": recipe(made)})
    first = arrays.sequence("pictures", 1)
    assert np.array_equal(first, [[4, 5, 6, 7], [16, 17, 18, 19]])
    assert arrays.sequence("pictures", 1) is first
    assert not first.flags.writeable
    assert made == ["sequence 1"]


def test_a_sequence_of_an_array_that_is_there_is_part_of_it() -> None:
    made: list[str] = []
    arrays = Arrays({"pictures": recipe(made), "x": np.ones((5, 2, 3))})
    whole = arrays["pictures"]
    assert np.shares_memory(arrays.sequence("pictures", 2), whole)
    assert arrays.sequence("x", 0).shape == (5, 3)
    assert made == ["all"]


def test_what_is_given_on_is_still_to_be_made() -> None:
    made: list[str] = []
    arrays = Arrays({"pictures": recipe(made)})
    passed_on = Arrays({"pictures": arrays.given("pictures")})
    assert passed_on.shape("pictures") == (2, 3, 4)
    assert made == []


def test_a_sequence_of_what_is_not_there_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        Arrays({}).sequence("pictures", 0)


def test_what_two_threads_ask_for_at_once_is_made_once() -> None:
    begun, go_on = Event(), Event()
    made: list[Array] = []

    def make() -> Array:
        begun.set()
        go_on.wait(10.0)
        made.append(np.arange(3))
        return made[-1]

    class Watched(Arrays):
        """Lets the first go on when the second has come as far as waiting for it."""

        def _made(self, name: str) -> Array:
            asked.append(name)
            if len(asked) == 2:
                go_on.set()
            return super()._made(name)

    asked: list[str] = []
    found: list[Array] = []
    arrays = Watched({"a": Later((3,), make)})
    threads = [Thread(target=lambda: found.append(arrays["a"])) for _ in range(2)]
    threads[0].start()
    begun.wait(10.0)
    threads[1].start()
    for thread in threads:
        thread.join()
    assert len(made) == 1
    assert found[0] is found[1]


def test_arrays_that_are_joined_wait_for_the_memory_that_they_are_made_in() -> None:
    made: list[str] = []
    memory = Lock()
    joined = Arrays({"pictures": recipe(made)}, memory).joined({"x": np.ones(3)})
    with memory:
        asking = Thread(target=lambda: joined["pictures"])
        asking.start()
        asking.join(0.1)
        assert asking.is_alive()
    asking.join()
    assert made == ["all"]
