"""The operations against a simulator on a real socket: credentials that it accepts, and what it has kept."""

from __future__ import annotations

import dataclasses

from issuant import FireblocksAccount, FireworksAccount, GalileoAccount, mocks
from issuant.mocks import Reply, Request, Simulator
from issuant.mocks.fireblocks import FireblocksSimulator
from issuant.mocks.fireworks import FireworksSimulator
from issuant.mocks.galileo import GalileoSimulator

from tests.hostile.operations import LISTED, NOW, Operation, perform


@dataclasses.dataclass(frozen=True, kw_only=True)
class Stand:
    """A fresh simulator, and an operation with a credential that it accepts.

    `value` is what it issues: every fresh simulator draws the same, so another one has told it.
    `answers` are those that it made, whether or not they reached anyone.
    """

    simulator: Simulator
    operation: Operation
    value: str
    answers: list[Reply]

    def changes(self) -> int:
        """How many things the vendor has kept because it was asked."""
        match self.simulator:
            case FireworksSimulator() as fireworks:
                return len(fireworks.keys) - 1 + len(fireworks.secrets)  # the key that it starts with is its own
            case FireblocksSimulator() as fireblocks:
                return len(fireblocks.approvals)
            case GalileoSimulator() as galileo:
                return len(galileo.keys)
        return sum(200 <= answer.status <= 299 for answer in self.answers)

    def secrets(self) -> tuple[str, ...]:
        """The texts that must not show."""
        return (*self.operation.secrets(), *((self.value,) if self.value else ()))


def stand(operation: Operation) -> Stand:
    """A stand of its own for one test."""
    simulator, answers = mocks.simulator(operation.provider), list[Reply]()
    simulator.clock.set(NOW)  # as the connection's, by which some sign
    answer = simulator._answer

    def note(request: Request) -> Reply:
        answers.append(answer(request))
        return answers[-1]

    simulator._answer = note  # type: ignore[method-assign]
    value = operation.value if operation not in LISTED else _issued(operation)
    return Stand(simulator=simulator, operation=_at(simulator, operation), value=value, answers=answers)


def _at(simulator: Simulator, operation: Operation) -> Operation:
    account: FireworksAccount | FireblocksAccount | GalileoAccount
    match simulator:
        case FireworksSimulator(api_key=credential, account_id=account_id, user_id=user_id):
            account = FireworksAccount(api_key=credential, account_id=account_id, user_id=user_id)
        case FireblocksSimulator(api_key=credential, private_key_pem=pem):
            account = FireblocksAccount(api_key=credential, private_key=pem)
        case GalileoSimulator(api_key=credential):
            account = GalileoAccount(api_key=credential)
        case _:  # it is made of what another simulator accepts
            return operation
    sent = [secret for secret in operation.secrets()[1:] if secret != operation.value]
    return dataclasses.replace(operation, account=lambda: account, secrets=lambda: (credential, *sent))


def _issued(operation: Operation) -> str:
    if not operation.value:
        return ""
    simulator = mocks.simulator(operation.provider)
    outcome = perform(_at(simulator, operation), "sync", simulator.transport())
    return str(outcome.secret.reveal())
