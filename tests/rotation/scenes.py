"""Where rotations are tried: a provider, and the places that keep the key.

Owns what is true in those places, found without the code that is tried.
"""

from __future__ import annotations

import json
import shlex
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from dotenv import dotenv_values
from issuant.keys import KeyRequest
from issuant.providers.fireblocks import FireblocksKeyRequest
from issuant.providers.fireworks import FireworksKeyRequest

if TYPE_CHECKING:
    from tests.rotation.vendor import Vendor

NAME = "ci"
STEM = "ci key"
CREATES = {
    "galileo": "POST */users/api_keys",
    "fireworks": "POST */apiKeys",
    "fireblocks": "POST */management/api_users",
}
LISTS = {"galileo": "GET */api_keys", "fireworks": "GET */apiKeys", "fireblocks": "GET */management/api_users"}
REVOKES = {"galileo": "DELETE */api_keys/*", "fireworks": "POST */apiKeys:delete"}
SECRET = "ci-secret"
_SERVICE, _ITEM, _RING = "issuant", "ci", "ring.json"
_MOVED = {"exec": "other", "both": "two"}


def request_at(provider: str, lifetime: timedelta | None = None) -> KeyRequest:
    """Return how the keys of the credential are asked for."""
    if provider == "fireworks":
        return FireworksKeyRequest(name=STEM, expires_in=lifetime)
    if provider == "fireblocks":
        return FireblocksKeyRequest(name=STEM, role="VIEWER")
    return KeyRequest(name=STEM, expires_in=lifetime)


@dataclass(frozen=True, kw_only=True)
class Scene:
    """A provider, and the kind of place that keeps the key there.

    Attributes:
        provider: the provider's name.
        place: `file` and `keyring` are staged and read back, `env` is read back, `exec` and `secret` are only written
            to; `both` is a file and a command. `other` and `two` are where it goes when the command is gone for good.
        is_async: whether an AsyncRotator is at work.
        lifetime: how long each key lives; None: for ever.
    """

    provider: str
    place: str
    is_async: bool = False
    lifetime: timedelta | None = None

    @property
    def name(self) -> str:
        """What it is called in a report."""
        return f"{self.provider}-{self.place}" + ("-async" if self.is_async else "")

    @property
    def request(self) -> KeyRequest:
        """How the keys are asked for."""
        return request_at(self.provider, self.lifetime)

    @property
    def moved(self) -> Scene | None:
        """The scene once another sink has taken the place of the command; None where there is none."""
        return replace(self, place=_MOVED[self.place]) if self.place in _MOVED else None

    @property
    def is_written_blindly(self) -> bool:
        """Whether nobody can tell if a place holds a value already."""
        return self.place in ("exec", "both")

    def environment(self, folder: Path) -> dict[str, str]:
        """Return the variables that lead to its keyring; it must be set before the keyring is asked for anything."""
        if self.place != "keyring":
            return {}
        backend = "tests.issuant.sinks.disk_keyring.Keyring"
        return {"PYTHON_KEYRING_BACKEND": backend, "DISK_KEYRING": str(folder / _RING)}

    def sinks(self, folder: Path) -> list[str]:
        """Return where the value goes."""
        script = folder / "take"
        if not script.exists():
            script.write_text('#!/bin/sh\ncat >> "$1"\nprintf "\\0" >> "$1"\n')
            script.chmod(0o700)
        command = f"exec:{shlex.quote(str(script))} {shlex.quote(str(folder / 'taken'))}"
        lines = {
            "file": [f"file:{folder}/key"],
            "keyring": [f"keyring:{_SERVICE}/{_ITEM}"],
            "env": [f"env:{folder}/.env#CI_KEY"],
            "exec": [command],
            "secret": [f"fireworks:{SECRET}#CI_KEY"],
            "both": [f"file:{folder}/key", command],
            "other": [f"file:{folder}/other"],
            "two": [f"file:{folder}/key", f"file:{folder}/other"],
        }
        return lines[self.place]

    def break_command(self, folder: Path) -> None:
        """Let the command refuse each value from now on, as one whose store is gone for good."""
        (folder / "take").write_text("#!/bin/sh\nexit 3\n")

    def id_sinks(self, folder: Path) -> list[str]:
        """Return where the id goes."""
        return [f"env:{folder}/.env#CI_ID"] if self.provider == "fireblocks" else []

    def held(self, folder: Path, vendor: Vendor) -> tuple[str | None, ...]:
        """Return what the places hold."""
        taken = folder / "taken"
        found: dict[str, list[str | None]] = {
            "file": [_text(folder / "key")],
            "other": [_text(folder / "other")],
            "keyring": [_items(folder).get(f"{_SERVICE}\n{_ITEM}")],
            "env": [dotenv_values(folder / ".env").get("CI_KEY")],
            "exec": [taken.read_text().split("\0")[-2] if taken.exists() else None],
            "secret": [vendor.stored()] if self.place == "secret" else [],
        }
        found["both"] = found["file"] + found["exec"]
        found["two"] = found["file"] + found["other"]
        return tuple(found[self.place])

    def left_in_slots(self, folder: Path) -> list[str]:
        """Return the slots that are there, and what a store has left beside a place."""
        items = [item for item in _items(folder) if "#" in item]
        return items + [path.name for path in folder.rglob(".issuant-*")]

    def held_id(self, folder: Path) -> str | None:
        """Return the id that is kept beside the value."""
        return dotenv_values(folder / ".env").get("CI_ID") if self.id_sinks(folder) else None


def _text(path: Path) -> str | None:
    return path.read_text() if path.exists() else None


def _items(folder: Path) -> dict[str, str]:
    return dict(json.loads(_text(folder / _RING) or "{}"))


_ASYNC = ("fireworks", "env")

SCENES = (
    *(
        Scene(provider=provider, place=place, is_async=(provider, place) == _ASYNC)
        for provider in CREATES
        for place in ("file", "env", "exec")
    ),
    Scene(provider="fireworks", place="secret"),
    Scene(provider="fireworks", place="keyring"),
    Scene(provider="galileo", place="both"),
)
"""Three classes of provider, each with three kinds of place, one of them with asyncio; Fireworks' own store; a keyring;
and two places at once.
"""
