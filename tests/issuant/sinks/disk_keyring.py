"""A backend of the keyring library that keeps its items in one file, so that several processes have the same ones."""

from __future__ import annotations

import json
import os
from pathlib import Path

from keyring.backend import KeyringBackend
from keyring.errors import PasswordDeleteError


class Keyring(KeyringBackend):
    """Items in the JSON file that DISK_KEYRING names."""

    priority = 1

    def get_password(self, service: str, username: str) -> str | None:
        found = self._items().get(f"{service}\n{username}")
        return found if isinstance(found, str) else None

    def set_password(self, service: str, username: str, password: str) -> None:
        self._write({**self._items(), f"{service}\n{username}": password})

    def delete_password(self, service: str, username: str) -> None:
        items = self._items()
        if items.pop(f"{service}\n{username}", None) is None:
            raise PasswordDeleteError("no such item")
        self._write(items)

    def _path(self) -> Path:
        return Path(os.environ["DISK_KEYRING"])

    def _items(self) -> dict[str, str]:
        return dict(json.loads(self._path().read_text())) if self._path().exists() else {}

    def _write(self, items: dict[str, str]) -> None:
        beside = self._path().with_suffix(".new")
        beside.write_text(json.dumps(items))
        beside.rename(self._path())
