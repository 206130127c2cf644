"""The operations of a document against those of a package. Owns when a request and a reply count as held; refuses
nothing.

Facts
- A parameter that the path does not name has no place in it; one that stands in the query of the path goes out under
  the name that it has there.
- A wildcard such as `image/*` is no content type that can be sent; any that it covers stands for it, and any of JSON
  for `application/*+json`.
- What stands behind `#` in a path never goes out, and what stands behind `?` may go out as parameters; `{?page,size}`
  always does.
"""

import fnmatch
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from urllib.parse import parse_qsl, unquote_plus

from .declared import Declared, Operation, Parameter, Reply
from .held import Held, HeldOperation
from .requests import Request, between_parameters
from .tally import Tally

_PARAMETER = re.compile(r"{[^{}]*}")
_EXPANSION = re.compile(r"{[?&][^{}]*}")
_RANGE = re.compile(r"[0-9][xX]{2}")


def compare_operations(wanted: Declared, found: Held, tally: Tally) -> None:
    """Note every operation, parameter, response and content type of a request."""
    left: _Left = defaultdict(list)
    for made in found.operations:
        left[made.request.method, made.request.path].append(made)
    for operation in wanted.operations:
        taken = _take(operation, left)
        if taken is None:
            tally.note("operations", operation.pointer, f"operation {operation}")
        else:
            tally.note("operations", operation.pointer)
            for parameter in _unsent(operation, taken.request):
                tally.note(None, parameter.pointer, f"{parameter} of {operation}")
        for reply in operation.replies:
            _compare_reply(operation, reply, taken, tally)
        sent = () if taken is None else taken.request.content_types
        for kind, pointer in operation.content_types.items():
            problem = None if _is_sent(kind, sent) else f"content type {kind} of {operation}"
            tally.note("request_bodies", pointer, problem)


_Left = dict[tuple[str, tuple[str, ...]], list[HeldOperation]]


def _take(operation: Operation, left: _Left) -> HeldOperation | None:
    """The package's operation for the document's, which no other operation takes."""
    path, _, query = _EXPANSION.sub("", operation.path).partition("#")[0].partition("?")
    texts = {text for pair in parse_qsl(query, keep_blank_values=True) for text in pair if not _PARAMETER.search(text)}
    for template, needed in ((operation.path, set[str]()), (path, texts)):
        same_path = left.get((operation.method, between_parameters(_PARAMETER.split(template))), [])
        candidates = [candidate for candidate in same_path if needed <= candidate.request.texts]
        if candidates:
            nearest = min(candidates, key=lambda one: _distance(operation, one.request))
            same_path.remove(nearest)
            return nearest
    return None


def _distance(operation: Operation, request: Request) -> tuple[int, int]:
    """How many of the parameters the request does not send, and how many it sends in all."""
    return sum(1 for _ in _unsent(operation, request)), len(request.sent)


def _unsent(operation: Operation, request: Request) -> Iterator[Parameter]:
    """The parameters that do not go out, each by an argument of its own."""
    templates = _PARAMETER.findall(operation.path)
    written = [pair.partition("=") for pair in operation.path.partition("#")[0].partition("?")[2].split("&")]
    in_query = {value: unquote_plus(name) for name, _, value in written}
    uses = Counter(argument for arguments in (*request.filled, *request.sent.values()) for argument in arguments)

    def goes_out(arguments: Iterable[str]) -> bool:
        return any(uses[argument] == 1 for argument in arguments)

    for parameter in operation.parameters:
        template = f"{{{parameter.name}}}"
        name = in_query.get(template, parameter.name)
        if parameter.place == "path":
            filled = [request.filled[i] for i, one in enumerate(templates[: len(request.filled)]) if one == template]
            is_sent = template not in templates or (bool(filled) and all(map(goes_out, filled)))
            is_sent = is_sent or goes_out(request.sent.get(("query", name), ()))
        else:
            names = {parameter.name, name} if parameter.place == "query" else {parameter.name}
            is_sent = any(goes_out(request.sent.get((parameter.place, one), ())) for one in names)
        if not is_sent:
            yield parameter


def _compare_reply(operation: Operation, reply: Reply, taken: HeldOperation | None, tally: Tally) -> None:
    status = reply.status.upper() if _RANGE.fullmatch(reply.status) else reply.status
    is_read = None if taken is None else taken.statuses.get(status)
    kind = "responses" if reply.has_body else None
    problem = None
    if is_read is None:
        problem = f"response {reply.status} of {operation}"
    elif reply.has_body and not is_read:
        problem = f"body of response {reply.status} of {operation}"
    tally.note(kind, reply.pointer, problem)


def _is_sent(kind: str, sent: Iterable[str]) -> bool:
    wanted = _media_type(kind)
    known = [_media_type(text) for text in sent]
    if "*" not in wanted:
        return wanted in known
    return any(fnmatch.fnmatchcase(text, wanted.replace("*+json", "*json")) for text in known)


def _media_type(text: str) -> str:
    parts = [part.strip().lower() for part in text.split(";")]
    if parts[0].startswith("multipart/"):  # whose boundary is the client's
        parts = [part for part in parts if not part.startswith("boundary=")]
    return ";".join(parts)
