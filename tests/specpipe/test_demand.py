"""What an operation's module imports, and when."""

from __future__ import annotations

import ast

import pytest
from specpipe.finish.demand import load_on_demand

MODULE = '''from typing import Any, cast

import httpx

from ...client import Client
from ...models.asked import Asked
from ...models.given import Given
from ...models.never import Never
from ...replies import read_reply
from ...types import UNSET, Response


def _get_kwargs(*, body: Asked) -> dict[str, Any]:
    note: Never = UNSET
    return {"json": body.to_dict()}


def _parse_response(*, client: Client, response: httpx.Response) -> Given | None:
    """Parse."""
    def inner(data: Asked) -> Given:
        return cast(Given, data)

    return inner(Given.from_dict(response.json()))


def _build_response(*, client: Client, response: httpx.Response) -> Response[Given]:
    return read_reply(_parse_response, client=client, response=response)
'''


def imports(body: list[ast.stmt]) -> set[str]:
    return {ast.unparse(node) for node in body if isinstance(node, ast.Import | ast.ImportFrom)}


def function(tree: ast.Module, name: str) -> ast.FunctionDef:
    return next(node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == name)


@pytest.fixture(scope="module")
def tree() -> ast.Module:
    return ast.parse(load_on_demand(MODULE, name="api/tag/operation.py"))


def test_the_module_itself_imports_no_model_client_or_httpx(tree: ast.Module) -> None:
    """What stays is what every function may need, and costs nothing."""
    assert imports(tree.body) == {
        "from __future__ import annotations",
        "from typing import TYPE_CHECKING",
        "from typing import Any, cast",
        "from ...types import UNSET, Response",
    }


def test_a_type_checker_sees_every_name_of_an_annotation(tree: ast.Module) -> None:
    """Those of local variables and inner functions as well."""
    block = next(node for node in tree.body if isinstance(node, ast.If))
    assert ast.unparse(block.test) == "TYPE_CHECKING"
    assert imports(block.body) == {
        "import httpx",
        "from ...client import Client",
        "from ...models.asked import Asked",
        "from ...models.given import Given",
        "from ...models.never import Never",
    }


@pytest.mark.parametrize(
    ("name", "needed"),
    [
        pytest.param("_get_kwargs", set(), id="an-annotation-is-no-use"),
        pytest.param("_parse_response", {"from ...models.given import Given"}, id="a-model-behind-a-docstring"),
        pytest.param("_build_response", {"from ...replies import read_reply"}, id="the-reply-reader"),
    ],
)
def test_a_function_imports_what_its_body_evaluates(tree: ast.Module, name: str, needed: set[str]) -> None:
    """And nothing that only its annotations name."""
    assert imports(function(tree, name).body) == needed


def test_a_docstring_stays_first(tree: ast.Module) -> None:
    """The imports come after it."""
    assert ast.get_docstring(function(tree, "_parse_response")) == "Parse."


def test_a_module_with_nothing_to_move_gets_no_empty_block() -> None:
    """A block with nothing in it would be no Python."""
    text = load_on_demand("from ...types import UNSET\n\n\ndef f() -> object:\n    return UNSET\n", name="x")
    assert not any(isinstance(node, ast.If) for node in ast.parse(text).body)
