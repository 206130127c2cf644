"""Files come into place all together, and go back as if nothing had been."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from specpipe.placement import Placement

Folders = tuple[Path, Path]
State = dict[str, tuple[bytes, int, int]]


@pytest.fixture
def folders(tmp_path: Path) -> Folders:
    """A folder to work in with something new, and a root with something old."""
    work, root = tmp_path / "work", tmp_path / "root"
    for folder, text in ((root, "old"), (work, "new")):
        (folder / "d/e").mkdir(parents=True)
        for name in ("a", "b", "d/e/f"):
            (folder / name).write_text(text, "utf-8")
            os.utime(folder / name, ns=(10**18, 10**18 + len(text + name)))
        (folder / "b").chmod(0o751)
    (root / "link").symlink_to("nowhere")
    (work / "link").write_text("new", "utf-8")
    (work / "deep/er").mkdir(parents=True)
    (work / "deep/er/g").write_text("new", "utf-8")
    return work, root


def _state(folder: Path) -> State:
    """Everything below the folder, with mode and, of files, time and bytes."""
    found: State = {}
    for path in sorted(folder.rglob("*")):
        status = path.lstat()
        data = os.readlink(path).encode() if path.is_symlink() else path.read_bytes() if path.is_file() else b""
        found[str(path.relative_to(folder))] = (data, status.st_mode, 0 if path.is_dir() else status.st_mtime_ns)
    return {name: held for name, held in found.items() if not name.startswith(".aside")}


NAMES = ["a", "d", "deep/er/g", "link"]


def test_what_is_put_takes_the_place_of_what_stood_there(folders: Folders) -> None:
    """Files, folders and links; what is not named stays, what is removed goes."""
    work, root = folders
    new = _state(work)
    Placement(work, root).put(NAMES, removed=["b"])
    assert _state(root) == {name: held for name, held in new.items() if name != "b"}
    assert set(_state(work)) == {"b", "deep", "deep/er"}


def test_an_undo_restores_everything(folders: Folders) -> None:
    """Bytes, modes, times and links, of one put or of several; folders that were made go. Twice is as good as once."""
    work, root = folders
    old, new = _state(root), _state(work)
    placement = Placement(work, root)
    placement.put(NAMES[:2])
    placement.put(NAMES[2:], removed=["b"])
    assert _state(root) != old
    for _ in range(2):
        placement.undo()
        assert (_state(root), _state(work)) == (old, new)
    placement.put(NAMES)
    placement.undo()
    assert (_state(root), _state(work)) == (old, new)


def test_what_is_settled_stays(folders: Folders) -> None:
    """What stood there before is gone for good."""
    work, root = folders
    placement = Placement(work, root)
    placement.put(NAMES)
    put = _state(root)
    placement.settle()
    placement.undo()
    assert _state(root) == put
    assert not [path for path in work.rglob("*") if path.is_file() and path.name != "b"]


@pytest.mark.parametrize(
    ("names", "removed"),
    [
        pytest.param(["a", "missing", "link"], [], id="nothing to put"),
        pytest.param(["deep/er/g", "more/missing"], [], id="nothing to put in a new folder"),
        pytest.param(["a"], ["missing"], id="nothing to remove"),
    ],
)
def test_a_put_that_fails_puts_nothing(folders: Folders, names: list[str], removed: list[str]) -> None:
    """What was put before it stays, until that is undone."""
    work, root = folders
    old = _state(root)
    placement = Placement(work, root)
    placement.put(["b"])
    before = _state(root), _state(work)
    with pytest.raises(FileNotFoundError, match="missing"):
        placement.put(names, removed=removed)
    assert (_state(root), _state(work)) == before
    placement.undo()
    assert _state(root) == old


class _Stop:
    """A rename that is stopped by Ctrl-C at one of the moves, before it is made or right behind it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, move: int, *, is_done: bool) -> None:
        self.left, self.is_done, self.rename = move, is_done, Path.rename
        monkeypatch.setattr(Path, "rename", lambda path, target: self.make(path, target))

    def make(self, path: Path, target: Path) -> Path:
        self.left -= 1
        if self.left != 0 or self.is_done:
            self.rename(path, target)
        if self.left == 0:
            raise KeyboardInterrupt
        return target


# Three of the four names stand at the root already, and one is removed: seven and one.
MOVES = 8


@pytest.mark.parametrize("is_done", [False, True], ids=["before", "behind"])
@pytest.mark.parametrize("move", range(1, MOVES + 1))
def test_a_put_that_is_stopped_puts_nothing(
    folders: Folders, monkeypatch: pytest.MonkeyPatch, move: int, *, is_done: bool
) -> None:
    """Wherever it is stopped; nothing old or new is lost."""
    work, root = folders
    old, new = _state(root), _state(work)
    stop = _Stop(monkeypatch, move, is_done=is_done)
    with pytest.raises(KeyboardInterrupt):
        Placement(work, root).put(NAMES, removed=["b"])
    assert stop.left <= 0
    assert (_state(root), _state(work)) == (old, new)


@pytest.mark.parametrize("is_done", [False, True], ids=["before", "behind"])
@pytest.mark.parametrize("move", range(1, MOVES + 1))
def test_an_undo_that_is_stopped_can_be_made_again(
    folders: Folders, monkeypatch: pytest.MonkeyPatch, move: int, *, is_done: bool
) -> None:
    """It goes on where it was stopped."""
    work, root = folders
    old, new = _state(root), _state(work)
    placement = Placement(work, root)
    placement.put(NAMES, removed=["b"])
    _Stop(monkeypatch, move, is_done=is_done)
    with pytest.raises(KeyboardInterrupt):
        placement.undo()
    placement.undo()
    assert (_state(root), _state(work)) == (old, new)
