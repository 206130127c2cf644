"""The journal's folder is found as the desktop's rules say, and is its owner's alone."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

import pytest
from issuant.errors import JournalError
from issuant.rotation.journal import Journal
from issuant.rotation.statefolder import make_private, state_folder


@pytest.mark.parametrize(
    ("env", "expected"),
    [
        pytest.param({}, "~/.local/state/issuant", id="nothing-set"),
        pytest.param({"XDG_STATE_HOME": "/x"}, "/x/issuant", id="xdg"),
        pytest.param({"XDG_STATE_HOME": "x"}, "~/.local/state/issuant", id="relative-xdg-is-ignored"),
        pytest.param({"ISSUANT_STATE": "/s", "XDG_STATE_HOME": "/x"}, "/s", id="our-own-comes-first"),
        pytest.param({"ISSUANT_STATE": "~/s"}, "~/s", id="home"),
        pytest.param({"ISSUANT_STATE": ""}, "~/.local/state/issuant", id="empty-is-not-set"),
    ],
)
def test_the_folder_is_found(env: Mapping[str, str], expected: str) -> None:
    """Nothing is touched."""
    assert state_folder(env) == Path(expected).expanduser()


def test_the_home_of_nobody_is_told() -> None:
    """The error names the variable."""
    with pytest.raises(JournalError) as caught:
        state_folder({"ISSUANT_STATE": "~nobody-of-that-name/s"})
    assert caught.value.field == "ISSUANT_STATE"


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o777], ids=oct)
def test_what_is_made_is_private_whatever_the_umask(folder: Path, umask: int) -> None:
    """The folder, those on the way to it, and every file in it."""
    before = os.umask(umask)
    try:
        journal = Journal(folder / "deep" / "state")
    finally:
        os.umask(before)
    modes = {path: stat.S_IMODE(path.stat().st_mode) for path in (folder, *folder.rglob("*"))}
    journal.close()
    assert {path.name for path in modes} >= {"journal.db", "journal.db-wal", "journal.db-shm", "journal.key", "locks"}
    for path, mode in modes.items():
        assert mode & 0o077 == 0, path


@pytest.mark.parametrize("mode", [0o750, 0o705, 0o711, 0o770], ids=oct)
def test_a_folder_that_lets_others_in_is_refused(folder: Path, mode: int) -> None:
    """With what to do about it, and nothing is made in it."""
    folder.mkdir()
    folder.chmod(mode)
    with pytest.raises(JournalError, match=f"mode {mode:03o}") as caught:
        Journal(folder)
    assert "chmod 700" in caught.value.advice
    assert list(folder.iterdir()) == []


def test_what_is_no_folder_is_refused(tmp_path: Path) -> None:
    """A file in its place, or on the way to it."""
    (tmp_path / "file").write_text("")
    for path in (tmp_path / "file", tmp_path / "file" / "state"):
        with pytest.raises(JournalError, match=r"is no folder|cannot be made"):
            make_private(path)


AS_NOBODY = """
import os, sys
from pathlib import Path
from issuant.errors import JournalError
from issuant.rotation.journal import Journal
folder = Path(sys.argv[1])
if os.geteuid() == 0:
    os.chown(folder, 65534, 65534)
    os.setgroups([])
    os.setgid(65534)
    os.setuid(65534)
folder.chmod(0o500)
try:
    Journal(folder)
except JournalError as error:
    print(error)
folder.chmod(0o700)
"""


def test_a_folder_that_cannot_be_written_is_refused() -> None:
    """Tried as a user who is not allowed everything."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        done = subprocess.run(
            [sys.executable, "-c", AS_NOBODY, place], capture_output=True, text=True, check=True, timeout=30
        )
        assert "cannot be written" in done.stdout
        assert list(folder.iterdir()) == []


@pytest.mark.skipif(os.geteuid() != 0, reason="only the superuser can give a folder away")
def test_the_folder_of_another_user_is_refused(folder: Path) -> None:
    """Who owns it can open it at any time."""
    folder.mkdir(mode=0o700)
    os.chown(folder, 65534, 65534)
    with pytest.raises(JournalError, match="another user's"):
        Journal(folder)
