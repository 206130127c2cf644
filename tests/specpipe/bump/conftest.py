"""Trees to bump: a small project with one provider, and this project itself, each a clean repository."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from specpipe import pipeline

from tests.specpipe.bump.repositories import make_repository
from tests.specpipe.documents import PROJECT

CHANGELOG = "# Changelog\n\n## [Unreleased]\n\n### Added\n\n- Pets.\n"
_PARTS = ("specs", "overlay", "generated", "scripts/specpipe", "scripts/constraints.txt", "CHANGELOG.md")


@pytest.fixture(scope="session")
def pets_repository(built_project: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small project as a repository; not to be changed."""
    root = tmp_path_factory.mktemp("repository") / "pets"
    shutil.copytree(built_project, root)
    (root / "CHANGELOG.md").write_text(CHANGELOG, "utf-8")
    (root / ".gitignore").write_text(".specs-*/\n", "utf-8")
    make_repository(root)
    return root


@pytest.fixture
def tree(pets_repository: Path, tmp_path: Path) -> Path:
    """A copy of the small project that a test may bump."""
    root = tmp_path / "tree"
    shutil.copytree(pets_repository, root)
    return root


@pytest.fixture(scope="session")
def own_repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a bump reads and writes of this project, as a repository; not to be changed."""
    root = tmp_path_factory.mktemp("repository") / "own"
    for name in _PARTS:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        if (PROJECT / name).is_dir():
            shutil.copytree(PROJECT / name, root / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy2(PROJECT / name, root / name)
    (root / ".gitignore").write_text(".specs-*/\n", "utf-8")
    pipeline.generate_all(root)
    make_repository(root)
    return root


@pytest.fixture
def own_tree(own_repository: Path, tmp_path: Path) -> Path:
    """A copy of this project that a test may bump."""
    root = tmp_path / "own"
    shutil.copytree(own_repository, root)
    return root
