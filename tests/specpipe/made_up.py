"""A made-up OpenAPI document of any size, the same for the same seed. Owns its parts: each operation comes with schemas
of its own, and in turn with one of the things that are hard to make a client of. It is valid, and no vendor's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count
from random import Random
from typing import Any

from tests.specpipe.made_up_schemas import BINARY, TEXT, Part, array, body, obj, query, ref, replies, shared_schemas

_FIRST = ("amber", "brisk", "calm", "dusty", "early", "faded", "gentle", "hollow", "idle", "jolly", "little", "plain")
_SECOND = ("anvil", "basket", "candle", "drawer", "easel", "fender", "gasket", "hammer", "inkpot", "jar", "ladder")
_TAGS = ("Shelves", "shelves & drawers", "lending", "2nd hand")


def made_up(operations: int, seed: int) -> dict[str, Any]:
    """The document with that many operations; every call makes a new one."""
    rng = Random(seed)  # noqa: S311  # nothing secret hangs on it
    names = _names(rng)
    document: dict[str, Any] = {
        "openapi": "3.1.0",
        "info": {"title": "Lending things", "version": f"{seed}.{operations}"},
        "servers": [{"url": "https://things.example/{base}", "variables": {"base": {"default": "v1"}}}],
        "paths": {},
        "components": {"schemas": shared_schemas(), **_shared_parts()},
    }
    for index in range(operations):
        part = Part(name=next(names), rng=rng)
        operation = _KINDS[index % len(_KINDS)](part)
        if index % 7:
            words = (part.method, part.name)
            operation["operationId"] = "_".join(words) if index % 3 else f"Things-{'.'.join(words)}"
        if index % 5:
            operation["tags"] = [_TAGS[index % len(_TAGS)]]
        document["paths"].setdefault(part.path, {})[part.method] = operation
        document["components"]["schemas"].update(part.schemas)
    return document


def _names(rng: Random) -> Iterator[str]:
    words = [f"{first.capitalize()}{second.capitalize()}" for first in _FIRST for second in _SECOND]
    rng.shuffle(words)
    for number in count():
        for word in words:
            yield f"{word}{number or ''}"


def _shared_parts() -> dict[str, Any]:
    return {
        "parameters": {
            "Handle": {"name": "handle", "in": "path", "required": True, "schema": ref("Handle")},
            "Trace": {"name": "X-Trace-Id", "in": "header", "schema": {"type": "string", "format": "uuid"}},
        },
        "responses": {
            "Missing": {
                "description": "There is none.",
                "headers": {"Retry-After": {"schema": {"type": "integer"}}},
                **body(ref("problem")),
            }
        },
    }


def _listed(part: Part) -> dict[str, Any]:
    part.at("get", "")
    states = array({"type": "string", "enum": ["new", "New", "old"]})
    parameters = [
        query("states", states, explode=False),
        query("colour", ref("Colour")),
        query("since", {"type": "string", "format": "date-time"}),
        query("filter", obj({"name": TEXT, "level": ref("Level")}), style="deepObject", explode=True),
        query("page-size", {"type": "integer", "default": 20, "maximum": 100}),
        {"$ref": "#/components/parameters/Trace"},
    ]
    page = obj({"items": array(part.thing()), "next": {"type": ["string", "null"]}}, "items")
    return {"parameters": parameters, "responses": replies("200", page)}


def _one(part: Part) -> dict[str, Any]:
    part.at("get", "/{handle}")
    return {"parameters": [{"$ref": "#/components/parameters/Handle"}], "responses": replies("200", part.thing())}


def _made(part: Part) -> dict[str, Any]:
    part.at("post", "")
    thing = part.thing("", "id", "password")
    return {"requestBody": {"required": True, **body(thing)}, "responses": replies("201", thing)}


def _extended(part: Part) -> dict[str, Any]:
    part.at("put", "/{handle}")
    base = part.thing("Base")
    whole = part.add({"allOf": [base, obj({"more": array(base), "level": ref("Level")}, "level")]}, "Whole")
    parameters = [{"$ref": "#/components/parameters/Handle"}, {"name": "lang", "in": "cookie", "schema": TEXT}]
    return {"parameters": parameters, "requestBody": body(whole), "responses": replies("200", whole)}


def _chosen(part: Part) -> dict[str, Any]:
    part.at("post", "/choose")
    lent = part.add(obj({"kind": {"const": "lent"}, "to": TEXT}, "kind", "to"), "Lent")
    sold = part.add(obj({"kind": {"type": "string", "enum": ["sold", "given"]}, "to": TEXT}, "kind"), "Sold")
    mapping = {"lent": lent["$ref"], "sold": sold["$ref"], "given": sold["$ref"]}
    either = {"oneOf": [lent, sold], "discriminator": {"propertyName": "kind", "mapping": mapping}}
    fate = part.add(either, "Fate")
    return {"requestBody": {"required": True, **body(fate)}, "responses": replies("200", array(fate))}


def _form(part: Part) -> dict[str, Any]:
    part.at("post", "/form")
    fields = obj({"name": TEXT, "level": ref("Level"), "colours": array(ref("Colour")), "is_open": {"type": "boolean"}})
    form = part.add({**fields, "required": ["name"]}, "Form")
    return {"requestBody": body(form, "application/x-www-form-urlencoded"), "responses": replies("200", form)}


def _upload(part: Part) -> dict[str, Any]:
    part.at("post", "/{handle}/files")
    about = obj({"title": TEXT, "colour": ref("Colour")}, "title")
    upload = part.add(obj({"file": BINARY, "more": array(BINARY), "about": about, "name": TEXT}, "file"), "Upload")
    return {
        "parameters": [{"$ref": "#/components/parameters/Handle"}],
        "requestBody": {"required": True, **body(upload, "multipart/form-data")},
        "responses": replies("202", obj({"accepted": {"type": "boolean"}})),
    }


def _several(part: Part) -> dict[str, Any]:
    part.at("patch", "/{handle}")
    thing, form = part.thing(), part.add(obj({"name": TEXT}, "name"), "Form")
    forms = {"application/x-www-form-urlencoded": {"schema": form}, "application/merge-patch+json": {"schema": thing}}
    content = {**forms, **body(TEXT, "text/plain")["content"], **body(BINARY, "application/octet-stream")["content"]}
    return {
        "parameters": [{"$ref": "#/components/parameters/Handle"}, {"$ref": "#/components/parameters/Trace"}],
        "requestBody": {"required": True, "content": content},
        "responses": {**replies("200", thing), "204": {"description": "Nothing changed."}},
    }


def _gone(part: Part) -> dict[str, Any]:
    part.at("delete", "/{handle}")
    parameters = [{"name": "handle", "in": "path", "required": True, "schema": {"type": "integer"}}]
    gone = {"204": {"description": "Gone."}, "4XX": {"description": "Not gone.", **body(ref("Problem"))}}
    return {"parameters": parameters, "responses": gone, "deprecated": True}


def _fetched(part: Part) -> dict[str, Any]:
    part.at("get", "/{handle}/file")
    answer = replies("200", BINARY, "application/octet-stream")
    answer["206"] = {"description": "Some of it.", **body(TEXT, "text/csv")}
    return {"parameters": [{"$ref": "#/components/parameters/Handle"}], "responses": answer}


_KINDS: tuple[Callable[[Part], dict[str, Any]], ...] = (
    _listed,
    _one,
    _made,
    _extended,
    _chosen,
    _form,
    _upload,
    _several,
    _gone,
    _fetched,
)
