"""What all replies of the Fireworks gateway share. Owns its pages, resource names and errors; knows no items.

What reads holds replies as plain text, so none of it raises: a traceback would keep its locals.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from issuant_fireworks.types import UNSET

from issuant.inventory import Page
from issuant.keys import VendorFields
from issuant.pages import read_page
from issuant.replies import Explanation, Reading, Reply
from issuant.salvage import Field
from issuant.secret import Secret

T = TypeVar("T")

PAGE_SIZE = 200  # the most, by the documents of users; a list that knows no pages comes as a whole

_ALREADY_EXISTS = frozenset({"6", "ALREADY_EXISTS"})  # google.rpc.Code
_CONFLICT = 409
_LONGEST_NAME = 1000  # a resource name: an account, an id, and the words between


def explain(reply: Reply) -> Explanation:
    """Return the words and the code of a google.rpc.Status."""
    found = reply.fields() or VendorFields({})
    return reply.redactor.text(found.get("message")), reply.redactor.code(found.get("code")), ()


def page_of(token: str | None) -> dict[str, Any]:
    """Return the parameters that ask for the page of a token, None for the first."""
    return {"page_size": PAGE_SIZE, "page_token": UNSET if token is None else token}


def tells_conflict(reply: Reply) -> bool:
    """Tell whether a refusal means that what should be created exists already."""
    code = explain(reply)[1]
    return reply.status == _CONFLICT or (400 <= reply.status <= 499 and code in _ALREADY_EXISTS)


def confirms_removal(fields: VendorFields) -> bool:
    """Tell whether the reply to a removal confirms it: the empty object does; any field might deny it."""
    return not fields


def read_list(
    reply: Reply,
    field: str,
    read: Callable[[VendorFields], T | tuple[str, ...]],
    *,
    id_field: Field,
    name_field: Field,
) -> tuple[Page[T], str | None] | list[str]:
    """Return the page in `field` of a reply and the token of the next one, or what makes the reply unusable.

    An empty list is left out (proto3), and so is the token on the last page. An object that holds something, and
    nothing of a page, is none of Fireworks': it would pass for an empty list.
    """
    found = reply.fields()
    if found is None or (found and not {field, "nextPageToken", "totalSize"} & set(found)):
        return []
    listed, token = found.get(field), found.get("nextPageToken")
    page = read_page(reply, [] if listed is None else listed, read, id_field=id_field, name_field=name_field)
    if page is None:
        return [f"{field} is not a list"]
    if token is not None and not (isinstance(token, str) and token.isprintable()):
        return ["nextPageToken is not a printable text"]
    return page, token or None


class Total:
    """How many items a list shall have by its `totalSize`, and how many came. `before` are those of lists before it.

    Of several totals the least counts: what is new does not come into a list that is under way, and what is deleted
    meanwhile is in the first total and not in the last.
    """

    def __init__(self, before: int = 0) -> None:
        self.before = before
        self.came = 0
        self._least: int | None = None

    def count(self, reply: Reply, page: Page[T]) -> None:
        """Count what a page has."""
        self.came += len(page.items) + len(page.problems)
        told = (reply.fields() or VendorFields({})).get("totalSize")
        if isinstance(told, int) and not isinstance(told, bool):
            self._least = told if self._least is None else min(told, self._least)

    @property
    def faults(self) -> list[str]:
        """What is wrong with a list that ends here."""
        if self._least is None or self.came >= self._least:
            return []
        return [f"the list ends after {self.came} of {self._least}"]


def read_name(read: Reading, value: object) -> tuple[str, str]:
    """Return a resource name such as accounts/<account>/users/<id>, and its id; a bare id is its own name."""
    name = read.identifier(value, "name", most=_LONGEST_NAME)
    if name is None:
        return "", ""
    found = name.rsplit("/", 1)[-1]
    if found in ("", ".", "..") or found != found.strip():
        read.faults.append("name does not end in an id")
    return name, found


def exposed(found: VendorFields, field: str) -> Secret | None:
    """Return a value that stands in a reply where none should, None where there is none."""
    value = found.get(field)
    return Secret(value) if isinstance(value, str) and value else None


def faults_of(reply: Reply, read: Reading, value: Secret | None) -> tuple[str, ...]:
    """Return what is wrong with an item; from now on, nothing that repeats its `value` is shown of the reply."""
    if value is not None:
        reply.redactor = reply.redactor.guarding(value)
        reply.request_id = reply.redactor.request_id(reply.request_id)
    return tuple(read.faults)
