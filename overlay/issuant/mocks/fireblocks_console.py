"""What people do in the Fireblocks console, for another process: it is the API's counterpart below /_mock/.

    GET    /_mock/approvals                   every approval, the latest last, in the state that it is in now
    POST   /_mock/approvals/{id}/approve      approve as the owner does: one is enough
    POST   /_mock/approvals/{id}/reject
    DELETE /_mock/users/{id}                  delete an API user, which no call of the API can
    POST   /_mock/pairings                    {"token": "…"}: use a pairing token up, as a co-signer does

To let an approval expire, move the clock by seven days.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

from .base import Route
from .control import PREFIX, read_fields, refusal
from .fireblocks_approvals import Approval
from .fireblocks_workspace import FireblocksWorkspace
from .messages import RefusedError, Reply, Request

_T = TypeVar("_T")


class Console:
    """The console of one workspace."""

    def __init__(self, workspace: FireblocksWorkspace) -> None:
        """Act on `workspace`, whose lock is held already."""
        self._workspace = workspace

    def routes(self) -> tuple[Route, ...]:
        """Return what can be done."""
        approval = f"{PREFIX}approvals/{{id}}"
        return (
            Route(method="GET", path=f"{PREFIX}approvals", answer=self._list),
            Route(method="POST", path=f"{approval}/approve", answer=self._approve),
            Route(method="POST", path=f"{approval}/reject", answer=self._reject),
            Route(method="DELETE", path=f"{PREFIX}users/{{id}}", answer=self._remove_user),
            Route(method="POST", path=f"{PREFIX}pairings", answer=self._pair),
        )

    def _list(self, request: Request, parts: Mapping[str, str]) -> Reply:
        return Reply.json(200, {"approvals": [_shown(approval) for approval in self._workspace.approvals.values()]})

    def _approve(self, request: Request, parts: Mapping[str, str]) -> Reply:
        return self._decide(parts, self._workspace.approvals.approve)

    def _reject(self, request: Request, parts: Mapping[str, str]) -> Reply:
        return self._decide(parts, self._workspace.approvals.reject)

    def _decide(self, parts: Mapping[str, str], act: Callable[[str], object]) -> Reply:
        if parts["id"] not in self._workspace.approvals:
            raise RefusedError(refusal(404, f"no approval has the id {parts['id']!r}"))
        _attempt(409, lambda: act(parts["id"]))
        return Reply.json(200, _shown(self._workspace.approvals[parts["id"]]))

    def _remove_user(self, request: Request, parts: Mapping[str, str]) -> Reply:
        _attempt(404, lambda: self._workspace.remove_user(parts["id"]))
        return Reply.json(200, {})

    def _pair(self, request: Request, parts: Mapping[str, str]) -> Reply:
        token = str(read_fields(request, "token").get("token"))
        return Reply.json(200, _attempt(404, lambda: self._workspace.pair(token)).document())


def _attempt(status: int, act: Callable[[], _T]) -> _T:
    """Return what `act` returns; a LookupError is refused with `status`."""
    try:
        return act()
    except LookupError as error:
        raise RefusedError(refusal(status, str(error))) from None


def _shown(approval: Approval) -> dict[str, object]:
    return {
        "id": approval.request_id,
        "state": approval.state,
        "name": approval.name,
        "role": approval.role,
        "asked": approval.asked.isoformat(),
        "expires": approval.expires.isoformat(),
        "initiator": approval.initiator,
        "approved_by": list(approval.approved_by),
        "user_id": approval.user_id,
    }
