"""The edits of generated code are made exactly where they belong, and counted."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

import httpx
import pytest
from specpipe.faults import FinishError
from specpipe.finish import finish
from specpipe.finish.models import Class, finish_model
from specpipe.finish.operations import Operations
from specpipe.finish.package import servers
from specpipe.finish.shown import Shown
from specpipe.finish.splice import Splice
from specpipe.generate import generate
from specpipe.static.client import Client

from tests.specpipe.finished import (
    TEXT,
    Package,
    document,
    importable,
    json_of,
    objects,
    ref,
    shown,
    write,
    write_lowered,
)

MODEL = '''\
from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

@_attrs_define
class Thing:
    """
    def to_dict(self) -> dict[str, Any]:
    """
    key: str
    note: str | Unset = UNSET
    kind: str | Unset = 'é'
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        for what in this, is no Python

    @classmethod
    def from_dict(cls, src_dict):
        return cls()

    @property
    def additional_keys(self) -> list[str]:
        return list(self.additional_properties.keys())
'''
SCHEMAS = {"Thing": {**objects({"key": TEXT, "note": TEXT, "kind": TEXT}, "key"), "x-masked": ["key", "kind"]}}
FIELDS = {"key": "key", "note": "note", "kind": "kind"}

OPERATION = '''\
from ...client import AuthenticatedClient, Client
from ...types import Response, UNSET
from ... import errors

def _get_kwargs(*, body):
    _kwargs = {"method": "post", "url": "/things"}
    return {}

def _parse_response(*, client: AuthenticatedClient | Client, response) -> Any:
    if response.status_code == 200:
        return cast(Any, response.json())
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
PATHS: dict[str, Any] = {
    "/things": {
        "post": {
            "requestBody": {"required": True, "content": {"application/json": {"schema": ref("Thing")}}},
            "responses": {"200": {"content": {"application/json": {"schema": ref("Thing")}}}},
        }
    }
}


def _finish(text: str, fields: dict[str, str] | None = None, name: str = "Thing") -> tuple[str, int]:
    one = Shown(shown({**SCHEMAS, "Other": objects({})}))
    owner = Class(name=name, fields=FIELDS if fields is None else fields, modules={"Thing": "thing"}, shown=one)
    return finish_model(text, owner, name="thing.py")


def _finish_operation(text: str) -> str:
    return Operations(Shown(shown(SCHEMAS, PATHS)), {"Thing": "thing"}).finish(text, name="op.py")


def test_secret_fields_are_masked_with_and_without_a_default() -> None:
    """Unknown fields print their names."""
    text, count = _finish(MODEL)
    lines = text.splitlines()
    assert "    key: str = _attrs_field(repr=_masked)" in lines
    assert "    kind: str | Unset = _attrs_field(default='é', repr=_masked)" in lines
    assert "    note: str | Unset = UNSET" in lines
    assert any("_attrs_field(init=False, factory=dict, repr=_names_only)" in line for line in lines)
    assert count == 2


def test_the_methods_are_written_anew() -> None:
    """Those of the generator need not even be Python; a docstring that looks like one stays."""
    text, _ = _finish(MODEL)
    (owner,) = (node for node in ast.parse(text).body if isinstance(node, ast.ClassDef))
    methods = [node.name for node in owner.body if isinstance(node, ast.FunctionDef)]
    assert methods == ["to_dict", "from_dict", "additional_keys"]
    assert (ast.get_docstring(owner) or "").startswith("def to_dict(self)")
    assert "d = _fields_of(src_dict)" in text


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        pytest.param(MODEL.replace("class Thing", "class Thong"), "the class Thing is not there", id="no class"),
        pytest.param(MODEL.replace("..types", "types"), "imports was edited 0 times", id="no import"),
        pytest.param(MODEL.replace("_attrs_field(init=False, factory=dict)", "{}"), "names_only", id="another field"),
        pytest.param(MODEL.replace("note:", "other:"), "fields of Thing are not those", id="another name"),
        pytest.param(MODEL.replace("    note: str | Unset = UNSET\n", ""), "fields of Thing are not", id="field lost"),
        pytest.param(
            MODEL.replace("dict[str, Any]:\n        for", "dict:\n        for"),
            "thing.py: no Python: unterminated",
            id="no to_dict",
        ),
        pytest.param(MODEL.replace("@property", "@cached"), "the methods are not where", id="no additional_keys"),
    ],
)
def test_a_model_of_another_shape_is_refused(text: str, problem: str) -> None:
    """An edit that silently finds nothing would leave a secret in a repr."""
    with pytest.raises(FinishError, match=problem):
        _finish(text)


def test_a_model_that_lacks_a_property_is_refused() -> None:
    """The generator must have lost it."""
    with pytest.raises(FinishError, match="the fields of Thing are not those of the document"):
        _finish(MODEL, {"key": "key", "note": "note"})


def test_an_operation_takes_the_one_client_and_holds_no_body() -> None:
    """Replies go through one function, and UnexpectedStatus is given no content."""
    text = _finish_operation(OPERATION)
    assert "AuthenticatedClient" not in text
    assert "response.content" not in text
    assert "return read_reply(_parse_response, client=client, response=response)" in text
    assert text.count("request(**_get_kwargs(body=body))") == 2
    assigned = {
        ast.unparse(target)
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    assert assigned == {"response"}


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        pytest.param("def _build_response", "def _other", "a function of the operation is not there", id="function"),
        pytest.param("kwargs = _get_kwargs", "arguments = _get_kwargs", "kwargs was edited", id="kwargs"),
        pytest.param("errors.UnexpectedStatus: If", "errors: If", "docstring was edited", id="docstring"),
        pytest.param("*, client: AuthenticatedClient, body", "*, client, body", "client was edited", id="annotation"),
        pytest.param('"/things"', '"/thongs"', "the document has no operation POST /thongs", id="another path"),
        pytest.param('"post"', '"put"', "the document has no operation PUT /things", id="another method"),
        pytest.param('"method": ', '"verb": ', "no request is made", id="no request"),
    ],
)
def test_an_operation_of_another_shape_is_refused(old: str, new: str, problem: str) -> None:
    """A new version of the generator must not slip through half finished."""
    with pytest.raises(FinishError, match=problem):
        _finish_operation(OPERATION.replace(old, new))


def test_edits_count_columns_in_bytes() -> None:
    """A name behind umlauts on its line is still found."""
    splice = Splice("a = 'äöü'; b = 1\n", name="x.py")
    splice.replace(splice.tree.body[1], "c = 2", "edit")
    assert splice.result() == "a = 'äöü'; c = 2\n"


def test_lines_take_the_indentation_of_what_they_replace() -> None:
    """A decorated function begins at its decorator."""
    splice = Splice("class A:\n    @b\n    def c(self):\n        d = 1\n        e = 2\n", name="x.py")
    owner = splice.tree.body[0]
    assert isinstance(owner, ast.ClassDef)
    method = owner.body[0]
    assert isinstance(method, ast.FunctionDef)
    splice.before(method, "f = 3\ng = 4", "edit")
    splice.rewrite(method.body, "if h:\n    i = 5", "edit")
    expected = "class A:\n    f = 3\n    g = 4\n    @b\n    def c(self):\n        if h:\n            i = 5\n"
    assert splice.result() == expected


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
        pytest.param([{"url": "https://a.example", "x-name": ["a"]}], {"a": "https://a.example"}, id="x-name, no text"),
        pytest.param([{"url": "https://a.example", "x-name": ""}], {"a": "https://a.example"}, id="x-name, empty"),
        pytest.param([{"url": "https://日本.example"}], {"server": "https://日本.example"}, id="no label of ours"),
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


@pytest.mark.parametrize(
    "address",
    [
        "https://a.example/v1",
        "HTTP://a.example",
        "https://user:secret@a.example",
        "https://a.example?key=1",
        "https://a.example#top",
        "//a.example",
        "ftp://a.example",
        "wss://a.example",
        "file:///etc",
        "https://",
        "https://[a",
        "https://a.example:port",
        "https://a\x00.example",
        "",
    ],
    ids=ascii,
)
def test_a_server_is_one_that_the_client_takes(address: str) -> None:
    """A name that `Client(server=…)` then refuses would be of no use."""
    taken = True
    try:
        Client(address)
    except ValueError:
        taken = False
    assert bool(servers({"servers": [{"url": address}]})) is taken


def test_a_title_may_hold_anything(tmp_path: Path) -> None:
    """What ends a docstring, what Python does not read, and what no file can hold."""
    schemas = {"Pet": objects({})}
    lowered = shown(schemas, {})
    generated = generate(lowered, tmp_path / "titled")
    title = 'a\0b"""\\\ud800\u202e\x1bc'
    finish(tmp_path / "titled", {"info": {}}, generated.models, title=title, lowered=lowered)
    text = (tmp_path / "titled" / "__init__.py").read_text("utf-8")
    assert ast.get_docstring(ast.parse(text)) == "A typed client for a b c, generated from its OpenAPI document."


def test_names_are_compared_as_python_compares_them(tmp_path: Path) -> None:
    """It takes a ligature for two letters, and so does the tree of what the generator wrote."""
    texts = dict.fromkeys(("ａｂｃ", "ﬁx", "ſ"), TEXT)
    schemas = {"Pet": {**objects(texts), "additionalProperties": True, "x-masked": ["ﬁx"]}}
    parameters = [{"name": name, "in": "query", "required": False, "schema": TEXT} for name in texts]
    operation = {"operationId": "pets", "parameters": parameters, "responses": {"204": {"description": "d"}}}
    write_lowered(shown(schemas, {"/pets": {"get": operation}}), tmp_path / "normal_client")
    with importable(tmp_path / "normal_client"):
        package = Package("normal_client")
        pet = package.models.Pet.from_dict(dict.fromkeys(texts, "x"))
        assert (pet.abc, pet.fix, pet.s) == ("x", "x", "x")
        assert (pet.to_dict(), repr(pet)) == (
            dict.fromkeys(texts, "x"),
            "Pet(abc='x', fix=****, s='x', additional_properties=<>)",
        )
        sent = package.request("default.pets", abc="1", fix="2", s="3")
        assert dict(sent.url.params) == {"ａｂｃ": "1", "ﬁx": "2", "ſ": "3"}


def test_a_union_of_a_thousand_classes_is_built(tmp_path: Path) -> None:
    """As an alias, a field, a body, one of several bodies, and a reply."""
    many = 1_000
    schemas: dict[str, Any] = {f"C{index}": objects({"kind": {"const": f"\\{index}"}}) for index in range(many)}
    schemas["Many"] = {"oneOf": [ref(name) for name in schemas]}
    schemas["Holder"] = objects({"one": ref("Many")})
    several = {"application/json": {"schema": ref("Many")}, "text/plain": {"schema": TEXT}}
    post = {"operationId": "one", "requestBody": json_of(ref("Many")), "responses": {"200": json_of(ref("Many"))}}
    put = {"operationId": "several", "requestBody": {"required": True, "content": several}, "responses": {}}
    write(document(schemas, {"/many": {"post": post, "put": put}}), tmp_path / "many_client")
    with importable(tmp_path / "many_client"):
        package = Package("many_client")
        last = package.models.C999(kind="\\999")
        reply = httpx.Response(200, json={"kind": "\\999"})
        assert package.reply("default.one", reply, body=last).parsed == last
        assert package.models.Holder.from_dict({"one": {"kind": "\\999"}}).one == last
        assert package.request("default.several", body=last).headers["content-type"] == "application/json"
        assert package.models.Many


def test_a_type_that_python_cannot_read_is_told() -> None:
    """A clear word is better than a RecursionError."""
    with pytest.raises(FinishError, match=r"^x.py: a type has more alternatives than Python can read$"):
        Splice(" | ".join(["a"] * 20_000), name="x.py")
