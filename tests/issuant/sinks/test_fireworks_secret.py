"""A value as a secret in Fireworks' store: what is found out beforehand, and what is stored, on loopback."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from issuant import mocks
from issuant.errors import Effect, SinkNotReadyError
from issuant.mocks.fireworks import FireworksSimulator
from issuant.mocks.loopback import serve
from issuant.secret import Secret
from issuant.sinks import lasting, open_sink

from tests.issuant.sinks.storing import keep

ONE, OTHER = "one_TEST_not_a_key", "other_TEST_not_a_key"
SPEC = "fireworks:my-key#MY_KEY"


@pytest.fixture
def fireworks(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[FireworksSimulator]:
    """Serve a simulator on loopback; the environment leads to it."""
    found = mocks.simulator("fireworks")
    assert isinstance(found, FireworksSimulator)
    with serve(found) as served:
        for name, value in found.env(served.base_url, tmp_path).items():
            monkeypatch.setenv(name, value)
        yield found


def test_a_value_is_stored_and_stored_over(fireworks: FireworksSimulator) -> None:
    """Once and again, with the effect of once."""
    for value in (ONE, OTHER, OTHER):
        keep(open_sink(SPEC), value)
    (secret,) = fireworks.secrets.values()
    assert (secret.key_name, secret.value) == ("MY_KEY", OTHER)


def test_a_check_changes_nothing(fireworks: FireworksSimulator) -> None:
    """It reads the list."""
    open_sink(SPEC).check(vacant=True, value=Secret(ONE))
    assert not fireworks.secrets


def test_a_secret_that_is_in_use_is_not_written_over(fireworks: FireworksSimulator) -> None:
    """By what may be refused."""
    keep(open_sink(SPEC), ONE)
    with pytest.raises(SinkNotReadyError, match="holds a value already"):
        open_sink(SPEC).check(vacant=True)


def test_a_secret_under_another_name_is_refused_beforehand(fireworks: FireworksSimulator) -> None:
    """What runs there would not find it any more."""
    keep(open_sink(SPEC), ONE)
    with pytest.raises(SinkNotReadyError, match="stands under MY_KEY") as caught:
        open_sink("fireworks:my-key#YOUR_KEY").check(vacant=False)
    assert "fireworks:my-key#MY_KEY" in caught.value.advice


@pytest.mark.parametrize(
    ("spec", "value", "words"),
    [
        pytest.param("fireworks:My_Key#MY_KEY", ONE, "lower case letters", id="id"),
        pytest.param("fireworks:my-key#my-key", ONE, "upper case with underscores", id="key-name"),
        pytest.param(SPEC, "", "it is empty", id="empty-value"),
        pytest.param(SPEC, "a\ud800", "surrogate", id="half-a-surrogate-pair"),
    ],
)
def test_what_no_secret_can_be_is_refused_before_anything_is_sent(spec: str, value: str, words: str) -> None:
    """No credential is needed to find out."""
    with pytest.raises(SinkNotReadyError, match=words) as caught:
        open_sink(spec).check(vacant=False, value=Secret(value))
    assert caught.value.field == "sink"
    assert caught.value.__context__ is None


@pytest.mark.parametrize("name", ["FIREWORKS_API_KEY", "FIREWORKS_ACCOUNT_ID"])
@pytest.mark.usefixtures("fireworks")
def test_a_missing_credential_is_found_out_beforehand(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The error says which variable to set."""
    monkeypatch.delenv(name)
    with pytest.raises(SinkNotReadyError, match=name) as caught:
        open_sink(SPEC).check(vacant=False)
    assert caught.value.effect is Effect.NONE


@pytest.mark.usefixtures("fireworks")
def test_a_credential_that_is_not_accepted_is_found_out_beforehand(monkeypatch: pytest.MonkeyPatch) -> None:
    """The error has the vendor's status, in the sink's name, and not the credential."""
    monkeypatch.setenv("FIREWORKS_API_KEY", "fw_TEST_another_key")
    with pytest.raises(SinkNotReadyError, match="fireworks:my-key#MY_KEY") as caught:
        open_sink(SPEC).check(vacant=False)
    assert caught.value.status == 401
    assert caught.value.__context__ is None
    assert "fw_TEST_another_key" not in f"{caught.value} {caught.value!r} {caught.value.__dict__}"


@pytest.mark.usefixtures("sleeps")
def test_a_store_without_a_reply_says_that_it_may_have_been_done(fireworks: FireworksSimulator) -> None:
    """And may be repeated, which changes nothing more."""
    sink = open_sink(SPEC)
    found = sink.check(vacant=False)
    fireworks.faults.add(mocks.Fault.drop_after(), times=10)
    with pytest.raises(SinkNotReadyError) as caught:
        sink.store(Secret(ONE), found)
    assert caught.value.effect is Effect.UNKNOWN
    assert ONE not in f"{caught.value} {caught.value!r}"
    fireworks.faults.clear()
    sink.store(Secret(OTHER), found)
    (secret,) = fireworks.secrets.values()
    assert secret.value == OTHER


@pytest.mark.parametrize(
    "spec",
    [
        "fireworks:",
        "fireworks:my-key",
        "fireworks:my-key#",
        "fireworks:#MY_KEY",
        "keyring:a",
        "keyring:/b",
        "keyring:a/",
    ],
)
def test_what_names_no_sink_is_refused(spec: str) -> None:
    """The error says which forms there are."""
    with pytest.raises(SinkNotReadyError, match="names no sink") as caught:
        open_sink(spec)
    for form in ("keyring:SERVICE/USER", "fireworks:SECRET_ID#KEY_NAME", "exec:COMMAND"):
        assert form in caught.value.advice


def test_a_line_that_names_an_account_means_that_one(
    fireworks: FireworksSimulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever account the environment names by then; one that the credential does not reach is refused."""
    line = lasting(SPEC)
    account = os.environ["FIREWORKS_ACCOUNT_ID"]
    assert line == f"fireworks:{account}/my-key#MY_KEY"
    monkeypatch.setenv("FIREWORKS_ACCOUNT_ID", "another")
    keep(open_sink(line), ONE)
    assert [secret.value for secret in fireworks.secrets.values()] == [ONE]
    with pytest.raises(SinkNotReadyError):
        open_sink(lasting(SPEC)).check(vacant=False)


def test_a_line_needs_an_account(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where neither it nor the environment names one, that is said before anything is written down."""
    monkeypatch.setenv("FIREWORKS_API_KEY", "fw_TEST_not_a_key")
    monkeypatch.delenv("FIREWORKS_ACCOUNT_ID", raising=False)
    with pytest.raises(SinkNotReadyError, match="account_id"):
        lasting(SPEC)
