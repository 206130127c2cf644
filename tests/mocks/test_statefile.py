"""A state's file is one process's alone, is replaced as a whole, and is left as it is where it cannot be used."""

from __future__ import annotations

import fcntl
import json
import os
import signal
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from issuant.mocks import StateError
from issuant.mocks.statefile import VERSION, StateFile

ONE = {"one": {"a": [1, "é", None]}}
NAMES = frozenset(ONE)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A file that was written and let go of."""
    found = tmp_path / "mock.state"
    written(found)
    return found


def written(path: Path) -> None:
    file = StateFile(path, NAMES)
    file.write(ONE)
    file.close()


def test_what_is_written_is_read(path: Path) -> None:
    """With its version, for its owner alone, and nothing stands beside it."""
    file = StateFile(path, NAMES)
    assert file.read() == ONE
    file.write({"one": 2})
    assert file.read() == {"one": 2}
    file.close()
    assert json.loads(path.read_text())["version"] == VERSION
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(path.parent.iterdir()) == [path]


def test_where_there_is_no_file_nothing_is_read(tmp_path: Path) -> None:
    """And none is made by looking."""
    file = StateFile(tmp_path / "none", NAMES)
    assert file.read() is None
    file.close()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("replaced", [False, True], ids=["as-it-was-found", "after-it-was-replaced"])
def test_a_second_one_is_refused(path: Path, replaced: bool) -> None:
    """For as long as the first one has it; then it may."""
    first = StateFile(path, NAMES)
    if replaced:
        first.write({"one": 2})
    with pytest.raises(StateError, match="another process uses it"):
        StateFile(path, NAMES)
    first.close()
    StateFile(path, NAMES).close()


def test_a_file_that_another_process_makes_meanwhile_is_not_taken_from_it(tmp_path: Path) -> None:
    """Neither of them found one; the first that writes has it."""
    path = tmp_path / "mock.state"
    first, second = StateFile(path, NAMES), StateFile(path, NAMES)
    first.write(ONE)
    with pytest.raises(StateError, match="another process uses it"):
        second.write({"one": 2})
    assert first.read() == ONE
    first.close()
    second.close()
    assert list(tmp_path.iterdir()) == [path]


def changed(change: Callable[[dict[str, Any]], object]) -> Callable[[bytes], bytes]:
    def apply(content: bytes) -> bytes:
        document = json.loads(content)
        change(document)
        return json.dumps(document).encode()

    return apply


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        pytest.param(lambda content: b"", "damaged, or no state", id="empty"),
        pytest.param(lambda content: content[:-9], "damaged, or no state", id="cut"),
        pytest.param(lambda content: b"\xff" + content, "damaged, or no state", id="not-utf8"),
        pytest.param(lambda content: b"[" * 100_000, "damaged, or no state", id="too-deep"),
        pytest.param(lambda content: b"[1]", "damaged, or no state", id="a-list"),
        pytest.param(lambda content: b'{"a": 1}', "damaged, or no state", id="another-file"),
        pytest.param(lambda content: content.replace(b"\\u00e9", b"e"), "changed by hand", id="a-letter"),
        pytest.param(changed(lambda it: it.pop("sha256")), "changed by hand", id="no-digest"),
        pytest.param(changed(lambda it: it.update(providers=[])), "changed by hand", id="no-providers"),
        pytest.param(changed(lambda it: it.update(version=VERSION + 1)), f"of version {VERSION + 1}", id="newer"),
        pytest.param(changed(lambda it: it.pop("version")), "of version None", id="no-version"),
    ],
)
def test_another_file_is_refused_and_left_as_it_is(path: Path, damage: Callable[[bytes], bytes], words: str) -> None:
    """With its path, and what is wrong; then it is free for others."""
    path.write_bytes(damage(path.read_bytes()))
    before = path.read_bytes()
    file = StateFile(path, NAMES)
    with pytest.raises(StateError, match=words) as raised:
        file.read()
    assert str(path) in str(raised.value)
    assert raised.value.__context__ is None
    file.close()
    assert path.read_bytes() == before


@pytest.mark.parametrize("names", [{"one", "two"}, {"two"}, set()], ids=["more", "others", "none"])
def test_a_file_of_other_providers_is_refused(path: Path, names: set[str]) -> None:
    """Both sets are told."""
    file = StateFile(path, frozenset(names))
    with pytest.raises(StateError, match=f"it holds one, and what is to be kept is {', '.join(sorted(names))}"):
        file.read()
    file.close()


def test_a_write_that_fails_leaves_the_file_and_its_lock(path: Path) -> None:
    """And nothing beside it."""
    file = StateFile(path, NAMES)
    with pytest.raises(TypeError):
        file.write({"one": object()})
    assert file.read() == ONE
    with pytest.raises(StateError, match="another process uses it"):
        StateFile(path, NAMES)
    file.close()
    assert list(path.parent.iterdir()) == [path]


def test_a_link_stays_one(path: Path, tmp_path: Path) -> None:
    """What it leads to is replaced."""
    link = tmp_path / "link"
    link.symlink_to(path)
    file = StateFile(link, NAMES)
    file.write({"one": 2})
    file.close()
    assert link.is_symlink()
    assert json.loads(path.read_text())["providers"] == {"one": 2}


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    """As the system says it."""
    with pytest.raises(OSError, match="directory"):
        StateFile(tmp_path, NAMES).read()
    with pytest.raises(OSError, match="No such file"):
        StateFile(tmp_path / "nowhere" / "file", NAMES).write(ONE)


def test_no_descriptor_is_left_open(path: Path) -> None:
    """After many writes and refusals."""
    before = len(os.listdir("/dev/fd"))
    file = StateFile(path, NAMES)
    for number in range(20):
        file.write({"one": number})
        with pytest.raises(StateError):
            StateFile(path, NAMES)
    file.close()
    assert len(os.listdir("/dev/fd")) == before


def test_what_is_no_regular_file_is_refused(tmp_path: Path) -> None:
    """A FIFO is not waited for, and neither it nor a device is replaced."""
    os.mkfifo(tmp_path / "fifo")
    for path in (tmp_path / "fifo", Path("/dev/null")):
        with pytest.raises(StateError, match="no regular file"):
            StateFile(path, NAMES)


def killed_while_writing(path: Path, last: str = "replace") -> None:
    """Leave what a process leaves that is killed right before it calls `os.<last>`."""
    program = (
        "import os, signal, sys; from pathlib import Path; from issuant.mocks.statefile import StateFile; "
        f"os.{last} = lambda *given: os.kill(os.getpid(), signal.SIGKILL); "
        f"StateFile(Path(sys.argv[1]), frozenset({set(NAMES)!r})).write({ONE!r})"
    )
    assert subprocess.run([sys.executable, "-c", program, path], timeout=20).returncode == -signal.SIGKILL


@pytest.mark.parametrize(
    ("is_there", "last"),
    [
        pytest.param(True, "replace", id="before-it-is-replaced"),
        pytest.param(False, "unlink", id="when-the-first-one-has-both-names"),
    ],
)
def test_what_a_killed_process_left_is_taken_away(is_there: bool, last: str, tmp_path: Path) -> None:
    """When the state is taken up the next time."""
    path = tmp_path / "mock.state"
    if is_there:
        written(path)
    killed_while_writing(path, last)
    assert len(list(tmp_path.iterdir())) == 2
    file = StateFile(path, NAMES)
    assert file.read() == ONE
    assert list(tmp_path.iterdir()) == [path]
    file.close()


def test_what_others_have_beside_it_stays(path: Path) -> None:
    """What is left of another state, and what another process is still writing."""
    killed_while_writing(path)
    (written_now,) = set(path.parent.iterdir()) - {path}
    other = path.with_name("other.state")
    written(other)
    killed_while_writing(other)
    beside = set(path.parent.iterdir())
    with written_now.open() as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        StateFile(path, NAMES).close()
    assert set(path.parent.iterdir()) == beside
    StateFile(path, NAMES).close()
    assert set(path.parent.iterdir()) == beside - {written_now}
