"""A bump begins in a tree that git calls clean, and says what is not."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from specpipe.bump.tree import TreeError, alone, check_clean

from tests.specpipe.bump.repositories import commit, make_repository


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A clean tree with one file, and one file that git ignores."""
    root = tmp_path / "tree"
    root.mkdir()
    (root / "a file.txt").write_text("a", "utf-8")
    (root / "specs").mkdir()
    (root / "specs/providers.toml").write_text("", "utf-8")
    (root / ".gitignore").write_text("*.pyc\n", "utf-8")
    make_repository(root)
    (root / "x.pyc").write_bytes(b"")
    return root


def test_a_clean_tree_passes(repository: Path) -> None:
    """What git ignores does not count."""
    check_clean(repository)


@pytest.mark.parametrize(
    ("name", "text"), [("a file.txt", "b"), ("new.txt", "n"), ("a file.txt", None)], ids=["changed", "new", "deleted"]
)
def test_a_dirty_tree_is_refused_by_the_names_of_its_files(repository: Path, name: str, text: str | None) -> None:
    """Whether a file is changed, new or gone."""
    path = repository / name
    path.unlink(missing_ok=True)
    if text is not None:
        path.write_text(text, "utf-8")
    with pytest.raises(TreeError, match=f"not committed: {name}. Commit or stash them first; nothing was touched"):
        check_clean(repository)
    commit(repository)
    check_clean(repository)


def test_what_is_staged_or_renamed_counts(repository: Path) -> None:
    """The index is not a commit."""
    subprocess.run(["git", "mv", "a file.txt", "b.txt"], cwd=repository, check=True)
    with pytest.raises(TreeError, match=r"not committed: b\.txt"):
        check_clean(repository)


def test_many_files_are_counted(repository: Path) -> None:
    """Five are named."""
    for number in range(7):
        (repository / f"{number}.txt").write_text("", "utf-8")
    with pytest.raises(TreeError, match=r"4\.txt and 2 more\. Commit"):
        check_clean(repository)


def test_a_folder_without_git_is_refused(tmp_path: Path) -> None:
    """Nobody could tell the bump from what was there."""
    with pytest.raises(TreeError, match="git cannot tell whether the tree is clean"):
        check_clean(tmp_path)


def test_a_machine_without_git_is_refused(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By name."""
    monkeypatch.setenv("PATH", str(repository))
    with pytest.raises(TreeError, match="git is not installed"):
        check_clean(repository)


def test_a_tree_that_git_ignores_is_refused(repository: Path) -> None:
    """It would always look clean."""
    inner = repository / "inner.pyc" / "project"
    (inner / "specs").mkdir(parents=True)
    (inner / "specs/providers.toml").write_text("", "utf-8")
    with pytest.raises(TreeError, match=r"git does not know specs/providers\.toml"):
        check_clean(inner)


def test_a_name_in_any_bytes_is_named(repository: Path) -> None:
    """Git takes them, and so do file systems."""
    (repository / "caf\udce9.txt").write_text("", "utf-8")
    with pytest.raises(TreeError, match="not committed: caf"):
        check_clean(repository)


def test_two_bumps_are_not_in_one_tree(repository: Path) -> None:
    """The second is told; after the first it may begin."""
    with alone(repository), pytest.raises(TreeError, match="another bump is running"), alone(repository):
        pass
    with alone(repository):
        pass
