"""Fireblocks' approval requests in its own words. Owns the calls, reading what comes back, and which API user came of
a request.

What reads holds replies as plain text, so none of it raises: a traceback would keep its locals.

Facts
- Id and times of a request stand in its payload, a JSON text: requestTimestamp in milliseconds, expiresAt in seconds.
  A time before the year 2000 is one in another unit, and unknown.
  What the payload says of the user that is asked for is not documented, and is not read.
- A list holds what waits, never what has been decided, and has at most 30 requests a page.
"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime

from issuant_fireblocks import models
from issuant_fireblocks.api.approvals import get_approval_by_id, get_approvals
from issuant_fireblocks.models import GetApprovalByIdQuorumStatusMode, GetApprovalsQuorumStatusMode
from issuant_fireblocks.types import UNSET, Unset

from issuant.flow import Call
from issuant.inventory import Approval, ApprovalState, KeyInfo, Page
from issuant.keys import KeyStatus, VendorFields
from issuant.pages import read_page
from issuant.providers.fireblocks.account import NAME
from issuant.providers.fireblocks.request import Wanted
from issuant.providers.fireblocks.users import may_hide
from issuant.replies import Reading, Reply, model

PAGE_SIZE = 30

_EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)

_STATES = {
    "PENDING": ApprovalState.PENDING,
    "APPROVED": ApprovalState.APPROVED,
    "REJECTED": ApprovalState.REJECTED,
    "CANCELLED": ApprovalState.CANCELLED,
    "TIMED_OUT": ApprovalState.EXPIRED,
    "FAILED": ApprovalState.FAILED,
}


def get_call(request_id: str) -> Call:
    """Return the call that asks for one request."""
    mode = GetApprovalByIdQuorumStatusMode.SUMMARY
    arguments = get_approval_by_id._get_kwargs(request_id, quorum_status_mode=mode)
    return Call(operation="approval", arguments=arguments, reads=True)


def list_call(operation: str, token: str | None, *, everyone: bool) -> Call:
    """Return the call that lists a page of what waits: for anybody, or for the caller alone."""
    arguments = get_approvals._get_kwargs(
        include_all_users=True if everyone else UNSET,
        quorum_status_mode=GetApprovalsQuorumStatusMode.SUMMARY,
        page_size=PAGE_SIZE,
        page_cursor=UNSET if token is None else token,
    )
    return Call(operation=operation, arguments=arguments, reads=True)


def read_one(reply: Reply, wanted: Wanted) -> Approval | tuple[str, ...]:
    """Return the request in a reply, or what makes the reply unusable. A state that it does not tell is UNKNOWN."""
    found = reply.fields()
    return () if found is None else _read(found, wanted)


def untold(wanted: Wanted, why: str) -> Approval:
    """Return a request of which Fireblocks tells nothing, with the reason in a sentence."""
    return Approval(
        provider=NAME,
        id=wanted.request_id or "",
        state=ApprovalState.UNKNOWN,
        name=wanted.name,
        note=why,
    )


def read_listed(reply: Reply) -> tuple[Page[Approval], str | None] | tuple[str, ...]:
    """Return a page of requests and the token of the next one, or what makes the reply unusable."""
    found = reply.fields()
    if found is None:
        return ()
    page = read_page(reply, found.get("data"), lambda fields: _read(fields, None), id_field="id", name_field="name")
    token = found.get("next")
    if page is None:
        return ("data is not a list",)
    if token is not None and not isinstance(token, str):
        return ("next is not a text",)
    return page, token or None


def _read(found: VendorFields, wanted: Wanted | None) -> Approval | tuple[str, ...]:
    """Return a request; where none is wanted in particular, its id is in its payload."""
    item = model(models.ApprovalRequestItem.from_dict, found)
    if item is None:
        return ("it is not as documented",)
    payload = _payload(item.request_payload)
    read = Reading(Unset, None)
    told = payload.get("requestId")
    if wanted is not None and told is None:
        request_id = wanted.request_id
    else:
        request_id = read.identifier(told, "requestId")
    if request_id is None:
        return tuple(read.faults)
    if wanted is not None and request_id != wanted.request_id:
        return ("requestId is that of another request",)
    word = _word(found)
    return Approval(
        provider=NAME,
        id=request_id,
        state=_STATES.get(word or "", ApprovalState.UNKNOWN),
        name=None if wanted is None else wanted.name,
        asked_at=_moment(payload.get("requestTimestamp"), per_second=1000),
        expires_at=_moment(payload.get("expiresAt"), per_second=1),
        note=_note(word),
        fields=found,
    )


def _word(found: VendorFields) -> str | None:
    status = found.get("quorumStatus")
    word = status.get("requestStatus") if isinstance(status, dict) else None
    return word if isinstance(word, str) else None


def _note(word: str | None) -> str:
    if word is None:
        return "Fireblocks does not tell what became of the request."
    return "" if word in _STATES else "Fireblocks says of its state what is not known here; `fields` has it."


def _payload(text: object) -> VendorFields:
    try:
        found = json.loads(text) if isinstance(text, str) else None
    except (ValueError, RecursionError):
        found = None
    return VendorFields(found if isinstance(found, dict) else {})


def _moment(value: object, *, per_second: int) -> datetime | None:
    if not isinstance(value, int | float) or isinstance(value, bool):
        return None
    try:
        found = datetime.fromtimestamp(value / per_second, UTC)
    except (ValueError, OverflowError, OSError):
        return None
    return found if found >= _EARLIEST else None


def without_name(told: Approval) -> Approval:
    """Return a request that is known by its id alone; where it is approved, the note tells how to find its user."""
    if told.state is not ApprovalState.APPROVED:
        return told
    return replace(told, note=_joined(told.note, "Ask with its name as well to find the API user that came of it."))


def leaves_user_open(told: Approval) -> bool:
    """Tell whether the API users are to be asked: it is approved, or nothing is told of its state."""
    return told.state is ApprovalState.APPROVED or (told.state is ApprovalState.UNKNOWN and _word(told.fields) is None)


def with_user(told: Approval, wanted: Wanted, users: Page[KeyInfo] | None) -> Approval:
    """Return a request with what the API users tell of it; None is a list not had.

    That it is approved Fireblocks alone can say: a user of its name may be older, or wait itself. Where it says so, the
    one user that may have come of it is the key; otherwise those of its name are candidates.
    """
    found = () if users is None else tuple(key for key in users.items if _is_named(key, wanted))
    is_doubtful = users is not None and may_hide(wanted.name or "", users)
    notes = [told.note]
    is_one = len(found) == 1 and found[0].status is not KeyStatus.PENDING_APPROVAL and not is_doubtful
    key = found[0] if is_one and told.state is ApprovalState.APPROVED else None
    if key is not None:
        notes.append("The one API user of its name is taken for what came of it.")
    elif found:
        those = "is an API user" if len(found) == 1 else "are several API users"
        notes.append(f"There {those} of its name, which may be older or of another request.")
    if found and wanted.role is None:
        notes.append("Its role is not known here, and was not compared.")
    if users is None:
        notes.append("The credential may not list API users.")
    elif is_doubtful:
        notes.append("The list of API users has some that cannot be read, or have no name.")
    elif not found:
        notes.append("No API user of its name is in the list.")
    if told.state is ApprovalState.UNKNOWN:
        notes.append("It may wait, or have been approved, rejected, or have expired.")
    return replace(told, key=key, candidates=() if key is not None else found, note=_joined(*notes))


def _is_named(key: KeyInfo, wanted: Wanted) -> bool:
    return key.name == wanted.name and (wanted.role is None or key.role in (wanted.role, None))


def _joined(*sentences: str) -> str:
    return " ".join(sentence for sentence in sentences if sentence)
