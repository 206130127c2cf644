"""A keyring daemon of the tests' own: org.freedesktop.secrets on a bus, in a process of its own, in memory.

Run as a program with a bus address and a mood: `open`, `locked` (and whoever is asked says no), `deaf` (a question for
an item is never answered), `refusing` (nothing can be created), `forgetful` (what is created has another value).
It offers the plain session only, so a client that wants an encrypted one has to go on to that.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

from jeepney import DBusAddress, HeaderFields, Message, MessageType, new_error, new_method_return, new_signal  # type: ignore[import-untyped]
from jeepney.bus_messages import message_bus  # type: ignore[import-untyped]
from jeepney.io.blocking import DBusConnection, open_dbus_connection  # type: ignore[import-untyped]

NAME = "org.freedesktop.secrets"
ROOT = "/org/freedesktop/secrets"
PROMPT = f"{ROOT}/prompt/1"

Answer = tuple[str, tuple[Any, ...]]


class RefusedError(Exception):
    """An error in D-Bus's words."""


class Daemon:
    """One collection, which is the default one, and its items."""

    def __init__(self, connection: DBusConnection, mood: str) -> None:
        self._connection = connection
        self._mood = mood
        self._items: dict[str, tuple[dict[str, str], bytes]] = {}
        self._made = 0
        self._methods: dict[str, Callable[[str, tuple[Any, ...]], Answer]] = {
            "Get": self._get,
            "OpenSession": self._open_session,
            "Unlock": self._unlock,
            "SearchItems": self._search,
            "CreateItem": self._create,
            "GetSecret": self._secret,
            "Delete": self._delete,
        }

    def serve(self) -> None:
        """Answer until the bus is gone."""
        while True:
            message = self._connection.receive()
            if message.header.message_type is MessageType.method_call:
                self._answer(message)

    def _answer(self, message: Message) -> None:
        member, path = message.header.fields[HeaderFields.member], message.header.fields[HeaderFields.path]
        if member == "Prompt":
            self._connection.send(new_method_return(message))
            address = DBusAddress(PROMPT, interface="org.freedesktop.Secret.Prompt")
            self._connection.send(new_signal(address, "Completed", "bv", (True, ("ao", []))))
            return
        if self._mood == "deaf" and member == "SearchItems":
            return
        try:
            signature, body = self._methods[member](path, message.body)
        except (KeyError, RefusedError) as error:
            name = str(error.args[0]) if isinstance(error, RefusedError) else "org.freedesktop.DBus.Error.UnknownMethod"
            self._connection.send(new_error(message, name))
            return
        self._connection.send(new_method_return(message, signature, body))

    def _get(self, path: str, body: tuple[Any, ...]) -> Answer:
        values = {"Label": ("s", "Default"), "Locked": ("b", self._mood == "locked")}
        if path.startswith(f"{ROOT}/item/"):
            values["Attributes"] = ("a{ss}", self._items[path][0])
        return "v", (values[body[1]],)

    def _open_session(self, path: str, body: tuple[Any, ...]) -> Answer:
        if body[0] != "plain":
            raise RefusedError("org.freedesktop.DBus.Error.NotSupported")
        return "vo", (("s", ""), f"{ROOT}/session/1")

    def _unlock(self, path: str, body: tuple[Any, ...]) -> Answer:
        return "aoo", ([], PROMPT) if self._mood == "locked" else (body[0], "/")

    def _search(self, path: str, body: tuple[Any, ...]) -> Answer:
        wanted = body[0].items()
        return "ao", ([name for name, (attributes, _) in self._items.items() if wanted <= attributes.items()],)

    def _create(self, path: str, body: tuple[Any, ...]) -> Answer:
        if self._mood == "refusing":
            raise RefusedError("org.freedesktop.DBus.Error.AccessDenied")
        properties, secret, replaces = body
        attributes = dict(properties["org.freedesktop.Secret.Item.Attributes"][1])
        same = [name for name, (found, _) in self._items.items() if found == attributes]
        self._made += 1
        item = same[0] if same and replaces else f"{ROOT}/item/{self._made}"
        self._items[item] = (attributes, bytes(secret[2])[: 3 if self._mood == "forgetful" else None])
        return "oo", (item, "/")

    def _secret(self, path: str, body: tuple[Any, ...]) -> Answer:
        return "(oayays)", ((body[0], b"", self._items[path][1], "text/plain"),)

    def _delete(self, path: str, body: tuple[Any, ...]) -> Answer:
        del self._items[path]
        return "o", ("/",)


def main(address: str, mood: str) -> None:
    """Take the name on the bus, say so, and serve."""
    connection = open_dbus_connection(bus=address)
    connection.send_and_get_reply(message_bus.RequestName(NAME))
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    try:
        Daemon(connection, mood).serve()
    except ConnectionError:
        connection.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
