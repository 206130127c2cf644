"""Git repositories for tests: independent of who runs them and of what that person configured."""

from __future__ import annotations

import subprocess
from pathlib import Path

_WHO = (
    "-c",
    "user.name=test",
    "-c",
    "user.email=test@mock.invalid",
    "-c",
    "commit.gpgsign=false",
    "-c",
    "core.hooksPath=",
)


def make_repository(root: Path) -> None:
    """Make the folder a repository with one commit of all that is in it."""
    subprocess.run(["git", "init", "--quiet", "--initial-branch=main", str(root)], check=True)
    commit(root)


def commit(root: Path) -> None:
    """Commit whatever changed."""
    subprocess.run(["git", "-C", str(root), "add", "--all"], check=True)
    subprocess.run(["git", *_WHO, "-C", str(root), "commit", "--quiet", "--allow-empty", "-m", "A test"], check=True)
