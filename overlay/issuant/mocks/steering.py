"""Steering a served simulator from another process. Owns the words for it; what each does is `control`'s affair.

    steer("http://127.0.0.1:8080/v1", "approve", request_id)

It talks to this machine and no other.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import quote

import httpx

from .control import PREFIX
from .reading import read_instant

_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
_STEP = re.compile(r"([+-]?[0-9]{1,6})([smhdw])", re.ASCII)
_TIMEOUT = 10.0
_A_MOVE = "a step such as 7d, or a time such as 2030-01-31T00:00:00Z"


class SteeringError(Exception):
    """A simulator that is not served there, or does not do what it was asked to."""


@dataclass(frozen=True, kw_only=True)
class _Act:
    """What is sent: `{}` in the path is what the act is about, unless `body` takes it. `about` says what that is."""

    method: str
    path: str
    about: str | None = None
    body: Callable[[str], Mapping[str, object]] | None = None


def _moved(text: str) -> Mapping[str, object]:
    step = _STEP.fullmatch(text)
    if step is not None:
        return {"advance": int(step[1]) * _SECONDS[step[2]]}
    if read_instant(text) is None:
        raise ValueError(f"{text!r} is not {_A_MOVE}")
    return {"set": text}


def _limited(text: str) -> Mapping[str, object]:
    if text == "none":
        return {"limit": None}
    if not (text.isascii() and text.isdigit() and len(text) <= 9):
        raise ValueError(f"{text!r} is neither a number nor none")
    return {"limit": int(text)}


ACTS: Mapping[str, _Act] = {
    "state": _Act(method="GET", path="state"),
    "clock": _Act(method="POST", path="clock", about=_A_MOVE, body=_moved),
    "fault": _Act(
        method="POST", path="faults", about="a fault such as status:503*3", body=lambda text: {"fault": text}
    ),
    "clear-faults": _Act(method="DELETE", path="faults"),
    "rate-limit": _Act(method="POST", path="rate_limit", about="a number a minute, or none", body=_limited),
    "retry-after": _Act(
        method="POST", path="rate_limit", about="seconds or date", body=lambda text: {"retry_after": text}
    ),
    "approvals": _Act(method="GET", path="approvals"),
    "approve": _Act(method="POST", path="approvals/{}/approve", about="the id of a request"),
    "reject": _Act(method="POST", path="approvals/{}/reject", about="the id of a request"),
    "remove-user": _Act(method="DELETE", path="users/{}", about="the id of an API user"),
    "pair": _Act(method="POST", path="pairings", about="a pairing token", body=lambda text: {"token": text}),
}
"""What can be done, by its word."""


def steer(base_url: str, act: str, what: str | None = None) -> Mapping[str, object]:
    """Do `act` at the simulator that is served at `base_url`, and return what it answers.

    Raises ValueError for a word that is not known, for one that `what` is missing or too much for, and for an address
    that is not this machine's; SteeringError where nothing is served, or it refuses.
    """
    if act not in ACTS:
        raise ValueError(f"{act!r} is nothing that can be done; there are {', '.join(ACTS)}")
    asked = ACTS[act]
    if (asked.about is None) is not (what is None):
        raise ValueError(f"{act} needs {asked.about or 'nothing'} after it")
    address = _origin(base_url) + PREFIX + asked.path.format(quote(what or "", safe=""))
    body = asked.body(what) if asked.body is not None and what is not None else None
    fault = "nothing is served there"
    try:
        with httpx.Client(trust_env=False, timeout=_TIMEOUT) as client:
            reply = client.request(asked.method, address, json=body)
            answer = reply.json()
        if reply.is_success and isinstance(answer, dict):
            return answer
        fault = f"HTTP {reply.status_code}: {answer['message']}"
    except httpx.HTTPError as error:
        fault = f"nothing is served there ({type(error).__name__})"
    except (ValueError, KeyError, TypeError):
        fault = "what is served there is no simulator"
    raise SteeringError(f"{base_url}: {fault}")


def _origin(base_url: str) -> str:
    """Return scheme, host and port alone. Raises ValueError for an address that is not this machine's."""
    try:
        url = httpx.URL(base_url)
        is_here = url.host == "localhost" or ipaddress.ip_address(url.host).is_loopback
    except (httpx.InvalidURL, ValueError):
        is_here = False
    if not is_here or url.scheme != "http":
        raise ValueError(f"{base_url!r} is no address of a simulator on this machine")
    return f"http://{url.netloc.decode('ascii')}"
