"""Sequences of requests along a document's links, sent to a simulator on loopback. Owns the run and what is kept of it.

Facts
- A link is followed where its expressions have a value in what went before; where they have none, data is drawn.
- What schemathesis would infer besides the links is off: the links are what is tried.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from issuant.mocks import Simulator, loopback
from requests.auth import AuthBase
from schemathesis.engine import events, from_schema

from tests.contract.documents import SEED, Document, load

ACCEPTED = ["2xx", "404", "409"]
"""What acceptable data may meet: what it is about may be gone, or there already."""


@dataclass(frozen=True, kw_only=True)
class Step:
    """One request of a sequence and its reply. `operation` is the operationId; `path` and `query` are decoded."""

    operation: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    sent: Any
    status: int
    reply: Any

    @property
    def succeeded(self) -> bool:
        """Whether the reply is of the 2xx kind."""
        return 200 <= self.status <= 299


@dataclass(frozen=True, kw_only=True)
class Walk:
    """The sequences that were sent, and by the name of a check of schemathesis what it found."""

    sequences: tuple[tuple[Step, ...], ...] = ()
    failures: Mapping[str, list[str]] = field(default_factory=dict)

    def reached(self) -> set[str]:
        """Return the operations that succeeded somewhere."""
        return {step.operation for steps in self.sequences for step in steps if step.succeeded}


MOST = 8
"""The walks after which nobody waits any longer for what a test is about."""


def walk_until(
    is_enough: Callable[[Walk], bool],
    simulator: Simulator,
    document: Document,
    auth: AuthBase,
    *,
    parameters: Mapping[str, str],
    sequences: int,
) -> Walk:
    """Walk about so many `sequences`, and again with another seed until it is enough, at most `MOST` times.

    What is drawn depends on all of a document, so that what comes up in one walk may be missing in the next.
    """
    found = Walk()
    for seed in range(SEED, SEED + MOST):
        more = walk(simulator, document, auth, parameters=parameters, sequences=sequences, seed=seed)
        failures = {name: [*found.failures.get(name, ()), *texts] for name, texts in more.failures.items()}
        found = Walk(sequences=found.sequences + more.sequences, failures={**found.failures, **failures})
        if is_enough(found):
            break
    return found


def walk(
    simulator: Simulator,
    document: Document,
    auth: AuthBase,
    *,
    parameters: Mapping[str, str],
    sequences: int,
    seed: int = SEED,
) -> Walk:
    """Send about so many `sequences`. Raises what stops schemathesis itself."""
    found: list[tuple[Step, ...]] = []
    failures: dict[str, list[str]] = {}
    with loopback.serve(simulator) as server:
        schema = load(copy.deepcopy(document), {"seed": seed, **_settings(server.base_url, parameters, sequences)})
        schema.auth.set_from_requests(auth)
        for event in from_schema(schema).execute():
            match event:
                case events.ScenarioFinished(recorder=recorder):
                    found.append(_steps(recorder))
                    for checks in recorder.checks.values():
                        for check in checks:
                            if check.failure_info is not None:
                                failures.setdefault(check.name, []).append(check.failure_info.failure.message)
                case events.NonFatalError():
                    raise event.value
                case events.FatalError():
                    raise event.exception
    return Walk(sequences=tuple(found), failures=failures)


def _settings(base_url: str, parameters: Mapping[str, str], sequences: int) -> dict[str, Any]:
    return {
        "base-url": base_url,
        "continue-on-failure": True,
        "generation": {
            "deterministic": True,
            "max-examples": sequences,
            "mode": "positive",
            "no-shrink": True,
            "with-security-parameters": False,
        },
        "parameters": dict(parameters),
        "checks": {
            "positive_data_acceptance": {"expected-statuses": ACCEPTED},
            # It sends requests of its own between the steps; the survey of each operation has it.
            "ignored_auth": {"enabled": False},
            # What a link brings need not be among the values that a test has put into the document to draw.
            "negative_data_rejection": {"enabled": False},
        },
        "phases": {
            "examples": {"enabled": False},
            "coverage": {"enabled": False},
            "fuzzing": {"enabled": False},
            "stateful": {
                "enabled": True,
                "max-steps": 8,
                "inference": {"algorithms": []},
                "link-calibration": False,
            },
        },
    }


def _steps(recorder: Any) -> tuple[Step, ...]:
    steps = []
    for case_id, interaction in recorder.interactions.items():
        assert interaction.response is not None, "the simulator did not answer"
        sent, content = interaction.request.body, interaction.response.content
        address = urlsplit(interaction.request.uri)
        steps.append(
            Step(
                operation=recorder.cases[case_id].value.operation.definition.raw["operationId"],
                path=unquote(address.path),
                query=dict(parse_qsl(address.query)),
                sent=json.loads(sent) if sent else None,
                status=interaction.response.status_code,
                reply=json.loads(content) if content else None,
            )
        )
    return tuple(steps)
