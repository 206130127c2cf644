"""What the made-up document is made of: schemas, bodies and parameters. Owns the odd names and values in them, and one
operation in the making; refuses nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random
from typing import Any

Schema = dict[str, Any]

TEXT: Schema = {"type": "string"}
BINARY: Schema = {"type": "string", "format": "binary"}
# Their Python names would be the same: only one of them would be left.
COLLIDING = ("in use", "in-use", "IN_USE", "in.use", "", "class", "2nd", "+1", "-1", "ünïcode", 'quoted "twice"')
LONG = "The place where it was put the last time that anyone looked, as far as anyone remembers, " * 4


@dataclass(kw_only=True)
class Part:
    """One operation in the making: its name, its way and its method, and the schemas that come with it."""

    name: str
    rng: Random
    method: str = "get"
    path: str = ""
    schemas: dict[str, Schema] = field(default_factory=dict)

    def add(self, schema: Schema, suffix: str = "") -> Schema:
        """Keep the schema as a component, and refer to it."""
        self.schemas[self.name + suffix] = schema
        return ref(self.name + suffix)

    def thing(self, suffix: str = "", *always: str) -> Schema:
        """Keep an object with some of the properties, chosen by the seed, as a component, and refer to it."""
        pool = _properties(self.name + suffix)
        chosen = sorted({*self.rng.sample(sorted(pool), 7), *always})
        properties = {name: pool[name] for name in chosen}
        required = [name for name in properties if self.rng.random() < 0.4]
        return self.add({**obj(properties, *required), "description": f"A {self.name} that is lent."}, suffix)

    def at(self, method: str, way: str) -> None:
        """Say where the operation is."""
        self.method, self.path = method, f"/{self.name.lower()}{way}"


def ref(name: str) -> Schema:
    """A reference to a component."""
    return {"$ref": f"#/components/schemas/{name}"}


def obj(properties: dict[str, Schema], *required: str) -> Schema:
    """A schema of objects."""
    return {"type": "object", "properties": properties, **({"required": list(required)} if required else {})}


def array(items: Schema) -> Schema:
    """A schema of lists."""
    return {"type": "array", "items": items}


def body(schema: Schema, media: str = "application/json") -> dict[str, Any]:
    """A body of one media type."""
    return {"content": {media: {"schema": schema}}}


def replies(status: str, schema: Schema, media: str = "application/json") -> dict[str, Any]:
    """What an operation answers: that, or a problem."""
    return {
        status: {"description": "Done.", **body(schema, media)},
        "404": {"$ref": "#/components/responses/Missing"},
        "default": {"description": "Anything else.", **body(ref("Problem"))},
    }


def query(name: str, schema: Schema, **more: Any) -> dict[str, Any]:
    """A parameter of the query."""
    return {"name": name, "in": "query", "schema": schema, **more}


def shared_schemas() -> dict[str, Schema]:
    return {
        "Problem": obj({"code": {"type": "integer", "format": "int32"}, "message": TEXT}, "message"),
        "problem": obj({"detail": {"anyOf": [TEXT, array(ref("Problem"))]}}),  # differs in its case alone
        "Colour": {"type": "string", "enum": ["red", "RED", "Red", "light blue", "light-blue", "none"]},
        "Level": {"type": "integer", "enum": [-1, 1, 0, 10]},
        "Handle": {**TEXT, "minLength": 1},
        "Anything": {},
        "Tree": obj({"children": array(ref("Tree")), "parent": {"anyOf": [ref("Tree"), {"type": "null"}]}}),
        "List": array(ref("Tree")),
    }


def _properties(name: str) -> dict[str, Schema]:
    """What an object may hold; nothing of it is the same as of the one before."""
    return {
        "id": {"type": "string", "format": "uuid", "readOnly": True},
        "created_at": {"type": "string", "format": "date-time", "readOnly": True},
        "due": {"type": ["string", "null"], "format": "date"},
        "password": {"type": "string", "format": "password", "writeOnly": True},
        "size": {"type": "integer", "format": "int64", "default": 3},
        "Size": {"type": ["number", "integer"]},
        "weight": {"type": "number", "default": 1.5},
        "is_open": {"type": "boolean", "default": False},
        "state": {"type": "string", "enum": list(COLLIDING), "default": "in-use"},
        "maybe": {"type": ["string", "null"], "enum": ["yes", "no", None]},
        "class": {"const": name},
        "self": ref("Anything"),
        "from_dict": ref("Level"),
        "e-mail": {"type": "string", "format": "email", "description": 'Ends with """ or \\.'},
        "labels": array(ref("Colour")),
        "kept": {
            **obj({"where": {**obj({"shelf": array(obj({"row": TEXT}, "row"))}), "title": LONG}}, "where"),
            "title": f"{LONG} {name}",
        },
        "counts": {"type": "object", "additionalProperties": {"type": ["integer", "null"]}},
        "twin": {"anyOf": [ref(name), {"type": "null"}]},
        "tree": ref("Tree"),
        "other": {"oneOf": [ref("Problem"), ref("List"), TEXT]},
    }
