"""From pages to packages: all or nothing, the same bytes every time, and nothing when there is nothing to do."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from specpipe import finish, generate, lock, pipeline, table, tools, yamlio
from specpipe.extract import extract
from specpipe.faults import (
    DocumentError,
    LockError,
    LossError,
    OverlayError,
    PageError,
    SpecError,
    TableError,
    ToolError,
)
from specpipe.merge import merge

from tests.specpipe.conftest import DAY
from tests.specpipe.documents import PROJECT, page, pets, snapshot

PAGE = "specs/pets/put-pet.md"
PACKAGE = "generated/pets_client"


def _vendor(root: Path) -> None:
    new = lock.vendor(root, table.read_table(root), tools=tools.read_pins(root), today=DAY)
    (root / lock.LOCK).write_text(new.text(), "utf-8")


def _publish(root: Path, document: dict[str, Any]) -> None:
    (root / PAGE).write_text(page(document), "utf-8")
    _vendor(root)


@pytest.mark.parametrize("provider", table.read_table(PROJECT), ids=lambda provider: str(provider.name))
def test_the_published_document_is_what_the_pages_say(provider: table.Provider) -> None:
    """specs/<provider>/openapi.yaml has no word of ours."""
    paths = [PROJECT / provider.path(source) for source in provider.pages]
    said = merge([part for path in paths for part in extract(path.read_bytes(), file=path.name)])
    assert yamlio.load((PROJECT / provider.published).read_text("utf-8"), file="openapi.yaml").data == said


def test_the_written_package_is_whole(built_project: Path) -> None:
    """Marker, document and the modules of the one Client; nothing that a tool left behind."""
    found = {name.removeprefix(f"{PACKAGE}/") for name in snapshot(built_project) if name.startswith(PACKAGE)}
    assert {
        "py.typed",
        "openapi.yaml",
        "client.py",
        "servers.py",
        "models/pet_input.py",
        "api/pets/put_pet.py",
    } <= found
    assert not [name for name in found if "cache" in name or name.endswith(".pyc")]
    assert {path.name for path in built_project.iterdir()} == {"specs", "overlay", "scripts", "generated"}


def test_the_shipped_document_keeps_security(built_project: Path) -> None:
    """Though the generator was not shown it, so that every operation takes the one Client."""
    document = yamlio.load((built_project / PACKAGE / "openapi.yaml").read_text("utf-8"), file="x").data
    assert document["security"] == [{"Key": []}]
    assert "AuthenticatedClient" not in (built_project / PACKAGE / "api/pets/put_pet.py").read_text("utf-8")


def test_with_nothing_to_do_nothing_is_touched(project: Path) -> None:
    """Not even a file's time."""
    before = {path: path.stat().st_mtime_ns for path in project.rglob("*")}
    assert pipeline.generate_all(project) == ()
    assert {path: path.stat().st_mtime_ns for path in project.rglob("*")} == before


def test_what_was_changed_by_hand_is_written_anew(project: Path) -> None:
    """An edited and an extra file go."""
    before = snapshot(project)
    (project / PACKAGE / "client.py").write_text("edited", "utf-8")
    (project / PACKAGE / "extra.py").write_text("extra", "utf-8")
    assert [built.package for built in pipeline.generate_all(project)] == ["pets_client"]
    assert snapshot(project) == before


def test_two_runs_leave_the_same_bytes(built_project: Path, tmp_path: Path) -> None:
    """In another process, with another seed of Python's hashes, from another folder and in another time zone."""
    command = [
        sys.executable,
        str(PROJECT / "scripts/specs.py"),
        "--root",
        str(built_project),
        "check",
        "--out",
        "again",
    ]
    environment = {**os.environ, "PYTHONHASHSEED": "4711", "TZ": "Pacific/Kiritimati"}
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    again = snapshot(tmp_path / "again")
    wanted = snapshot(built_project)
    assert again == {name: wanted[name] for name in again}
    assert {name for name in wanted if name.startswith("generated/")} <= set(again)


def _bad_overlay(root: Path) -> None:
    path = root / "overlay/specs/pets.overlay.yaml"
    path.write_text(path.read_text("utf-8").replace("$.servers[0]", "$.servers[7]"), "utf-8")


def _no_overlay(root: Path) -> None:
    (root / "overlay/specs/pets.overlay.yaml").unlink()


def _unknown_operation(root: Path) -> None:
    path = root / table.TABLE
    path.write_text(path.read_text("utf-8").replace("GET /pets", "GET /owners"), "utf-8")


def _edited_page(root: Path) -> None:
    (root / PAGE).write_text((root / PAGE).read_text("utf-8") + "\n", "utf-8")


def _wrong_tool(root: Path) -> None:
    path = root / tools.CONSTRAINTS
    path.write_text(path.read_text("utf-8").replace("ruff==", "ruff==9"), "utf-8")


@pytest.mark.parametrize(
    ("spoil", "error"),
    [
        pytest.param(_bad_overlay, OverlayError, id="overlay that hits nothing"),
        pytest.param(_no_overlay, TableError, id="no overlay"),
        pytest.param(_unknown_operation, TableError, id="unknown operation"),
        pytest.param(_edited_page, LockError, id="edited page"),
        pytest.param(_wrong_tool, ToolError, id="wrong tool"),
    ],
)
def test_a_failure_leaves_the_tree_as_it_was(
    project: Path, spoil: Callable[[Path], None], error: type[SpecError]
) -> None:
    """Whatever fails, and at whatever step."""
    spoil(project)
    before = snapshot(project)
    with pytest.raises(error):
        pipeline.generate_all(project)
    assert snapshot(project) == before


def _warn(generated: generate.Generated, _folder: Path) -> generate.Generated:
    return replace(generated, problems=("WARNING parsing GET /pets",))


def _lose_a_module(finished: finish.Finished, folder: Path) -> finish.Finished:
    next((folder / "api/pets").glob("put*.py")).unlink()
    return finished


@pytest.mark.parametrize(
    ("module", "name", "at", "spoil", "lost"),
    [
        pytest.param(generate, "generate", 1, _warn, "WARNING parsing GET /pets", id="warning"),
        pytest.param(finish, "finish", 0, _lose_a_module, "PUT /pets/{pet_id}", id="module"),
    ],
)
def test_a_loss_leaves_the_tree_as_it_was(
    project: Path,
    monkeypatch: pytest.MonkeyPatch,
    module: ModuleType,
    name: str,
    at: int,
    spoil: Callable[[Any, Path], Any],
    lost: str,
) -> None:
    """The generator may say it or not; the error names what is lost."""
    document = pets()
    document["info"]["version"] = "1.2.4"
    _publish(project, document)
    before = snapshot(project)
    step = getattr(module, name)
    monkeypatch.setattr(module, name, lambda *given, **named: spoil(step(*given, **named), given[at]))
    with pytest.raises(LossError, match=re.escape(lost)):
        pipeline.generate_all(project)
    assert snapshot(project) == before


def test_a_second_provider_that_fails_leaves_the_first_as_it_was(project: Path) -> None:
    """All of the table or nothing of it."""
    first = (project / table.TABLE).read_text("utf-8")
    (project / table.TABLE).write_text(first + first.replace("pets]", "more]").replace("pets_client", "more"), "utf-8")
    (project / "specs/more").mkdir()
    (project / "specs/more/put-pet.md").write_text(page(pets()), "utf-8")
    _vendor(project)
    before = snapshot(project)
    with pytest.raises(TableError, match="there is no overlay"):
        pipeline.generate_all(project)
    assert snapshot(project) == before


def test_a_page_that_is_not_there_is_named(project: Path) -> None:
    """Where the document is asked for without the lock."""
    (project / PAGE).unlink()
    with pytest.raises(PageError, match=f"^{PAGE}: missing$"):
        pipeline.published(project, table.read_table(project)[0])


def _whole(root: Path, document: dict[str, Any], operations: str) -> table.Provider:
    """Make the vendor's whole document the provider's only page."""
    text = (root / table.TABLE).read_text("utf-8").replace("put-pet.md", "pets.yaml")
    text = re.sub(r"operations = .*", f"operations = {operations}", text)
    (root / table.TABLE).write_text(text, "utf-8")
    (root / PAGE).unlink(missing_ok=True)
    (root / "specs/pets/pets.yaml").write_text(yamlio.dump(document), "utf-8")
    return table.read_table(root)[0]


def _larger() -> dict[str, Any]:
    """The pets with another operation, and with what is wrong, elsewhere."""
    document = pets()
    document["tags"].append({"name": "Owners"})
    document["components"]["schemas"]["Owner"] = {"type": "object", "properties": {"a": {"$ref": "#/no/where"}}}
    content = {"application/json": {"schema": {"$ref": "#/components/schemas/Owner"}}}
    response = {"description": "All.", "content": content}
    document["paths"]["/owners"] = {"get": {"tags": ["Owners"], "responses": {"200": response}}}
    document["paths"]["/owners/{id}"] = "text"
    return document


@pytest.mark.parametrize(
    "operations",
    [
        '["PUT /pets/{pet_id}", "GET /pets/{pet_id}"]',
        '["Pets_PutPet", "Pets_GetPet"]',
        '["tag:Pets"]',
        '["/pets/**"]',
        '["Pets_PutPet, GET /pets/*"]',
    ],
)
def test_a_whole_document_gives_what_was_chosen_of_it(project: Path, operations: str) -> None:
    """By any form of selector; the package is the one of a page with these operations, the rest does no harm."""
    before = snapshot(project / PACKAGE)
    _whole(project, _larger(), operations)
    _vendor(project)
    pipeline.generate_all(project)
    assert snapshot(project / PACKAGE) == before
    assert yamlio.load((project / "specs/pets/openapi.yaml").read_text("utf-8"), file="x").data == _larger()


def test_the_selection_of_a_whole_document_is_pruned(project: Path) -> None:
    """As it is before the overlay; what is gone from the document is told."""
    provider = _whole(project, _larger(), '["Pets_GetPet", "Pets_DeletePet", "GET /cats"]')
    document, missing = pipeline.selected(provider, pipeline.published(project, provider))
    assert document["paths"] == {"/pets/{pet_id}": {"get": pets()["paths"]["/pets/{pet_id}"]["get"]}}
    assert list(document["components"]) == ["securitySchemes"]
    assert missing == ("Pets_DeletePet", "GET /cats")
    with pytest.raises(TableError) as caught:
        pipeline.wanted(provider, pipeline.published(project, provider))
    assert str(caught.value).startswith(
        "specs/providers.toml: [pets] the operation 'Pets_DeletePet' chooses nothing; near are 'Pets_GetPet', "
    )


def test_all_that_was_wanted_may_be_gone(project: Path) -> None:
    """The document is then empty, and the names are told."""
    provider = _whole(project, _larger(), '["GET /cats"]')
    document, missing = pipeline.selected(provider, pipeline.published(project, provider))
    assert (document["paths"], missing) == ({}, ("GET /cats",))


def test_what_is_wrong_with_what_was_chosen_stops_the_build(project: Path) -> None:
    """Each fault with its place."""
    provider = _whole(project, _larger(), '["/owners/**"]')
    with pytest.raises(DocumentError) as caught:
        pipeline.wanted(provider, pipeline.published(project, provider))
    assert str(caught.value).splitlines() == [
        "specs/pets/pets.yaml#/paths/~1owners~1{id}: this is a text, not a path item",
        "specs/pets/pets.yaml#/components/schemas/Owner/properties/a/$ref: the reference '#/no/where' leads nowhere",
    ]


def test_what_an_overlay_breaks_is_named(project: Path) -> None:
    """With its place in the mended document."""
    path = project / "overlay/specs/pets.overlay.yaml"
    overlay = yamlio.load(path.read_text("utf-8"), file="x").data
    overlay["actions"][0] |= {"target": "$.components.schemas.Kind", "update": {"properties": ["a"]}}
    path.write_text(yamlio.dump(overlay), "utf-8")
    with pytest.raises(
        DocumentError,
        match=r"specs/pets/openapi\.yaml with overlay/specs/pets\.overlay\.yaml applied: #/components/schemas/Kind/",
    ):
        pipeline.generate_all(project)


def test_a_whole_document_is_built_without_a_table(tmp_path: Path) -> None:
    """Building needs a document, a folder and a title, and no provider."""
    built = pipeline.build(pets(), tmp_path / "pets_alone", title='Pets "quoted" \\ too')
    assert built.package == "pets_alone"
    assert built.counts == {
        "operations": 2,
        "responses": 2,
        "request_bodies": 1,
        "schemas": 4,
        "enum_members": 2,
        "masked_fields": 3,
        "deep_references": 0,
        "names": 2,
        "read_write": 2,
    }
    assert str(built).startswith("pets_alone: 2 operations, 2 responses")
    assert ast.get_docstring(ast.parse((tmp_path / "pets_alone/__init__.py").read_text("utf-8"))) == (
        "A typed client for Pets quoted too, generated from its OpenAPI document."
    )
