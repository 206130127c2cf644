"""A key that is rotated over loopback, and the same calls made by bare httpx. Owns which calls these are: what one
rotation has sent to a simulator, with the ids, the name and the value of each further rotation in their places.

Facts
- The peer keeps one connection for all rotations and writes nothing down. A rotation opens two connections (the new key
  proves itself by one of its own), and syncs what it does to disk step by step.
"""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Self

import httpx
from issuant import KeyRequest, connect, mocks
from issuant.rotation.rotator import Rotator
from issuant.rotation.steps import Witness
from public import Tape

NAME = "bench"
_OLD, _ID, _KEY_NAME, _VALUE = "<old>", "<id>", "<name>", "<value>"


class Turned:
    """A key that is looked after in a folder, in one file, and that can be rotated again and again, without a grace."""

    def __init__(
        self,
        provider: str,
        folder: Path,
        *,
        witness: Witness | None = None,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self.folder = folder
        self.file = folder / "key"
        folder.mkdir(exist_ok=True)
        self._rotator = Rotator(
            folder / "state",
            key=f"file:{folder / 'sealing.key'}",  # whatever the environment says of one
            connect=partial(connect, transport=transport),
            witness=witness,
        )
        self._rotator.issue(NAME, provider, KeyRequest(name=NAME), sinks=[f"file:{self.file}"])

    def turn(self) -> dict[str, str]:
        """Rotate it, and return what the old id, the new id, the name and the value of the new key are."""
        done = self._rotator.rotate(NAME, grace=timedelta())
        if done.ended_at is None or not (done.old_key_id and done.key_id and done.key_name):
            raise RuntimeError(f"the rotation stands at {done.state.value}: {done.note}")
        return {done.old_key_id: _OLD, done.key_id: _ID, done.key_name: _KEY_NAME, self.file.read_text(): _VALUE}

    def bytes_of(self, ending: str = "") -> int:
        """Return the size of the journal, or of the file beside it with that ending."""
        path = self.folder / "state" / f"journal.db{ending}"
        return path.stat().st_size if path.exists() else 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *raised: object) -> None:
        self._rotator.close()


@dataclass(frozen=True, kw_only=True)
class Sent:
    """A request of a rotation, with marks in the places of what differs each time.

    `status` is that of the reply; `told` says under which name it tells what belongs in the place of a mark.
    """

    method: str
    path: str
    headers: Mapping[str, str]
    body: str
    status: int
    told: Mapping[str, str]


def sent_by_a_rotation(provider: str) -> list[Sent]:
    """Rotate a key at a simulator in this process, and return what was asked."""
    simulator = mocks.simulator(provider)
    with TemporaryDirectory(prefix="issuant-bench-") as name:
        folder, tape = Path(name), Tape(simulator)
        os.environ.update(simulator.env(f"https://mock.invalid{simulator.base_path}", folder))
        with Turned(provider, folder, transport=tape) as turned:
            tape.kept.clear()
            marks = turned.turn()
    return [_marked(request, reply, marks, simulator.api_key) for request, reply in tape.kept]


def _marked(request: httpx.Request, reply: httpx.Response, marks: Mapping[str, str], api_key: str) -> Sent:
    def marked(text: str) -> str:
        for found, mark in marks.items():
            text = text.replace(found, mark)
        return text

    shown = {name: marked(value) for name, value in request.headers.items()}
    told = {}
    if _KEY_NAME in marked(request.content.decode()):
        answer = reply.json().items()
        told = {mark: name for found, mark in marks.items() for name, value in answer if value == found}
    return Sent(
        method=request.method,
        path=marked(request.url.raw_path.decode()),
        headers={name: value for name, value in shown.items() if api_key in value or _VALUE in value},
        body=marked(request.content.decode()),
        status=reply.status_code,
        told=told,
    )


class Replayed:
    """Another key, rotated by the same calls alone."""

    def __init__(self, client: httpx.Client, sent: list[Sent]) -> None:
        self._client = client
        self._sent = sent
        self._current = ""
        for one in sent:
            if one.told:
                self._current = self._answered(one, self._fresh())[_ID]

    def turn(self) -> None:
        """Make the calls of a rotation."""
        known = {**self._fresh(), _OLD: self._current}
        for one in self._sent:
            known |= self._answered(one, known)
        self._current = known[_ID]

    def _fresh(self) -> dict[str, str]:
        return {_KEY_NAME: f"{NAME}-{secrets.token_hex(4)}", _VALUE: secrets.token_urlsafe(32)}

    def _answered(self, one: Sent, known: Mapping[str, str]) -> dict[str, str]:
        def filled(text: str) -> str:
            for mark, value in known.items():
                text = text.replace(mark, value)
            return text

        headers = {name: filled(value) for name, value in one.headers.items()}
        reply = self._client.request(
            one.method, filled(one.path), headers=headers, json=json.loads(filled(one.body)) if one.body else None
        )
        answer = reply.json()
        if reply.status_code != one.status:
            raise RuntimeError(f"{one.method} {one.path}: {reply.status_code}, and a rotation gets {one.status}")
        return {mark: answer[name] for mark, name in one.told.items()}
