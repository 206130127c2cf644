"""Where an issued value goes, named in one line, such as `env:PATH#NAME` or `file:PATH`."""

from __future__ import annotations

import os
from pathlib import Path

from issuant.errors import SinkNotReadyError
from issuant.keys import Sink
from issuant.sinks.abilities import Settles

_FORMS = "env:PATH#NAME, file:PATH, keyring:SERVICE/USER, fireworks:SECRET_ID#KEY_NAME or exec:COMMAND"


def open_sink(spec: str, *, replace: bool = True) -> Sink:
    """Return the sink that `spec` names. Nothing is touched yet. Raises SinkNotReadyError for a malformed one.

    `env:PATH#NAME` sets NAME in an env file and keeps its other lines; `file:PATH` is a file with the value alone;
    `keyring:SERVICE/USER` is a password in the system's keyring (the extra `keyring`);
    `fireworks:SECRET_ID#KEY_NAME` is a secret in Fireworks' store, with the credentials of the environment, in
    its account or in that of `fireworks:ACCOUNT_ID/SECRET_ID#KEY_NAME`; `exec:COMMAND` runs a command, without a shell,
    with the value on its standard input, in the folder of `exec:--chdir=FOLDER COMMAND` where one is given.

    Args:
        spec: the sink.
        replace: whether a value may be written over that it holds already; False refuses, before anything is created.
    """
    if not isinstance(spec, str):
        raise SinkNotReadyError("the sink is no text.", advice=f"Give {_FORMS}.", field="sink")
    kind, colon, rest = spec.partition(":")
    path, _, name = rest.rpartition("#")
    if colon and kind == "env" and path and name:
        from issuant.sinks.envfile import EnvFileSink

        return EnvFileSink(_expanded(path), name, replace=replace)
    if colon and kind == "file" and rest:
        from issuant.sinks.file import FileSink

        return FileSink(_expanded(rest), replace=replace)
    found = _elsewhere(kind, rest, replace=replace) if colon and spec.isprintable() else None
    if found is None:
        shown = repr(spec) if kind != "exec" else "what is given"  # a command may hold a token
        raise SinkNotReadyError(f"{shown} names no sink.", advice=f"Give {_FORMS}.", field="sink")
    return found


def _elsewhere(kind: str, rest: str, *, replace: bool) -> Sink | None:
    """Return a sink that is no file of ours; None where it is malformed."""
    service, _, user = rest.rpartition("/")
    if kind == "keyring" and service and user:
        from issuant.sinks.keyring import KeyringSink

        return KeyringSink(service, user, replace=replace)
    secret_id, _, key_name = rest.partition("#")
    if kind == "fireworks" and secret_id and key_name:
        from issuant.sinks.fireworks import FireworksSecretSink

        return FireworksSecretSink(secret_id, key_name, replace=replace)
    if kind == "exec" and rest.strip():
        from issuant.sinks.command import CommandSink

        return CommandSink(rest, replace=replace)
    return None


def lasting(spec: str) -> str:
    """Return `spec` so that it names the same sink from any folder, home and account: what it leaves out is written.

    Raises SinkNotReadyError for a malformed one.
    """
    sink, (kind, _, rest) = open_sink(spec), spec.partition(":")
    if isinstance(sink, Settles):
        return f"{kind}:{sink.lasting()}"
    return f"{kind}:{_expanded(rest).absolute()}" if kind in ("env", "file") else spec


def share_a_place(one: str, other: str) -> bool:
    """Tell whether what is put into one sink is in the way of the other: the same file, line, password or secret.

    Of commands that cannot be told; two are the same where their texts are.

    Args:
        one: a sink, as `open_sink` takes it.
        other: another.

    Raises SinkNotReadyError for a malformed one.
    """
    (first, line), (second, other_line) = _place(lasting(one)), _place(lasting(other))
    return first == second and (line == other_line or None in (line, other_line))


def _place(spec: str) -> tuple[str, str | None]:
    """Return where a sink is, and the line there that is its own; None where all of it is."""
    kind, _, rest = spec.partition(":")
    if kind == "file":
        return f"file {os.path.realpath(rest)}", None
    path, _, name = rest.rpartition("#")
    if kind == "env":
        return f"file {os.path.realpath(path)}", name
    return f"{kind} {rest.partition('#')[0] if kind == 'fireworks' else rest}", None


def _expanded(path: str) -> Path:
    try:
        return Path(path).expanduser()
    except RuntimeError:
        pass
    raise SinkNotReadyError(f"{path!r} is in the home of nobody known.", advice="Write the path out.", field="sink")
