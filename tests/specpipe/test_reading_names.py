"""Names of a built package: fields that the document does not know, names that Python cannot have, aliases."""

from __future__ import annotations

import ast
import datetime
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest
from specpipe.faults import FinishError
from specpipe.finish.aliases import alias_modules
from specpipe.finish.shown import Shown

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

ODD = [
    "plain",
    "with space",
    "Plain",
    "q\"uo'te",
    "new\nline",
    "back\\slash",
    "\\",
    "\x00",
    "\u2801",
    "plain\u2801",
    "to_dict",
    "from_dict",
    "additional_properties",
    "d",
    "made",
    "cls",
    "self",
    "class",
    "_under",
    "é",
    "{brace}",
    "",
    "1st",
    "UNSET",
    "T",
    "datetime",
    "\u2028",
    "\ud800",
]
ODD_CONSTANT = 'a"b\\c\nd\u2028\x01'
SCHEMAS: dict[str, Any] = {
    "Open": objects({"a": TEXT}),
    "Closed": {**objects({"a": TEXT}), "additionalProperties": False},
    "Odd": objects(dict.fromkeys(ODD, TEXT)),
    "OddRequired": objects(dict.fromkeys(ODD, TEXT), *ODD),
    "Constant": objects({"c": {"const": ODD_CONSTANT}, "t": {**TEXT, "default": ODD_CONSTANT}, "yes": {"const": True}}),
    "Secret": objects(
        {"k": {"const": ODD_CONSTANT, "x-secret": True}, "s": {**TEXT, "default": "\\", "writeOnly": True}}
    ),
    "Names": {"type": "array", "items": ref("Open")},
    "Id": {**TEXT, "format": "uuid"},
    "Moment": {"anyOf": [{**TEXT, "format": "date-time"}, {"type": "null"}]},
    "Either": {"anyOf": [ref("Open"), ref("Color"), {"const": ODD_CONSTANT}]},
    "Color": {**TEXT, "enum": ["red"]},
    "Anything": {},
}
PATHS = {
    "/odd/{pet-id}/{b}": {
        "get": {
            "operationId": "get_odd",
            "parameters": [
                {"name": "pet-id", "in": "path", "required": True, "schema": TEXT},
                {"name": "b", "in": "path", "required": True, "schema": TEXT},
                {"name": "filter[name]", "in": "query", "schema": TEXT},
                {"name": "body", "in": "query", "schema": TEXT},
                {"name": 'X-"Odd"', "in": "header", "schema": TEXT},
                {"name": "constant", "in": "query", "schema": {"const": ODD_CONSTANT, "default": ODD_CONSTANT}},
                {"name": "color", "in": "query", "schema": {"allOf": [ref("Color")], "default": "red"}},
            ],
            "responses": {"200": json_of(ref("Odd"))},
        }
    },
    "/odd/}/{a.b}": {"get": {"operationId": "get_braces", "responses": {"204": {"description": "d"}}}},
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("names") / "names_client"
    assert write(document(SCHEMAS, PATHS), folder).aliases == 5
    return folder


@pytest.fixture(scope="module")
def package(folder: Path) -> Iterator[Package]:
    with importable(folder):
        yield Package("names_client")


@pytest.mark.parametrize("name", ["Open", "Closed"])
def test_fields_that_the_document_does_not_know_are_kept(package: Package, name: str) -> None:
    """Also where it says that there are none."""
    received = {"a": "a", "b": {"c": [1]}, "to_dict": None}
    read = getattr(package.models, name).from_dict(received)
    assert read.additional_properties == {"b": {"c": [1]}, "to_dict": None}
    assert read.to_dict() == received
    assert repr(read) == f"{name}(a='a', additional_properties=<'b', 'to_dict'>)"


@pytest.mark.parametrize("name", ["Odd", "OddRequired"])
def test_every_name_is_read_and_written_as_the_document_has_it(package: Package, name: str) -> None:
    """Whatever Python calls it."""
    received = {odd: f"value {index}" for index, odd in enumerate(ODD)}
    read = getattr(package.models, name).from_dict(received)
    assert not read.additional_properties
    assert read.to_dict() == received


def test_parameters_are_sent_under_their_real_names(package: Package) -> None:
    """In a query, a header and a path."""
    operation = "default.get_odd"
    module = package.module(f"api.{operation}")
    arguments = {name: f"v {name}" for name in module._get_kwargs.__annotations__ if name not in ("return", "constant")}
    sent = module._get_kwargs(**{**arguments, "color": package.models.Color.RED})
    assert sorted(sent["params"]) == ["body", "color", "constant", "filter[name]"]
    assert list(sent["headers"]) == ['X-"Odd"']
    assert sent["url"].startswith("/odd/v%20")
    assert sent["params"]["constant"] == ODD_CONSTANT


def test_braces_of_a_path_stay(package: Package) -> None:
    """`str.format` sees the parameters alone."""
    assert package.module("api.default.get_braces")._get_kwargs("x y")["url"] == "/odd/}/x%20y"


def test_no_marked_name_is_left(folder: Path) -> None:
    """The one Braille character that stands in a file is the document's own."""
    texts = [path.read_text("utf-8") for path in folder.rglob("*.py")]
    assert [text for text in texts if "\u2801" in text]
    assert not [text for text in texts for mark in "\u2802\u2803\u2804\u2805\u2806" if mark in text]


def test_a_constant_and_a_default_are_exact(package: Package) -> None:
    """The generator would escape their quotes and backslashes twice."""
    (annotation,) = (
        node.annotation
        for node in ast.walk(ast.parse(Path(package.module("models.constant").__file__).read_text("utf-8")))
        if isinstance(node, ast.AnnAssign) and ast.unparse(node.target) == "c"
    )
    literal = next(node.value for node in ast.walk(annotation) if isinstance(node, ast.Constant))
    assert literal == ODD_CONSTANT
    assert package.models.Constant().t == ODD_CONSTANT
    assert package.models.Secret().s == "\\"
    assert repr(package.models.Secret(k=ODD_CONSTANT)) == "Secret(k=****, s=****, additional_properties=<>)"


def test_a_default_that_is_an_enum_is_there_when_the_module_is_imported(package: Package) -> None:
    """Python evaluates it then, whatever is imported on demand."""
    assert package.module("api.default.get_odd")._get_kwargs.__kwdefaults__["color"] is package.models.Color.RED


def test_an_alias_stands_for_its_type(package: Package) -> None:
    """A real one where no model is needed, and its text otherwise."""
    assert package.models.Id is UUID
    assert package.models.Moment == datetime.datetime | None
    assert package.models.Anything is Any
    assert package.models.Names == "list[Open]"
    assert ast.unparse(ast.parse(package.models.Either)) == f"Color | Literal[{ODD_CONSTANT!r}] | Open"


def test_the_class_that_carried_the_aliases_is_gone(folder: Path, package: Package) -> None:
    """And every alias is exported like a class."""
    assert not [path for path in folder.rglob("*.py") if "alias" in path.name.lower()]
    assert {"Anything", "Either", "Id", "Moment", "Names", "Open"} <= set(package.models.__all__)
    assert set(package.models.__all__) <= set(dir(package.models))


def test_a_reply_of_odd_names_is_read(package: Package) -> None:
    """Through JSON, as it comes."""
    reply = httpx.Response(200, content=json.dumps({"\x00": "nul", "\\": "back"}).encode())
    parsed = package.reply("default.get_odd", reply, pet_id="1", b="2").parsed
    assert parsed.to_dict() == {"\x00": "nul", "\\": "back"}


def test_an_alias_without_a_type_is_refused() -> None:
    """The component would be lost."""
    with pytest.raises(FinishError, match=r"carrier\.py: there is no type for Lost"):
        alias_modules("class Carrier:\n    a: int\n", {"Kept": "a", "Lost": "b"}, name="carrier.py")


def test_a_marked_name_that_is_left_is_found() -> None:
    """In any text; Braille of the document's own is none."""
    one = Shown(shown({}, wire={"name\u2802": "real\u2803", "other\u2804": "x"}))
    assert one.leftover("'name\u2802'") == "name\u2802"
    assert one.leftover("'real\u2803' and some \u2802\u2804") is None
    assert one.name("name\u2802") == "real\u2803"
    assert one.name("cut\u2802") == "real\u2803"
    assert one.name("real\u2803") == "real\u2803"


@pytest.mark.parametrize(
    "wire", [{"plain": "x"}, {"a\u2802": "x", "b\u2802": "y"}], ids=["no mark", "one mark for two"]
)
def test_a_name_without_a_mark_of_its_own_is_refused(wire: dict[str, str]) -> None:
    """Nothing would lead back from it."""
    with pytest.raises(FinishError, match="is no marked name of its own"):
        Shown(shown({}, wire=wire))


def test_a_package_in_which_a_marked_name_is_left_is_refused(tmp_path: Path) -> None:
    """Such as one that stands in a description."""
    schemas = {"A": {**objects({}), "description": "See name\u2802."}}
    with pytest.raises(FinishError, match=r"models/a.py: the marked name 'name\u2802' is left"):
        write_lowered(shown(schemas, wire={"name\u2802": "real"}), tmp_path / "left_client")


def test_a_component_that_is_no_name_of_a_class_is_refused() -> None:
    """It is written into code as it is."""
    with pytest.raises(FinishError, match="is no name of a class"):
        Shown(shown({"A(B): pass #": objects({})}))


def test_a_class_that_the_document_does_not_name_is_refused(tmp_path: Path) -> None:
    """The generator has named it, and might have named another one the same."""
    schemas = {"A": objects({"b": objects({"c": TEXT})})}
    with pytest.raises(FinishError, match="the document has no class AB"):
        write_lowered(shown(schemas), tmp_path / "unnamed_client")
