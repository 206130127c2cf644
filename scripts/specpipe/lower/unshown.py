"""What a document declares and no generated call uses: callbacks, webhooks, and components that nothing refers to. Owns
that their classes and enums exist in the package all the same.
"""

from collections import deque
from typing import Any

from ..document import METHODS, Pointer, components
from .parts import Part, Parts, component_name
from .responses import keep_headers

_SECTIONS = ("parameters", "headers", "requestBodies", "responses")


def keep_components(parts: Parts) -> None:
    """Lower the schemas of components, webhooks and their operations that are not lowered yet."""
    document = parts.context.document
    for section in _SECTIONS:
        for name, node in components(document, section).items():
            at = ("components", section, name)
            keep_part(parts, parts.follow(node, at, component_name(at) or name))
    items: deque[tuple[Any, Pointer, str]] = deque()
    for name, node in components(document, "pathItems").items():
        items.append((node, ("components", "pathItems", name), name))
    for name, node in (document.get("webhooks") or {}).items():
        items.append((node, ("webhooks", name), name))
    for name, node in components(document, "callbacks").items():
        _add_callback(parts, items, node, ("components", "callbacks", name), name)
    _keep_items(parts, items)


def keep_callbacks(parts: Parts, operation: Part) -> None:
    """Lower the schemas of the operation's callbacks."""
    items: deque[tuple[Any, Pointer, str]] = deque()
    _add_callbacks(parts, items, operation)
    _keep_items(parts, items)


def keep_part(parts: Parts, part: Part) -> None:
    """Lower the schemas of a parameter, header, body or response, unless a call uses them."""
    if "schema" in part.node:
        parts.lower(part.node["schema"], (*part.at, "schema"), part.name)
    for declared, media in (part.node.get("content") or {}).items():
        at = (*part.at, "content", declared)
        if isinstance(media, dict) and "schema" in media:
            parts.lower(media["schema"], (*at, "schema"), part.name)
        for name, encoding in (media.get("encoding") or {}).items() if isinstance(media, dict) else ():
            if isinstance(encoding, dict):
                keep_headers(parts, Part(node=encoding, at=(*at, "encoding", name), name=f"{part.name}_{name}"))
    keep_headers(parts, part)


def _keep_items(parts: Parts, items: deque[tuple[Any, Pointer, str]]) -> None:
    while items:
        item = parts.follow(*items.popleft())
        if not parts.enter(item.at):
            continue
        _keep_parameters(parts, item)
        for method in METHODS:
            node = item.node.get(method)
            if isinstance(node, dict):
                name = str(node.get("operationId") or f"{item.name}_{method}")
                operation = Part(node=node, at=(*item.at, method), name=name)
                _keep_operation(parts, operation)
                _add_callbacks(parts, items, operation)


def _keep_operation(parts: Parts, operation: Part) -> None:
    _keep_parameters(parts, operation)
    if "requestBody" in operation.node:
        at = (*operation.at, "requestBody")
        keep_part(parts, parts.follow(operation.node["requestBody"], at, f"{operation.name}_body"))
    for status, node in (operation.node.get("responses") or {}).items():
        at = (*operation.at, "responses", status)
        keep_part(parts, parts.follow(node, at, f"{operation.name}_response_{status}"))


def _keep_parameters(parts: Parts, holder: Part) -> None:
    for index, node in enumerate(holder.node.get("parameters") or ()):
        part = parts.follow(node, (*holder.at, "parameters", str(index)), holder.name)
        name = f"{holder.name}_{part.node.get('name', '')}" if part.name == holder.name else part.name
        keep_part(parts, Part(node=part.node, at=part.at, name=name))


def _add_callbacks(parts: Parts, items: deque[tuple[Any, Pointer, str]], operation: Part) -> None:
    for name, node in (operation.node.get("callbacks") or {}).items():
        _add_callback(parts, items, node, (*operation.at, "callbacks", name), f"{operation.name}_{name}")


def _add_callback(parts: Parts, items: deque[tuple[Any, Pointer, str]], node: Any, at: Pointer, name: str) -> None:
    callback = parts.follow(node, at, name)
    for expression, item in callback.node.items():
        if not expression.startswith("x-"):
            items.append((item, (*callback.at, expression), name))
