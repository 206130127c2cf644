"""The operations against a simulator on a real socket: credentials that it accepts, and what it has kept."""

from __future__ import annotations

import dataclasses

from issuant import FireblocksAccount, FireworksAccount, GalileoAccount, mocks
from issuant.mocks import Simulator
from issuant.mocks.fireblocks import FireblocksSimulator
from issuant.mocks.fireworks import FireworksSimulator
from issuant.mocks.galileo import GalileoSimulator

from tests.hostile.operations import Operation, perform


@dataclasses.dataclass(frozen=True, kw_only=True)
class Stand:
    """A fresh simulator, and an operation with a credential that it accepts.

    `value` is what it issues: every fresh simulator draws the same, so another one has told it.
    """

    simulator: Simulator
    operation: Operation
    value: str

    def changes(self) -> int:
        """How many things the vendor has kept because it was asked."""
        match self.simulator:
            case FireworksSimulator() as fireworks:
                return len(fireworks.keys) - 1 + len(fireworks.secrets)  # the key that it starts with is its own
            case FireblocksSimulator() as fireblocks:
                return len(fireblocks.approvals)
            case GalileoSimulator() as galileo:
                return len(galileo.keys)
        raise LookupError(self.simulator.name)

    def secrets(self) -> tuple[str, ...]:
        """The texts that must not show."""
        return (*self.operation.secrets(), *((self.value,) if self.value else ()))


def stand(operation: Operation) -> Stand:
    """A stand of its own for one test."""
    simulator = mocks.simulator(operation.provider)
    return Stand(simulator=simulator, operation=_at(simulator, operation), value=_issued(operation))


def _at(simulator: Simulator, operation: Operation) -> Operation:
    account: FireworksAccount | FireblocksAccount | GalileoAccount
    match simulator:
        case FireworksSimulator(api_key=credential, account_id=account_id, user_id=user_id):
            account = FireworksAccount(api_key=credential, account_id=account_id, user_id=user_id)
        case FireblocksSimulator(api_key=credential, private_key_pem=pem):
            account = FireblocksAccount(api_key=credential, private_key=pem)
        case GalileoSimulator(api_key=credential):
            account = GalileoAccount(api_key=credential)
        case _:
            raise LookupError(f"no credential is known for the simulator of {simulator.name}")
    sent = [secret for secret in operation.secrets()[1:] if secret != operation.value]
    return dataclasses.replace(operation, account=lambda: account, secrets=lambda: (credential, *sent))


def _issued(operation: Operation) -> str:
    if not operation.value:
        return ""
    simulator = mocks.simulator(operation.provider)
    outcome = perform(_at(simulator, operation), "sync", simulator.transport())
    return str(outcome.secret.reveal())
