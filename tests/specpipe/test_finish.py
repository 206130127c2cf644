"""The edits of generated code are made exactly where they belong, and counted."""

from __future__ import annotations

import ast

import pytest
from specpipe.faults import FinishError
from specpipe.finish.models import finish_model
from specpipe.finish.operations import finish_operation
from specpipe.finish.package import servers
from specpipe.finish.splice import Splice

MODEL = """\
from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

@_attrs_define
class Thing:
    key: str
    note: str | Unset = UNSET
    kind: str | Unset = 'é'
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    @classmethod
    def from_dict(cls, src_dict):
        d = dict(src_dict)
        return cls()
"""

OPERATION = '''\
from ...client import AuthenticatedClient, Client
from ...types import Response, UNSET
from ... import errors

def _get_kwargs(*, body):
    return {}

def _parse_response(*, client: AuthenticatedClient | Client, response):
    raise errors.UnexpectedStatus(response.status_code, response.content)

def _build_response(*, client: AuthenticatedClient | Client, response):
    return Response(status_code=HTTPStatus(response.status_code))

def sync_detailed(*, client: AuthenticatedClient, body):
    """
    Raises:
        errors.UnexpectedStatus: If undocumented.
    """
    kwargs = _get_kwargs(body=body)
    response = client.get_httpx_client().request(**kwargs)
    return _build_response(client=client, response=response)

async def asyncio_detailed(*, client: AuthenticatedClient, body):
    """
    Raises:
        errors.UnexpectedStatus: If undocumented.
    """
    kwargs = _get_kwargs(body=body)
    response = await client.get_async_httpx_client().request(**kwargs)
    return _build_response(client=client, response=response)
'''


def test_secret_fields_are_masked_with_and_without_a_default() -> None:
    """Unknown fields print their names, and `from_dict` takes objects only."""
    text, count = finish_model(MODEL, class_name="Thing", secret={"key", "kind"}, name="thing.py")
    lines = text.splitlines()
    assert "    key: str = _attrs_field(repr=_masked)" in lines
    assert "    kind: str | Unset = _attrs_field(default='é', repr=_masked)" in lines
    assert "    note: str | Unset = UNSET" in lines
    assert any("_attrs_field(init=False, factory=dict, repr=_names_only)" in line for line in lines)
    assert "        d = _fields_of(src_dict)" in lines
    assert count == 2


@pytest.mark.parametrize(
    ("text", "class_name", "secret", "problem"),
    [
        pytest.param(
            MODEL, "Thing", {"missing"}, "masked was edited 0 times, expected 1", id="secret field is not there"
        ),
        pytest.param(MODEL, "Other", set(), "the class Other is not there", id="class is not there"),
        pytest.param(MODEL.replace("..types", "..other"), "Thing", set(), "import of types", id="import is not there"),
        pytest.param(
            MODEL.replace("_attrs_field(init=False, factory=dict)", "{}"),
            "Thing",
            set(),
            "names_only",
            id="other field",
        ),
        pytest.param(
            MODEL.replace("note:", "d:"), "Thing", set(), "a field called d collides", id="field like a local"
        ),
        pytest.param(
            MODEL.replace("d = dict(", "d = dict( "), "Thing", set(), "from_dict was edited 1", id="other call"
        ),
    ],
)
def test_a_model_of_another_shape_is_refused(text: str, class_name: str, secret: set[str], problem: str) -> None:
    """An edit that silently finds nothing would leave a secret in a repr."""
    with pytest.raises(FinishError, match=problem):
        finish_model(text, class_name=class_name, secret=secret, name="thing.py")


def test_an_operation_takes_the_one_client_and_holds_no_body() -> None:
    """Replies go through one function, and UnexpectedStatus is given no content."""
    text = finish_operation(OPERATION, name="op.py")
    assert "AuthenticatedClient" not in text
    assert "response.content" not in text
    assert "return read_reply(_parse_response, client=client, response=response)" in text
    assert text.count("request(**_get_kwargs(body=body))") == 2
    assigned = [
        ast.unparse(target)
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Assign)
        for target in node.targets
    ]
    assert assigned == ["response", "response"]


@pytest.mark.parametrize(
    ("old", "new", "kind"),
    [
        pytest.param("from ...client import", "from ...other import", "client_import", id="client"),
        pytest.param("def _build_response", "def _other", "build_response", id="build_response"),
        pytest.param("kwargs = _get_kwargs", "arguments = _get_kwargs", "kwargs", id="kwargs"),
        pytest.param("errors.UnexpectedStatus: If", "errors: If", "docstring", id="docstring"),
        pytest.param("*, client: AuthenticatedClient, body", "*, client, body", "client_annotation", id="annotation"),
    ],
)
def test_an_operation_of_another_shape_is_refused(old: str, new: str, kind: str) -> None:
    """A new version of the generator must not slip through half finished."""
    with pytest.raises(FinishError, match=kind):
        finish_operation(OPERATION.replace(old, new), name="op.py")


def test_edits_count_columns_in_bytes() -> None:
    """A name behind umlauts on its line is still found."""
    splice = Splice("a = 'äöü'; b = 1\n", name="x.py")
    splice.replace(splice.tree.body[1], "c = 2", "edit")
    assert splice.result() == "a = 'äöü'; c = 2\n"


def test_edits_that_overlap_are_refused() -> None:
    """One would undo the other."""
    splice = Splice("a = b\n", name="x.py")
    statement = splice.tree.body[0]
    assert isinstance(statement, ast.Assign)
    splice.replace(statement, "x", "edit")
    splice.replace(statement.value, "y", "edit")
    with pytest.raises(FinishError, match="overlap"):
        splice.result()


@pytest.mark.parametrize(
    ("listed", "named"),
    [
        pytest.param([], {}, id="none"),
        pytest.param([{"url": "https://a.b.example/v1/"}], {"a": "https://a.b.example/v1"}, id="first label"),
        pytest.param(
            [{"url": "https://api.a.example"}, {"url": "https://api.b.example"}, {"url": "http://api.c.example"}],
            {"api": "https://api.a.example", "api-2": "https://api.b.example", "api-3": "http://api.c.example"},
            id="names that are taken",
        ),
        pytest.param([{"url": "https://a.example", "x-name": "main"}], {"main": "https://a.example"}, id="x-name"),
        pytest.param([{"url": "/v1"}], {}, id="relative"),
        pytest.param(
            [{"url": "https://{r}.a.example", "variables": {"r": {"default": "eu"}}}],
            {"eu": "https://eu.a.example"},
            id="variable",
        ),
    ],
)
def test_servers_have_names(listed: list[dict[str, object]], named: dict[str, str]) -> None:
    """Theirs, or the first label of the host."""
    assert servers({"servers": listed}) == named
