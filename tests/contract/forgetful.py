"""Simulators that meet every request as they were set up, so that what is drawn can be drawn many times over.

Owns what each of them keeps. Put something into what is kept, and every request meets it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from issuant.mocks import Reply, Request, Simulator
from issuant.mocks.clock import Clock
from issuant.mocks.fireblocks import FireblocksSimulator
from issuant.mocks.fireblocks_approvals import Approval
from issuant.mocks.fireworks import FireworksSimulator
from issuant.mocks.fireworks_state import ApiKey as FireworksKey
from issuant.mocks.fireworks_state import StoredSecret
from issuant.mocks.galileo import GalileoSimulator
from issuant.mocks.galileo_keys import ApiKey as GalileoKey

from tests.contract.survey import ENOUGH, FEW

KEPT = "kept"


class ForgetfulFireworks(FireworksSimulator):
    """Meets every request with what it kept alone: names that are drawn are short, and soon all are taken.

    Of secrets and of keys that can be deleted there is one each, by the name `kept`.
    """

    def __init__(self, *, clock: Clock) -> None:
        super().__init__(clock=clock)
        name = f"accounts/{self.account_id}/secrets/{KEPT}"
        self.kept = {name: StoredSecret(name=name, key_name="KEPT", value="TEST_not_a_key")}
        self.kept_users = dict(self.users)
        self.kept_keys: dict[str, FireworksKey] = dict(self.keys)
        own = next(iter(self.keys.values()))
        self.kept_keys[KEPT] = replace(own, key_id=KEPT, fingerprint="of nothing")

    def handle(self, request: Request) -> Reply:
        self.users, self.keys, self.secrets = dict(self.kept_users), dict(self.kept_keys), dict(self.kept)
        return super().handle(request)


class ForgetfulFireblocks(FireblocksSimulator):
    """Meets every request with the approvals in `kept` as they were: what is drawn decides them all the time."""

    def __init__(self, *, clock: Clock) -> None:
        super().__init__(clock=clock)
        self.kept: dict[str, Approval] = {}

    def handle(self, request: Request) -> Reply:
        self.approvals.kept.update(self.kept)
        return super().handle(request)


class ForgetfulGalileo(GalileoSimulator):
    """Meets every request with the keys in `kept`: what is deleted is there again, and enough can be deleted."""

    def __init__(self, *, clock: Clock) -> None:
        super().__init__(clock=clock)
        for number in range(ENOUGH + FEW):
            self.add_key(user_id=self.user_id, description=f"kept {number}")
        self.kept: dict[str, GalileoKey] = dict(self.keys)

    def handle(self, request: Request) -> Reply:
        self.keys = dict(self.kept)
        return super().handle(request)


def arranged(kind: type[Simulator], arrange: Callable[[Simulator], object]) -> type[Simulator]:
    """Return a class of simulator that meets every request as `arrange` leaves a fresh one."""

    def handle(self: Simulator, request: Request) -> Reply:
        with self.lock:
            fresh = kind(clock=self.clock)
            arrange(fresh)
            fresh.faults, fresh.rate_limit = self.faults, self.rate_limit
            return fresh.handle(request)

    return type(f"Arranged{kind.__name__}", (kind,), {"handle": handle})


FORGETFUL: dict[type[Simulator], type[Simulator]] = {
    FireworksSimulator: ForgetfulFireworks,
    FireblocksSimulator: ForgetfulFireblocks,
    GalileoSimulator: ForgetfulGalileo,
}
"""What is surveyed instead of a simulator that would remember too much."""
