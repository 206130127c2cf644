"""A small project that is up to date, built once a worker and copied for each test that changes it."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest
from specpipe import lock, pipeline, table, tools

from tests.specpipe.documents import write_project

DAY = date(2020, 1, 2)


@pytest.fixture(scope="session")
def built_project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project as it was built; not to be changed."""
    root = tmp_path_factory.mktemp("pets")
    write_project(root)
    new = lock.vendor(root, table.read_table(root), tools=tools.read_pins(root), today=DAY)
    (root / lock.LOCK).write_text(new.text(), "utf-8")
    pipeline.generate_all(root)
    return root


@pytest.fixture
def project(built_project: Path, tmp_path: Path) -> Path:
    """A copy of the project that a test may change."""
    root = tmp_path / "project"
    shutil.copytree(built_project, root)
    return root
