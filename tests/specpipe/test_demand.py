"""What an operation's module imports, and when."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

import pytest

from tests.specpipe.finished import TEXT, document, json_of, objects, ref, write

SCHEMAS: dict[str, Any] = {
    "Asked": objects({"a": TEXT}),
    "Given": objects({"a": TEXT}),
    "Color": {**TEXT, "enum": ["red"]},
    "Size": {**TEXT, "enum": ["small"]},
}
PATHS = {
    "/a": {
        "post": {
            "operationId": "ask",
            "parameters": [
                {"name": "color", "in": "query", "schema": {"allOf": [ref("Color")], "default": "red"}},
                {"name": "size", "in": "query", "schema": ref("Size")},
            ],
            "requestBody": json_of(ref("Asked")),
            "responses": {"200": json_of({"type": "array", "items": ref("Given")})},
        },
        "delete": {"operationId": "forget", "responses": {"204": {"description": "d"}}},
    }
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demand") / "demand_client"
    write(document(SCHEMAS, PATHS), folder)
    return folder / "api" / "default"


@pytest.fixture(scope="module")
def tree(folder: Path) -> ast.Module:
    return ast.parse((folder / "ask.py").read_text("utf-8"))


def imports(body: list[ast.stmt]) -> set[str]:
    return {ast.unparse(node) for node in body if isinstance(node, ast.Import | ast.ImportFrom)}


def function(tree: ast.Module, name: str) -> ast.FunctionDef:
    return next(node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == name)


def test_the_module_itself_imports_no_client_or_httpx_and_no_model_but_for_defaults(tree: ast.Module) -> None:
    """What stays is what every function may need, or what Python evaluates when it imports the module."""
    assert imports(tree.body) == {
        "from __future__ import annotations",
        "from typing import TYPE_CHECKING, Any",
        "from ... import errors",
        "from ...models.color import Color",
        "from ...types import UNSET, Response, Unset",
    }


def test_a_type_checker_sees_every_name_of_an_annotation(tree: ast.Module) -> None:
    """Those that are there already aside."""
    block = next(node for node in tree.body if isinstance(node, ast.If))
    assert ast.unparse(block.test) == "TYPE_CHECKING"
    assert imports(block.body) == {
        "import httpx",
        "from ...client import Client",
        "from ...models.asked import Asked",
        "from ...models.given import Given",
        "from ...models.size import Size",
    }


@pytest.mark.parametrize(
    ("name", "needed"),
    [
        pytest.param(
            "_get_kwargs",
            {"from ...sending import query as _query", "from ...sending import to_json as _to_json"},
            id="no-model-for-a-request",
        ),
        pytest.param(
            "_parse_response",
            {
                "from ...models.given import Given",
                "from ...reading import listed as _listed",
                "from ...reading import present as _present",
            },
            id="a-model-for-a-reply",
        ),
        pytest.param("_build_response", {"from ...replies import read_reply"}, id="the-reply-reader"),
        pytest.param("sync_detailed", set(), id="nothing-to-send"),
    ],
)
def test_a_function_imports_what_its_body_evaluates(tree: ast.Module, name: str, needed: set[str]) -> None:
    """And nothing that only its annotations name."""
    assert imports(function(tree, name).body) == needed


def test_a_docstring_stays_first(tree: ast.Module) -> None:
    """It tells of both errors."""
    text = ast.get_docstring(function(tree, "sync_detailed")) or ""
    assert "errors.UnreadableReply: If the reply" in text
    assert "errors.UnexpectedStatus: If the server" in text


def test_an_operation_without_models_imports_no_more_than_it_needs(folder: Path) -> None:
    """It is typed all the same."""
    tree = ast.parse((folder / "forget.py").read_text("utf-8"))
    assert imports(function(tree, "_get_kwargs").body) == set()
    block = next(node for node in tree.body if isinstance(node, ast.If))
    assert imports(block.body) == {"import httpx", "from ...client import Client"}
