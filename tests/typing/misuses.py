"""Misuses, each with the error that a strict type checker must find in its line. It is checked, and never run."""

from __future__ import annotations

from typing import assert_never

import issuant
from issuant import (
    FireblocksKeyRequest,
    GalileoAccount,
    IssuedKey,
    KeyRequest,
    PendingApproval,
    Retries,
    Rotator,
    Secret,
    connect,
    connect_async,
)
from issuant_fireworks import Clientt  # type: ignore[attr-defined]  # noqa: F401 - a misspelt client
from issuant_galileo.models import CreateApiKeyReqest  # type: ignore[attr-defined]  # noqa: F401 - a misspelt model


def outcomes(outcome: IssuedKey | PendingApproval) -> None:
    outcome.secret  # type: ignore[union-attr]  # noqa: B018
    match outcome:
        case IssuedKey() as key:
            key.secrt  # type: ignore[attr-defined]  # noqa: B018
            key.id = "other"  # type: ignore[misc]
            key.secret + "x"  # type: ignore[operator]
            text: str = key.secret  # type: ignore[assignment]  # noqa: F841
        case _ as other:
            assert_never(other)  # type: ignore[arg-type]


def requests() -> None:
    KeyRequest("k")  # type: ignore[call-arg]
    KeyRequest(name="k", expires_in=30)  # type: ignore[arg-type]
    FireblocksKeyRequest(name="k", rol="VIEWER")  # type: ignore[call-arg]
    GalileoAccount("x")  # type: ignore[call-arg]
    Secret(b"x")  # type: ignore[arg-type]


def connections() -> None:
    connect(5)  # type: ignore[arg-type]
    with connect("galileo") as galileo:
        galileo.issue("k")  # type: ignore[arg-type]
        galileo.issue(KeyRequest(name="k"), sink="file:key")  # type: ignore[arg-type]
        galileo.revok("x")  # type: ignore[attr-defined]
        galileo.revoke(5)  # type: ignore[arg-type]
        galileo.keys("owner")  # type: ignore[call-arg]
        galileo.keys()[0]  # type: ignore[index]
        len(galileo.keys())  # type: ignore[arg-type]
        galileo.whoami().id = "other"  # type: ignore[misc]
        galileo.find("k").id  # type: ignore[attr-defined]  # noqa: B018
        galileo.with_options(retries=3)  # type: ignore[arg-type]
        galileo.create_user("id", "user")  # type: ignore[call-arg]
        galileo.put_secret("my-id", "MY_KEY", "x")  # type: ignore[call-arg]
    with connect_async("galileo"):  # type: ignore[attr-defined]
        pass
    for _ in connect_async("galileo").keys():  # type: ignore[attr-defined]  # noqa: SIM118 - no mapping
        pass
    connect("galileo", rate_limit=60)  # type: ignore[arg-type]
    connect("galileo", retries=Retries(3))  # type: ignore[call-arg]
    issuant.IssuedKeys  # type: ignore[attr-defined]  # noqa: B018 - a misspelt name
    issuant.conect("galileo")  # type: ignore[attr-defined]


def rotations(rotator: Rotator) -> None:
    rotator.rotate("ci", grace=3600)  # type: ignore[arg-type]
    rotator.issue("ci", "galileo", KeyRequest(name="ci"))  # type: ignore[call-arg]
    rotator.journal  # type: ignore[attr-defined]  # noqa: B018
    Rotator(keys="file:journal.key")  # type: ignore[call-arg]
