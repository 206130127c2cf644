"""The tree that a bump changes, as git sees it. Owns the question whether anything in it is not committed; refuses a
tree that is not clean, since nobody could tell the bump from what was there before.
"""

import shutil
import subprocess
from pathlib import Path

from ..faults import SpecError

_SHOWN = 5


class TreeError(SpecError):
    """The tree has changes that are not committed, or is no git repository."""


def check_clean(root: Path) -> None:
    """Raises TreeError, naming what is not committed, where anything is."""
    left = uncommitted(root)
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
    git = shutil.which("git")
    if git is None:
        raise TreeError("git is not installed, so that nobody can tell whether the tree is clean; nothing was touched")
    done = subprocess.run(
        [git, "-C", str(root), "status", "--porcelain", "--untracked-files=all", "-z", "--", "."],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        said = done.stderr.strip().splitlines() or [f"git ended with {done.returncode}"]
        raise TreeError(f"{root}: git cannot tell whether the tree is clean: {said[0]}; nothing was touched")
    return [entry[3:] for entry in done.stdout.split("\0") if entry[2:3] == " "]
