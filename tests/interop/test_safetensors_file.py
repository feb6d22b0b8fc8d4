"""The wary reader of ``.safetensors`` files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import safetensors.numpy
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rnnviz.interop.safetensors_file import read_tensors, write_tensors
from rnnviz.trace import UserError


def raw(path: Path, header: Any, content: bytes = b"") -> Path:
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    path.write_bytes(len(text).to_bytes(8, "little") + text + content)
    return path


def entry(begin: int, end: int, shape: list[int], dtype: str = "F32") -> dict[str, Any]:
    return {"dtype": dtype, "shape": shape, "data_offsets": [begin, end]}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "w.safetensors"


def test_the_usual_librarys_files_are_read_and_ours_are_read_by_it(path: Path) -> None:
    tensors = {
        "a": np.arange(6, dtype=np.float32).reshape(2, 3),
        "b.c": np.array([1.5, -2.5]),
        "half": np.ones(3, np.float16),
        "empty": np.zeros((0, 4), np.float32),
    }
    path.write_bytes(safetensors.numpy.save(tensors, {"format": "pt"}))
    found = read_tensors(path)
    assert found.metadata == {"format": "pt"}
    assert not found.problems
    write_tensors(path, {**tensors, "a": tensors["a"].T}, {})
    again = safetensors.numpy.load_file(path)
    np.testing.assert_array_equal(again.pop("a"), tensors["a"].T)
    for name, tensor in again.items():
        np.testing.assert_array_equal(tensor, found.tensors[name])
        assert tensor.dtype == found.tensors[name].dtype


def test_bfloat16_becomes_float32(path: Path) -> None:
    raw(path, {"x": entry(0, 6, [3], "BF16")}, bytes([0x80, 0x3F, 0x00, 0xC0, 0x49, 0x40]))
    found = read_tensors(path).tensors["x"]
    assert found.dtype == np.float32
    assert found.tolist() == [1.0, -2.0, 3.140625]


@pytest.mark.parametrize(
    ("header", "content", "cause"),
    [
        (b"", b"", "too short"),
        (b"{" * 40, b"", "not JSON"),
        (b"[" * 50_000, b"", "nested too deeply"),
        (b"\xff\xfe", b"", "not text"),
        (b"[1]", b"", "not a table"),
        (b'{"x":{"dtype":"F32"},"x":{}}', b"", "'x' occurs twice"),
        ({"x": 3}, b"", "place of 'x'"),
        ({"x": {"data_offsets": [0]}}, b"", "place of 'x'"),
        ({"x": entry(-4, 0, [1])}, b"", "place of 'x'"),
        ({"x": entry(0, 4, [1]), "y": entry(2, 6, [1])}, bytes(6), "overlap or leave holes"),
        ({"x": entry(4, 8, [1])}, bytes(8), "overlap or leave holes"),
        ({"x": entry(0, 4, [1])}, bytes(9), "need 4 bytes but it has 9"),
        ({"x": entry(0, 1 << 60, [1 << 58])}, bytes(4), "but it has 4"),
        ({"__metadata__": 3}, b"", "metadata"),
    ],
)
def test_a_broken_file_is_refused(path: Path, header: Any, content: bytes, cause: str) -> None:
    raw(path, header, content)
    with pytest.raises(UserError) as caught:
        read_tensors(path)
    assert cause in str(caught.value)
    assert str(path) in str(caught.value)


@pytest.mark.parametrize(
    ("name", "description", "cause"),
    [
        ("x", entry(0, 8, [1], "I64"), "x has type I64, not one of F16"),
        ("x", entry(0, 8, [3]), "x has 8 bytes"),
        ("x", entry(0, 8, [-2]), "x has no sensible shape"),
        ("x", {"dtype": "F32", "data_offsets": [0, 8]}, "x has no sensible shape"),
        ("../../x", entry(0, 8, [2]), "'../../x' is not the name"),
        ("a b", entry(0, 8, [2]), "'a b' is not the name"),
        ("x" * 500, entry(0, 8, [2]), "is not the name"),
    ],
)
def test_a_tensor_that_cannot_be_read_is_named_and_the_rest_is_read(
    path: Path, name: str, description: Any, cause: str
) -> None:
    raw(path, {name: description, "good": entry(8, 12, [1])}, bytes(12))
    found = read_tensors(path)
    assert list(found.tensors) == ["good"]
    assert len(found.problems) == 1
    assert cause in found.problems[0]


def test_a_pickled_file_is_recognised_as_such(path: Path) -> None:
    path.write_bytes(b"PK\x03\x04" + bytes(range(200)))
    with pytest.raises(UserError, match=r"if it is a \.pt file, convert it"):
        read_tensors(path)


@settings(
    deadline=None, max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_any_damage_ends_in_one_clear_error_or_in_numbers(path: Path, data: st.DataObject) -> None:
    write_tensors(path, {"a": np.ones((2, 2), np.float32), "b": np.ones(3)}, {"k": "v"})
    content = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(content) - 1))
        content[at] = data.draw(st.integers(0, 255))
    path.write_bytes(content[: data.draw(st.integers(len(content) // 2, len(content)))])
    try:
        kinds = {tensor.dtype.kind for tensor in read_tensors(path).tensors.values()}
    except UserError:
        kinds = set()
    assert kinds <= {"f"}


@pytest.mark.parametrize("dtype", [["F32"], {"F32": 1}, None, 32])
def test_a_type_that_is_no_word_is_a_phrase_like_any_other(path: Path, dtype: Any) -> None:
    raw(path, {"x": {"dtype": dtype, "shape": [1], "data_offsets": [0, 4]}}, bytes(4))
    (problem,) = read_tensors(path).problems
    assert problem.startswith("x has type")
