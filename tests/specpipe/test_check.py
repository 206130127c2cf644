"""Drift of every kind is found and named, and the check itself changes nothing."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from specpipe import lock, tools
from specpipe.check import compare

from tests.specpipe.documents import PROJECT, snapshot

PACKAGE = "generated/pets_client"


def test_a_tree_that_is_up_to_date_is_clean(built_project: Path) -> None:
    """And is left alone."""
    before = snapshot(built_project)
    report = compare(built_project)
    assert report.clean
    assert report.lines() == (f"{report.files} files equal what the pipeline writes",)
    assert snapshot(built_project) == before


def test_the_committed_clients_are_what_the_pages_give() -> None:
    """The project's own tree; `make generate` mends it."""
    assert compare(PROJECT).drift == ()


def _append(name: str) -> Callable[[Path], object]:
    return lambda root: (root / name).write_bytes((root / name).read_bytes() + b"\n")


def _relock(root: Path, **changes: object) -> None:
    held = json.loads((root / lock.LOCK).read_text("utf-8"))
    (root / lock.LOCK).write_text(json.dumps({**held, **changes}, indent=2) + "\n", "utf-8")


@pytest.mark.parametrize(
    ("spoil", "named"),
    [
        pytest.param(_append(f"{PACKAGE}/client.py"), f"{PACKAGE}/client.py: differs", id="a drifted byte"),
        pytest.param(_append(f"{PACKAGE}/openapi.yaml"), f"{PACKAGE}/openapi.yaml: differs", id="effective document"),
        pytest.param(_append("specs/pets/openapi.yaml"), "specs/pets/openapi.yaml: differs", id="published document"),
        pytest.param(
            lambda root: (root / PACKAGE / "py.typed").unlink(), f"{PACKAGE}/py.typed: missing", id="missing file"
        ),
        pytest.param(
            lambda root: (root / "specs/pets/openapi.yaml").unlink(),
            "specs/pets/openapi.yaml: missing",
            id="missing document",
        ),
        pytest.param(
            lambda root: (root / PACKAGE / "models/more.py").write_text("", "utf-8"),
            f"{PACKAGE}/models/more.py: extra",
            id="extra file",
        ),
        pytest.param(
            lambda root: (root / "generated/old.py").write_text("", "utf-8"),
            "generated/old.py: extra",
            id="extra package",
        ),
        pytest.param(
            _append("specs/pets/put-pet.md"), "specs/pets/put-pet.md: its bytes are not those", id="edited page"
        ),
        pytest.param(lambda root: _relock(root, inputs="0"), f"{lock.LOCK}: differs", id="inputs in the lock"),
        pytest.param(lambda root: _relock(root, outputs="0"), f"{lock.LOCK}: differs", id="outputs in the lock"),
        pytest.param(lambda root: _relock(root, tools={}), f"{lock.LOCK}: differs", id="tools in the lock"),
    ],
)
def test_drift_is_named(project: Path, spoil: Callable[[Path], object], named: str) -> None:
    """One spoilt thing, one finding; an edited page changes the digest in the lock as well."""
    spoil(project)
    report = compare(project)
    assert not report.clean
    assert report.drift == report.lines()
    assert report.drift[0].startswith(named)
    expected = {lock.LOCK} if "put-pet.md" in named else set()
    assert {line.split(":")[0] for line in report.drift[1:]} == expected


def test_a_changed_overlay_shows_in_all_that_follows_from_it(project: Path) -> None:
    """The package's document, its servers, and the lock."""
    path = project / "overlay/specs/pets.overlay.yaml"
    path.write_text(path.read_text("utf-8").replace("production", "main"), "utf-8")
    drifted = {line.split(":")[0] for line in compare(project).drift}
    assert drifted == {f"{PACKAGE}/openapi.yaml", f"{PACKAGE}/servers.py", lock.LOCK}


def test_a_tool_of_another_version_is_named_before_anything_else(project: Path) -> None:
    """Every other difference would only be its doing."""
    path = project / tools.CONSTRAINTS
    path.write_text(path.read_text("utf-8").replace("ruff==", "ruff==9"), "utf-8")
    (project / PACKAGE / "py.typed").unlink()
    report = compare(project)
    assert [line.split(":")[0] for line in report.drift] == ["tool ruff"]
    assert report.files == 0


def test_what_python_leaves_behind_is_no_drift(project: Path) -> None:
    """Byte code of a package that was used."""
    cache = project / PACKAGE / "__pycache__"
    cache.mkdir()
    (cache / "client.cpython-311.pyc").write_bytes(b"\0")
    assert compare(project).clean


def test_what_was_regenerated_can_be_kept(built_project: Path, tmp_path: Path) -> None:
    """In a folder of the caller's choice."""
    report = compare(built_project, out=tmp_path / "kept")
    assert len(snapshot(tmp_path / "kept")) == report.files
