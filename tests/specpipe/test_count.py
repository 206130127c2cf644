"""What the document holds and the package lacks is found and named."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from specpipe import yamlio
from specpipe.count import Counts, count
from specpipe.faults import Fault
from specpipe.witness.held import held

from tests.specpipe.small_package import edit, small_document, write_small_package

OPERATION = "api/pets/put_pet.py"
PUT = "#/paths/~1pets~1{pet_id}/put"
SCHEMAS = "#/components/schemas"


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A package that holds the whole document."""
    return write_small_package(tmp_path / "pets_client")


def test_a_whole_package_lacks_nothing(package: Path) -> None:
    """Three responses have a body, one has none; the members are two, two, and six with null."""
    assert count(small_document(), package) == Counts(
        kinds={
            "operations": (1, 1),
            "responses": (3, 3),
            "request_bodies": (3, 3),
            "schemas": (3, 3),
            "enum_members": (10, 10),
        },
        lost=(),
    )


def test_the_built_package_lacks_nothing(built_project: Path) -> None:
    """What the pipeline writes is of the shapes that are read here."""
    folder = built_project / "generated/pets_client"
    document = yamlio.load((folder / "openapi.yaml").read_text("utf-8"), file="openapi.yaml").data
    counts = count(document, folder)
    assert counts.lost == ()
    assert all(number == there for number, there in counts.kinds.values())
    assert counts.kinds["operations"] == (2, 2)


def test_a_package_that_has_been_read_is_not_read_again(package: Path, tmp_path: Path) -> None:
    """Its folder may be any then."""
    assert count(small_document(), tmp_path / "absent", package=held(package)) == count(small_document(), package)


def _gone(name: str) -> Callable[[Path], object]:
    return lambda folder: (folder / name).unlink()


def _edit(name: str, old: str, new: str) -> Callable[[Path], object]:
    return lambda folder: edit(folder, name, old, new)


LOSSES: list[Any] = [
    pytest.param(_gone(OPERATION), f"operation PUT /pets/{{pet_id}} ({PUT})", "operations", 1, id="operation"),
    pytest.param(
        _edit(OPERATION, '"put"', '"patch"'), f"operation PUT /pets/{{pet_id}} ({PUT})", "operations", 1, id="method"
    ),
    pytest.param(
        _edit(OPERATION, ".format(pet_id=pet_id)", ""),
        f"operation PUT /pets/{{pet_id}} ({PUT})",
        "operations",
        1,
        id="path-that-is-not-filled",
    ),
    pytest.param(
        _edit(OPERATION, ".format(pet_id=pet_id)", ".format(id=pet_id)"),
        f"operation PUT /pets/{{pet_id}} ({PUT})",
        "operations",
        1,
        id="path-that-raises",
    ),
    pytest.param(
        _edit(OPERATION, "status_code == 200", "status_code == 201"),
        f"response 200 of PUT /pets/{{pet_id}} ({PUT}/responses/200)",
        "responses",
        1,
        id="response",
    ),
    pytest.param(
        _edit(OPERATION, "response_200.append(item)", "pass"),
        f"body of response 200 of PUT /pets/{{pet_id}} ({PUT}/responses/200)",
        "responses",
        1,
        id="body-that-is-dropped",
    ),
    pytest.param(
        _edit(OPERATION, "return response.text", "return None"),
        f"body of response 4XX of PUT /pets/{{pet_id}} ({PUT}/responses/4XX)",
        "responses",
        1,
        id="body-of-a-range",
    ),
    pytest.param(
        _edit(OPERATION, "<= 499", "<= 498"),
        f"response 4XX of PUT /pets/{{pet_id}} ({PUT}/responses/4XX)",
        "responses",
        1,
        id="end-of-a-range",
    ),
    pytest.param(
        _edit(OPERATION, "parsed: Any = dict(response.json())\n    return parsed", "raise ValueError"),
        f"response default of PUT /pets/{{pet_id}} ({PUT}/responses/default)",
        "responses",
        1,
        id="default-response",
    ),
    pytest.param(
        _edit(OPERATION, "dict(response.json())", "{}"),
        f"body of response default of PUT /pets/{{pet_id}} ({PUT}/responses/default)",
        "responses",
        1,
        id="body-of-the-default-response",
    ),
    pytest.param(
        _edit(OPERATION, "status_code == 204", "status_code == 205"),
        f"response 204 of PUT /pets/{{pet_id}} ({PUT}/responses/204)",
        "responses",
        0,
        id="response-without-a-body",
    ),
    pytest.param(
        _edit(OPERATION, '"text/csv"', '"text/plain"'),
        f"content type text/csv of PUT /pets/{{pet_id}} ({PUT}/requestBody/content/text~1csv)",
        "request_bodies",
        1,
        id="content-type",
    ),
    pytest.param(
        _edit(OPERATION, '"image/png", "image/jpeg"', '"video/mp4"'),
        f"content type image/* of PUT /pets/{{pet_id}} ({PUT}/requestBody/content/image~1*)",
        "request_bodies",
        1,
        id="range-of-content-types",
    ),
    pytest.param(
        _edit(OPERATION, '_kwargs["json"] = body.to_dict()', "pass"),
        f"content type application/json of PUT /pets/{{pet_id}} ({PUT}/requestBody/content/application~1json)",
        "request_bodies",
        1,
        id="body-that-is-not-passed-on",
    ),
    pytest.param(
        _edit(OPERATION, "isinstance(body, bytes)", "isinstance(body, str)"),
        f"content type image/* of PUT /pets/{{pet_id}} ({PUT}/requestBody/content/image~1*)",
        "request_bodies",
        1,
        id="branch-that-is-overwritten",
    ),
    pytest.param(_gone("models/pet.py"), f"schema Pet ({SCHEMAS}/Pet)", "schemas", 1, id="class"),
    pytest.param(
        _edit("models/__init__.py", '"Pet", ', ""), f"schema Pet ({SCHEMAS}/Pet)", "schemas", 1, id="export-of-a-class"
    ),
    pytest.param(
        _gone("models/kind_list.py"), f"schema Kind-List ({SCHEMAS}/Kind-List)", "schemas", 1, id="alias-of-a-list"
    ),
    pytest.param(
        _edit("models/pet.py", 'd.pop("name")', 'd.pop("nam")'),
        f"schema Pet, as Pet lacks the property 'name' ({SCHEMAS}/Pet)",
        "schemas",
        1,
        id="property-that-is-not-read",
    ),
    pytest.param(
        _edit("models/pet.py", '"owner\'s name": self', '"owners name": self'),
        f'schema Pet, as Pet lacks the property "owner\'s name" ({SCHEMAS}/Pet)',
        "schemas",
        1,
        id="property-that-is-not-written",
    ),
    pytest.param(
        _edit("models/kind.py", '    DOG = "dog"\n', ""),
        f"enum member 'dog' ({SCHEMAS}/Kind/enum)",
        "enum_members",
        1,
        id="member",
    ),
    pytest.param(
        _edit("models/kind.py", '    DOG = "dog"\n', ""),
        f"schema Kind, as Kind lacks members ({SCHEMAS}/Kind)",
        "schemas",
        1,
        id="schema-of-a-lost-member",
    ),
    pytest.param(
        _edit("models/kind.py", "DOG", "CAT"),
        f"enum member 'cat', 'dog' ({SCHEMAS}/Kind/enum)",
        "enum_members",
        2,
        id="members-of-one-name",
    ),
    pytest.param(
        _edit("models/pet_size.py", '    SMALL = "small"\n', ""),
        f"enum member 'small' ({SCHEMAS}/Pet/properties/size/enum)",
        "enum_members",
        1,
        id="member-of-a-field",
    ),
    pytest.param(
        _edit("models/pet.py", "size: PetSize", "size: str"),
        f"enum member 'big', 'small' ({SCHEMAS}/Pet/properties/size/enum)",
        "enum_members",
        2,
        id="enum-that-its-field-does-not-have",
    ),
    pytest.param(
        _edit("models/pet_either_int.py", "V2 = 2", "V2 = 3"),
        f"enum member 2 ({SCHEMAS}/Pet/properties/either/enum)",
        "enum_members",
        1,
        id="number-among-texts",
    ),
    pytest.param(
        _edit("models/pet.py", " | Literal[True]", ""),
        f"enum member True ({SCHEMAS}/Pet/properties/either/enum)",
        "enum_members",
        1,
        id="true-is-not-one",
    ),
    pytest.param(
        _edit("models/pet.py", 'Literal["yes"]', "str"),
        f"constant 'yes' ({SCHEMAS}/Pet/properties/fixed/const)",
        "enum_members",
        0,
        id="constant",
    ),
]


_QUERY = f"query parameter 'max size' of PUT /pets/{{pet_id}} ({PUT}/parameters/1)"
_HEADER = f"header parameter 'x-trace' of PUT /pets/{{pet_id}} ({PUT}/parameters/2)"
_COOKIE = f"cookie parameter 'session' of PUT /pets/{{pet_id}} ({PUT}/parameters/3)"
_IN_PATH = f"path parameter 'pet_id' of PUT /pets/{{pet_id}} ({PUT}/parameters/0)"
_INLINE = f"{PUT}/responses/default/content/application~1json/schema/properties"


@pytest.mark.parametrize(
    ("damage", "lost"),
    [
        pytest.param(_edit(OPERATION, '"max size":', '"max_size":'), [_QUERY], id="misspelt"),
        pytest.param(_edit(OPERATION, '"max size": max_size', ""), [_QUERY], id="dropped"),
        pytest.param(_edit(OPERATION, '"max size": max_size', '"max size": UNSET'), [_QUERY], id="constant"),
        pytest.param(_edit(OPERATION, '"max size": max_size', '"max size": x_trace'), [_QUERY, _HEADER], id="mixed-up"),
        pytest.param(_edit(OPERATION, '"params": _query(', '"param": _query('), [_QUERY], id="query-not-passed-on"),
        pytest.param(_edit(OPERATION, "_query({", "_headers({"), [_QUERY], id="query-as-headers"),
        pytest.param(_edit(OPERATION, '"X-Trace"', '"XTrace"'), [_HEADER], id="header"),
        pytest.param(_edit(OPERATION, "headers |= _cookies", "cookies = _headers"), [_COOKIE], id="cookie"),
        pytest.param(
            _edit(OPERATION, '_kwargs["headers"] = headers', "pass"), [_HEADER, _COOKIE], id="headers-not-passed-on"
        ),
        pytest.param(_edit(OPERATION, "(pet_id=pet_id)", "(pet_id='x')"), [_IN_PATH], id="path-filled-with-a-constant"),
        pytest.param(_edit(OPERATION, "(pet_id=pet_id)", "(pet_id=session)"), [_IN_PATH, _COOKIE], id="path-mixed-up"),
        pytest.param(_edit(OPERATION, '"X-Trace"', '"x-TRACE"'), [], id="case-of-a-header"),
        pytest.param(
            _edit("models/problem.py", 'd.pop("where")', "None"), [f"property 'where' ({_INLINE})"], id="read"
        ),
        pytest.param(
            _edit("models/problem.py", '"where": self', '"were": self'), [f"property 'where' ({_INLINE})"], id="written"
        ),
        pytest.param(_gone("models/problem.py"), [f"property 'title', 'where' ({_INLINE})"], id="class"),
    ],
)
def test_a_lost_parameter_or_property_is_named(
    package: Path, damage: Callable[[Path], object], lost: list[str]
) -> None:
    """Neither is counted, and either is a loss."""
    whole = count(small_document(), package).kinds
    damage(package)
    assert count(small_document(), package) == Counts(kinds=whole, lost=tuple(lost))


def test_the_properties_of_an_object_stand_together(package: Path) -> None:
    """That two classes have them between them helps nobody."""
    edit(package, "models/problem.py", '"where": self.where', '"name": self.where')
    text = (package / "models/problem.py").read_text("utf-8").replace("title", "where")
    (package / "models/other.py").write_text(text.replace("Problem", "Other"), "utf-8")
    assert count(small_document(), package).lost == (f"property 'where' ({_INLINE})",)


@pytest.mark.parametrize(
    ("properties", "lost"),
    [
        pytest.param({"extra": {"readOnly": True}}, ["extra"], id="read"),
        pytest.param({"extra": {"writeOnly": True}}, [], id="written"),
        pytest.param({"extra": {"writeOnly": True, "properties": {"more": {}}}}, [], id="below-what-is-written"),
        pytest.param({"extra": {"properties": {"more": {}}}}, ["extra", "more"], id="below"),
    ],
)
def test_an_inline_object_is_what_its_side_sees_of_it(
    package: Path, properties: dict[str, Any], lost: list[str]
) -> None:
    """A reply holds nothing that is writeOnly."""
    document = small_document()
    reply = document["paths"]["/pets/{pet_id}"]["put"]["responses"]["default"]
    reply["content"]["application/json"]["schema"]["properties"] |= properties
    assert [text.split("'")[1] for text in count(document, package).lost] == lost


@pytest.mark.parametrize(
    ("path", "parameter", "request_of", "is_sent"),
    [
        pytest.param("/a", "path b", '"/a"', True, id="not-in-the-path"),
        pytest.param("/a?c={b}", "path b", '"/a", "params": _query({"c": session})', True, id="path-in-the-query"),
        pytest.param("/a?c={b}", "path b", '"/a", "params": _query({"b": session})', False, id="wrong-name"),
        pytest.param("/a?c={b}", "query b", '"/a", "params": _query({"c": session})', True, id="query-in-the-query"),
        pytest.param("/a?c={b}", "path b", '"/a?c={x}".format(x=session)', True, id="query-in-the-template"),
        pytest.param("/{b}/{b}", "path b", '"/{x}/{y}".format(x=pet_id, y=session)', True, id="twice"),
        pytest.param("/{b}/{b}", "path b", '"/{x}/{y}".format(x=pet_id, y=1)', False, id="once-of-two"),
        pytest.param("/{b}/{c}", "path b", '"/{x}/{y}".format(x=pet_id, y=pet_id)', False, id="for-another"),
    ],
)
def test_a_parameter_goes_where_the_path_has_it(
    tmp_path: Path, path: str, parameter: str, request_of: str, is_sent: bool
) -> None:
    """What a path does not name has no place in it; its query is a query."""
    package = write_small_package(tmp_path / "package")
    edit(package, OPERATION, '"params": _query({"max size": max_size}),', "")
    edit(package, OPERATION, "headers |= _cookies", "cookies = _headers")
    edit(package, OPERATION, '"/pets/{pet_id}".format(pet_id=pet_id)', request_of)
    place, name = parameter.split()
    operation = {"parameters": [{"name": name, "in": place}], "responses": {}}
    lost = count({"openapi": "3.0.3", "paths": {path: {"put": operation}}}, package).lost
    assert (lost == ()) is is_sent


@pytest.mark.parametrize(("damage", "named", "kind", "number"), LOSSES)
def test_a_loss_is_named_and_counted(
    package: Path, damage: Callable[[Path], object], named: str, kind: str, number: int
) -> None:
    """With its pointer, and read back from the files, whatever the generator said."""
    damage(package)
    counts = count(small_document(), package)
    assert named in counts.lost
    declared, generated = counts.kinds[kind]
    assert declared - generated == number


def test_a_fault_of_the_document_is_neither_counted_nor_lost(package: Path) -> None:
    """Nor is what stands below it; what only begins like it is."""
    (package / OPERATION).unlink()
    (package / "models/kind.py").unlink()
    (package / "models/kind_list.py").unlink()
    faults = [Fault(pointer=PUT, problem="unusable"), Fault(pointer=f"{SCHEMAS}/Kind", problem="unusable")]
    counts = count(small_document(), package, faults=faults)
    assert counts.kinds["operations"] == (0, 0)
    assert counts.kinds["responses"] == (0, 0)
    assert counts.lost == (f"schema Kind-List ({SCHEMAS}/Kind-List)",)


def test_a_lost_member_is_found_though_another_enum_has_it(package: Path) -> None:
    """The class has fewer members than any enum, and the field's enum is not the other's."""
    document = small_document()
    document["components"]["schemas"]["Pet"]["properties"]["size"]["enum"] = ["cat", "dog"]
    edit(package, "models/pet_size.py", '    BIG = "big"\n    SMALL = "small"\n', '    CAT = "cat"\n')
    lost = count(document, package).lost
    assert f"enum member 'dog' ({SCHEMAS}/Pet/properties/size/enum)" in lost
    assert any("in class PetSize" in text for text in lost)


def test_a_larger_class_is_not_the_enum(package: Path) -> None:
    """It is another's; a parameter's enum has no place in a class to be looked up by."""
    document = small_document()
    parameter = {"name": "sort", "in": "query", "schema": {"enum": ["cat"]}}
    document["paths"]["/pets/{pet_id}"]["put"]["parameters"][1] = parameter
    edit(package, OPERATION, '"max size"', '"sort"')
    assert count(document, package).lost == (f"enum member 'cat' ({PUT}/parameters/1/schema/enum)",)


def test_a_null_among_the_members_is_lost_where_no_type_allows_it(package: Path) -> None:
    """A field of the enum's class that may not be None has no place for it; a parameter is left out instead."""
    document = small_document()
    document["components"]["schemas"]["Kind"]["enum"].append(None)
    assert count(document, package).lost == (f"enum member null ({SCHEMAS}/Kind/enum)",)
    edit(package, "models/pet.py", "kind: Kind | Unset", "kind: Kind | None | Unset")
    assert count(document, package).lost == ()


def test_schemas_that_are_taken_together_may_share_a_class(package: Path) -> None:
    """A choice between constants is one enum to a person, and may be one in Python."""
    document = small_document()
    document["components"]["schemas"]["Pet"]["properties"]["size"] = {"oneOf": [{"enum": ["big"]}, {"enum": ["small"]}]}
    assert count(document, package).lost == ()


def test_a_split_component_holds_its_properties_on_the_side_that_has_them(package: Path) -> None:
    """What only requests have stands in the class with `Input` behind its name, what nobody has nowhere."""
    document = small_document()
    properties = document["components"]["schemas"]["Pet"]["properties"]
    properties |= {"tag": {"type": "string", "writeOnly": True}, "ghost": {"readOnly": True, "writeOnly": True}}
    responses = document["paths"]["/pets/{pet_id}"]["put"]["responses"]
    responses["200"]["content"]["application/json"]["schema"] = {"$ref": "#/components/schemas/Pet"}
    lacks = f"schema Pet, as Pet lacks the property 'tag' ({SCHEMAS}/Pet)"
    assert count(document, package).lost == (lacks,)
    edit(package, "models/__init__.py", '"PetSize"]', '"PetSize", "PetInput"]')
    text = (package / "models/pet.py").read_text("utf-8")
    (package / "models/pet_input.py").write_text(text.replace("Pet", "PetInput").replace('"name"', '"tag"'), "utf-8")
    assert count(document, package).lost == ()


def _holding(folder: Path, **classes: str) -> Path:
    """A package of classes, each with the one property that is told."""
    (folder / "models").mkdir(parents=True)
    (folder / "models/__init__.py").write_text(f"__all__ = {sorted(classes)!r}\n", "utf-8")
    for number, (name, prop) in enumerate(classes.items()):
        methods = f"    def to_dict(self):\n        return {{{prop!r}: self.value}}\n"
        methods += f"    @classmethod\n    def from_dict(cls, d):\n        return cls(value=d.pop({prop!r}))\n"
        (folder / f"models/class_{number}.py").write_text(f"class {name}:\n{methods}", "utf-8")
    return folder


def _declaring(**components: str) -> dict[str, Any]:
    schemas = {name: {"type": "object", "properties": {prop: {}}} for name, prop in components.items()}
    return {"openapi": "3.1.0", "paths": {}, "components": {"schemas": schemas}}


@pytest.mark.parametrize(
    ("components", "classes"),
    [
        pytest.param({"Foo.Bar-baz": "a"}, {"FooBarBaz": "a"}, id="punctuation"),
        pytest.param({"Foo": "a", "FOO": "b"}, {"Foo": "b", "Foo2": "a"}, id="the-number-goes-to-either"),
        pytest.param({"Foo": "a", "foo": "a", "Foo2": "a"}, {"Foo": "a", "Foo2": "a", "Foo3": "a"}, id="passed-on"),
        pytest.param({"V1": "a", "v_1": "b"}, {"V1": "a", "V1X2": "b"}, id="number-behind-a-digit"),
        pytest.param({"2fa": "a"}, {"Field2Fa": "a"}, id="digit-first"),
        pytest.param({"$$$": "a"}, {"Value": "a"}, id="nothing-that-can-stand-in-a-name"),
        pytest.param({"Response": "a"}, {"ResponseModel": "a"}, id="reserved"),
        pytest.param({"Ｆｏｏ": "a"}, {"Foo": "a"}, id="as-python-reads-it"),
        pytest.param({"Société": "a", "Año": "b"}, {"Societe": "a", "Ano": "b"}, id="accents"),
        pytest.param({"ユーザー": "a"}, {"ユーサー": "a"}, id="marks-that-are-no-accents"),
        pytest.param({"안녕": "a"}, {"안녕": "a"}, id="syllables-of-several-letters"),
        pytest.param({"ﬁx": "a"}, {"Fix": "a"}, id="ligature"),
        pytest.param({"界" * 55: "a"}, {"界" * 53 + "0123ef": "a"}, id="shortened-by-its-bytes"),
        pytest.param({"A" * 200: "a"}, {"A" * 74 + "0123ef": "a"}, id="shortened"),
    ],
)
def test_a_component_is_known_by_a_name_that_is_alike(
    tmp_path: Path, components: dict[str, str], classes: dict[str, str]
) -> None:
    """Whatever had to be done to make a Python name of it."""
    counts = count(_declaring(**components), _holding(tmp_path / "package", **classes))
    assert counts.lost == ()


@pytest.mark.parametrize(
    ("components", "classes", "lost"),
    [
        pytest.param({"Foo": "a", "foo": "a"}, {"Foo": "a"}, "schema foo (", id="one-class-for-two"),
        pytest.param(
            {"Foo": "a", "foo": "b"},
            {"Foo": "a", "Foo2": "a"},
            "schema foo, as Foo2 lacks the property 'b' (",
            id="other",
        ),
        pytest.param({"Foo": "a"}, {"Bar": "a"}, "schema Foo (", id="another-name"),
        pytest.param({"Foo": "a"}, {"FooBar2": "a"}, "schema Foo (", id="longer-name"),
    ],
)
def test_no_class_stands_for_two_components(
    tmp_path: Path, components: dict[str, str], classes: dict[str, str], lost: str
) -> None:
    """Nor one for a component whose properties it lacks."""
    counts = count(_declaring(**components), _holding(tmp_path / "package", **classes))
    assert len(counts.lost) == 1
    assert counts.lost[0].startswith(lost)


@pytest.mark.parametrize(
    ("path", "url", "held"),
    [
        pytest.param("/a/{x}/b", '"/a/{other}/b".format(other=1)', True, id="another-name-of-a-parameter"),
        pytest.param("/a b", '"/a%20b"', True, id="escaped"),
        pytest.param("/a#b", '"/a"', True, id="fragment"),
        pytest.param("/a?b=c", '"/a?b=c"', True, id="query-in-the-path"),
        pytest.param("/a?b=c", '"/a", "params": {"b": "c"}', True, id="query-as-parameters"),
        pytest.param("/a?b=c", '"/a", "params": {"b": "d"}', False, id="another-query"),
        pytest.param("/a?b={x}", '"/a", "params": {"b": x}', True, id="query-of-a-parameter"),
        pytest.param("/a{?b,c}", '"/a", "params": {"b": x}', True, id="expansion"),
        pytest.param("/a/{x}", '"/a/{x}"', False, id="braces-that-go-out"),
        pytest.param("/a/{x}", '"/a/{}".format(1)', False, id="unnamed"),
        pytest.param("/a/{x}", '"/a/{x".format(x=1)', False, id="broken"),
        pytest.param("/a/b", '"/a/c"', False, id="another-path"),
    ],
)
def test_a_path_is_held_when_it_goes_out_as_it_is(tmp_path: Path, path: str, url: str, held: bool) -> None:
    """Names of parameters are not on the wire."""
    package = write_small_package(tmp_path / "package")
    edit(package, OPERATION, '"/pets/{pet_id}".format(pet_id=pet_id)', url)
    document = {"openapi": "3.0.3", "paths": {path: {"put": {"responses": {}}}}}
    assert (count(document, package).lost == ()) is held


def test_every_operation_needs_one_of_its_own(tmp_path: Path) -> None:
    """Two paths that differ in what never goes out are two operations."""
    package = write_small_package(tmp_path / "package")
    edit(package, OPERATION, '"/pets/{pet_id}".format(pet_id=pet_id)', '"/a"')
    document: dict[str, Any] = {
        "openapi": "3.0.3",
        "paths": {path: {"put": {"responses": {}}} for path in ("/a#1", "/a#2")},
    }
    assert count(document, package).kinds["operations"] == (2, 1)


def test_what_is_no_python_holds_nothing(package: Path) -> None:
    """And stops nothing else from being read."""
    (package / "models/pet.py").write_text("class Pet(:\n", "utf-8")
    (package / "models/kind.py").write_bytes(b"\xff\xfe")
    counts = count(small_document(), package)
    assert counts.kinds["operations"] == (1, 1)
    assert counts.kinds["schemas"] == (3, 1)


def test_an_empty_folder_lacks_everything(tmp_path: Path) -> None:
    """It is told, not raised."""
    counts = count(small_document(), tmp_path)
    assert {there for _, there in counts.kinds.values()} == {0}
