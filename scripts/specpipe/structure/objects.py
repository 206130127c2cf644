"""What each object of OpenAPI 3.0 and 3.1 may hold. Owns the table, and the question of which kind of object a pointer
leads to; refuses nothing.

Facts
- A field holds one object (`schema`), a list of them (`[schema]`), or a map of names to them (`{schema}`); in a map
  written `<response>` a name that begins with `x-` is an extension, not a name.
- A field of every other name in a callback is a path item, in a security requirement a list of scopes.
- The fields of 3.0 and 3.1 do not contradict each other, so one table serves both.
"""

from typing import NamedTuple

from ..document import METHODS, Pointer

_ONE, _LIST, _MAP = "one", "list", "map"

PRIMITIVES = frozenset(
    ("text", "prose", "flag", "scalar", "data", "dict", "texts", "type", "required", "enum", "items", "additional")
)
"""Values that are no objects of OpenAPI, and fields of a schema with a rule of their own."""

_DOCUMENTED = {"description": "prose", "externalDocs": "dict"}
_CONTENT = {
    "description": "prose",
    "deprecated": "flag",
    "required": "flag",
    "allowEmptyValue": "flag",
    "style": "scalar",
    "explode": "flag",
    "allowReserved": "flag",
    "schema": "schema",
    "example": "data",
    "examples": "{example}",
    "content": "{media type}",
}

_FIELDS: dict[str, dict[str, str]] = {
    "document": {
        "openapi": "text",
        "info": "info",
        "jsonSchemaDialect": "scalar",
        "servers": "[server]",
        "paths": "<path item>",
        "webhooks": "{path item}",
        "components": "components",
        "security": "[security requirement]",
        "tags": "[tag]",
        "externalDocs": "dict",
    },
    "info": {
        "title": "text",
        "summary": "prose",
        "description": "prose",
        "termsOfService": "scalar",
        "version": "text",
        "contact": "dict",
        "license": "dict",
    },
    "server": {"url": "text", "description": "prose", "variables": "{server variable}"},
    "server variable": {"default": "text", "enum": "texts", "description": "prose"},
    "tag": {"name": "text", **_DOCUMENTED},
    "components": {
        "schemas": "{schema}",
        "responses": "{response}",
        "parameters": "{parameter}",
        "examples": "{example}",
        "requestBodies": "{request body}",
        "headers": "{header}",
        "securitySchemes": "{security scheme}",
        "links": "{link}",
        "callbacks": "{callback}",
        "pathItems": "{path item}",
    },
    "path item": {
        "summary": "prose",
        "description": "prose",
        "servers": "[server]",
        "parameters": "[parameter]",
        **dict.fromkeys(METHODS, "operation"),
    },
    "operation": {
        "tags": "texts",
        "summary": "prose",
        **_DOCUMENTED,
        "operationId": "text",
        "parameters": "[parameter]",
        "requestBody": "request body",
        "responses": "<response>",
        "callbacks": "{callback}",
        "deprecated": "flag",
        "security": "[security requirement]",
        "servers": "[server]",
    },
    "parameter": {"name": "text", "in": "text", **_CONTENT},
    "header": _CONTENT,
    "request body": {"description": "prose", "content": "{media type}", "required": "flag"},
    "response": {
        "summary": "prose",
        "description": "prose",
        "headers": "{header}",
        "content": "{media type}",
        "links": "{link}",
    },
    "media type": {"schema": "schema", "example": "data", "examples": "{example}", "encoding": "{encoding}"},
    "encoding": {
        "contentType": "text",
        "headers": "{header}",
        "style": "scalar",
        "explode": "flag",
        "allowReserved": "flag",
    },
    "example": {"summary": "prose", "description": "prose", "value": "data", "externalValue": "scalar"},
    "link": {
        "operationRef": "scalar",
        "operationId": "scalar",
        "parameters": "dict",
        "requestBody": "data",
        "description": "prose",
        "server": "server",
    },
    "callback": {"*": "path item"},
    "security requirement": {"*": "texts"},
    "security scheme": {
        "type": "text",
        "description": "prose",
        "name": "scalar",
        "in": "scalar",
        "scheme": "scalar",
        "bearerFormat": "scalar",
        "openIdConnectUrl": "scalar",
        "flows": "dict",
    },
    "discriminator": {"propertyName": "text", "mapping": "data"},
    "schema": {
        "title": "prose",
        "type": "type",
        "required": "required",
        "enum": "enum",
        "items": "items",
        "additionalProperties": "additional",
        "discriminator": "discriminator",
        "const": "data",
        "default": "data",
        "example": "data",
        "examples": "data",
        "xml": "dict",
        "dependentRequired": "dict",
        "dependencies": "dict",
        "$vocabulary": "dict",
        **_DOCUMENTED,
        **dict.fromkeys(("allOf", "anyOf", "oneOf", "prefixItems"), "[schema]"),
        **dict.fromkeys(("properties", "patternProperties", "dependentSchemas", "$defs", "definitions"), "{schema}"),
        **dict.fromkeys(("not", "if", "then", "else", "contains", "contentSchema"), "schema"),
        **dict.fromkeys(("propertyNames", "unevaluatedItems", "unevaluatedProperties"), "schema"),
        **dict.fromkeys(("nullable", "readOnly", "writeOnly", "deprecated", "uniqueItems"), "flag"),
        **dict.fromkeys(("format", "pattern", "$comment", "contentEncoding", "contentMediaType"), "text"),
        **dict.fromkeys(("$id", "$schema", "$anchor", "$dynamicAnchor", "$dynamicRef"), "scalar"),
        **dict.fromkeys(("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"), "scalar"),
        **dict.fromkeys(("minLength", "maxLength", "minItems", "maxItems", "minContains", "maxContains"), "scalar"),
        **dict.fromkeys(("minProperties", "maxProperties"), "scalar"),
    },
}

SECTIONS = {
    "schema": "schemas",
    "response": "responses",
    "parameter": "parameters",
    "example": "examples",
    "request body": "requestBodies",
    "header": "headers",
    "security scheme": "securitySchemes",
    "link": "links",
    "callback": "callbacks",
}
"""The kinds that a reference may stand for, apart from path items, and where their components stand."""


class Rule(NamedTuple):
    """What a field holds."""

    form: str
    kind: str
    extensible: bool = False

    @property
    def is_list(self) -> bool:
        """Whether it holds a list of objects."""
        return self.form == _LIST

    @property
    def is_map(self) -> bool:
        """Whether it holds a map of names to objects."""
        return self.form == _MAP


def _rule(text: str) -> Rule:
    if text[0] == "[":
        return Rule(_LIST, text[1:-1])
    if text[0] in "{<":
        return Rule(_MAP, text[1:-1], text[0] == "<")
    return Rule(_ONE, text)


RULES: dict[str, dict[str, Rule]] = {
    kind: {name: _rule(text) for name, text in fields.items()} for kind, fields in _FIELDS.items()
}
"""By kind of object and name of field, what it holds; the name `*` stands for every other."""


def rule_of(kind: str, field: str) -> Rule | None:
    """What the field of an object of this kind holds; None when the specification does not name it."""
    rules = RULES[kind]
    return rules.get(field) or (None if field.startswith("x-") else rules.get("*"))


def kind_at(pointer: Pointer) -> str | None:
    """The kind of the object at the pointer; "" where lists, maps and plain values stand, None where anything may."""
    rule: Rule | None = Rule(_ONE, "document")
    for part in pointer:
        if rule is None or rule.kind in ("data", "dict"):
            return None
        is_name = rule.is_map and not (rule.extensible and part.startswith("x-"))
        if is_name or (rule.is_list and part.isdigit()):
            rule = Rule(_ONE, rule.kind)
        else:
            schema_like = rule.form == _ONE and rule.kind in ("items", "additional")
            kind = "schema" if schema_like else rule.kind
            rule = rule_of(kind, part) if rule.form == _ONE and kind in RULES else None
    if rule is None or rule.kind in ("data", "dict"):
        return None
    if rule.form != _ONE:
        return ""
    if rule.kind in ("items", "additional"):
        return "schema"
    return "" if rule.kind in PRIMITIVES else rule.kind


def with_article(kind: str) -> str:
    """The kind with its article."""
    return f"{'an' if kind[0] in 'aeio' else 'a'} {kind}"
