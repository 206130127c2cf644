"""The operations of a document against those of a package. Owns when a request and a reply count as held; refuses
nothing.

Facts
- A wildcard such as `image/*` is no content type that can be sent; any that it covers stands for it, and any of JSON
  for `application/*+json`.
- What stands behind `#` in a path never goes out, and what stands behind `?` may go out as parameters.
"""

import fnmatch
import re
from collections import defaultdict
from collections.abc import Iterable
from urllib.parse import parse_qsl

from .declared import Declared, Operation, Reply
from .held import Held, HeldOperation
from .requests import between_parameters
from .tally import Tally

_PARAMETER = re.compile(r"{[^{}]*}")
_RANGE = re.compile(r"[0-9][xX]{2}")


def compare_operations(wanted: Declared, found: Held, tally: Tally) -> None:
    """Note every operation, response and content type of a request."""
    left: _Left = defaultdict(list)
    for made in found.operations:
        left[made.request.method, made.request.path].append(made)
    for operation in wanted.operations:
        taken = _take(operation, left)
        if taken is None:
            tally.note("operations", operation.pointer, f"operation {operation}")
        else:
            tally.note("operations", operation.pointer)
        for reply in operation.replies:
            _compare_reply(operation, reply, taken, tally)
        sent = () if taken is None else taken.request.content_types
        for kind, pointer in operation.content_types.items():
            problem = None if _is_sent(kind, sent) else f"content type {kind} of {operation}"
            tally.note("request_bodies", pointer, problem)


_Left = dict[tuple[str, tuple[str, ...]], list[HeldOperation]]


def _take(operation: Operation, left: _Left) -> HeldOperation | None:
    """The package's operation for the document's, which no other operation takes."""
    path, _, query = operation.path.partition("#")[0].partition("?")
    texts = {text for pair in parse_qsl(query, keep_blank_values=True) for text in pair}
    for template, needed in ((operation.path, set[str]()), (path, texts)):
        candidates = left.get((operation.method, between_parameters(_PARAMETER.split(template))), [])
        for index, candidate in enumerate(candidates):
            if needed <= candidate.request.texts:
                return candidates.pop(index)
    return None


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
