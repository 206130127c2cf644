"""Drift of every kind is found and named, and the check itself changes nothing."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from specpipe import lock, pipeline, table, tools
from specpipe.check import compare

from tests.specpipe.conftest import DAY
from tests.specpipe.documents import PROJECT, snapshot

PACKAGE = "generated/pets_client"
PAGE = "specs/pets/put-pet.md"


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
    (cache / "client.cpython-311.opt-1.pyc.140234").write_bytes(b"\0")
    assert compare(project).clean


@pytest.mark.parametrize(
    "name",
    [
        "__pycache__/evil.py",
        "__pycache__/client.pyc",
        "__pycache__/nothing.cpython-311.pyc",
        "__pycache__/deep/client.cpython-311.pyc",
        "client.cpython-311.pyc",
        ".mypy_cache/3.11/client.data.json",
    ],
)
def test_a_cache_hides_nothing_but_byte_code_of_a_module(project: Path, name: str) -> None:
    """A file in a folder of a cache's name is as foreign as beside it."""
    path = project / PACKAGE / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("", "utf-8")
    report = compare(project)
    assert report.drift == (f"{PACKAGE}/{name}: extra; the pipeline does not write it",)


@pytest.mark.parametrize(
    "name",
    ["specs/pets/old.md", "specs/old/openapi.yaml", "specs/notes.txt", "overlay/specs/old.overlay.yaml"],
)
def test_a_file_that_the_table_does_not_name_is_named(project: Path, name: str) -> None:
    """Among the pages and among the overlays."""
    (project / name).parent.mkdir(exist_ok=True)
    (project / name).write_text("", "utf-8")
    assert compare(project).drift == (f"{name}: extra; {table.TABLE} does not name it",)


@pytest.mark.parametrize("name", [f"{PACKAGE}/client.py", "specs/pets/openapi.yaml", "generated"])
def test_a_link_is_no_file_even_where_the_bytes_are_equal(project: Path, tmp_path: Path, name: str) -> None:
    """It may lead to other bytes tomorrow; generating puts files in its place."""
    before = snapshot(project)
    moved = tmp_path / "elsewhere"
    (project / name).rename(moved)
    (project / name).symlink_to(moved)
    drift = compare(project).drift
    assert drift
    assert {line.partition(": ")[2] for line in drift} == {f"{name} is a symbolic link; the pipeline writes none"}
    pipeline.generate_all(project)
    assert not (project / name).is_symlink()
    assert snapshot(project) == before


def test_a_link_that_leads_to_a_folder_is_named(project: Path, tmp_path: Path) -> None:
    """Python would import from it."""
    (project / PACKAGE / "more").symlink_to(tmp_path)
    name = f"{PACKAGE}/more"
    assert compare(project).drift == (f"{name}: {name} is a symbolic link; the pipeline writes none",)


def _rewrite_entry(root: Path, **changes: str | None) -> None:
    entry = lock.read_lock(root).sources[PAGE]
    changed = {key: value for key, value in {**entry, **changes}.items() if value is not None}
    _relock(root, sources={PAGE: changed})


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        pytest.param(
            {"version": "9.9.9"}, "version is '9.9.9', where the table and the file say '1.2.3'", id="version"
        ),
        pytest.param({"version": None}, "version is None, where", id="no version"),
        pytest.param({"document": "https://evil.example"}, "document is 'https://evil.example', where", id="document"),
        pytest.param({"url": "https://evil.example"}, "url is 'https://evil.example', where", id="url"),
        pytest.param({"more": "x"}, "more is 'x', where the table and the file say None", id="unknown key"),
        pytest.param({"date": "2020-02-30"}, "date is '2020-02-30', not a day up to", id="no such day"),
        pytest.param({"date": "20200102"}, "date is '20200102', not a day up to", id="another form"),
        pytest.param({"date": "9999-01-01"}, "date is '9999-01-01', not a day up to", id="future"),
        pytest.param({"date": None}, "date is None, not a day up to", id="no date"),
    ],
)
def test_a_fact_in_the_lock_that_is_not_true_is_named(
    project: Path, changes: dict[str, str | None], named: str
) -> None:
    """The lock is not believed: all but the day is computed again from the table and the page."""
    _rewrite_entry(project, **changes)
    (finding,) = compare(project).drift
    assert finding.startswith(f"{lock.LOCK}: {PAGE}: {named}")


def test_a_page_may_be_of_today_but_not_of_tomorrow(built_project: Path) -> None:
    """The day is given."""
    assert compare(built_project, today=DAY).clean
    before: date = DAY - timedelta(days=1)
    assert "not a day up to 2020-01-01" in compare(built_project, today=before).drift[0]


def test_what_was_regenerated_can_be_kept(built_project: Path, tmp_path: Path) -> None:
    """In a folder of the caller's choice."""
    report = compare(built_project, out=tmp_path / "kept")
    assert len(snapshot(tmp_path / "kept")) == report.files
