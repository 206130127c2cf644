"""The document as the generator is shown it: every class named by us, everything else written out in place, so that
there is nothing left that the generator would lose, name twice or stumble over. Nothing here knows a vendor.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ..document import Document, Pointer
from ..faults import Fault
from .choices import Discriminator
from .context import Context
from .names import Claims
from .operations import lower_paths
from .schemas import Schemas

_NO_SCHEMAS = frozenset(
    [
        "const",
        "default",
        "dependentRequired",
        "discriminator",
        "enum",
        "example",
        "examples",
        "externalDocs",
        "info",
        "links",
        "security",
        "securitySchemes",
        "servers",
        "tags",
    ]
)
"""The keywords below which no schema stands."""
_NAMES = frozenset(
    [
        "properties",
        "patternProperties",
        "dependentSchemas",
        "$defs",
        "definitions",
        "schemas",
        "responses",
        "parameters",
        "headers",
        "content",
        "requestBodies",
        "paths",
        "webhooks",
        "callbacks",
        "encoding",
        "pathItems",
    ]
)


@dataclass(frozen=True, kw_only=True)
class Lowered:
    """What the generator is shown, and what finishing has to know of the way there."""

    document: Document
    wire: dict[str, str]
    """From a marked name to the name in JSON, in a query or in a header."""
    aliases: dict[str, str]
    """From the name of a component that is no class to the carrier's attribute that has its type."""
    carrier: str | None
    """The class that only carries the types of aliases."""
    discriminators: dict[frozenset[str], Discriminator]
    """From the names of a union's classes to how they are told apart."""
    content_types: dict[str, str]
    """From a content type to the one that the generator is to treat it as."""
    repairs: dict[str, int]
    faults: tuple[Fault, ...]


def lower(document: Document, *, original: Document | None = None) -> Lowered:
    """The structurally sound document, lowered.

    `original` is the document before any repair, whose enums are all kept; without it, those of the document are.
    """
    context = Context(document=document)
    schemas = Schemas(context)
    schemas.lower_components()
    paths = lower_paths(context, schemas)
    for name, schema in _enums(original or document):
        schemas.keep_enum(schema, name)
    shown = dict(schemas.shown)
    aliases = {name: f"a{index}" for index, name in enumerate(schemas.aliases)}
    carrier = Claims(shown).claim("ComponentAliases") if aliases else None
    if carrier is not None:
        properties = {aliases[name]: schema for name, schema in schemas.aliases.items()}
        shown[carrier] = {"type": "object", "properties": properties, "required": list(properties)}
    return Lowered(
        document={
            "openapi": "3.1.0",
            "info": {"title": "API", "version": "1"},
            "paths": paths,
            "components": {"schemas": shown},
        },
        wire=context.wire,
        aliases=aliases,
        carrier=carrier,
        discriminators=schemas.choices.settle(context),
        content_types=context.content_types,
        repairs=dict(sorted(context.tally.items())),
        faults=tuple(context.faults),
    )


def _enums(document: Document) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every schema with constants anywhere in the document, and a name for it made of the way to it."""
    waiting: list[tuple[Any, Pointer, bool]] = [(document, (), False)]
    while waiting:
        node, at, names = waiting.pop()
        if isinstance(node, list):
            waiting += [(item, (*at, str(index)), False) for index, item in reversed(list(enumerate(node)))]
        elif isinstance(node, dict):
            if not names and (isinstance(node.get("enum"), list) or "const" in node):
                yield "_".join(at[-4:]), node
            waiting += [
                (value, (*at, key), not names and key in _NAMES)
                for key, value in reversed(node.items())
                if names or not (key in _NO_SCHEMAS or key.startswith("x-"))
            ]


__all__ = ["Discriminator", "Lowered", "lower"]
