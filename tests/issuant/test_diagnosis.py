"""What a connection is good for: every reading question is asked once, and whatever goes wrong is told, not raised."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from issuant import Answer, Diagnosis, FireworksAccount, GalileoAccount, IssuantError, Secret, connect
from issuant.connection import Connection
from issuant.errors import (
    AuthenticationError,
    NotFoundError,
    NotSentError,
    PermissionDeniedError,
    RateLimitedError,
    RefusedError,
    UnansweredError,
    UnusableReplyError,
)
from issuant.inventory import Identity, KeyInfo, Page
from issuant.keys import KeyStatus
from issuant.mocks import Fault, simulator
from issuant.mocks.fireworks import FireworksSimulator
from issuant.mocks.galileo import GalileoSimulator
from issuant.providers import find_provider

from tests.issuant.recording import QUICK, Recorder, both, now, status
from tests.issuant.standing import Able, Bare, async_connection, connection

CALLER = Identity(provider="nowhere", id="user-1")
KEYS = Page(items=(KeyInfo(provider="nowhere", id="a", name="k", status=KeyStatus.ACTIVE),))


def diagnosed(flavour: str, adapter: Any) -> Diagnosis:
    if flavour == "async":
        return asyncio.run(async_connection(adapter).diagnose())
    return connection(adapter).diagnose()


@both
def test_a_credential_that_may_read_everything_works(flavour: str) -> None:
    """With who it speaks for; of each list the first page is enough."""
    adapter = Able(pages=[KEYS, AssertionError("nobody asks for a second page")], caller=CALLER)  # type: ignore[list-item]
    found = diagnosed(flavour, adapter)
    assert (found.works, found.identity, found.provider) == (True, CALLER, "nowhere")
    assert found.base_url == "https://nowhere.invalid"
    assert [(one.operation, one.answer, one.error) for one in found.abilities] == [
        ("whoami", Answer.YES, None),
        ("keys", Answer.YES, None),
    ]


def explained(error: PermissionDeniedError) -> PermissionDeniedError:
    error.is_explained = True
    return error


ANSWERS = [
    pytest.param(explained(PermissionDeniedError("no.")), Answer.NO, True, 2, id="not-permitted"),
    pytest.param(PermissionDeniedError("no."), Answer.NO, False, 2, id="not-permitted-by-whoever"),
    pytest.param(NotFoundError("no."), Answer.NO, False, 2, id="not-found"),
    pytest.param(RateLimitedError("no."), Answer.FAILED, False, 2, id="limited"),
    pytest.param(RefusedError("no."), Answer.FAILED, False, 2, id="refused"),
    pytest.param(UnansweredError("no."), Answer.FAILED, False, 2, id="unanswered"),
    pytest.param(UnusableReplyError("no."), Answer.FAILED, False, 2, id="unusable"),
    pytest.param(AuthenticationError("no."), Answer.FAILED, False, 1, id="not-accepted"),
    pytest.param(NotSentError("no."), Answer.FAILED, False, 1, id="not-sent"),
]


@both
@pytest.mark.parametrize(("error", "answer", "accepted", "asked"), ANSWERS)
def test_what_goes_wrong_is_told_and_not_raised(
    flavour: str, error: IssuantError, answer: Answer, accepted: bool, asked: int
) -> None:
    """Who may do nothing is known there all the same; a credential that is not accepted is asked about once."""
    adapter = Able(pages=[error], caller=error)
    found = diagnosed(flavour, adapter)
    assert (found.works, found.accepted) == (False, accepted)
    assert found.identity is None
    assert [(one.answer, one.error) for one in found.abilities] == [(answer, error)] * asked
    assert len(adapter.asked) == asked


@pytest.mark.parametrize("name", ["fireworks", "fireblocks"])
def test_a_403_without_a_code_is_none_of_a_vendor_that_gives_codes(
    name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Gateways answer with a message in JSON as well."""
    vendor = simulator(name)
    vendor.faults.add(Fault.body(b'{"message": "denied by the proxy"}', status=403), times=99)
    for variable, value in vendor.env("http://127.0.0.1:9", tmp_path).items():
        monkeypatch.setenv(variable, value)
    with connect(name, transport=vendor.transport(), retries=QUICK) as connected:
        assert not connected.diagnose().accepted


@both
def test_one_answer_is_enough_to_work(flavour: str) -> None:
    """The first question fails, the second is answered."""
    found = diagnosed(flavour, Able(pages=[KEYS], caller=UnansweredError("lost.")))
    assert (found.works, found.accepted) == (True, True)
    assert [one.answer for one in found.abilities] == [Answer.FAILED, Answer.YES]


@both
def test_where_nothing_can_be_asked_nothing_is_known(flavour: str) -> None:
    """And so it is not said to work."""
    nothing = Diagnosis(provider="nowhere", base_url="https://nowhere.invalid", works=False, accepted=False)
    assert diagnosed(flavour, Bare()) == nothing


def galileo() -> GalileoSimulator:
    found = simulator("galileo")
    assert isinstance(found, GalileoSimulator)
    return found


def test_a_diagnosis_changes_nothing_and_shows_no_secret() -> None:
    """At a vendor's own simulator, with the right key and with a wrong one."""
    vendor = galileo()
    for key, works in ((vendor.api_key, True), (Secret("galileo_TEST_wrong_not_a_key"), False)):
        before = len(vendor.keys)
        with connect(GalileoAccount(api_key=key), transport=vendor.transport(), retries=QUICK) as connected:
            found = connected.diagnose()
        assert found.works is works
        assert len(vendor.keys) == before
        assert "not_a_key" not in repr(found)
    assert len(found.abilities) == 1


@pytest.mark.parametrize(
    "fault",
    [
        pytest.param(Fault.status(500), id="500"),
        pytest.param(Fault.html(200), id="html"),
        pytest.param(Fault.empty(), id="empty"),
        pytest.param(Fault.wrong_shape(), id="wrong-shape"),
        pytest.param(Fault.invalid_utf8(), id="no-text"),
        pytest.param(Fault.pages_endless(), id="endless"),
        pytest.param(Fault.drop_before(), id="dropped"),
    ],
)
def test_whatever_a_provider_does_a_diagnosis_comes_of_it(fault: Fault) -> None:
    """No error of ours leaves it."""
    vendor = galileo()
    vendor.faults.add(fault, times=99)
    account = GalileoAccount(api_key=vendor.api_key)
    with connect(account, transport=vendor.transport(), retries=QUICK) as connected:
        assert connected.diagnose().abilities


def test_a_diagnosis_tells_of_a_clock_that_is_off() -> None:
    """By the Date of the last reply, a refusal too."""
    wire = Recorder([status(401, Date="Wed, 02 Jan 2030 03:05:05 GMT")])
    with connect(GalileoAccount(api_key="galileo_TEST_not_a_key"), transport=wire, clock=now) as connected:
        assert connected.clock_skew is None
        assert connected.diagnose().clock_skew == connected.clock_skew == timedelta(minutes=1)


def test_an_interruption_of_a_diagnosis_goes_on_as_itself() -> None:
    """The questions take errors for answers; this is none."""

    class Interrupted:
        clock_skew = None

        def perform(self, step: object) -> object:
            raise KeyboardInterrupt

        def interrupted(self, step: object) -> IssuantError:
            return UnansweredError("it was interrupted.")

    found = find_provider("galileo")
    wire: Any = Interrupted()
    connected = Connection(found, found.adapter(GalileoAccount(api_key="x"), now), "https://mock.invalid", wire)
    with pytest.raises(KeyboardInterrupt) as caught:
        connected.diagnose()
    assert isinstance(vars(caught.value)["outcome"], UnansweredError)


@pytest.mark.parametrize(
    ("fault", "accepted"),
    [
        pytest.param(Fault.status(403), True, id="the-vendor-s"),
        pytest.param(Fault.html(403), False, id="a-page"),
        pytest.param(Fault.body(b"", status=403), False, id="nothing"),
        pytest.param(Fault.body(b'{"blocked": true}', status=403), False, id="json-of-another-kind"),
    ],
)
@pytest.mark.parametrize("name", ["galileo", "fireworks", "fireblocks"])
def test_a_403_counts_only_with_the_vendor_s_own_body(
    name: str, fault: Fault, accepted: bool, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A proxy that lets nobody through says 403 as well. Where everything is refused, nothing works."""
    vendor = simulator(name)
    vendor.faults.add(fault, times=99)
    for variable, value in vendor.env("http://127.0.0.1:9", tmp_path).items():
        monkeypatch.setenv(variable, value)
    with connect(name, transport=vendor.transport(), retries=QUICK) as connected:
        found = connected.diagnose()
    assert (found.works, found.accepted) == (False, accepted)


def test_a_credential_for_another_account_is_accepted_and_works_nowhere() -> None:
    """Every question is refused, whereof none is a matter of the credential."""
    vendor = simulator("fireworks")
    assert isinstance(vendor, FireworksSimulator)
    account = FireworksAccount(api_key=vendor.api_key, account_id="another", user_id=vendor.user_id)
    with connect(account, transport=vendor.transport(), retries=QUICK) as connected:
        found = connected.diagnose()
    assert (found.works, found.accepted) == (False, True)
    assert {one.answer for one in found.abilities} == {Answer.NO}
