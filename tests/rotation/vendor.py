"""A provider that remembers what it was asked, and the people who decide there: a simulator, watched; in this process
or, for those who fork, in one of its own.

Owns what is true at the provider, found without the code that is tried.
"""

from __future__ import annotations

import copy
import json
import multiprocessing
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from multiprocessing.connection import Connection as Pipe
from pathlib import Path
from typing import Any, cast

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from issuant.mocks import Reply, Request, Simulator, loopback
from issuant.mocks.base import fingerprint
from issuant.mocks.clock import Clock, system_clock
from issuant.mocks.faultlist import of_operation
from issuant.mocks.fireblocks import FireblocksSimulator
from issuant.mocks.fireblocks_keys import public_key_of
from issuant.mocks.fireworks import FireworksSimulator
from issuant.mocks.galileo import GalileoSimulator
from issuant.mocks.state import restore, snapshot

from tests.rotation.scenes import CREATES, LISTS, SECRET, STEM

_KINDS: Mapping[str, type[Simulator]] = {
    "galileo": GalileoSimulator,
    "fireworks": FireworksSimulator,
    "fireblocks": FireblocksSimulator,
}
_NAMED = {"galileo": "description", "fireworks": "displayName", "fireblocks": "name"}
_LISTED = {"galileo": ("api_keys", "id"), "fireworks": ("apiKeys", "keyId"), "fireblocks": ("users", "id")}
_NEVER = datetime.max.replace(tzinfo=UTC)


class Vendor:
    """A provider, the people who decide there, and a record of what has taken effect.

    Attributes:
        simulator: what answers.
        lag: from so many lists a key that is new there is missing.
    """

    def __init__(self, provider: str, *, clock: Clock = system_clock) -> None:
        self.provider = provider
        self._created: list[str] = []
        self._marks: dict[str, object] = {}
        self.lag = 0
        self._hides: dict[str, int] = {}
        self.simulator = _watched(_KINDS[provider], self)(clock=clock)
        self._values = set() if self._is_c else {self.simulator.api_key}  # at Fireblocks it is an id, and no secret
        self._creates, self._lists = of_operation(CREATES[provider]), of_operation(LISTS[provider])

    @property
    def _is_c(self) -> bool:
        return self.provider == "fireblocks"

    def take(self, request: Request, reply: Reply) -> Reply:
        """Note what has been done, and return what is answered."""
        if self._creates(request) and reply.status < 300:
            body = json.loads(request.body)
            told = json.loads(reply.body or b"{}")
            self._created.append(body.get("apiKey", body)[_NAMED[self.provider]])
            self._values |= {text for text in (body.get("api_key"), told.get("api_key"), told.get("key")) if text}
            self._remember()
        return self._late(reply) if self._lists(request) and reply.status == 200 else reply

    def _late(self, reply: Reply) -> Reply:
        document = json.loads(reply.body)
        field, key = _LISTED[self.provider]
        late = {item[key] for item in document[field] if self._hides.setdefault(item[key], self.lag) > 0}
        for one in late:
            self._hides[one] -= 1
        document[field] = [item for item in document[field] if item[key] not in late]
        if "totalSize" in document:
            document["totalSize"] -= len(late)
        return Reply.json(reply.status, document)

    def created_names(self) -> list[str]:
        """Return the names of all keys that were asked for, in order, one for each request that took effect."""
        return self._created

    def known_values(self) -> set[str]:
        """Return every value that has been on the way, and the acting credential's."""
        return self._values

    def ours(self) -> dict[str, str]:
        """Return the keys of the credential that live, their names by their ids."""
        held = {
            "galileo": lambda one: {key.id: key.description for key in one.keys.values()},
            "fireworks": lambda one: {key.key_id: key.display_name for key in one.keys.values()},
            "fireblocks": lambda one: {user.id: user.name for user in one.users.values()},
        }[self.provider](self._any)
        return {key_id: name for key_id, name in held.items() if name.startswith(STEM)}

    def expired(self) -> set[str]:
        """Return the ids of our keys that are listed, and whose time is over by the provider's clock."""
        found, now = {} if self._is_c else self._any.keys, self.simulator.clock()
        return {key_id for key_id in self.ours() if key_id in found and (found[key_id].expires or _NEVER) <= now}

    def opens(self, value: str) -> tuple[str, ...]:
        """Return the ids of our keys that are accepted, and have that value."""
        alive = self.ours().keys() - self.expired()
        return tuple(key_id for key_id in self.had(value) if key_id in alive)

    def had(self, value: str) -> tuple[str, ...]:
        """Return the ids of all keys that ever had that value, those that are gone too."""
        # A store that was put back as it was knows of its values what the vendor knows of its keys.
        if not self._is_c:
            mark: object = value.removeprefix("sha256:") if value.startswith("sha256:") else fingerprint(value)
        elif value.startswith("-----BEGIN"):
            mark = _numbers(public_key_of(value))
        else:
            return ()
        return tuple(key_id for key_id, known in self._marks.items() if known == mark)

    def _remember(self) -> None:
        if self._is_c:
            self._marks |= {user.id: _numbers(user.public_key) for user in self._any.users.values()}
        else:
            self._marks |= {key_id: key.fingerprint for key_id, key in self._any.keys.items()}

    def pending(self) -> tuple[str, ...]:
        """Return the requests that people have not decided yet."""
        if not self._is_c:
            return ()
        return tuple(one.request_id for one in self._any.approvals.values() if one.state == "pending")

    def approve(self) -> None:
        """Approve all that waits, as the owner does in the console."""
        for request_id in self.pending():
            self._any.approvals.approve(request_id)
        self._remember()

    def reject(self) -> None:
        """Reject all that waits."""
        for request_id in self.pending():
            self._any.approvals.reject(request_id)

    def remove(self, id: str) -> None:  # noqa: A002 - the field's own name
        """Remove a key of ours by hand, where it still is."""
        if id in self.ours():
            held = self._any.users if self._is_c else self._any.keys
            del held[id]

    def stored(self) -> str | None:
        """Return what Fireworks' secret store holds for the credential."""
        found = self._any.secrets.get(f"accounts/{self._any.account_id}/secrets/{SECRET}")
        return None if found is None else found.value

    def kept(self) -> object:
        """Return all that is so now, to go back to."""
        return snapshot(self.simulator), list(self._created), dict(self._marks)

    def go_back(self, kept: Any) -> None:
        """Let it be as it was when `kept` was returned."""
        document, created, marks = kept
        with self.simulator.lock:
            restore(self.simulator, copy.deepcopy(document))
            self._created[:], self._marks = created, dict(marks)

    @property
    def _any(self) -> Any:
        return self.simulator


def _numbers(key: RSAPublicKey) -> tuple[int, int]:
    found = key.public_numbers()
    return found.n, found.e


def _watched(kind: type[Simulator], vendor: Vendor) -> type[Simulator]:
    class Watched(kind):  # type: ignore[misc, valid-type]
        def _answer(self, request: Request) -> Reply:
            return vendor.take(request, super()._answer(request))

    return cast("type[Simulator]", Watched)


class Remote:
    """A vendor in another process."""

    def __init__(self, pipe: Pipe) -> None:
        self._pipe = pipe

    def __getattr__(self, name: str) -> Callable[..., Any]:
        return partial(self._ask, name)

    def _ask(self, name: str, *given: object) -> Any:
        self._pipe.send((name, given))
        found = self._pipe.recv()
        if isinstance(found, BaseException):
            raise found
        return found


def _serve(provider: str, pipe: Pipe, folder: Path) -> None:
    vendor = Vendor(provider)
    with loopback.serve(vendor.simulator) as server:
        pipe.send(vendor.simulator.env(server.base_url, folder))
        while (asked := pipe.recv()) is not None:
            name, given = asked
            with vendor.simulator.lock:
                pipe.send(getattr(vendor, name)(*given))


@contextmanager
def vendor_of(provider: str, folder: Path) -> Iterator[Vendor]:
    """Serve a provider in a process of its own, and let the environment lead there."""
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.get_context("fork").Process(target=_serve, args=(provider, theirs, folder))
    process.start()
    os.environ.update(ours.recv())
    try:
        yield cast("Vendor", Remote(ours))
    finally:
        ours.send(None)
        process.join(10)
