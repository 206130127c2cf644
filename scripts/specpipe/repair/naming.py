"""Operation names as a person would choose them. Owns operationId; refuses to make two operations share a name.

Facts
- FastAPI appends path and method to the function's name: `create_x` at POST /v2/x becomes `create_x_v2_x_post`.
- grpc-gateway puts the service, which is also the tag, in front: `Gateway_CreateX`.
"""

import re
from collections import Counter
from typing import Any

from ..document import METHODS, Document, operations


def readable_names(document: Document) -> tuple[Document, int]:
    """The document with FastAPI's suffix and the tag's prefix taken off, and how many names changed.

    Names that would be alike, case and underscores aside, all stay as they are.
    """
    chosen: dict[tuple[str, str], str] = {}
    for method, path, operation in operations(document):
        if isinstance(operation.get("operationId"), str):
            chosen[path, method] = _readable(operation["operationId"], path, method, operation.get("tags", ()))
    taken = Counter(_alike(name) for name in chosen.values())
    renamed = {
        (path, method): name
        for (path, method), name in chosen.items()
        if taken[_alike(name)] == 1 and name != document["paths"][path][method]["operationId"]
    }
    # A short name that another operation keeps as its long one is taken too.
    kept = {
        _alike(operation["operationId"])
        for method, path, operation in operations(document)
        if "operationId" in operation and (path, method) not in renamed
    }
    renamed = {place: name for place, name in renamed.items() if _alike(name) not in kept}
    paths = {path: _renamed_item(path, item, renamed) for path, item in document.get("paths", {}).items()}
    return {**document, "paths": paths}, len(renamed)


def _renamed_item(path: str, item: dict[str, Any], renamed: dict[tuple[str, str], str]) -> dict[str, Any]:
    return {
        key: {**value, "operationId": renamed[path, key]} if key in METHODS and (path, key) in renamed else value
        for key, value in item.items()
    }


def _readable(name: str, path: str, method: str, tags: Any) -> str:
    suffix = re.sub(r"\W", "_", path) + "_" + method
    name = _without(name, name.removesuffix(suffix))
    for tag in tags:
        name = _without(name, name.removeprefix(re.sub(r"\W", "_", tag) + "_"))
    return name


def _without(name: str, shorter: str) -> str:
    return shorter if re.match(r"[A-Za-z]", shorter) else name


def _alike(name: str) -> str:
    return re.sub(r"[\W_]", "", name).lower()
