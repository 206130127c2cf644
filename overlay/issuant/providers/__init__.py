"""The providers and what each must bring. A provider is one module of this package that holds a `PROVIDER`.

Adapters translate: a request of ours into a generated model on the way out, a reply into an outcome on the way back.
Only an adapter imports its generated client, and nothing generated leaves it.
An adapter names models as `models.X`, which loads each when it is first used: who only connects pays for none.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from importlib import import_module
from typing import Literal, TypeVar, cast

from issuant.adapters import Account, Adapter
from issuant.addresses import checked_base_url
from issuant.clock import Clock
from issuant.errors import CredentialError, InvalidRequestError, UsageError
from issuant.keys import Capabilities, KeyRequest, invalid
from issuant.turning import Turning

R = TypeVar("R", bound=KeyRequest)


@dataclass(frozen=True, kw_only=True)
class Option:
    """How a field of a provider's request is given on the command line.

    Attributes:
        field: the field's name in the request class.
        flag: the option, such as `--role`.
        help: one line on it.
        kind: `text`, `choice`, `flag`, `pairs` (NAME=VALUE, repeatable), `file` (the text of a file) or `secret-file`
            (the same, held as a Secret; `-` is standard input).
        choices: what a `choice` may be.
        leaves_no_value: where it is given, no value comes of the request that would have to go anywhere.
    """

    field: str
    flag: str
    help: str
    kind: Literal["text", "choice", "flag", "pairs", "file", "secret-file"] = "text"
    choices: tuple[str, ...] = ()
    leaves_no_value: bool = False


@dataclass(frozen=True, kw_only=True)
class Provider:
    """One provider, described.

    Attributes:
        name: how it is called here, in lower case.
        title: how it calls itself.
        servers: the servers that its document lists, by name; the first is the default.
        capabilities: what it can do.
        request: its class of request.
        options: the fields that its class of request adds, for the command line.
        variables: the environment variables that are read, each with what it holds.
        account: makes an account from environment variables. Raises CredentialError.
        base_url: takes a base URL from environment variables, None where none is set. Raises CredentialError.
        adapter: makes the adapter for an account.
        turning: how its keys are rotated; None where they cannot be.
        codes_refusals: whether each refusal of its own has a code; one without is somebody else's, such as a proxy's.
        promises_names: whether a key that is listed without a name has none; otherwise it may have any.
        by_hand: what only a person can do there, by the name of the method: who must do what, in a sentence.
    """

    name: str
    title: str
    servers: Mapping[str, str]
    capabilities: Capabilities
    request: type[KeyRequest]
    options: tuple[Option, ...]
    variables: Mapping[str, str]
    account: Callable[[Mapping[str, str]], Account]
    base_url: Callable[[Mapping[str, str]], str | None]
    adapter: Callable[[Account, Clock], Adapter]
    turning: Turning | None = None
    codes_refusals: bool = False
    promises_names: bool = True
    by_hand: Mapping[str, str] = field(default_factory=dict)


def provider_names() -> tuple[str, ...]:
    """Return the name of every provider there is."""
    import pkgutil

    return tuple(sorted(found.name for found in pkgutil.iter_modules(__path__)))


def find_provider(name: str) -> Provider:
    """Return the provider of that name. Raises UsageError, which lists the known ones."""
    module = None
    if name.isidentifier() and not name.startswith("_"):
        try:
            module = import_module(f"{__name__}.{name}")
        except ModuleNotFoundError as missing:
            if missing.name != f"{__name__}.{name}":
                raise
    if module is None:
        known = ", ".join(provider_names())
        raise UsageError(f"there is no provider {name!r}.", advice=f"Name one of: {known}.", field="provider")
    return cast("Provider", module.PROVIDER)


def variable(env: Mapping[str, str], name: str, *, provider: str, holds: str) -> str:
    """Return an environment variable. Raises CredentialError, naming it, where it is missing or blank."""
    if not env.get(name, "").strip():
        raise CredentialError(f"{name} is not set.", advice=f"Set it to {holds}.", field=name, provider=provider)
    return env[name].strip()


def specific(request: KeyRequest, kind: type[R], *, provider: str) -> R:
    """Return `request` as the provider's own class of request.

    A plain KeyRequest gets the defaults of the other fields; another provider's class is refused.
    """
    if isinstance(request, kind):
        return request
    if type(request) is not KeyRequest:
        raise InvalidRequestError(
            f"a {type(request).__name__} is not for {provider}.",
            advice=f"Give a KeyRequest or a {kind.__name__}.",
            provider=provider,
            field="request",
        )
    return kind(**{item.name: getattr(request, item.name) for item in fields(KeyRequest)})


def base_url_variable(env: Mapping[str, str], name: str) -> str | None:
    """Return the base URL in an environment variable, None where it is not set. Raises CredentialError, naming it."""
    value = env.get(name, "").strip()
    return checked_base_url(value, field=name) if value else None


def path_part(value: str | None, *, field: str, variable: str | None = None) -> str:
    """Return `value` where it can be one segment of a path. Raises InvalidRequestError, naming `field`.

    `variable` is the environment variable that could have given it, where there is one.
    """
    if not isinstance(value, str) or not value.strip():
        raise invalid(field, "it is missing", f"Give {field}, or set {variable}." if variable else f"Give {field}.")
    if value in (".", "..") or "/" in value or not value.isprintable() or value != value.strip():
        raise invalid(field, "it holds a slash, a blank at an end or a control character", "Give the bare id.")
    return value
