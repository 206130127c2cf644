"""The tree that a bump changes, as git sees it. Owns the question whether anything in it is not committed; refuses a
tree that is not clean, since nobody could tell the bump from what was there before, and two bumps at once.
"""

import fcntl
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ..faults import SpecError
from ..table import TABLE

_SHOWN = 5


class TreeError(SpecError):
    """The tree has changes that are not committed, or is no git repository."""


@contextmanager
def alone(root: Path) -> Iterator[None]:
    """For the time of the block no other bump begins in the tree. Raises TreeError where one is running."""
    folder = os.open(root, os.O_RDONLY)
    is_busy = False
    try:
        fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        is_busy = True
    try:
        if is_busy:
            raise TreeError("another bump is running in this tree; nothing was touched")
        yield
    finally:
        os.close(folder)


def check_clean(root: Path) -> None:
    """Raises TreeError, naming what is not committed, where anything is."""
    left = uncommitted(root)
    if not _git(root, "ls-files", "--", TABLE):
        raise TreeError(
            f"git does not know {TABLE}, so that nobody can tell whether the tree is clean; commit it first"
        )
    if left:
        more = f" and {len(left) - _SHOWN} more" if len(left) > _SHOWN else ""
        raise TreeError(
            f"the tree has changes that are not committed: {', '.join(left[:_SHOWN])}{more}. "
            "Commit or stash them first; nothing was touched"
        )


def uncommitted(root: Path) -> list[str]:
    """The files that differ from the last commit or are new, as git names them; ignored ones do not count.

    Raises TreeError where git cannot tell.
    """
    said = _git(root, "status", "--porcelain", "--untracked-files=all", "-z", "--", ".")
    return [entry[3:] for entry in said.split("\0") if entry[2:3] == " "]


def _git(root: Path, *arguments: str) -> str:
    git = shutil.which("git")
    if git is None:
        raise TreeError("git is not installed, so that nobody can tell whether the tree is clean; nothing was touched")
    done = subprocess.run([git, "-C", str(root), *arguments], capture_output=True, check=False)
    said, problem = (os.fsdecode(stream) for stream in (done.stdout, done.stderr))
    if done.returncode != 0:
        lines = problem.strip().splitlines() or [f"git ended with {done.returncode}"]
        raise TreeError(f"{root}: git cannot tell whether the tree is clean: {lines[0]}; nothing was touched")
    return said
