"""The wary reader and the safe writer of arrays."""

from __future__ import annotations

import io
import os
import stat
import struct
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rnnviz.trace.archive import Limits, read_archive, read_array, write_archive
from rnnviz.trace.errors import UserError


def npy(array: np.ndarray) -> bytes:
    file = io.BytesIO()
    np.lib.format.write_array(file, array, allow_pickle=True)
    return file.getvalue()


def packed(path: Path, members: list[tuple[str, bytes]], how: int = zipfile.ZIP_STORED) -> Path:
    with zipfile.ZipFile(path, "w", how) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return path


def header(shape: str, descr: str = "'<f8'") -> bytes:
    text = f"{{'descr': {descr}, 'fortran_order': False, 'shape': {shape}, }}\n".encode()
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(text)) + text


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "file.npz"


def test_what_is_written_is_read_back_and_numpy_reads_it_too(path: Path) -> None:
    arrays = {
        "a/b": np.arange(12, dtype=np.float32).reshape(3, 4).T,
        "empty": np.zeros((0, 3)),
        "one": np.array(2.5),
        "flags": np.array([True, False]),
        "far": np.array([np.nan, np.inf]),
    }
    write_archive(path, arrays, {"text": "Σ\u2028", "n": [1, None]})
    found = read_archive(path)
    assert found.meta == {"text": "Σ\u2028", "n": [1, None]}
    assert list(found.arrays) == list(arrays)
    with np.load(path, allow_pickle=False) as loaded:
        for name, array in arrays.items():
            assert found.arrays[name].dtype == array.dtype
            np.testing.assert_array_equal(found.arrays[name], array)
            np.testing.assert_array_equal(loaded[name], array)


def test_the_same_content_gives_the_same_bytes(path: Path) -> None:
    write_archive(path, {"x": np.ones(3)}, {"k": 1})
    first = path.read_bytes()
    write_archive(path, {"x": np.ones(3)}, {"k": 1})
    assert path.read_bytes() == first


def test_big_endian_fortran_and_deflated_arrays_are_read(path: Path) -> None:
    array = np.asfortranarray(np.arange(6, dtype=">f4").reshape(2, 3))
    packed(path, [("x.npy", npy(array))], zipfile.ZIP_DEFLATED)
    found = read_archive(path).arrays["x"]
    assert found.dtype.isnative
    np.testing.assert_array_equal(found, array)


HUGE = header("(4294967296,)")
BAD_MEMBERS = {
    "claims": [("x.npy", HUGE)],
    "claims 80": [("x.npy", header("(10,)") + bytes(72))],
    "claims 8 bytes of numbers but has 16": [("x.npy", header("(1,)") + bytes(16))],
    "impossible": [("x.npy", header("(-1,)") + bytes(8))],
    "dimensions": [("x.npy", header("(1,1,1,1,1,1,1)") + bytes(8))],
    "header that cannot": [("x.npy", header("(" * 3000 + ")" * 3000))],
    "not plain numbers": [("x.npy", npy(np.array([{}], dtype=object)))],
    "type": [("x.npy", npy(np.array([1j])))],
    "not in NumPy's": [("x.npy", b"")],
    "version 3.0": [("x.npy", b"\x93NUMPY\x03\x00\x00\x00\x00\x00")],
    "header of 60,000": [("x.npy", b"\x93NUMPY\x01\x00" + struct.pack("<H", 60000) + bytes(60000))],
    "cut short": [("x.npy", b"\x93NUMPY\x01\x00")],
    "'../../evil.npy'": [("../../evil.npy", npy(np.ones(1)))],
    "'/etc/x.npy'": [("/etc/x.npy", npy(np.ones(1)))],
    "'x.txt'": [("x.txt", b"hello")],
    "not text": [("meta.npy", npy(np.ones(3)))],
    "cannot be read": [("meta.npy", npy(np.frombuffer(b"{,}", np.uint8)))],
    "occurs twice": [("meta.npy", npy(np.frombuffer(b'{"a":1,"a":2}', np.uint8)))],
    "not a JSON object": [("meta.npy", npy(np.frombuffer(b"[1]", np.uint8)))],
    "description": [("meta.npy", npy(np.frombuffer(b"[" * 100_000, np.uint8)))],
}


@pytest.mark.parametrize("cause", BAD_MEMBERS)
def test_a_bad_member_is_refused_with_file_and_cause(path: Path, cause: str) -> None:
    packed(path, BAD_MEMBERS[cause])
    with pytest.raises(UserError) as caught:
        read_archive(path)
    assert cause in str(caught.value)
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_members_of_one_name_are_refused(path: Path) -> None:
    packed(path, [("x.npy", npy(np.ones(1))), ("x.npy", npy(np.zeros(1)))])
    with pytest.raises(UserError, match="two members named 'x'"):
        read_archive(path)


def test_limits_on_bytes_members_and_unpacking_are_kept(path: Path) -> None:
    packed(path, [("x.npy", npy(np.zeros(200_000)))], zipfile.ZIP_DEFLATED)
    read_archive(path)
    with pytest.raises(UserError, match="times its size"):
        read_archive(path, Limits(ratio_from=1 << 20))
    with pytest.raises(UserError, match="unpacks to 1,600,128 bytes, more than 1,000"):
        read_archive(path, Limits(total_bytes=1000))
    with pytest.raises(UserError, match=r"it has [\d,]+ bytes; the limit is 100 bytes"):
        read_archive(path, Limits(file_bytes=100))
    packed(path, [(f"x{n}.npy", npy(np.ones(1))) for n in range(30)])
    with pytest.raises(UserError, match="members"):
        read_archive(path, Limits(members=29))
    with pytest.raises(UserError, match="more than 1 members"):
        read_archive(path, Limits(members=1))


def test_a_table_of_contents_cannot_hide_how_far_a_member_unpacks(path: Path) -> None:
    packed(path, [("x.npy", npy(np.zeros(200_000)))], zipfile.ZIP_DEFLATED)
    content = bytearray(path.read_bytes())
    entry = content.rindex(b"PK\x01\x02")
    struct.pack_into("<I", content, entry + 20, 1_000_000)  # what it says to take, packed
    path.write_bytes(content)
    with pytest.raises(UserError, match="claims more bytes than it has"):
        read_archive(path, Limits(ratio_from=1 << 20))


def test_a_flipped_byte_in_the_numbers_is_noticed(path: Path) -> None:
    write_archive(path, {"x": np.ones(1000)}, {})
    damaged = bytearray(path.read_bytes())
    damaged[4000] ^= 1
    path.write_bytes(damaged)
    with pytest.raises(UserError, match="damaged"):
        read_archive(path)


def test_a_file_cut_anywhere_is_refused(path: Path) -> None:
    write_archive(path, {"x": np.arange(20.0), "h": np.ones((2, 2))}, {"a": "b"})
    content = path.read_bytes()
    for length in range(0, len(content), 17):
        path.write_bytes(content[:length])
        with pytest.raises(UserError):
            read_archive(path)


@settings(
    deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_any_damage_ends_in_one_clear_error_or_in_arrays(path: Path, data: st.DataObject) -> None:
    write_archive(path, {"x": np.arange(8.0), "t": np.arange(3)}, {"a": 1})
    content = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(content) - 1))
        content[at] = data.draw(st.integers(0, 255))
    path.write_bytes(content)
    try:
        kinds = {array.dtype.kind for array in read_archive(path).arrays.values()}
    except UserError:
        kinds = set()
    assert kinds <= set("biuf")


def test_things_that_are_not_files_are_refused(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with pytest.raises(UserError, match="not a file"):
        read_archive(pipe)
    with pytest.raises(UserError, match="not a file"):
        read_array(tmp_path)
    with pytest.raises(UserError, match="no such file"):
        read_archive(tmp_path / "nothing.npz")
    with pytest.raises(UserError, match="null"):
        read_archive("a\0b")


def test_a_single_array_file_is_read_with_the_same_care(tmp_path: Path) -> None:
    path = tmp_path / "x.npy"
    np.save(path, np.arange(6, dtype=np.int32).reshape(2, 3))
    np.testing.assert_array_equal(read_array(path), [[0, 1, 2], [3, 4, 5]])
    path.write_bytes(HUGE)
    with pytest.raises(UserError, match="claims"):
        read_array(path)


def test_booleans_other_than_0_and_1_become_true(path: Path) -> None:
    packed(path, [("x.npy", header("(3,)", "'|b1'") + bytes([0, 1, 7]))])
    assert read_archive(path).arrays["x"].view(np.uint8).tolist() == [0, 1, 1]


def test_the_writer_refuses_what_the_reader_would(path: Path) -> None:
    with pytest.raises(ValueError, match="name"):
        write_archive(path, {"../x": np.ones(1)}, {})
    with pytest.raises(ValueError, match="type"):
        write_archive(path, {"x": np.array(["a"])}, {})
    assert not path.exists()


def test_the_old_file_goes_when_the_new_one_is_on_the_disk(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []
    flush, swap = os.fsync, os.replace
    monkeypatch.setattr(os, "fsync", lambda file: (done.append("flush"), flush(file)))
    monkeypatch.setattr(os, "replace", lambda *names: (done.append("swap"), swap(*names)))
    write_archive(path, {"x": np.ones(3)}, {})
    assert done[:2] == ["flush", "swap"]


def test_saving_where_it_cannot_be_says_so_and_leaves_no_scraps(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="folder does not exist"):
        write_archive(tmp_path / "nowhere" / "x.npz", {}, {})
    with pytest.raises(UserError, match="it is a folder"):
        write_archive(tmp_path, {}, {})
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with pytest.raises(UserError, match="not a regular file"):
        write_archive(pipe, {}, {})
    assert [entry.name for entry in tmp_path.iterdir()] == ["pipe"]


def test_a_full_disk_leaves_the_old_file_as_it_was(path: Path) -> None:
    write_archive(path, {"x": np.ones(10)}, {})
    before = path.read_bytes()
    script = (
        "import resource, sys, numpy as np\n"
        "from rnnviz.trace.archive import write_archive\n"
        "from rnnviz.trace.errors import UserError\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000))\n"
        "try:\n    write_archive(sys.argv[1], {'x': np.ones(100_000)}, {})\n"
        "except UserError as error:\n    sys.exit(0 if 'no room left' in str(error) else 1)\n"
        "sys.exit(2)\n"
    )
    done = subprocess.run([sys.executable, "-c", script, str(path)], check=False, timeout=60)
    assert done.returncode == 0
    assert path.read_bytes() == before
    assert [entry.name for entry in path.parent.iterdir()] == [path.name]


def test_links_permissions_and_stale_scraps_are_minded(tmp_path: Path) -> None:
    real = tmp_path / "real.npz"
    write_archive(real, {}, {"n": 1})
    real.chmod(0o640)
    link = tmp_path / "link.npz"
    link.symlink_to(real)
    old = tmp_path / ".real.npz.abc.part"
    old.write_bytes(b"half")
    os.utime(old, (0, 0))
    fresh = tmp_path / ".real.npz.def.part"
    fresh.write_bytes(b"somebody is writing this now")
    write_archive(link, {}, {"n": 2})
    assert link.is_symlink()
    assert read_archive(real).meta == {"n": 2}
    assert stat.S_IMODE(real.stat().st_mode) == 0o640
    assert not old.exists()
    assert fresh.exists()


@pytest.mark.parametrize("name", ["n" * 251 + ".npz", "名" * 83 + ".npz"])
def test_a_name_as_long_as_a_name_may_be_can_be_saved(tmp_path: Path, name: str) -> None:
    write_archive(tmp_path / name, {}, {"n": 1})
    write_archive(tmp_path / name, {}, {"n": 2})
    assert read_archive(tmp_path / name).meta == {"n": 2}
    assert [entry.name for entry in tmp_path.iterdir()] == [name]


def test_what_others_left_half_written_is_not_cleared_away(tmp_path: Path) -> None:
    names = (".other.npz.abc.part", ".real.npz.notes", "film.part", "real.npz.abc.part")
    for name in names:
        (tmp_path / name).write_bytes(b"somebody's")
        os.utime(tmp_path / name, (0, 0))
    write_archive(tmp_path / "real.npz", {}, {"n": 1})
    assert {entry.name for entry in tmp_path.iterdir()} == {"real.npz", *names}


def test_what_zipfile_quotes_from_a_damaged_file_is_told_in_brief(path: Path) -> None:
    packed(path, [("a.npy", npy(np.arange(2000.0))), ("b.npy", npy(np.zeros(2)))])
    content = bytearray(path.read_bytes())
    # The first member's own header says that its name goes on through its numbers.
    struct.pack_into("<H", content, 26, 9000)
    path.write_bytes(content)
    with pytest.raises(UserError, match="it is damaged") as caught:
        read_archive(path)
    assert len(str(caught.value)) < 400
