"""Whatever order issues, rotations, crashes, recoveries and people's doings come in, one key is left, where it is used.

Hypothesis draws the sequences, always the same ones; with ISSUANT_TESTS=whole ten times as many.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from issuant.mocks import Fault
from issuant.rotation import protocol as protocols

from tests.extent import IS_WHOLE
from tests.rotation.matrix import MODEL
from tests.rotation.model import NO_CRASH, Life
from tests.rotation.naive import NAIVE
from tests.rotation.scenes import CREATES, LISTS
from tests.rotation.stand import NONE

SEED = 20260501
SEQUENCES = 200 if IS_WHOLE else 20
ACTS = 20

MOST_SEQUENCES = 300
EARLY = {"store-after-revoke": 2, "blind-retry": 8, "no-marker": 1}
"""With which seed each naive protocol is caught by one of the first sequences."""

WEEK = timedelta(days=7)
CHECKPOINTS = (
    "after write intent",
    "after write attempt",
    "after create",
    "after write created",
    "after verify",
    "after stage",
    "before store",
    "after store",
    "after write stored",
    "after write current",
    "after revoke",
    "after write revoked",
    "after write again",
    "after remove lost",
    "after sweep",
)
"""After each of these something is so that was not so before."""
CRASHES = st.sampled_from((NO_CRASH, *CHECKPOINTS))
AROUND_THE_PLACE = CHECKPOINTS[CHECKPOINTS.index("after stage") : CHECKPOINTS.index("after revoke")]
GRACES = st.sampled_from([NONE, timedelta(hours=5)])
PUT = st.sampled_from(["nothing", "old", "others"])


class Lived(RuleBasedStateMachine):
    """What may happen in the life of one credential."""

    provider: str
    acts = 0

    def __init__(self) -> None:
        super().__init__()
        self.life = Life(self.provider)
        self.stand = self.life.stand

    @initialize(
        crash=CRASHES,
        is_settled=st.booleans(),
        has_hands=st.booleans(),
        is_patient=st.booleans(),
        lifetime=st.sampled_from([None, WEEK]),
    )
    def begin(
        self, crash: str, is_settled: bool, has_hands: bool, is_patient: bool, lifetime: timedelta | None
    ) -> None:
        """Half of the sequences begin with a key that is in use, in half of them nobody does anything by hand, and in
        half of them keys live for a week, where the provider has that.
        """
        self.life.has_hands, self.life.is_patient = has_hands, is_patient
        self.stand.scene = replace(self.stand.scene, lifetime=lifetime)
        if is_settled:
            self.stand.issued()
        else:
            self.life.do(self.stand.issue, crash)

    @rule(crash=CRASHES)
    def issue(self, crash: str) -> None:
        """Refused where it is there already."""
        self.life.do(self.stand.issue, crash)

    @rule(crash=CRASHES, grace=GRACES, hours=st.sampled_from([0, 1, 24 * 8]))
    def rotate(self, crash: str, grace: timedelta, hours: int) -> None:
        """Refused where nothing is there, or something is open. It may be days until anybody looks at it again."""
        force = self.life.key_id() in self.life.removed
        self.life.do(lambda: self.stand.rotate(grace=grace, force=force), crash, force=force)
        self.life.pass_time(hours)

    @rule(crash=CRASHES)
    def resume(self, crash: str) -> None:
        self.life.do(self.life.resume, crash)

    @precondition(lambda self: self.life.has_hands)
    @rule(crash=CRASHES)
    def give_up(self, crash: str) -> None:
        """Refused where a place holds the new value already."""
        self.life.is_plain = False
        self.life.do(self.stand.abandon, crash)

    @precondition(lambda self: self.life.has_hands)
    @rule(number=st.integers(0, 3))
    def revoke_by_hand(self, number: int) -> None:
        ours = sorted(self.stand.vendor.ours())
        if number < len(ours):
            self.life.removed.add(ours[number])
            self.stand.vendor.remove(ours[number])
            self.life.is_plain = False

    @precondition(lambda self: self.life.has_hands)
    @rule(what=PUT)
    def change_the_place(self, what: str) -> None:
        """Somebody puts a backup back, keeps something of his own there, or tidies up."""
        self.life.change_the_place(what)

    @precondition(lambda self: self.life.has_hands)
    @rule(crash=st.sampled_from(AROUND_THE_PLACE), what=PUT)
    def change_the_place_of_a_rotation(self, crash: str, what: str) -> None:
        """The same, in the middle of one."""
        self.rotate(crash, NONE, 0)
        self.life.look()
        self.life.change_the_place(what)

    @precondition(lambda self: self.provider == "galileo")
    @rule()
    def act_as_another_user(self) -> None:
        """Somebody else's credential in the environment changes nothing, whatever is asked for."""
        self.life.act_as_another_user()

    @precondition(lambda self: self.stand.vendor.pending())
    @rule()
    def approve(self) -> None:
        self.stand.vendor.approve()

    @precondition(lambda self: self.stand.vendor.pending())
    @rule()
    def reject(self) -> None:
        self.stand.vendor.reject()

    @rule(hours=st.sampled_from([1, 6, 24, 24 * 8]))
    def pass_time(self, hours: int) -> None:
        """Keys and approvals expire, graces end, idempotency keys are forgotten."""
        self.life.pass_time(hours)

    @rule(fault=st.sampled_from([Fault.drop_after(), Fault.drop_before(), Fault.status(500), Fault.empty()]))
    def break_the_next_create(self, fault: Fault) -> None:
        self.stand.fail(fault, CREATES[self.provider])

    @rule()
    def break_the_next_list(self) -> None:
        self.stand.fail(Fault.status(403), LISTS[self.provider])

    @invariant()
    def nothing_is_lost(self) -> None:
        self.life.look()

    def teardown(self) -> None:
        """Let all of it come to its end, and look at what is left."""
        type(self).acts += self.life.acts
        try:
            self.life.settle()
            self.life.look_at_the_end()
        finally:
            self.life.close()


def run(provider: str, sequences: int, start: int = SEED) -> int:
    """Go through so many sequences at a provider, and return how many acts they had."""
    kind: Any = seed(start)(type(f"LivedAt{provider.title()}", (Lived,), {"provider": provider, "acts": 0}))
    how = settings(
        max_examples=sequences,
        stateful_step_count=ACTS,
        deadline=None,
        database=None,
        phases=(Phase.generate,),  # what fails is short enough, and making it shorter takes minutes
        suppress_health_check=list(HealthCheck),
        print_blob=False,
    )
    run_state_machine_as_test(kind, settings=how)
    return int(kind.acts)


@pytest.mark.parametrize("provider", ["galileo", "fireworks", "fireblocks"])
def test_every_sequence_ends_well(provider: str, record_property: Callable[[str, object], None]) -> None:
    """Nothing is open for ever, no key of ours lives unknown, and the place holds the current one.

    What somebody has put into the place is not written over unasked, no value is wiped in the journal that the place
    lacks, no old key is revoked while the place tells another one than the new, and another user changes nothing.
    """
    acts = run(provider, SEQUENCES)
    record_property(MODEL, [SEQUENCES, acts, SEED])
    assert acts > SEQUENCES


@pytest.mark.parametrize(("protocol", "start"), EARLY.items())
def test_the_model_catches_a_naive_protocol(protocol: str, start: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each breaks an invariant in some sequence."""
    monkeypatch.setattr(protocols, "_HANDLERS", dict(protocols._HANDLERS))
    NAIVE[protocol]()
    with pytest.raises(AssertionError):
        run("fireworks", MOST_SEQUENCES, start)
