"""A built package is typed, formatted and importable, whatever its document has, wherever it stands."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.specpipe.documents import PROJECT
from tests.specpipe.finished import TEXT, Package, document, importable, json_of, objects, ref, write

KINDS: dict[str, dict[str, Any]] = {
    "text": TEXT,
    "number": {"type": "number"},
    "integer": {"type": "integer"},
    "boolean": {"type": "boolean"},
    "anything": {},
    "date": {**TEXT, "format": "date"},
    "moment": {**TEXT, "format": "date-time"},
    "uuid": {**TEXT, "format": "uuid"},
    "binary": {**TEXT, "format": "binary"},
    "color": ref("Color"),
    "level": ref("Level"),
    "price": ref("Price"),
    "model": ref("Cat"),
    "constant": {"const": "x"},
    "true": {"const": True},
    "one": {"const": 1},
    "texts": {"type": "array", "items": TEXT},
    "dates": {"type": "array", "items": {**TEXT, "format": "date"}},
    "models": {"type": "array", "items": ref("Cat")},
    "rows": {"type": "array", "items": {"type": "array", "items": ref("Color")}},
    "tagged": {"oneOf": [ref("Cat"), ref("Dog")]},
    "loose": {"anyOf": [ref("Loose"), ref("Other")]},
    "mixed": {"anyOf": [ref("Color"), {"type": "integer"}, ref("Cat"), {"type": "array", "items": ref("Dog")}]},
    "enums": {"anyOf": [ref("Color"), ref("Level")]},
    "date or text": {"anyOf": [{**TEXT, "format": "date"}, TEXT]},
    "unions": {"type": "array", "items": {"oneOf": [ref("Cat"), ref("Dog")]}},
    "map": {"type": "object", "additionalProperties": ref("Cat")},
    "map of lists": {"type": "object", "additionalProperties": {"type": "array", "items": ref("Color")}},
    "map of unions": {"type": "object", "additionalProperties": {"anyOf": [ref("Cat"), ref("Dog"), TEXT]}},
    "free": {"type": "object"},
}


def _variants() -> dict[str, dict[str, Any]]:
    nullable = {f"nullable {name}": {"anyOf": [schema, {"type": "null"}]} for name, schema in KINDS.items()}
    both = {**KINDS, **nullable}
    return {**both, **{f"optional {name}": schema for name, schema in both.items()}}


def _parameters() -> list[dict[str, Any]]:
    return [
        {"name": f"{place} {name} {required}", "in": place, "required": required, "schema": schema}
        for place in ("query", "header", "cookie", "path")
        for name, schema in _variants().items()
        for required in ((True, False) if place != "path" else (True,))
    ]


def _posts(content_type: str) -> dict[str, Any]:
    return {
        f"/{content_type.replace('/', '-')}/{index}": {
            "post": {
                "requestBody": {"required": index % 2 == 0, "content": {content_type: {"schema": schema}}},
                "responses": {"200": {"description": "d", "content": {content_type: {"schema": schema}}}},
            }
        }
        for index, schema in enumerate(
            [*KINDS.values(), ref("Everything"), *_variants().values()][: len(KINDS) * 2 + 1]
        )
    }


PATH = "/all/" + "/".join(f"{{{item['name']}}}" for item in _parameters() if item["in"] == "path")
DOCUMENT = document(
    {
        "Everything": objects(_variants(), *(name for name in _variants() if not name.startswith("optional"))),
        "Color": {**TEXT, "enum": ["red", "green"]},
        "Level": {"type": "integer", "enum": [1, 2]},
        "Price": {"type": "number", "enum": [1.5, 2]},
        "Cat": objects(
            {"kind": {"const": "cat"}, "mate": ref("Cat"), "foe": {"oneOf": [ref("Cat"), ref("Dog")]}}, "kind"
        ),
        "Dog": objects({"kind": {"const": "dog"}, "key": {**TEXT, "x-secret": True}}, "kind"),
        "Loose": objects({"a": TEXT}, "a"),
        "Other": objects({"b": TEXT, "when": {**TEXT, "format": "date"}}, "b"),
        **{f"Alias {name}": schema for name, schema in KINDS.items()},
    },
    {
        PATH: {"get": {"parameters": _parameters(), "responses": {"200": json_of(ref("Everything"))}}},
        "/statuses": {
            "get": {
                "responses": {
                    **{f"{200 + index}": json_of(schema) for index, schema in enumerate(_variants().values())},
                    "default": {
                        "description": "d",
                        "content": {"application/json": {}, "text/csv": {}, "image/png": {}},
                    },
                }
            }
        },
        "/several": {
            "post": {
                "requestBody": {
                    "content": {
                        "application/json": {"schema": KINDS["tagged"]},
                        "application/x-www-form-urlencoded": {"schema": ref("Cat")},
                        "multipart/form-data": {"schema": ref("Everything")},
                        "text/csv": {"schema": TEXT},
                        "image/png": {},
                        "image/jpeg": {},
                    }
                },
                "responses": {"204": {"description": "d"}},
            }
        },
        "/told": {
            "get": {
                "responses": {
                    status: {
                        "description": "d",
                        "content": {
                            f"application/{name.replace(' ', '-')}+json": {"schema": schema}
                            for name, schema in {**KINDS, "everything": ref("Everything")}.items()
                        },
                    }
                    for status in ("200", "4XX", "default")
                }
            }
        },
        **_posts("application/json"),
        **_posts("application/x-www-form-urlencoded"),
        **_posts("multipart/form-data"),
        **_posts("text/plain"),
        **_posts("application/octet-stream"),
    },
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("types") / "types_client"
    write(DOCUMENT, folder)
    return folder


@pytest.fixture(scope="module")
def package(folder: Path) -> Iterator[Package]:
    with importable(folder):
        yield Package("types_client")


def _run(*command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", *command], capture_output=True, text=True, check=False, cwd=folder.parent
    )


def test_mypy_finds_nothing(folder: Path) -> None:
    """In strict mode, over every module."""
    cache = PROJECT / ".mypy_cache" / "built"
    done = _run("mypy", "--strict", "--config-file=", f"--cache-dir={cache}", "-p", folder.name, folder=folder)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    "command", [["format", "--check"], ["check", "--select=E9,F,I,RUF022"]], ids=["format", "lint"]
)
def test_ruff_finds_nothing(folder: Path, command: list[str]) -> None:
    """By the pipeline's own settings."""
    options = ["--isolated", "--no-cache", "--line-length=120", "--target-version=py311"]
    done = _run("ruff", *command, *options, str(folder), folder=folder)
    assert done.returncode == 0, done.stdout


def test_every_module_can_be_imported(folder: Path, package: Package) -> None:
    """And every name that is exported be loaded."""
    names = [path.relative_to(folder).with_suffix("").parts for path in folder.rglob("*.py")]
    assert len(names) > 250
    for parts in names:
        package.module(".".join(parts).removesuffix("__init__").removesuffix("."))
    for name in package.models.__all__:
        assert getattr(package.models, name) is not None


def test_nothing_of_the_generator_is_left(folder: Path) -> None:
    """No parser of its own, no client of its own, no import that is not needed at once."""
    for path in folder.rglob("*.py"):
        tree = ast.parse(path.read_text("utf-8"))
        functions = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
        assert not [name for name in functions if name.startswith("_parse_") and name != "_parse_response"]
        assert not [node for node in ast.walk(tree) if isinstance(node, ast.Name) and node.id == "AuthenticatedClient"]
