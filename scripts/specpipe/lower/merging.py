"""What a schema says once its references and `allOf` are out of the way.

Owns the merging of members: properties come together, a property that two members describe is what both say, types and
enums narrow each other. Refuses nothing; members that contradict each other are counted, and the later one wins.

Facts
- `allOf` validates, it does not inherit: what all members say holds at once. A class can say only one thing of a field.
- A base with `oneOf: [Child]` whose children say `allOf: [Base]` leads in a circle; the child means the base's fields.
- `if`, and a choice that only says which fields have to be there, make no class of their own. The fields that they name
  may be there all the same.
- `nullable` beside `$ref` or `allOf` is read as it is meant; OpenAPI 3.0 ignores the one and narrows the other.
"""

from collections import Counter, deque
from dataclasses import dataclass, field, replace
from math import prod
from typing import TYPE_CHECKING, Any

from ..document import components, schema_name
from .context import Context

if TYPE_CHECKING:
    from .enums import Members

SHAPING = frozenset(
    [
        "$ref",
        "additionalProperties",
        "allOf",
        "anyOf",
        "const",
        "enum",
        "format",
        "items",
        "oneOf",
        "patternProperties",
        "prefixItems",
        "properties",
        "required",
        "type",
    ]
)
"""The keywords that decide which Python type a schema becomes."""

_WITH_FIELDS = frozenset(("$ref", "allOf", "anyOf", "oneOf", "properties"))
_KEPT = SHAPING - {"$ref", "allOf", "anyOf", "oneOf"}
_MOST_BRANCHES = 64
_MOST_JOINED = 10_000


@dataclass(kw_only=True)
class Choice:
    """The branches of one `anyOf` or `oneOf`, with its discriminator."""

    branches: list[Any]
    discriminator: dict[str, Any] | None = None


@dataclass(kw_only=True)
class Merged:
    """One schema's own words and those of all its members."""

    keywords: dict[str, Any] = field(default_factory=dict)
    choices: list[Choice] = field(default_factory=list)
    aside: list[Any] = field(default_factory=list)
    """Schemas that may hold beside it; their fields are optional ones of it, once no choice is left."""
    nullable: bool = False
    description: str | None = None
    default: Any = None
    types: list[str] | None = None
    """The types of its values, once they are known."""
    groups: tuple["Members", ...] | None = None
    """The members of its enum, once they are known."""


@dataclass(frozen=True, kw_only=True)
class Same:
    """A schema that is another component by a second name, or with null or a default of its own."""

    component: str
    nullable: bool
    default: Any


def same(schema: Any) -> Same | None:
    """The component that the schema only refers to, if it does no more than that."""
    if not isinstance(schema, dict) or schema.keys() & SHAPING - {"$ref", "allOf", "type", "format"}:
        return None
    if conditional(schema):
        return None
    shaping = [member for member in _members(schema) if _shapes(member) or conditional(member)]
    if len(shaping) != 1:
        return None
    name = _bare(shaping[0])
    inner = Same(component=name, nullable=False, default=None) if name is not None else same(shaping[0])
    if inner is None:
        return None
    nullable = inner.nullable or _says_null(schema)
    return Same(component=inner.component, nullable=nullable, default=schema.get("default", inner.default))


def is_null(schema: Any) -> bool:
    """Whether only null fits the schema."""
    if not isinstance(schema, dict):
        return False
    values = schema.get("enum")
    return listed(schema.get("type")) == ["null"] or values == [None] or ("const" in schema and schema["const"] is None)


def merged(schema: dict[str, Any], context: Context, of: str | None = None) -> Merged:
    """The schema with everything that its references and `allOf` bring; `of` is the component that it is."""
    within = frozenset() if of is None else frozenset({of})
    return _with_aside(_merged(schema, context, set(within), within), context)


def _merged(schema: dict[str, Any], context: Context, done: set[str], within: frozenset[str]) -> Merged:
    # Saying a thing twice is saying it once, so a component is merged once; a circle ends by that as well. `within` are
    # those whose merging is not through.
    result = Merged()
    nulls = []
    for member in _members(schema):
        name = _bare(member)
        if not isinstance(member, dict) or name in done:
            continue
        if name is not None:
            done.add(name)
        around = within if name is None else within | {name}
        inner = _merged(member if name is None else _component(context, name), context, done, around)
        inner.choices = [choice for choice in inner.choices if not _leads_back(choice, around)]
        if _shapes(member):
            nulls.append(inner.nullable)
        _merge(result, inner, context)
    choices, aside = _choices(schema, context)
    conditions = conditional(schema)
    context.repaired("conditional_fields", len(conditions))
    own = Merged(
        keywords={key: schema[key] for key in schema if key in _KEPT},
        choices=choices,
        aside=aside + conditions,
        nullable=_says_null(schema),
        description=schema.get("description") or None,
        default=schema.get("default"),
    )
    _merge(result, own, context)
    has_null = schema.get("enum") is not None and None in schema["enum"]
    result.nullable = own.nullable or has_null or bool(nulls and all(nulls))
    return result


def together(one: Merged, other: Merged, context: Context) -> Merged:
    """What both say at once; neither is changed."""
    result = Merged()
    _merge(result, one, context)
    _merge(result, other, context)
    return _with_aside(result, context)


def conditional(schema: Any) -> list[dict[str, Any]]:
    """The schemas that hold under a condition and may name fields."""
    if not isinstance(schema, dict):
        return []
    inner = [schema.get("then"), schema.get("else"), *(schema.get("dependentSchemas") or {}).values()]
    return [item for item in inner if isinstance(item, dict) and item.keys() & _WITH_FIELDS]


def _with_aside(schema: Merged, context: Context) -> Merged:
    """The schema with the fields of what stands aside, unless every branch of a choice is to have them first."""
    if schema.choices or not schema.aside:
        return schema
    known = schema.keywords.get("properties") or {}
    fields = {name: item for name, item in _fields(schema.aside, context).items() if name not in known}
    if fields:
        schema.keywords["properties"] = {**known, **fields}
    schema.aside = []
    return schema


def _fields(schemas: list[Any], context: Context) -> dict[str, Any]:
    """All fields that the schemas, and the branches of their choices, have: of each what any of them says."""
    found: dict[str, dict[int, Any]] = {}
    # What is met here counted where it stands.
    context = replace(context, tally=Counter())
    waiting, seen = deque(schemas), set()
    while waiting:
        schema = waiting.popleft()
        key = _bare(schema) or id(schema)
        if not isinstance(schema, dict) or key in seen:
            continue
        seen.add(key)
        inner = _merged(schema, context, set(), frozenset())
        for name, item in (inner.keywords.get("properties") or {}).items():
            if item is not False:
                found.setdefault(name, {})[id(item)] = item
        waiting += [branch for choice in inner.choices for branch in choice.branches] + inner.aside
    return {name: _any_of(list(items.values()), context) for name, items in found.items()}


def _any_of(schemas: list[Any], context: Context) -> Any:
    different: list[Any] = []
    for item in schemas:
        if item not in different:
            different.append(item)
    if len(different) == 1:
        return different[0]
    # The same schemas always make the same one, so that a class in them is one class.
    return context.either.setdefault(tuple(map(id, different)), {"anyOf": different})


def _members(schema: dict[str, Any]) -> list[Any]:
    # What is no component says nothing of a schema.
    own = [{"$ref": schema["$ref"]}] if schema_name(schema.get("$ref")) is not None else []
    return own + list(schema.get("allOf") or ())


def _says_null(schema: dict[str, Any]) -> bool:
    # `allOf: [{$ref: X}, {nullable: true}]` is how some tools put a word beside a reference.
    words = [schema, *(member for member in schema.get("allOf") or () if isinstance(member, dict))]
    alone = [word for word in words if word is schema or not _shapes(word)]
    return any(word.get("nullable") is True for word in alone) or "null" in listed(schema.get("type"))


def _bare(member: Any) -> str | None:
    """The component's name where the member is a reference and nothing else that shapes."""
    if not isinstance(member, dict) or member.get("nullable") is True or conditional(member):
        return None
    if not member.keys() & SHAPING - {"$ref"}:
        return schema_name(member.get("$ref"))
    return None


def _component(context: Context, name: str | None) -> dict[str, Any]:
    found = components(context.document, "schemas").get(name or "")
    return found if isinstance(found, dict) else {}


def _shapes(member: Any) -> bool:
    return isinstance(member, dict) and bool(member.keys() & SHAPING)


def listed(types: Any) -> list[str]:
    """The value of `type` as a list."""
    return [types] if isinstance(types, str) else [item for item in types or () if isinstance(item, str)]


def _leads_back(choice: Choice, within: frozenset[str]) -> bool:
    return any(isinstance(item, dict) and schema_name(item.get("$ref")) in within for item in choice.branches)


def _choices(schema: dict[str, Any], context: Context) -> tuple[list[Choice], list[Any]]:
    """The choices, and the branches of those that make no type."""
    found: list[Choice] = []
    aside: list[Any] = []
    for keyword in ("anyOf", "oneOf"):
        branches = schema.get(keyword)
        if not isinstance(branches, list) or not branches:
            continue
        if only_constrains(branches):
            context.repaired("constraining_branches")
            aside += branches
            continue
        stated = schema.get("discriminator")
        found.append(Choice(branches=branches, discriminator=stated if isinstance(stated, dict) else None))
    return found, aside


def only_constrains(branches: list[Any]) -> bool:
    """Whether no branch says what a value is, only which of the known fields have to be there.

    `anyOf: [{required: [a]}, {required: [b]}]` makes no type of its own.
    """
    return all(_constrains(branch) for branch in branches)


def _constrains(branch: Any) -> bool:
    if not isinstance(branch, dict):
        return isinstance(branch, bool)
    shaping = branch.keys() & SHAPING
    if shaping == {"allOf"}:
        return only_constrains(branch["allOf"])
    if shaping <= {"required"}:
        return bool(shaping) or "not" in branch
    # `properties: {a: {}}` beside required says nothing either.
    inner = branch.get("properties")
    empty = isinstance(inner, dict) and not any(_shapes(item) for item in inner.values())
    return shaping <= {"required", "properties", "type"} and "required" in shaping and (inner is None or empty)


def _merge(into: Merged, more: Merged, context: Context) -> None:
    for key, value in more.keywords.items():
        if key not in into.keywords or into.keywords[key] == value:
            into.keywords[key] = value
        else:
            into.keywords[key] = _both(key, into.keywords[key], value, context)
    into.aside = into.aside + more.aside
    if into.choices and more.choices and _combinations(into.choices + more.choices) > _MOST_BRANCHES:
        context.repaired("too_many_combinations")
        into.aside = into.aside + [branch for choice in more.choices for branch in choice.branches]
    else:
        into.choices = into.choices + more.choices
    into.nullable = into.nullable and more.nullable
    into.description = more.description or into.description
    into.default = more.default if more.default is not None else into.default


def _combinations(choices: list[Choice]) -> int:
    return prod(len(choice.branches) for choice in choices)


def _both(key: str, one: Any, other: Any, context: Context) -> Any:
    match key:
        case "properties" | "patternProperties":
            known = {name: _each(one[name], inner, context) for name, inner in other.items() if name in one}
            return one | other | known
        case "required":
            return list(dict.fromkeys([*one, *other]))
        case "items":
            return _each(one, other, context)
        case "additionalProperties":
            if isinstance(one, bool) or isinstance(other, bool):
                return other if isinstance(one, bool) else one
            return _each(one, other, context)
        case "enum":
            common = [value for value in other if _holds(one, value)]
            if common:
                return common
        case "type":
            common = [item for item in listed(other) if item in listed(one)]
            if common:
                return common if len(common) > 1 else common[0]
            if {*listed(one), *listed(other)} == {"integer", "number"}:
                return "integer"
        case "const":
            pass
        case _:
            return other
    context.repaired("contradicting_members")
    return other


def _each(one: Any, other: Any, context: Context) -> Any:
    if one == other or isinstance(other, bool):
        return one
    if isinstance(one, bool):
        return other
    # Of all that came together here and before each schema counts once: a class inside itself ends in itself.
    parts = context.parts.get(id(one), (one,))
    known = {id(part) for part in parts}
    parts += tuple(part for part in context.parts.get(id(other), (other,)) if id(part) not in known)
    if len(parts) == len(known):
        return one
    key = tuple(map(id, parts))
    if key not in context.joined:
        if len(context.joined) == _MOST_JOINED:
            context.repaired("too_many_combinations")
            return other
        # What shapes nothing may still say that the value is secret.
        both = {"allOf": [one, other]} if _shapes(one) and _shapes(other) else {**other, **one}
        context.joined[key] = both
        context.parts[id(both)] = parts
    return context.joined[key]


def _holds(values: list[Any], value: Any) -> bool:
    return any(type(known) is type(value) and known == value for known in values)
