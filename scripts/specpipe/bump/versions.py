"""Whether a document is a new version of the one that is vendored, or something else. Owns the order of versions and
what makes two documents the same API; refuses an older version, the same version with other bytes, another server and
another API, each unless it is said to be meant.

Facts
- A key goes to the server that the document names, so a document of another server is never taken in silence.
- Servers made with FastAPI say version 0.1.0 for ever unless their authors think of it.
"""

import re
from collections.abc import Collection
from typing import Any
from urllib.parse import urlsplit

from ..document import Document, info_text, operation_keys, operations
from ..faults import SpecError

_LONGEST = 100


class VersionError(SpecError):
    """The new document is older, or says that it is the version that is vendored already."""


class OtherAPIError(SpecError):
    """The new document describes another API, or the same one at another server."""


def check_api(old: Document, new: Document, *, name: str, accept: Collection[str] = ()) -> tuple[str, ...]:
    """Remarks on what was accepted. Raises OtherAPIError where the documents are of two APIs, or of two servers."""
    ours, theirs = _hosts(old), _hosts(new)
    has_ours = not set(operation_keys(old)).isdisjoint(operation_keys(new))
    if not has_ours and not ours & theirs:
        where = (
            f" at {_listed(theirs)}; the vendored one is {_title(old)} at {_listed(ours)}" if ours and theirs else ""
        )
        raise OtherAPIError(
            f"{name}: this is another API: {_title(new)}{where or f' has none of the operations of {_title(old)}'}"
        )
    # One host of its own beside a known one is enough to take keys away.
    strange = theirs - ours
    if not strange:
        return ()
    if "new-server" not in accept:
        raise OtherAPIError(
            f"{name}: {_listed(strange)} is a new server, beside {_listed(ours) or 'none'}; keys would go there. "
            "If it is the vendor's, say so with --accept new-server (make: ACCEPT=new-server)"
        )
    return (f"{_listed(strange)} is a new server, beside {_listed(ours) or 'none'}: keys go there.",)


def check_version(old: Document, new: Document, *, name: str, accept: Collection[str] = ()) -> tuple[str, ...]:
    """Remarks on what was accepted or could not be told. Raises VersionError; the documents differ somewhere."""
    before, after = info_text(old, "version"), info_text(new, "version")
    order = 0 if before == after else compare(before, after)
    if order == 0:
        if "same-version" not in accept:
            raise VersionError(
                f"{name}: the document says it is version {after or '(none)'}, which is vendored already, and its "
                "bytes are others: the vendor changed it without a new version, or the file was edited. "
                "Take it all the same with --accept same-version (make: ACCEPT=same-version)"
            )
        return (f"The vendor changed the document without changing its version ({after or 'none'}).",)
    if order is None:
        return (f"Whether {after!r} is newer than {before!r} cannot be told.",)
    if order < 0 and "older" not in accept:
        raise VersionError(
            f"{name}: the document is version {after}, older than the vendored {before}. "
            "Take it all the same with --accept older (make: ACCEPT=older)"
        )
    return (f"The document is older: {after} after {before}.",) if order < 0 else ()


def compare(old: str, new: str) -> int | None:
    """Positive where `new` is the later version, negative where it is the earlier, None where that cannot be told.

    Versions are numbers between dots, hyphens or the like; a word behind them makes an earlier version (1.0.0-rc1).
    """
    one, other = _parts(old), _parts(new)
    if one is None or other is None:
        return None
    return (other > one) - (other < one)


def _parts(text: str) -> tuple[tuple[int, ...], tuple[tuple[int, int | str], ...]] | None:
    match = (
        None
        if len(text) > _LONGEST
        else re.fullmatch(r"[vV]?(\d+(?:[.\-_]\d+)*)(?:[.\-_]?([A-Za-z][0-9A-Za-z.\-_]*))?(?:\+.*)?", text.strip())
    )
    if match is None:
        return None
    numbers = [int(number) for number in re.split(r"[.\-_]", match[1])]
    while numbers and numbers[-1] == 0:
        numbers.pop()
    if match[2] is None:
        return tuple(numbers), ((2, ""),)
    words = re.findall(r"\d+|[A-Za-z]+", match[2])
    return tuple(numbers), tuple((1, int(word)) if word.isdigit() else (0, word.lower()) for word in words)


def _hosts(document: Document) -> set[str]:
    """The servers that the document, its paths and its operations name; one by https goes by its name alone."""
    holders = [document, *document["paths"].values(), *(operation for _, _, operation in operations(document))]
    found: set[str] = set()
    for server in (server for holder in holders for server in holder.get("servers") or ()):
        url: Any = server.get("url") if isinstance(server, dict) else None
        try:
            parts = urlsplit(str(url))
            host = parts.netloc.rpartition("@")[2].lower().removesuffix(":443")
        except ValueError:
            continue
        if host:
            found.add(host if parts.scheme == "https" else f"{parts.scheme}://{host}")
    return found


def _title(document: Document) -> str:
    return repr((info_text(document, "title") or "an API without a title")[:100])


def _listed(hosts: set[str]) -> str:
    return ", ".join(sorted(hosts))
