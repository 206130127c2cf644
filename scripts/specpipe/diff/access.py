"""Where an operation is called and how a caller signs in. Owns what differs of servers and security, for the document
and for operations that have their own.

Facts
- An old way to sign in still works where a new one asks for nothing more. A scheme that only changed its name is the
  same way.
- Without servers, the address of the document counts; without security, nobody signs in.
"""

import re
from collections.abc import Iterator
from typing import Any

from ..document import Document, components
from .judging import Bare
from .keywords import found
from .operations import Operation
from .walk import Findings, Use

Pairs = list[tuple[Operation, Operation]]
_Way = dict[str, frozenset[str]]


def compare(old: Document, new: Document, pairs: Pairs, findings: Findings) -> None:
    """Collect what differs of servers and of security."""
    whole = Use(operation="", place="", field="")
    schemes = _same_schemes(old, new)
    places: list[tuple[Use, list[Any], list[Any]]] = [(whole, old.get("security") or [], new.get("security") or [])]
    _servers(whole, _urls(old), _urls(new), findings)
    for was, now in pairs:
        use = Use(operation=now.name, place=now.prefix.strip(), field="")
        if any("security" in one.spot.node for one in (was, now)):
            places.append((use, _own(was, old), _own(now, new)))
        if any("servers" in side for one in (was, now) for side in (one.spot.node, one.shared.node)):
            _servers(use, _urls(old, was), _urls(new, now), findings)
    for use, before, after in places:
        _security(use, _ways(before, {}), _ways(after, schemes), findings)
    _changed_schemes(old, new, places, findings)


def _note(findings: Findings, use: Use, event: str, **about: Any) -> None:
    findings.add(found(event, "", (), (), **about), use)


def _own(operation: Operation, document: Document) -> list[Any]:
    return operation.spot.node.get("security", document.get("security")) or []


def _urls(document: Document, operation: Operation | None = None) -> list[str]:
    holders = [operation.spot.node, operation.shared.node] if operation is not None else []
    servers: list[Any] = next((holder["servers"] for holder in (*holders, document) if holder.get("servers")), [])
    return [_url(server) for server in servers] or ["/"]


def _url(server: dict[str, Any]) -> str:
    variables = server.get("variables") or {}

    def value(match: re.Match[str]) -> str:
        return str((variables.get(match[1]) or {}).get("default", match[0]))

    return re.sub(r"\{([^{}]*)\}", value, str(server.get("url", ""))).rstrip("/") or "/"


def _servers(use: Use, old: list[str], new: list[str], findings: Findings) -> None:
    for url in old:
        if url not in new:
            _note(findings, use, "server removed", old=Bare(url))
    for url in new:
        if url not in old:
            _note(findings, use, "server added", new=Bare(url))
    if old[0] != new[0] and old[0] in new:
        _note(findings, use, "server first", old=Bare(old[0]), new=Bare(new[0]))


def _ways(requirements: list[dict[str, list[str]]], names: dict[str, str]) -> list[_Way]:
    """The ways to sign in, each with its schemes and their scopes."""
    ways = [{names.get(name, name): frozenset(scopes or ()) for name, scopes in one.items()} for one in requirements]
    return ways or [{}]


def _security(use: Use, old: list[_Way], new: list[_Way], findings: Findings) -> None:
    lost = [way for way in old if not any(_suffices(way, other) for other in new)]
    won = [way for way in new if way not in old]
    for way in lost:
        if way:
            _note(findings, use, "security removed", old=_called(way))
        else:
            _note(findings, use, "security required", new=Bare(" or ".join(map(_called, new))))
    for way in won if {} not in lost else ():
        _note(findings, use, "security added", new=_called(way))


def _suffices(way: _Way, asked: _Way) -> bool:
    """Whether who signs in this way has all that is asked for."""
    return all(name in way and scopes <= way[name] for name, scopes in asked.items())


def _called(way: _Way) -> Bare:
    parts = [f"`{name}`" + (f" ({', '.join(sorted(scopes))})" if scopes else "") for name, scopes in way.items()]
    return Bare(" with ".join(parts) or "callers that do not sign in")


def _schemes(document: Document) -> dict[str, str]:
    """What each scheme asks for."""
    return {name: " ".join(_asks(scheme)) for name, scheme in components(document, "securitySchemes").items()}


def _asks(scheme: dict[str, Any]) -> Iterator[str]:
    for key in ("type", "in", "name", "scheme", "openIdConnectUrl"):
        if key in scheme:
            yield str(scheme[key]).lower() if key in ("scheme", "in") else str(scheme[key])
    for flow, about in sorted((scheme.get("flows") or {}).items()):
        yield flow
        yield from (
            str(about[key]) for key in ("authorizationUrl", "tokenUrl") if isinstance(about, dict) and key in about
        )


def _same_schemes(old: Document, new: Document) -> dict[str, str]:
    """The old names of the new schemes that only changed their name."""
    before, after = _schemes(old), _schemes(new)
    names = {asks: name for name, asks in before.items() if name not in after}
    return {name: names[asks] for name, asks in after.items() if name not in before and asks in names}


def _changed_schemes(
    old: Document, new: Document, places: list[tuple[Use, list[Any], list[Any]]], findings: Findings
) -> None:
    before, after = _schemes(old), _schemes(new)
    for name in after:
        if before.get(name, after[name]) != after[name]:
            about = {"keyword": f"`{name}`", "old": Bare(before[name]), "new": Bare(after[name])}
            for use, _, requirements in places:
                if any(name in requirement for requirement in requirements):
                    _note(findings, use, "scheme changed", **about)
