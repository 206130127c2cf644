"""Where an operation is called and how a caller signs in. Owns what differs of servers and security.

What holds of an operation is compared, wherever it is said: it is told of the document where operations take it from
there in both versions, else of the operation.

Facts
- An old way to sign in still works where a new one asks for nothing more. A scheme that only changed its name is the
  same way, and one that has a flow more still takes the others.
- Without servers, the address of the document counts, which nobody knows; without security, nobody signs in.
- Scheme and host of an address, and the name of a header, are the same in any case.
- A vendor who calls a webhook or a callback finds its server without the document.
"""

import re
from collections.abc import Iterator
from typing import Any

from ..document import Document, components
from .bounds import known_as
from .judging import Bare
from .keywords import found
from .operations import Operation, Pairs
from .walk import Findings, Use

_Way = dict[str, frozenset[str]]
_Servers = dict[str, dict[str, Any]]
"""The variables by the address that their defaults make."""

_WHOLE = Use(operation="", place="", field="")


def compare(old: Document, new: Document, pairs: Pairs, findings: Findings) -> None:
    """Collect what differs of servers and of security."""
    schemes = _same_schemes(old, new)
    kept = [(was, now) for was, now in pairs if was is not None and now is not None]
    called = [pair for pair in kept if not pair[1].told]
    for use, was, now in _places("servers", (old, new), called):
        _compare_servers(use, _servers(was or []), _servers(now or []), findings)
    told = [pair for pair in kept if pair[1].told and any("security" in one.spot.node for one in pair)]
    guarded = _places("security", (old, new), called) + (_places("security", (old, new), told) if told else [])
    for use, was, now in guarded:
        _compare_security(use, _ways(was or [], {}), _ways(now or [], schemes), findings)
    _compare_schemes(old, new, guarded, findings)


def _note(findings: Findings, use: Use, event: str, **about: Any) -> None:
    findings.add(found(event, "", (), (), **about), use)


def _places(
    keyword: str, documents: tuple[Document, Document], pairs: list[tuple[Operation, Operation]]
) -> list[tuple[Use, Any, Any]]:
    """What the keyword says, in both versions, wherever it holds."""
    result: list[tuple[Use, Any, Any]] = []
    takes_over = not pairs
    whole = [document.get(keyword) for document in documents]
    for pair in pairs:
        own = [_own(keyword, one) for one in pair]
        if own == [None, None]:
            takes_over = True
            continue
        was, now = (one if side is None else side for one, side in zip(whole, own, strict=True))
        result.append((Use(operation=pair[1].name, place=pair[1].prefix.strip(), field=""), was, now))
    return [(_WHOLE, whole[0], whole[1]), *result] if takes_over else result


def _own(keyword: str, operation: Operation) -> Any:
    """What the operation or its path says itself; None where they say nothing. No servers at all say nothing."""
    if keyword == "security":
        return operation.spot.node.get(keyword)
    return operation.spot.node.get(keyword) or operation.shared.node.get(keyword) or None


def _servers(listed: list[Any]) -> _Servers:
    found = {_address(server): server.get("variables") or {} for server in listed}
    return {} if list(found) == ["/"] else found


def _address(server: dict[str, Any]) -> str:
    variables = server.get("variables") or {}

    def value(match: re.Match[str]) -> str:
        return str((variables.get(match[1]) or {}).get("default", match[0]))

    return _in_one_case(re.sub(r"\{([^{}]*)\}", value, str(server.get("url", "")))).rstrip("/") or "/"


def _in_one_case(address: str) -> str:
    return re.sub(r"^[A-Za-z][\w+.-]*://[^/?#]*", lambda match: match[0].lower(), address)


def _compare_servers(use: Use, old: _Servers, new: _Servers, findings: Findings) -> None:
    for url in old:
        if url not in new:
            _note(findings, use, "server removed", old=Bare(url))
    for url in new:
        if url not in old:
            _note(findings, use, "server added", new=Bare(url))
        else:
            for name in old[url]:
                if name in new[url]:
                    sides = [(side[url][name] or {}).get("enum") for side in (old, new)]
                    _compare_values(use, name, sides[0], sides[1], findings)
    first = [next(iter(side), None) for side in (old, new)]
    if first[0] in new and first[0] != first[1]:
        _note(findings, use, "server first", old=Bare(first[0]), new=Bare(first[1]))


def _compare_values(use: Use, name: str, old: list[Any] | None, new: list[Any] | None, findings: Findings) -> None:
    """What a server's variable may be."""
    if old is None or new is None:
        if old is not new:
            event = "server values set" if old is None else "server values dropped"
            _note(findings, use, event, keyword=name, old=old, new=new)
        return
    known = [set(map(known_as, side)) for side in (old, new)]
    for value in old:
        if known_as(value) not in known[1]:
            _note(findings, use, "server value removed", keyword=name, old=value)
    for value in new:
        if known_as(value) not in known[0]:
            _note(findings, use, "server value added", keyword=name, new=value)


def _ways(requirements: list[dict[str, list[str]]], names: dict[str, str]) -> list[_Way]:
    """The ways to sign in, each with its schemes and their scopes."""
    ways = [{names.get(name, name): frozenset(scopes or ()) for name, scopes in one.items()} for one in requirements]
    return ways or [{}]


def _compare_security(use: Use, old: list[_Way], new: list[_Way], findings: Findings) -> None:
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


def _says(scheme: dict[str, Any]) -> Iterator[str]:
    """What a scheme asks for, as it is written."""
    yield from (str(scheme[key]) for key in ("type", "in", "name", "scheme", "openIdConnectUrl") if key in scheme)
    yield from _flows(scheme).values()


def _asks(scheme: dict[str, Any]) -> dict[str, str]:
    """What every way through a scheme asks for, in one case."""
    caseless = {"scheme", "in", *(["name"] if scheme.get("in") == "header" else [])}
    asked = {key: str(scheme[key]) for key in ("type", "in", "name", "scheme", "openIdConnectUrl") if key in scheme}
    return {key: text.lower() if key in caseless else _in_one_case(text) for key, text in asked.items()}


def _flows(scheme: dict[str, Any]) -> dict[str, str]:
    """What each flow of a scheme asks for."""
    return {
        flow: " ".join(
            [flow, *(_in_one_case(str(about[key])) for key in ("authorizationUrl", "tokenUrl") if key in about)]
        )
        for flow, about in sorted((scheme.get("flows") or {}).items())
        if isinstance(about, dict)
    }


def _same_schemes(old: Document, new: Document) -> dict[str, str]:
    """The old names of the new schemes that only changed their name."""
    before, after = (
        {name: known_as([_asks(scheme), _flows(scheme)]) for name, scheme in schemes.items()}
        for schemes in (components(document, "securitySchemes") for document in (old, new))
    )
    names = {asks: name for name, asks in before.items() if name not in after}
    return {name: names[asks] for name, asks in after.items() if name not in before and asks in names}


def _compare_schemes(old: Document, new: Document, places: list[tuple[Use, Any, Any]], findings: Findings) -> None:
    before, after = (components(document, "securitySchemes") for document in (old, new))
    for name in after:
        uses = [use for use, _, now in places if any(name in requirement for requirement in now or ())]
        for event, about in _changes(before[name], after[name]) if name in before else ():
            for use in uses:
                _note(findings, use, event, keyword=f"`{name}`", **about)


def _changes(old: dict[str, Any], new: dict[str, Any]) -> Iterator[tuple[str, dict[str, Bare]]]:
    """What differs of a scheme."""
    was, has = _flows(old), _flows(new)
    if _asks(old) != _asks(new) or not was.items() <= has.items():
        yield "scheme changed", {"old": Bare(" ".join(_says(old))), "new": Bare(" ".join(_says(new)))}
        return
    for flow in sorted(has.keys() - was.keys()):
        yield "flow added", {"new": Bare(flow)}
