"""Several files become one document; nothing outside of its folder is opened."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from specpipe import intake, structure, yamlio
from specpipe.document import Document, dangling
from specpipe.faults import DocumentError, PageError
from specpipe.intake import bundle

HEAD: dict[str, Any] = {"openapi": "3.1.0", "info": {"title": "t", "version": "1"}}
USER = {"type": "object", "properties": {"name": {"type": "string"}}}


def _write(folder: Path, files: dict[str, Any]) -> str:
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(yamlio.dump(data), "utf-8")
    return str(folder / "api.yaml")


def _read(folder: Path, files: dict[str, Any]) -> Document:
    taken = intake.read(_write(folder, files))
    assert taken.refused == {}
    assert list(dangling(taken.document)) == []
    assert structure.check(taken.document).faults == ()
    return taken.document


def _api(schema: Any = None, **more: Any) -> dict[str, Any]:
    content = {"content": {"application/json": {"schema": schema or {}}}}
    operation = {"responses": {"200": {"description": "", **content}}}
    return {**HEAD, "paths": {"/a": {"get": operation}}, **more}


def _schema(document: Document) -> Any:
    return document["paths"]["/a"]["get"]["responses"]["200"]["content"]["application/json"]["schema"]


@pytest.mark.parametrize(
    ("ref", "name"),
    [
        ("user.yaml", "user"),
        ("./schemas/../user.yaml", "user"),
        ("all.yaml#/components/schemas/User", "User"),
        ("all.yaml#/definitions/a~1b%7Bc%7D", "a/b{c}"),
    ],
)
def test_a_schema_of_another_file_becomes_a_component(tmp_path: Path, ref: str, name: str) -> None:
    """Named by the last part of the pointer, or by the file."""
    everything = {"components": {"schemas": {"User": USER}}, "definitions": {"a/b{c}": USER}}
    (tmp_path / "schemas").mkdir()
    document = _read(tmp_path, {"api.yaml": _api({"$ref": ref}), "user.yaml": USER, "all.yaml": everything})
    assert _schema(document)["$ref"].startswith("#/components/schemas/")
    assert document["components"]["schemas"] == {name: USER}


def test_a_component_that_is_a_file_gives_the_file_its_name(tmp_path: Path) -> None:
    """Every other reference to the file leads to that component."""
    document = _read(
        tmp_path,
        {
            "api.yaml": _api(
                {"$ref": "schemas/user.yaml"}, components={"schemas": {"User": {"$ref": "schemas/user.yaml"}}}
            ),
            "schemas/user.yaml": {
                "type": "object",
                "properties": {"friend": {"$ref": "user.yaml"}, "self": {"$ref": "#"}},
            },
        },
    )
    user = {"$ref": "#/components/schemas/User"}
    assert _schema(document) == user
    assert document["components"]["schemas"] == {
        "User": {"type": "object", "properties": {"friend": user, "self": user}}
    }


def test_references_are_relative_to_their_file(tmp_path: Path) -> None:
    """And one that begins with # names a place of that file, one to the document a place of the document."""
    document = _read(
        tmp_path,
        {
            "api.yaml": {**HEAD, "paths": {"/a": {"$ref": "paths/a.yaml"}}, "components": {"schemas": {"X": USER}}},
            "paths/a.yaml": {
                "get": {"responses": {"200": {"$ref": "#/defs/ok"}}, "parameters": [{"$ref": "../common.yaml#/limit"}]},
                "defs": {
                    "ok": {
                        "description": "",
                        "content": {"a/b": {"schema": {"$ref": "../api.yaml#/components/schemas/X"}}},
                    }
                },
            },
            "common.yaml": {"limit": {"name": "limit", "in": "query", "schema": {"type": "integer"}}},
        },
    )
    assert document["paths"]["/a"]["get"] == {
        "responses": {"200": {"$ref": "#/components/responses/ok"}},
        "parameters": [{"$ref": "#/components/parameters/limit"}],
    }
    assert document["components"]["responses"]["ok"]["content"]["a/b"]["schema"] == {"$ref": "#/components/schemas/X"}


def test_files_may_lead_into_each_other(tmp_path: Path) -> None:
    """Schemas become components, so a circle is a recursion."""
    document = _read(
        tmp_path,
        {
            "api.yaml": _api({"$ref": "a.yaml"}),
            "a.yaml": {"properties": {"b": {"$ref": "b.yaml"}}},
            "b.yaml": {"properties": {"a": {"$ref": "a.yaml"}}},
        },
    )
    assert document["components"]["schemas"]["b"] == {"properties": {"a": {"$ref": "#/components/schemas/a"}}}


def test_names_are_unique_and_equal_schemas_one(tmp_path: Path) -> None:
    """Two files of one name are two components where they differ, and one where they do not."""
    document = _read(
        tmp_path,
        {
            "api.yaml": _api({"anyOf": [{"$ref": f"{folder}/user.yaml"} for folder in "xyz"]}),
            "x/user.yaml": USER,
            "y/user.yaml": {"type": "string"},
            "z/user.yaml": USER,
        },
    )
    assert _schema(document)["anyOf"] == [{"$ref": f"#/components/schemas/{n}"} for n in ("user", "user2", "user")]


def test_whole_maps_and_mappings_are_followed(tmp_path: Path) -> None:
    """A map of paths in a file of its own, and a discriminator's mapping to files."""
    document = _read(
        tmp_path,
        {
            "api.yaml": {**HEAD, "paths": {"$ref": "paths.yaml"}, "components": {"schemas": {"$ref": "all.yaml"}}},
            "paths.yaml": {"/a": {"get": {"responses": {}}}},
            "all.yaml": {
                "Pet": {
                    "oneOf": [{"$ref": "cat.yaml"}],
                    "discriminator": {"propertyName": "k", "mapping": {"c": "cat.yaml"}},
                }
            },
            "cat.yaml": USER,
        },
    )
    assert list(document["paths"]) == ["/a"]
    mapping = document["components"]["schemas"]["Pet"]["discriminator"]["mapping"]
    assert mapping == {"c": "#/components/schemas/cat"}


@pytest.mark.parametrize(
    ("ref", "reason"),
    [
        ("../outside.yaml", "leads out of the document's folder"),
        ("link.yaml", "leads out of the document's folder"),
        ("linked/outside.yaml", "leads out of the document's folder"),
        ("/etc/passwd", "leads out of the document's folder"),
        ("%2e%2e/outside.yaml", "leads out of the document's folder"),
        ("https://x.example/a.yaml", "is an address"),
        ("//x.example/a.yaml", "is an address"),
        ("file:///etc/passwd", "is an address"),
        ("none.yaml", "leads to no file"),
        ("user.yaml#/none", "names a place that user.yaml does not have"),
        ("user.yaml#anchor", "names a place that user.yaml does not have"),
        ("a\x00b.yaml", "leads to no file"),
    ],
)
def test_what_is_not_followed_is_a_fault_with_its_pointer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ref: str, reason: str
) -> None:
    """Nothing outside of the folder is opened, not even by a symbolic link."""
    folder = tmp_path / "api"
    _write(tmp_path, {"outside.yaml": USER})
    source = _write(folder, {"api.yaml": _api({"$ref": ref}), "user.yaml": USER})
    (folder / "link.yaml").symlink_to(tmp_path / "outside.yaml")
    (folder / "linked").symlink_to(tmp_path)
    opened: list[Path] = []
    read = Path.read_bytes

    def read_bytes(path: Path) -> bytes:
        opened.append(path)
        return read(path)

    monkeypatch.setattr(Path, "read_bytes", read_bytes)
    taken = intake.read(source)
    (fault,) = structure.check(taken.document, refused=taken.refused).faults
    pointer = "#/paths/~1a/get/responses/200/content/application~1json/schema/$ref"
    assert str(fault).startswith(f"{pointer}: the reference {ref!r} {reason}")
    assert {path.resolve().parent for path in opened} == {folder}


def test_a_link_inside_of_the_folder_is_followed(tmp_path: Path) -> None:
    """What counts is where it leads."""
    source = _write(tmp_path, {"api.yaml": _api({"$ref": "link.yaml"}), "user.yaml": USER})
    (tmp_path / "link.yaml").symlink_to(tmp_path / "user.yaml")
    assert intake.read(source).document["components"]["schemas"] == {"user": USER}


def test_what_has_no_end_is_refused(tmp_path: Path) -> None:
    """Objects that cannot become components stand where they are referred to."""
    with pytest.raises(DocumentError, match=r"#/paths/~1a: a\.yaml leads into itself"):
        intake.read(
            _write(
                tmp_path,
                {
                    "api.yaml": {**HEAD, "paths": {"/a": {"$ref": "a.yaml"}}},
                    "a.yaml": {"$ref": "b.yaml"},
                    "b.yaml": {"$ref": "a.yaml"},
                },
            )
        )


def test_a_broken_file_is_named_with_its_line(tmp_path: Path) -> None:
    """As the document itself is."""
    source = _write(tmp_path, {"api.yaml": _api({"$ref": "user.yaml"})})
    (tmp_path / "user.yaml").write_text("a: 1\na: 2\n", "utf-8")
    with pytest.raises(PageError, match=r"user\.yaml:2: the key 'a' stands here twice"):
        intake.read(source)


def test_data_is_not_looked_into(tmp_path: Path) -> None:
    """An example that looks like a reference is an example."""
    example = {"$ref": "none.yaml"}
    document = _read(tmp_path, {"api.yaml": _api({"example": example, "default": example}), "user.yaml": USER})
    assert _schema(document) == {"example": example, "default": example}
    assert not bundle.leads_out({"paths": {}, "x": ["$ref", 1, None]})
