"""Whole documents become whole packages: a made-up one with everything in it, and real ones where there are any."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml
from specpipe.count import count
from specpipe.document import METHODS
from specpipe.intake import read
from specpipe.structure import check
from specpipe.validate import validate

from tests.specpipe.documents import PROJECT, snapshot
from tests.specpipe.finished import Package, importable
from tests.specpipe.made_up import made_up
from tests.specpipe.whole_packages import (
    IMPORT_LIMIT,
    KINDS,
    Whole,
    build,
    build_once,
    dearest_operation,
    format_problems,
    import_problems,
    import_ratio,
    type_problems,
    whole_documents,
)

OPERATIONS, SEED = 30, 1
TOKEN = "5a0c1b9e-0000-4000-8000-00000000abcd"
MADE_UP = "made-up"
TYPES = PROJECT / ".mypy_cache"
WHOLE: list[Any] = [*whole_documents()] or [
    pytest.param(None, marks=pytest.mark.skip("there is no folder of whole documents: set WHOLE_DOCUMENTS"))
]


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """A folder that every process of this run shares."""
    base = tmp_path_factory.getbasetemp()
    folder = (base if worker_id == "master" else base.parent) / "wholes"
    folder.mkdir(exist_ok=True)
    return folder


@pytest.fixture(scope="session")
def made(shared: Path) -> Whole:
    """The made-up document, built; not to be changed."""
    path = shared / f"{MADE_UP}.json"
    text = json.dumps(made_up(OPERATIONS, SEED))
    if not path.is_file() or path.read_text("utf-8") != text:
        path.write_text(text, "utf-8")
    return build_once(path, "made_up_client", shared)


@pytest.fixture(
    scope="session", params=[MADE_UP, *WHOLE], ids=lambda given: given.stem if isinstance(given, Path) else given
)
def whole(request: pytest.FixtureRequest, shared: Path) -> Whole:
    """A document, built; not to be changed."""
    if request.param == MADE_UP:
        made: Whole = request.getfixturevalue("made")
        return made
    package = "whole_" + re.sub(r"\W+", "_", request.param.stem.lower())
    return build_once(request.param, package, shared)


def test_nothing_is_lost(whole: Whole) -> None:
    """Of every kind the package holds as many as the document declares, and a fault has a place in it."""
    report = whole.report
    assert (whole.code, report.get("errors"), report["lost"]) == (0, None, [])
    assert {kind: report[kind]["generated"] for kind in KINDS} == {kind: report[kind]["declared"] for kind in KINDS}
    assert report["package"] == str(whole.package)
    assert all(fault["pointer"].startswith("#/") and fault["problem"] for fault in report["faults"])


def test_what_is_declared_is_what_stands_there(whole: Whole) -> None:
    """Counted anew by another reader; of what is a fault nothing is counted."""
    if whole.report["faults"]:
        pytest.skip("the document has faults, which are not counted")
    expected = _counted(yaml.load(whole.document.read_text("utf-8"), Loader=yaml.CSafeLoader))  # safe
    assert {kind: whole.report[kind]["declared"] for kind in KINDS} == expected


def test_every_module_imports(whole: Whole) -> None:
    """And every name that is loaded when it is asked for."""
    assert import_problems(whole.package) == ""


def test_the_types_are_right(whole: Whole) -> None:
    """`mypy --strict` says nothing."""
    assert type_problems(whole.package, TYPES / whole.package.name) == ""


def test_the_formatter_says_nothing(whole: Whole) -> None:
    """With the options that the pipeline has."""
    assert format_problems(whole.package) == ""


def test_one_operation_is_quickly_imported(whole: Whole, tmp_path: Path) -> None:
    """The one that names the most models, beside `import httpx`: its package's size does not matter."""
    assert import_ratio(dearest_operation(whole.package), whole.package.parent, tmp_path) <= IMPORT_LIMIT


def _counted(document: dict[str, Any]) -> dict[str, int]:
    operations = [
        operation
        for item in document["paths"].values()
        for method, operation in _resolved(document, item).items()
        if method in METHODS
    ]
    responses = [_resolved(document, reply) for item in operations for reply in item.get("responses", {}).values()]
    bodies = [_resolved(document, operation.get("requestBody", {})) for operation in operations]
    return {
        "operations": len(operations),
        "responses": sum(bool(response.get("content")) for response in responses),
        "request_bodies": sum(len(body.get("content", {})) for body in bodies),
        "schemas": len(document["components"]["schemas"]),
        "enum_members": sum(map(len, _enums(document))),
    }


def _resolved(document: dict[str, Any], node: Any) -> Any:
    while "$ref" in node:
        target: Any = document
        for part in node["$ref"].removeprefix("#/").split("/"):
            target = target[part.replace("~1", "/").replace("~0", "~")]
        node = target
    return node


def _enums(node: Any) -> Iterator[list[Any]]:
    if isinstance(node, dict) and isinstance(node.get("enum"), list):
        yield node["enum"]
    for inner in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from _enums(inner)


def test_the_made_up_document_is_valid() -> None:
    """And the same for the same seed, another for another."""
    document = made_up(OPERATIONS, SEED)
    validate(document, name=MADE_UP)
    assert check(document).faults == ()
    assert document == made_up(OPERATIONS, SEED)
    assert document["paths"].keys() != made_up(OPERATIONS, SEED + 1)["paths"].keys()
    assert len(list(_operations(document))) == OPERATIONS


def _operations(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    return (operation for item in document["paths"].values() for operation in item.values())


@pytest.mark.parametrize("seed", ["0", "1"])
def test_the_same_document_gives_the_same_bytes(made: Whole, tmp_path: Path, seed: str) -> None:
    """Whatever the order is that Python keeps its sets in."""
    again = build(made.document, made.package.name, tmp_path, PYTHONHASHSEED=seed)
    assert again.code == 0
    assert snapshot(again.package) == snapshot(made.package)


@pytest.fixture
def client(made: Whole) -> Iterator[Package]:
    """The made-up package, importable for one test."""
    with importable(made.package):
        yield Package(made.package.name)


def _sent(client: Package, operation: str, **arguments: Any) -> httpx.Request:
    """What the operation sends; it is answered that there is none."""
    sent: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        request.read()
        sent.append(request)
        return httpx.Response(404, json={})

    caller = client.module("client").Client("https://a.example", transport=httpx.MockTransport(answer))
    client.module(f"api.{operation}").sync_detailed(client=caller, **arguments)
    return sent[0]


def _module(made: Whole, method: str, way: str) -> str:
    """The first operation with the method and the end of the path."""
    for path in sorted((made.package / "api").glob("*/*.py")):
        if re.search(rf'"method": "{method}",\s*"url": "/[a-z0-9]+{re.escape(way)}"', path.read_text("utf-8")):
            return f"{path.parent.name}.{path.stem}"
    raise AssertionError(f"no operation {method} …{way}")


def _class(client: Package, ending: str, name: str) -> Any:
    """The model of that ending which belongs to the operation of that module."""
    names = [found for found in client.models.__all__ if found.endswith(ending)]
    return next(
        getattr(client.models, found)
        for found in names
        if found.removesuffix(ending).lower() in name.replace("_", "").lower()
    )


def test_a_list_is_asked_for_and_read(made: Whole, client: Package) -> None:
    """Enums, times and objects go into the query as the document says."""
    name = _module(made, "get", "")
    request = _sent(client, name, states=["new", "old"], page_size=5, x_trace_id=TOKEN)
    assert request.url.params["states"] == "new,old"
    assert (request.url.params["page-size"], request.headers["X-Trace-Id"]) == ("5", TOKEN)
    page = client.reply(name, httpx.Response(200, json={"items": [], "next": None})).parsed
    assert (page.items, page.next_) == ([], None)


def test_what_is_sent_in_is_told_apart_by_its_tag(made: Whole, client: Package) -> None:
    """The reply's objects become the classes that the discriminator's mapping names."""
    name = _module(made, "post", "/choose")
    lent = _class(client, "Lent", name)(kind="lent", to="someone")
    assert json.loads(_sent(client, name, body=lent).content) == {"kind": "lent", "to": "someone"}
    reply = httpx.Response(200, json=[{"kind": "given"}, {"kind": "lent", "to": "me"}])
    first, second = client.reply(name, reply, body=lent).parsed
    assert (type(first), type(second)) == (_class(client, "Sold", name), type(lent))
    assert first.kind.value == "given"


def test_a_form_is_sent_as_a_form(made: Whole, client: Package) -> None:
    """Each value of a list by itself."""
    name = _module(made, "post", "/form")
    colours = [client.models.Colour("light blue"), client.models.Colour("RED")]
    request = _sent(client, name, body=_class(client, "Form", name)(name="a b", colours=colours, is_open=True))
    assert request.headers["Content-Type"] == "application/x-www-form-urlencoded"
    assert request.content == b"name=a+b&colours=light+blue&colours=RED&is_open=true"


def test_a_file_is_sent_as_a_part(made: Whole, client: Package) -> None:
    """Beside an object as JSON."""
    name = _module(made, "post", "/{handle}/files")
    file = client.module("types").File(payload=b"bytes of a file", file_name="f.bin")
    upload = _class(client, "Upload", name).from_dict({"name": "n", "about": {"title": "t"}, "file": b""})
    upload.file = file
    request = _sent(client, name, handle="a/b", body=upload)
    assert request.url.raw_path.endswith(b"/a%2Fb/files")
    assert b"bytes of a file" in request.content
    assert b'{"title": "t"}' in request.content.replace(b'"title":"t"', b'"title": "t"')


@pytest.mark.parametrize(
    ("body", "media"), [("text", "text/plain"), ({"name": "n"}, "application/x-www-form-urlencoded")], ids=str
)
def test_the_type_of_a_body_is_told_by_its_class(made: Whole, client: Package, body: Any, media: str) -> None:
    """Where the document has several for one operation."""
    name = _module(made, "patch", "/{handle}")
    sent = body if isinstance(body, str) else _class(client, "Form", name).from_dict(body)
    assert _sent(client, name, handle="1", body=sent).headers["Content-Type"] == media


def test_a_problem_is_read_as_what_its_status_says(made: Whole, client: Package) -> None:
    """Two components whose names differ in their case alone stay two classes."""
    name = _module(made, "get", "/{handle}")
    missing = client.reply(name, httpx.Response(404, json={"detail": ["a"]}), handle="1").parsed
    other = client.reply(name, httpx.Response(500, json={"message": "m", "code": 2}), handle="1").parsed
    assert type(missing) is not type(other)
    assert (other.message, other.code) == ("m", 2)


@pytest.fixture
def broken(made: Whole, tmp_path: Path) -> Path:
    """A copy of the made-up package that a test may break."""
    return Path(shutil.copytree(made.package, tmp_path / made.package.name))


def _replace(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def test_a_member_that_is_gone_is_lost(made: Whole, broken: Path) -> None:
    """The check of nothing lost sees one member of one enum."""
    _replace(broken / "models/colour.py", ' = "light-blue"\n', ' = "light blue"\n')
    counts = count(check(read(str(made.document)).document).document, broken)
    assert counts.kinds["enum_members"][0] - counts.kinds["enum_members"][1] == 1
    assert any("light-blue" in thing for thing in counts.lost)


def test_a_name_that_is_not_there_does_not_import(broken: Path) -> None:
    """The check of imports sees one name that is loaded when it is asked for."""
    _replace(broken / "models/colour.py", "class Colour(", "class Color(")
    assert "Colour" in import_problems(broken)


def test_a_wrong_type_is_seen(broken: Path) -> None:
    """The check of types sees one annotation."""
    _replace(broken / "replies.py", "\ndef ", "\nWRONG: int = 'text'\n\n\ndef ")
    assert "replies.py" in type_problems(broken, TYPES / "wrong")


def test_a_line_out_of_form_is_seen(broken: Path) -> None:
    """The check of formatting sees one space."""
    _replace(broken / "replies.py", "\ndef ", "\ndef  ")
    assert "replies.py" in format_problems(broken)


def test_an_operation_that_brings_its_models_along_is_seen(broken: Path, tmp_path: Path) -> None:
    """The check of what an import costs sees one that imports httpx and every model."""
    module = dearest_operation(broken)
    with broken.joinpath(*module.split(".")[1:]).with_suffix(".py").open("a", encoding="utf-8") as file:
        file.write("\nimport httpx\n\nfrom ...models import *\n")
    assert import_ratio(module, tmp_path, tmp_path / "bytecode", attempts=1) > IMPORT_LIMIT


def test_a_byte_that_differs_is_seen(made: Whole, broken: Path) -> None:
    """The check of the same bytes sees one."""
    _replace(broken / "py.typed", "", " ")
    assert snapshot(broken) != snapshot(made.package)
