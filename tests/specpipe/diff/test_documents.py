"""Any two documents are compared, whatever they come as, and the command's status says whether something breaks."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from specpipe import yamlio
from specpipe.diff.documents import compare
from specpipe.faults import PageError
from specpipe.whole import SelectionError

from tests.specpipe.documents import PROJECT, page, pets


def _newer() -> dict[str, Any]:
    document = pets()
    document["info"]["version"] = "2.0"
    document["components"]["schemas"]["Pet"]["required"].append("kind")
    return document


def _diff(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(PROJECT / "scripts/specs.py"), "diff", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """A page."""
    path = tmp_path / "old.md"
    path.write_text(page(pets()), "utf-8")
    return path


@pytest.mark.parametrize("kind", ["page", "folder", "yaml", "json"])
def test_a_page_is_compared_with_whatever_the_other_comes_as(tmp_path: Path, old: Path, kind: str) -> None:
    """A page, a folder of pages, a whole document in YAML or JSON."""
    document = _newer()
    name, text = {
        "page": ("new.md", page(document)),
        "folder": ("new/a.md", page(document)),
        "yaml": ("new.yaml", yamlio.dump(document)),
        "json": ("new.json", json.dumps(document)),
    }[kind]
    path = tmp_path / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text + "\n", "utf-8")
    report = compare(str(old), str(path.parent if kind == "folder" else path), root=PROJECT)
    assert [(change.what, change.breaks) for change in report.wire if change.direction == "request"] == [
        ("is required now", True)
    ]
    assert report.new.version == "2.0"
    assert report.overlay is None
    assert report.facade is None


def test_backwards_it_breaks_nobody_who_sends_the_field(tmp_path: Path, old: Path) -> None:
    """It is one that no longer is required."""
    new = tmp_path / "new.md"
    new.write_text(page(_newer()), "utf-8")
    report = compare(str(new), str(old), root=PROJECT)
    assert [change.breaks for change in report.wire if change.direction == "request"] == [False]


def test_a_document_of_several_files_is_compared_whole(tmp_path: Path, old: Path) -> None:
    """What it refers to is part of it."""
    document = _newer()
    (tmp_path / "pet.yaml").write_text(yamlio.dump(document["components"]["schemas"]["Pet"]).replace(
        "#/components/schemas/Kind", "whole.yaml#/components/schemas/Kind"), "utf-8")  # fmt: skip
    document["components"]["schemas"]["Pet"] = {"$ref": "pet.yaml"}
    (tmp_path / "whole.yaml").write_text(yamlio.dump(document), "utf-8")
    report = compare(str(old), str(tmp_path / "whole.yaml"), root=PROJECT)
    assert "is required now" in [change.what for change in report.wire]
    assert report.not_compared == ()


def test_only_what_is_selected_is_compared(tmp_path: Path, old: Path) -> None:
    """A change elsewhere is none; a selector that nothing has is told."""
    new = tmp_path / "new.md"
    new.write_text(page(_newer()), "utf-8")
    assert compare(str(old), str(new), root=PROJECT, selections=["GET /pets/{pet_id}"]).wire == ()
    with pytest.raises(SelectionError, match="neither document holds any of nothing"):
        compare(str(old), str(new), root=PROJECT, selections=["nothing"])


def test_a_document_that_is_wrong_somewhere_is_compared_elsewhere(tmp_path: Path, old: Path) -> None:
    """What is wrong is named as not compared, which counts as breaking."""
    document = pets()
    document["paths"]["/broken"] = {"get": {"parameters": [{"in": "query"}], "responses": {"200": {"description": ""}}}}
    (tmp_path / "new.json").write_text(json.dumps(document), "utf-8")
    report = compare(str(old), str(tmp_path / "new.json"), root=PROJECT)
    assert any("#/paths/~1broken/get" in said for said in report.not_compared)
    assert report.breaks


def test_a_package_that_cannot_be_built_is_named(old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The wire is compared all the same."""

    def fail(*_: object, **__: object) -> None:
        raise PageError("no package today")

    monkeypatch.setattr("specpipe.pipeline.write_package", fail)
    report = compare(str(old), str(old), root=PROJECT)
    assert report.not_compared == ("the Python package of the old document: no package today",)
    assert report.python is None


def test_the_status_says_whether_something_breaks(tmp_path: Path, old: Path) -> None:
    """0 where nothing does, 1 where something does, 2 where nothing can be compared."""
    new = tmp_path / "new.md"
    new.write_text(page(_newer()), "utf-8")
    same = _diff(old, old)
    assert (same.returncode, same.stdout) == (0, "FastAPI: 1.2.3 → 1.2.3\nNothing changed.\n")
    found = _diff(old, new, "--select", "PUT /pets/{pet_id}", "--format", "json")
    assert (found.returncode, json.loads(found.stdout)["breaks"]) == (1, True)
    none = _diff(old, tmp_path / "none.md")
    assert (none.returncode, none.stdout) == (2, "")
    assert none.stderr.startswith("specs.py: ")


def test_a_provider_brings_its_overlay_and_facade() -> None:
    """The vendored page beside itself has nothing stale, and reaches no call."""
    found = _diff(
        PROJECT / "specs/galileo/galileo-create-api-key.md",
        PROJECT / "specs/galileo/galileo-create-api-key.md",
        "--provider", "galileo", "--format", "json",
    )  # fmt: skip
    report = json.loads(found.stdout)
    assert (found.returncode, report["overlay"], report["facade"], report["name"]) == (0, [], [], "Galileo")
    unknown = _diff("a", "b", "--provider", "cats")
    assert unknown.returncode == 1
    assert "there is no [cats]; there are fireworks, fireblocks, galileo" in unknown.stderr
