"""Approvals on the wire of the Fireblocks simulator. Owns what is told of them, their pages and cursors.

Facts
- What is signed is the payload as a text: requestId, requestType, requestTimestamp in milliseconds, expiresAt in
  seconds, requestData. The type and the data of the creation of an API user are not documented; those here are made up.
- A list holds what is pending, never what has been decided, and refuses the mode FULL. How one approval is answered
  for once it has been decided is not documented; here it stays.
- `userStatus` in a list of all users is USER_STATUS_NOT_APPLICABLE.
- That cursors live an hour, and are for the same question and caller alone, is not verified.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal
from urllib.parse import parse_qs

from .clock import Clock
from .fireblocks_approvals import Approval, Approvals
from .fireblocks_users import ApiUser

Mode = Literal["NONE", "SUMMARY", "FULL"]

REQUEST_TYPE = "CREATE_API_USER"
CURSOR_LIFE = timedelta(hours=1)
_DEFAULT_SIZE = 20
_MOST = 30
_STATES = {"pending": "PENDING", "approved": "APPROVED", "rejected": "REJECTED", "expired": "TIMED_OUT"}


@dataclass(frozen=True, kw_only=True)
class Question:
    """What a request for approvals asks. `mode` is how much it wants to know of the quorum."""

    mode: Mode = "NONE"
    user_id: str | None = None
    is_for_all: bool = False
    with_approved: bool = False
    size: int = _DEFAULT_SIZE
    cursor: str | None = None

    @property
    def is_of_others(self) -> bool:
        """Whether it is about more than the caller's own queue."""
        return self.is_for_all or self.user_id is not None


@dataclass(frozen=True, kw_only=True)
class Cursor:
    """The place where a page ended, for the question that it answered."""

    question: Question
    caller: str
    after: str
    until: datetime


def read_question(query: str, *, is_list: bool) -> Question:
    """Return what a query asks for. Raises ValueError, naming the parameter, for what is not allowed."""
    given = parse_qs(query, keep_blank_values=True)
    known = ("quorumStatusMode", "userId", "includeAllUsers", "includeUserApproved", "pageSize", "pageCursor")
    values: dict[str, str] = {}
    for name in known if is_list else known[:2]:
        found = given.get(name)
        if found is None:
            continue
        if len(found) != 1 or not found[0]:
            raise ValueError(f"{name} must be given once, with a value")
        values[name] = found[0]
    question = Question(
        mode=_mode(values, is_list=is_list),
        user_id=values.get("userId"),
        is_for_all=_boolean(values, "includeAllUsers"),
        with_approved=_boolean(values, "includeUserApproved"),
        size=_size(values),
        cursor=values.get("pageCursor"),
    )
    if question.is_for_all and question.user_id is not None:
        raise ValueError("userId cannot be combined with includeAllUsers")
    return question


def payload(approval: Approval) -> str:
    """Return the text that is signed to approve."""
    document = {
        "requestId": approval.request_id,
        "requestType": REQUEST_TYPE,
        "requestTimestamp": int(approval.asked.timestamp() * 1000),
        "expiresAt": int(approval.expires.timestamp()),
        "requestData": {"name": approval.name, "role": approval.role},
    }
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))


class Queue:
    """What the API tells of the approvals. `users` are those of the workspace, `new_cursor` draws the next cursor."""

    STATE = ("cursors",)

    def __init__(
        self, approvals: Approvals, users: Mapping[str, ApiUser], *, clock: Clock, new_cursor: Callable[[], str]
    ) -> None:
        """Start with no cursors."""
        self.cursors: dict[str, Cursor] = {}
        self._approvals = approvals
        self._users = users
        self._clock = clock
        self._new_cursor = new_cursor

    def page(self, question: Question, caller: ApiUser) -> dict[str, object]:
        """Return a page of what is pending. Raises ValueError for a cursor that is unknown, expired or another's."""
        asked = replace(question, cursor=None, size=_DEFAULT_SIZE)
        waiting = [item for item in self._since(question, asked, caller) if self._is_waiting(item, asked, caller)]
        shown = waiting[: question.size]
        document: dict[str, object] = {"data": [self.item(each, asked, caller) for each in shown]}
        if len(waiting) > len(shown):
            until = self._clock() + CURSOR_LIFE
            cursor = self._new_cursor()
            self.cursors[cursor] = Cursor(question=asked, caller=caller.id, after=shown[-1].request_id, until=until)
            document["next"] = cursor
        return document

    def item(self, approval: Approval, question: Question, caller: ApiUser) -> dict[str, object]:
        """Return one approval as the API tells it."""
        whose = question.user_id or caller.id
        return {
            "requestPayload": payload(approval),
            "requestSignature": "",
            "userStatus": "USER_STATUS_NOT_APPLICABLE" if question.is_for_all else self._user_status(approval, whose),
            "quorumStatus": None if question.mode == "NONE" else self._quorum_status(approval, question.mode),
        }

    def _since(self, question: Question, asked: Question, caller: ApiUser) -> list[Approval]:
        every = list(self._approvals.values())
        if question.cursor is None:
            return every
        cursor = self.cursors.get(question.cursor)
        if cursor is None or cursor.until <= self._clock() or (cursor.question, cursor.caller) != (asked, caller.id):
            raise ValueError("pageCursor is not valid")
        return every[list(self._approvals).index(cursor.after) + 1 :]

    def _is_waiting(self, approval: Approval, question: Question, caller: ApiUser) -> bool:
        if approval.state != "pending" or question.is_for_all:
            return approval.state == "pending"
        status = self._user_status(approval, question.user_id or caller.id)
        return status == "USER_NOT_APPROVED" or (question.with_approved and status == "USER_APPROVED")

    def _user_status(self, approval: Approval, user_id: str) -> str:
        user = self._users.get(user_id)
        if user is None or not approval.may_be_decided_by(user):
            return "USER_NOT_ELIGIBLE_TO_APPROVE"
        return "USER_APPROVED" if user_id in approval.approved_by else "USER_NOT_APPROVED"

    def _quorum_status(self, approval: Approval, mode: Mode) -> dict[str, object]:
        is_approved = approval.state == "approved"
        quorum: dict[str, object] = {
            "type": "SIMPLE",
            "threshold": self._approvals.threshold,
            "currentApprovalCount": len(approval.approved_by),
            "status": "APPROVED" if is_approved else "PENDING",
        }
        status: dict[str, object] = {"requestStatus": _STATES[approval.state], "quorum": quorum}
        if mode == "FULL":
            asked = [user for user in self._users.values() if approval.may_be_decided_by(user)]
            quorum["members"] = list(range(len(asked)))
            status["users"] = [
                {
                    "index": index,
                    "userId": user.id,
                    "status": "APPROVED" if user.id in approval.approved_by else "PENDING",
                }
                for index, user in enumerate(asked)
            ]
        return status


def _mode(values: Mapping[str, str], *, is_list: bool) -> Mode:
    match values.get("quorumStatusMode", "NONE"):
        case "NONE":
            return "NONE"
        case "SUMMARY":
            return "SUMMARY"
        case "FULL" if not is_list:
            return "FULL"
    raise ValueError("quorumStatusMode is not one that is supported here")


def _boolean(values: Mapping[str, str], name: str) -> bool:
    value = values.get(name, "false")
    if value not in ("true", "false"):
        raise ValueError(f"{name} must be true or false")
    return value == "true"


def _size(values: Mapping[str, str]) -> int:
    text = values.get("pageSize", str(_DEFAULT_SIZE))
    # A number of many digits is out of bounds, and slow to read.
    if not (text.isascii() and text.isdigit() and len(text) <= 2 and 1 <= int(text) <= _MOST):
        raise ValueError(f"pageSize must be a number from 1 to {_MOST}")
    return int(text)
