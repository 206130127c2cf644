"""The effective documents, as tests draw from them. Owns finding them, and the strategy behind each format of our own.

Nothing is listed by hand: a package that stands in `generated/` is tested, and so is every operation in its document.
It refuses to change a document that it has read: whoever wants another one gets a copy.
"""

from __future__ import annotations

import copy
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import schemathesis
import yaml
from hypothesis import strategies as st
from schemathesis.specs.openapi.schemas import OpenApiSchema

from tests.mocks.signing import csr_of, rsa_key

GENERATED = Path(__file__).resolve().parents[2] / "generated"
SEED = 20300102
JSON = "application/json"
METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
CSRS = 3

Document = dict[str, Any]

GENERATED_ONLY = {
    "fireblocks-approveApproval": "a program that asks and approves defeats the quorum; it takes an approval key",
    "fireblocks-rejectApproval": "as with approving: people decide",
    "fireworks-UpdateUser": "roles are for admins to change, and no key's life needs it",
}
"""The operations, by their names for tests, that the facade does not send on purpose, and why."""


@dataclass(frozen=True, kw_only=True)
class Operation:
    """One operation of a provider's effective document."""

    provider: str
    method: str
    path: str
    definition: Mapping[str, Any]

    @property
    def id(self) -> str:
        """The operation's own id."""
        return str(self.definition["operationId"])

    @property
    def test_id(self) -> str:
        """A name for tests, by which those of a provider can be picked."""
        return f"{self.provider}-{self.id}"

    @property
    def label(self) -> str:
        """How schemathesis calls it."""
        return f"{self.method.upper()} {self.path}"

    @property
    def statuses(self) -> tuple[str, ...]:
        """The statuses that are declared: numbers, ranges such as 5XX, and `default`."""
        return tuple(map(str, self.definition["responses"]))

    @property
    def successes(self) -> tuple[int, ...]:
        """The 2xx that are declared by their numbers."""
        return tuple(int(status) for status in self.statuses if status.isdigit() and 200 <= int(status) <= 299)

    def is_drawn(self, fixed: Collection[str] = ()) -> bool:
        """Tell whether anything of a request is drawn: a body, or a parameter that is not one of those `fixed`.

        A fixed parameter is named as in `path.account_id`.
        """
        parameters = [resolved(self.provider, item) for item in self.definition.get("parameters", ())]
        return "requestBody" in self.definition or any(
            f"{item['in']}.{item['name']}" not in fixed for item in parameters
        )

    def declared(self, status: int) -> str | None:
        """Return the declared status that a reply with `status` falls under, None for an undeclared one."""
        candidates = (str(status), f"{status // 100}XX", "default")
        return next((name for name in candidates if name in self.statuses), None)


@cache
def package_names() -> tuple[str, ...]:
    """Return the generated packages that there are."""
    return tuple(sorted(path.parent.name for path in GENERATED.glob("*/openapi.yaml")))


def provider_names() -> tuple[str, ...]:
    """Return the providers that have a generated package."""
    return tuple(name.removeprefix("issuant_") for name in package_names())


@cache
def _read(provider: str) -> Document:
    text = (GENERATED / f"issuant_{provider}" / "openapi.yaml").read_text("utf-8")
    document: Document = yaml.safe_load(text)
    return document


def effective(provider: str) -> Document:
    """Return a copy of the document that the provider's package was built from."""
    return copy.deepcopy(_read(provider))


@cache
def operations() -> tuple[Operation, ...]:
    """Return every operation of every document."""
    return tuple(
        Operation(provider=provider, method=method, path=path, definition=definition)
        for provider in provider_names()
        for path, item in _read(provider)["paths"].items()
        for method, definition in item.items()
        if method in METHODS
    )


def asked() -> tuple[Operation, ...]:
    """Return the operations that the facade can be asked for."""
    return tuple(operation for operation in operations() if operation.test_id not in GENERATED_ONLY)


def resolved(provider: str, node: Any) -> Any:
    """Return what `node` stands for, which may be a reference into the provider's document."""
    while isinstance(node, Mapping) and "$ref" in node:
        found: Any = _read(provider)
        for step in str(node["$ref"]).removeprefix("#/").split("/"):
            found = found[step]
        node = found
    return node


def response_schema(operation: Operation, status: str) -> Mapping[str, Any] | None:
    """Return the schema of the JSON body that is declared for a status, None where no body is declared."""
    response = resolved(operation.provider, operation.definition["responses"][status])
    content = response.get("content")
    if content is None:
        return None
    schema: Mapping[str, Any] = content[JSON]["schema"]
    return schema


def variants(provider: str, node: Any) -> Iterator[Mapping[str, Any]]:
    """Yield the schemas that a value described by `node` may follow: itself, or those of its anyOf."""
    schema = resolved(provider, node)
    if "anyOf" in schema:
        for branch in schema["anyOf"]:
            yield from variants(provider, branch)
    else:
        yield schema


def load(document: Document, config: Mapping[str, Any] | None = None) -> OpenApiSchema:
    """Return the document loaded for schemathesis, with no configuration but `config` and a fixed seed."""
    _register_formats()
    settings = {"seed": SEED, "generation": {"deterministic": True}, **(config or {})}
    return schemathesis.openapi.from_dict(document, config=schemathesis.Config.from_dict(settings))


@cache
def _register_formats() -> None:
    # The effective document calls a certificate signing request `csr-pem`; making a key takes long, so there are few.
    schemathesis.openapi.format("csr-pem", st.integers(0, CSRS - 1).map(_csr))


@cache
def _csr(number: int) -> str:
    return csr_of(rsa_key(2048, number))
