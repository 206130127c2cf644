"""What `allOf` says at once is said by one class or type, and nothing of any member is lost."""

from __future__ import annotations

from typing import Any

import pytest
from specpipe.document import schema_name
from specpipe.lower.merging import only_constrains, same

from tests.specpipe.lower.shown import INTEGER, NULL, STRING, bare, classes, field, lowered, record, ref, schemas_of

NUMBER: dict[str, Any] = {"type": "number"}
PET = {"Pet": record("name", name=STRING, age=NUMBER)}
COLOUR = {"Colour": {"type": "string", "enum": ["red", "green", "blue"]}}


def _class(schema: Any, **others: Any) -> dict[str, Any]:
    """What the schema of the component A is shown as."""
    found: dict[str, Any] = schemas_of(lowered({"A": schema, **others}))["A"]
    return found


@pytest.mark.parametrize(
    ("schema", "fields"),
    [
        pytest.param({"allOf": [ref("Pet"), record(b=STRING)]}, ["name", "age", "b"], id="two members"),
        pytest.param({**record(b=STRING), "allOf": [ref("Pet")]}, ["name", "age", "b"], id="a member and its own"),
        pytest.param({**ref("Pet"), **record(b=STRING)}, ["name", "age", "b"], id="beside a reference"),
        pytest.param(
            {"allOf": [{"allOf": [{"allOf": [ref("Pet")]}, record(b=STRING)]}]}, ["name", "age", "b"], id="deep"
        ),
        pytest.param({"allOf": [record(b=STRING), {"description": "x"}, {}]}, ["b"], id="members that say nothing"),
        pytest.param({"allOf": [ref("Pet"), ref("Pet"), ref("Pet")]}, ["name", "age"], id="one member, often"),
    ],
)
def test_the_fields_of_all_members_come_together(schema: Any, fields: list[str]) -> None:
    """In the members' order, the schema's own last."""
    assert list(_class(schema, **PET)["properties"]) == fields


def test_the_generator_forgets_nested_members() -> None:
    """The reason for merging here."""
    made = bare({"A": {"allOf": [{"allOf": [record(a=STRING), {"allOf": [record(b=STRING)]}]}, record(c=STRING)]}})
    assert made.classes == {"A": ("c",)}


@pytest.mark.parametrize(
    ("one", "other", "both"),
    [
        pytest.param(NUMBER, INTEGER, INTEGER, id="the narrower number"),
        pytest.param(INTEGER, NUMBER, INTEGER, id="the narrower number, first"),
        pytest.param(STRING, {"format": "uuid"}, {"type": "string", "format": "uuid"}, id="a format"),
        pytest.param(STRING, {"description": "x"}, {**STRING, "description": "x"}, id="a description"),
        pytest.param(STRING, True, STRING, id="anything"),
        pytest.param(True, STRING, STRING, id="anything, first"),
        pytest.param({"type": ["string", "null"]}, STRING, STRING, id="not null"),
        pytest.param({"type": ["string", "integer"]}, {"type": ["integer", "null"]}, INTEGER, id="what both allow"),
        pytest.param({"type": "array"}, {"items": STRING}, {"type": "array", "items": STRING}, id="items"),
        pytest.param({"const": "x"}, STRING, {"const": "x"}, id="a constant"),
    ],
)
def test_a_property_of_two_members_is_what_both_say(one: Any, other: Any, both: Any) -> None:
    """`allOf` validates; it does not overwrite."""
    assert _class({"allOf": [record(v=one), record(v=other)]})["properties"] == {"v": both}


def test_objects_in_two_members_are_one_class() -> None:
    """However many members say something of the property. The generator gives up."""
    schemas = {"A": {"allOf": [record(v=record(**{name: STRING})) for name in "abc"]}}
    assert bare(schemas).problems
    assert classes(lowered(schemas)) == {"A": ("v",), "AV": ("a", "b", "c")}


def test_required_counts_for_the_property_of_another_member() -> None:
    """A name that no member describes is not required of the class."""
    assert _class({"allOf": [record(a=STRING), {"required": ["a", "ghost"]}]})["required"] == ["a"]
    assert _class({"allOf": [ref("Pet")], "required": ["age"]}, **PET)["required"] == ["name", "age"]


@pytest.mark.parametrize(
    ("more", "shown"),
    [
        pytest.param({"description": "Mine."}, ref("Pet"), id="description"),
        pytest.param({"nullable": True}, {"anyOf": [ref("Pet"), NULL]}, id="nullable"),
        pytest.param({"type": "object"}, ref("Pet"), id="type"),
        pytest.param({"type": ["object", "null"]}, {"anyOf": [ref("Pet"), NULL]}, id="type or null"),
        pytest.param({"example": {"name": "x"}, "readOnly": True, "title": "T"}, ref("Pet"), id="notes"),
    ],
)
@pytest.mark.parametrize("form", ["sibling", "allOf"])
def test_a_reference_with_a_word_more_is_the_same_class(more: dict[str, Any], shown: Any, form: str) -> None:
    """Beside `$ref` or around it: there is no second class for a description."""
    reference = ref("Pet") if form == "sibling" else {"allOf": [ref("Pet")]}
    found, result = field({**reference, **more}, **PET)
    assert found == shown
    assert len(schemas_of(result)) == 2


def test_a_member_that_says_only_null_says_it_of_the_whole() -> None:
    """How some tools put a word beside a reference."""
    assert field({"allOf": [ref("Pet"), {"nullable": True}]}, **PET)[0] == {"anyOf": [ref("Pet"), NULL]}
    assert field({"allOf": [STRING, {"nullable": True}]})[0] == {"anyOf": [STRING, NULL]}


def test_a_default_beside_a_reference_stays() -> None:
    """The generator reads it beside `allOf` only."""
    expected = {"allOf": [ref("Colour")], "default": "red", "description": "Which."}
    assert field({**ref("Colour"), "default": "red", "description": "Which."}, **COLOUR)[0] == expected


@pytest.mark.parametrize(
    ("schema", "shown"),
    [
        pytest.param({"allOf": [STRING, {"maxLength": 3}]}, STRING, id="scalar"),
        pytest.param({"allOf": [STRING, {"format": "date"}]}, {"type": "string", "format": "date"}, id="format"),
        pytest.param({"allOf": []}, {}, id="no members"),
        pytest.param({"allOf": [{}]}, {}, id="nothing said"),
        pytest.param(
            {"allOf": [{"type": "array", "items": STRING}, {"items": {"format": "date"}}]},
            {"type": "array", "items": {"type": "string", "format": "date"}},
            id="list",
        ),
        pytest.param({"allOf": [{"type": "string", "nullable": True}]}, {"anyOf": [STRING, NULL]}, id="null in all"),
        pytest.param({"allOf": [{"type": "string", "nullable": True}, STRING]}, STRING, id="null in one"),
    ],
)
def test_members_that_are_no_objects_are_one_type(schema: Any, shown: Any) -> None:
    """Whatever they are."""
    assert field(schema)[0] == shown


def test_the_generator_makes_a_class_of_every_member_list() -> None:
    """An empty one, of a text."""
    made = bare({"Holder": record(value={"allOf": [STRING, {"format": "date"}]})})
    assert made.classes == {"Holder": ("value",), "HolderValue": ()}


def test_enums_narrow_each_other() -> None:
    """The values that both have; where there is none, the later one's."""
    shown, result = field({"allOf": [ref("Colour"), {"enum": ["blue", "red"]}]}, **COLOUR)
    assert shown == ref("HolderValue")
    assert classes(result)["HolderValue"] == ("blue", "red")
    shown, result = field({"allOf": [ref("Colour"), {"enum": ["pink"]}]}, **COLOUR)
    assert classes(result)["HolderValue"] == ("pink",)
    assert result.repairs["contradicting_members"] == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param(STRING, INTEGER, id="types"),
        pytest.param({"const": "a"}, {"const": "b"}, id="constants"),
        pytest.param({"enum": ["a"]}, {"enum": ["b"]}, id="enums"),
    ],
)
def test_of_members_that_contradict_each_other_the_later_one_counts(one: Any, other: Any) -> None:
    """And it is told."""
    shown, result = field({"allOf": [one, other]})
    assert result.repairs["contradicting_members"] == 1
    assert shown in (INTEGER, {"const": "b"}, ref("HolderValue"))


@pytest.mark.parametrize(
    ("one", "other", "both"),
    [
        pytest.param({"additionalProperties": STRING}, {"additionalProperties": False}, STRING, id="a schema and none"),
        pytest.param({"additionalProperties": True}, {"additionalProperties": STRING}, STRING, id="any and a schema"),
        pytest.param({"additionalProperties": STRING}, {"additionalProperties": INTEGER}, INTEGER, id="two schemas"),
        pytest.param(
            {"patternProperties": {"^a": STRING}, "additionalProperties": False},
            {"patternProperties": {"^a": {"format": "date"}}},
            {"type": "string", "format": "date"},
            id="patterns",
        ),
    ],
)
def test_further_properties_of_two_members(one: Any, other: Any, both: Any) -> None:
    """What one member knows of them is kept."""
    assert _class({"type": "object", "allOf": [one, other]})["additionalProperties"] == both


@pytest.mark.parametrize(
    "schemas",
    [
        pytest.param({"A": {**record(a=STRING), "allOf": [ref("A")]}}, id="itself"),
        pytest.param(
            {"A": {**record(a=STRING), "allOf": [ref("B")]}, "B": {**record(b=STRING), "allOf": [ref("A")]}}, id="two"
        ),
        pytest.param(
            {
                "A": {**record(a=STRING), "allOf": [ref("B")]},
                "B": {"allOf": [{"allOf": [ref("C")]}]},
                "C": {**record(b=STRING), **ref("A")},
            },
            id="three, by a reference",
        ),
    ],
)
def test_members_in_a_circle_come_together_once(schemas: dict[str, Any]) -> None:
    """The generator has no class for them."""
    assert "A" not in bare(schemas).classes
    result = lowered(schemas)
    assert set(classes(result)["A"]) == ({"a", "b"} if "B" in schemas else {"a"})


def test_many_members_of_many_members_take_no_time() -> None:
    """Every level says the one below twice; a component is merged once."""
    schemas = {f"A{n}": {"allOf": [ref(f"A{n + 1}"), {"allOf": [ref(f"A{n + 1}")]}]} for n in range(60)}
    shown = lowered({**schemas, "A60": record(x=STRING), "Last": {"allOf": [ref("A0"), record(y=STRING)]}})
    assert classes(shown)["Last"] == ("x", "y")


def test_a_base_that_lists_its_children_gives_them_its_fields() -> None:
    """`Base.oneOf` leads to the children, whose `allOf` leads back; the generator loses both."""
    schemas = {
        "Base": {**record("kind", kind=STRING), "oneOf": [ref("Cat"), ref("Dog")]},
        "Cat": {"allOf": [ref("Base"), record(lives=INTEGER)]},
        "Dog": {"allOf": [ref("Base"), record(tricks=STRING)]},
    }
    assert bare(schemas).classes == {}
    result = lowered(schemas)
    assert classes(result) == {"Cat": ("kind", "lives"), "Dog": ("kind", "tricks")}
    assert result.aliases == {"Base": "a0"}


def test_a_member_that_is_a_union_gives_its_branches_the_rest() -> None:
    """One class for each branch, with the fields of all other members."""
    schemas = {"U": {"oneOf": [record(x=STRING), record(y=STRING)]}, "A": {"allOf": [ref("U"), record(z=STRING)]}}
    assert bare(schemas).problems
    found = classes(lowered(schemas))
    assert (set(found["AType0"]), set(found["AType1"])) == ({"x", "z"}, {"y", "z"})


def test_two_members_that_are_unions_are_every_pair() -> None:
    """Both choices are made at once."""
    one, other = ({"oneOf": [record(**{name: STRING}) for name in names]} for names in ("ab", "xy"))
    found = classes(lowered({"A": {"allOf": [one, other]}}))
    assert sorted(map(sorted, found.values())) == [["a", "x"], ["a", "y"], ["b", "x"], ["b", "y"]]


@pytest.mark.parametrize("union_first", [True, False])
def test_a_branch_that_is_a_member_as_well_stays_a_branch(union_first: bool) -> None:
    """Only a choice that leads back to what is being merged is a circle."""
    choice = {"oneOf": [ref("Pet"), record(tricks=STRING)]}
    members = [choice, ref("Pet")] if union_first else [ref("Pet"), choice]
    found = classes(lowered({"A": {"allOf": members}, **PET}))
    assert ("name", "age", "tricks") in found.values()


@pytest.mark.parametrize(
    ("schema", "component"),
    [
        pytest.param(ref("A"), "A", id="reference"),
        pytest.param({"allOf": [ref("A"), {"description": "x"}]}, "A", id="member with a note"),
        pytest.param({"allOf": [{"allOf": [ref("A")]}]}, "A", id="nested"),
        pytest.param({"allOf": [ref("A"), record(x=STRING)]}, None, id="more fields"),
        pytest.param({**ref("A"), "enum": ["x"]}, None, id="fewer values"),
        pytest.param({"$ref": "#/info"}, None, id="no schema"),
        pytest.param({"allOf": [{"$ref": "#/info"}]}, None, id="no schema in a member"),
        pytest.param(True, None, id="boolean"),
    ],
)
def test_a_schema_that_only_refers_is_that_component(schema: Any, component: str | None) -> None:
    """A schema that says more is one of its own."""
    found = same(schema)
    assert (found.component if found else None) == component


@pytest.mark.parametrize(
    ("reference", "name"),
    [
        ("#/components/schemas/A", "A"),
        ("#/components/schemas/a~1b~0c", "a/b~c"),
        ("#/components/schemas/a%20b", "a b"),
        ("#/components/schemas/A/properties/b", None),
        ("#/components/responses/A", None),
        ("other.json#/components/schemas/A", None),
        (None, None),
    ],
)
def test_a_component_by_its_reference(reference: Any, name: str | None) -> None:
    """Escapes of the pointer and of the fragment are taken out."""
    assert schema_name(reference) == name


@pytest.mark.parametrize(
    ("branches", "constrains"),
    [
        pytest.param([{"required": ["a"]}, {"required": ["b"]}], True, id="required"),
        pytest.param([{"type": "object", "required": ["a"]}, {"required": ["b"]}], True, id="with the type"),
        pytest.param([{"required": ["a"], "properties": {"a": {}}}], True, id="with empty properties"),
        pytest.param([{"not": {"required": ["a"]}}], True, id="not"),
        pytest.param([{"allOf": [{"required": ["a"]}]}], True, id="in a member"),
        pytest.param([True, False], True, id="booleans"),
        pytest.param([{"required": ["a"], "properties": {"a": STRING}}], False, id="with a property's type"),
        pytest.param([{"required": ["a"]}, ref("A")], False, id="a reference"),
        pytest.param([{}], False, id="anything"),
    ],
)
def test_branches_that_only_constrain(branches: list[Any], constrains: bool) -> None:
    """They say which of the known fields have to be there, and make no type."""
    assert only_constrains(branches) is constrains


@pytest.mark.parametrize(
    ("schema", "fields"),
    [
        pytest.param(
            {**record(k=STRING), "anyOf": [{"required": ["a"], "properties": {"a": {}}}, {"required": ["k"]}]},
            {"k": STRING, "a": {}},
            id="a branch that names a field",
        ),
        pytest.param(
            {"allOf": [ref("B"), {"anyOf": [{"required": ["b"], "properties": {"b": {}}}, {"required": ["k"]}]}]},
            {"b": STRING},
            id="a field that a member has",
        ),
        pytest.param(
            {**record(k=STRING), "if": {}, "then": record("a", a=STRING), "else": record(a=INTEGER, k=INTEGER)},
            {"k": STRING, "a": {"anyOf": [STRING, INTEGER]}},
            id="then and else",
        ),
        pytest.param({"allOf": [ref("B"), {"then": record(a=STRING)}]}, {"b": STRING, "a": STRING}, id="in a member"),
        pytest.param({**ref("B"), "then": record(a=STRING)}, {"b": STRING, "a": STRING}, id="beside a reference"),
        pytest.param(
            {**record(k=STRING), "dependentSchemas": {"k": {"oneOf": [record(a=STRING), ref("B")]}}},
            {"k": STRING, "a": STRING, "b": STRING},
            id="a choice that depends",
        ),
        pytest.param(
            {**record(k=STRING), "then": {"properties": {"k": False, "a": False}}}, {"k": STRING}, id="no field"
        ),
        pytest.param({**record(k=STRING), "then": ref("A")}, {"k": STRING}, id="itself"),
    ],
)
def test_fields_that_are_named_aside_are_optional_fields(schema: Any, fields: dict[str, Any]) -> None:
    """Whether they are there depends on the others; that they may be does not."""
    shown = schemas_of(lowered({"A": schema, "B": record(b=STRING)}))["A"]
    assert shown["properties"] == fields
    assert "a" not in shown.get("required", ())


def test_a_condition_without_fields_leaves_a_reference_alone() -> None:
    """It is the class that it refers to."""
    schema = {"allOf": [ref("B"), {"if": record(b=STRING), "then": {"required": ["b"]}}]}
    assert field(schema, B=record(b=STRING))[0] == ref("B")


def test_a_choice_that_is_too_many_leaves_its_fields() -> None:
    """What a branch says of a field of its own counts for it."""
    one = {"oneOf": [record(kind={"const": f"k{n}"}) for n in range(9)]}
    other = {"oneOf": [record(kind=STRING, **{f"b{n}": STRING}) for n in range(9)]}
    shown = schemas_of(lowered({"A": {"allOf": [one, other]}}))
    assert shown["AType3"]["properties"] == {"kind": {"const": "k3"}, **{f"b{n}": STRING for n in range(9)}}


def test_a_class_that_is_named_aside_is_one_class() -> None:
    """However many classes have the field."""
    condition = {"then": record(c=record(x=STRING)), "else": record(c=INTEGER)}
    result = lowered({"Base": {**record(k=STRING), **condition}, "More": {"allOf": [ref("Base"), record(m=STRING)]}})
    assert list(classes(result)) == ["Base", "More", "BaseCType0"]
