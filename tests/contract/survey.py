"""A run of schemathesis against a simulator on loopback, and what came back. Owns the settings and the count.

A reply counts where the checks ran on it. Requests that schemathesis sends besides, such as the ones without a
credential, are judged by the check that sends them and are not counted.

Facts
- A status that falls under `default` is declared, so that status_code_conformance has nothing to say of these
  documents; `success_is_declared` holds what it would: `default` is a refusal, and a success is named by its number.
- positive_data_acceptance would let 401, 403, 404, 429 and 5xx pass for acceptable data. Here only a conflict may:
  data drawn twice is one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import schemathesis
from issuant.mocks import Simulator, loopback
from requests.auth import AuthBase
from schemathesis.engine import events, from_schema

from tests.contract.documents import Document, Operation, load

ENOUGH = 20
"""Replies of 2xx that an operation must reach, unless few of its requests can be told apart."""
FEW = 3
"""Cases that are drawn for a refusal that is arranged: every one of them is refused."""

ACCEPTED = ["2xx", "409"]


@schemathesis.check
def success_is_declared(
    ctx: schemathesis.CheckContext, response: schemathesis.Response, case: schemathesis.Case[Any]
) -> None:
    """Fail for a status below 400 that the operation does not declare by its number."""
    declared = case.operation.definition.raw["responses"]
    status = response.status_code
    assert status >= 400 or str(status) in declared, f"{status} is no refusal, and only `default` covers it"


@dataclass(frozen=True, kw_only=True)
class Run:
    """How schemathesis is to be run.

    Attributes:
        examples: how many cases are drawn; what the document's examples and limits give comes on top.
        parameters: parameters that have this value instead of drawn ones, such as `path.account_id`.
        modes: `all` draws acceptable and unacceptable data, `positive` acceptable data alone.
        coverage: whether the limits of every schema are tried in turn, and methods that are not declared.
        off: checks that are off. Whoever gives one says why.
        enough: the replies of 2xx that are evidence.
        stops: whether the first failure ends it, so that many cases cost as much as it takes to find one.
    """

    examples: int
    parameters: Mapping[str, str] = field(default_factory=dict)
    mode: str = "all"
    coverage: bool = True
    off: tuple[str, ...] = ()
    enough: int = ENOUGH
    stops: bool = False

    def settings(self, base_url: str) -> dict[str, Any]:
        """Return the configuration of schemathesis."""
        checks: dict[str, Any] = {"positive_data_acceptance": {"expected-statuses": ACCEPTED}}
        checks.update({name: {"enabled": False} for name in self.off})
        return {
            "base-url": base_url,
            "continue-on-failure": not self.stops,
            "generation": {
                "deterministic": True,
                "max-examples": self.examples,
                "mode": self.mode,
                "no-shrink": True,
                # A drawn credential, or a case of none, would be signed like any other and look accepted.
                # ignored_auth tries both by itself, and so does a test of our own.
                "with-security-parameters": False,
            },
            "parameters": dict(self.parameters),
            "checks": checks,
            # One operation at a time; the sequences along the links are tests of their own.
            "phases": {"stateful": {"enabled": False}, "coverage": {"enabled": self.coverage}},
        }


@dataclass(kw_only=True)
class Survey:
    """What came back.

    Attributes:
        replies: how often each status came back to the operation's own method, on which the checks ran.
        failures: by the name of the check, what it found.
        enough: the replies of the 2xx kind that are evidence.
    """

    operation: Operation
    enough: int = ENOUGH
    replies: Counter[int] = field(default_factory=Counter)
    failures: dict[str, list[str]] = field(default_factory=dict)

    @property
    def successes(self) -> int:
        """How many replies were of the 2xx kind."""
        return sum(number for status, number in self.replies.items() if 200 <= status <= 299)

    def unreached(self) -> set[str]:
        """Return the declared statuses that no reply fell under."""
        return set(self.operation.statuses) - {self.operation.declared(status) for status in self.replies}

    def take(self, other: Survey) -> None:
        """Add what came back in another run."""
        self.replies += other.replies
        for name, found in other.failures.items():
            self.failures.setdefault(name, []).extend(found)

    def shortfalls(self) -> list[str]:
        """Return what is missing for these replies to be evidence of anything."""
        missing = [f"no reply falls under {name}" for name in sorted(self.unreached())]
        if self.successes < self.enough:
            missing.insert(0, f"{self.successes} replies are 2xx, where {self.enough} are needed")
        return missing


def survey(simulator: Simulator, document: Document, operation: Operation, auth: AuthBase, run: Run) -> Survey:
    """Serve `simulator`, let schemathesis send requests for `operation` to it, and return what came back.

    Raises what stops schemathesis itself: a run that did not take place is no evidence.
    """
    result = Survey(operation=operation, enough=run.enough)
    with loopback.serve(simulator) as server:
        schema = load(document, run.settings(server.base_url))
        schema.auth.set_from_requests(auth)
        chosen = schema.include(method=operation.method.upper(), path=operation.path)
        for event in from_schema(chosen).execute():
            match event:
                case events.ScenarioFinished():
                    _count(result, event)
                case events.NonFatalError():
                    raise event.value
                case events.FatalError():
                    raise event.exception
                case events.EngineFinished() if event.failures:
                    raise event.failures[0]
    return result


def _count(result: Survey, event: events.ScenarioFinished) -> None:
    recorder = event.recorder
    for case_id, checks in recorder.checks.items():
        interaction = recorder.interactions[case_id]
        assert interaction.response is not None, "the simulator did not answer"
        if interaction.request.method.lower() == result.operation.method:
            result.replies[interaction.response.status_code] += 1
        for check in checks:
            if check.failure_info is not None:
                failure = check.failure_info.failure
                result.failures.setdefault(check.name, []).append(f"{failure.title}: {failure.message}")
