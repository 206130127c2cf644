"""A value in the system's keyring, over the real protocol with a real daemon where this machine has a bus."""

from __future__ import annotations

import gc
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import AbstractContextManager

import pytest
from issuant.errors import MissingExtraError, SinkNotReadyError
from issuant.keys import Sink
from issuant.secret import Secret
from issuant.sinks import open_sink
from issuant.sinks.abilities import ReadsBack, Stages
from issuant.sinks.keyring import KeyringSink

from tests.issuant.sinks.keyrings import KEYRINGS, Variables, own_daemon, use
from tests.issuant.sinks.storing import keep

ONE, OTHER = "one_TEST_not_a_key", "other_TEST_not_a_key"
PEM = "-----BEGIN PRIVATE KEY-----\n" + "MIIEfakeTEST/+==\n" * 200 + "-----END PRIVATE KEY-----\n"


@pytest.fixture(scope="module", params=list(KEYRINGS.values()), ids=list(KEYRINGS))
def variables(request: pytest.FixtureRequest) -> Iterator[Variables]:
    """Keep a keyring for all tests of this module; each has a service of its own in it."""
    opened: AbstractContextManager[Variables] = request.param()
    with opened as found:
        yield found


@pytest.fixture
def sink(variables: Variables, monkeypatch: pytest.MonkeyPatch) -> KeyringSink:
    use(variables, monkeypatch)
    return KeyringSink(f"issuant_TEST/{uuid.uuid4()}", "bot")


def text_of(value: Secret | None) -> str | None:
    return None if value is None else value.reveal()


def names_in(sink: KeyringSink) -> set[str]:
    """Return the users for which the keyring holds something, of those that a sink may touch."""
    import keyring

    users = ("bot", "bot#issuant-s-1", "bot#issuant-s-2")
    return {user for user in users if keyring.get_password(sink._service, user) is not None}


@pytest.mark.parametrize("value", [ONE, PEM, "ключ 🔑", "line\n"], ids=["plain", "pem", "utf-8", "line-break"])
def test_a_value_goes_into_the_keyring_and_comes_back(sink: KeyringSink, value: str) -> None:
    """Exactly as it was, and over what stood there."""
    assert sink.read() is None
    keep(sink, OTHER)
    keep(sink, value)
    assert text_of(sink.read()) == value


def test_another_process_finds_the_value(sink: KeyringSink, variables: Variables) -> None:
    """By the library's own command, under the names that the sink has."""
    keep(sink, ONE)
    done = subprocess.run(
        [sys.executable, "-m", "keyring", "get", sink._service, "bot"], capture_output=True, text=True, check=True
    )
    assert done.stdout == f"{ONE}\n"


def test_a_check_leaves_nothing_behind(sink: KeyringSink) -> None:
    """It stores something, and removes it."""
    assert sink.check(vacant=True) is None
    assert sink.check(vacant=True, value=Secret(PEM)) is None
    assert sink.read() is None
    import keyring

    found = keyring.get_credential(sink._service, None)
    assert found is None


def test_an_item_that_is_in_use_is_not_written_over(sink: KeyringSink) -> None:
    """By what may be refused; and by nobody, where that was asked for."""
    keep(sink, ONE)
    with pytest.raises(SinkNotReadyError, match="holds a value already"):
        sink.check(vacant=True)
    with pytest.raises(SinkNotReadyError, match="holds a value already"):
        KeyringSink(sink._service, "bot", replace=False).check(vacant=False)
    assert text_of(sink.read()) == ONE


def test_an_item_that_changed_since_the_check_is_left_as_it_is(sink: KeyringSink) -> None:
    """Neither value is in the refusal."""
    found = sink.check(vacant=False)
    keep(sink, ONE)
    with pytest.raises(SinkNotReadyError, match="changed meanwhile") as caught:
        sink.store(Secret(OTHER), found)
    assert text_of(sink.read()) == ONE
    assert ONE not in f"{caught.value!r} {found!r}"


def test_a_staged_value_is_another_item_until_it_is_promoted(sink: KeyringSink) -> None:
    """Whoever reads the real one sees the old value, and then the new one; the slot is gone."""
    keep(sink, ONE)
    found = sink.check(vacant=False)
    sink.stage(Secret(OTHER), "s-1")
    assert text_of(sink.read()) == ONE
    assert names_in(sink) == {"bot", "bot#issuant-s-1"}
    sink.promote("s-1", found)
    assert text_of(sink.read()) == OTHER
    assert names_in(sink) == {"bot"}
    sink.promote("s-1", found)
    assert text_of(sink.read()) == OTHER


def test_what_was_staged_is_taken_back(sink: KeyringSink) -> None:
    """Once and again; the item is as it was, and so is another slot."""
    keep(sink, ONE)
    sink.stage(Secret(OTHER), "s-1")
    sink.stage(Secret(OTHER), "s-2")
    sink.unstage("s-1")
    sink.unstage("s-1")
    assert text_of(sink.read()) == ONE
    assert names_in(sink) == {"bot", "bot#issuant-s-2"}


def test_nothing_is_promoted_over_a_value_of_somebody_else(sink: KeyringSink) -> None:
    """The slot stays, so that nothing is lost."""
    found = sink.check(vacant=False)
    sink.stage(Secret(ONE), "s-1")
    keep(sink, OTHER)
    with pytest.raises(SinkNotReadyError, match="changed meanwhile"):
        sink.promote("s-1", found)
    assert text_of(sink.read()) == OTHER
    assert names_in(sink) == {"bot", "bot#issuant-s-1"}


def test_nothing_is_promoted_where_nothing_was_staged(sink: KeyringSink) -> None:
    """That is an error, as the place would stay without the value."""
    found = sink.check(vacant=False)
    with pytest.raises(SinkNotReadyError, match="no value in its slot"):
        sink.promote("s-1", found)


def collect_connections() -> None:
    """Let connections that the library has forgotten be closed now, and not in a test that knows nothing of them."""
    for thread in threading.enumerate():
        if thread.name == "issuant-keyring":
            thread.join(20)
    gc.collect()


MOODS = {
    "locked": "it is locked",
    "refusing": "it failed with",
    "forgetful": "does not keep what is stored there",
    "deaf": "has not answered within",
}


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # the library forgets its connection
@pytest.mark.parametrize(("mood", "words"), MOODS.items(), ids=MOODS.keys())
def test_a_keyring_that_keeps_nothing_is_found_out_beforehand(
    mood: str, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Locked and nobody unlocks it, refusing, forgetting or silent: the error says which, in words of ours."""
    monkeypatch.setattr("issuant.sinks.keyring.SECONDS", 0.3 if mood == "deaf" else 20)
    with own_daemon(mood) as variables:
        use(variables, monkeypatch)
        with pytest.raises(SinkNotReadyError, match=words) as caught:
            KeyringSink("issuant_TEST", "bot").check(vacant=False, value=Secret(ONE))
    collect_connections()
    assert caught.value.field == "sink"
    assert caught.value.__context__ is None
    assert ONE not in f"{caught.value!r}"


@pytest.mark.parametrize(
    ("backend", "words"),
    [
        pytest.param("keyring.backends.fail.Keyring", "no keyring, or none that keeps", id="none"),
        pytest.param("keyring.backends.null.Keyring", "no keyring, or none that keeps", id="null"),
        pytest.param("nosuch_TEST.Keyring", "ModuleNotFoundError", id="one-that-is-not-there"),
        pytest.param("keyring.backends.SecretService.Keyring", "FileNotFoundError", id="a-bus-that-is-not-there"),
    ],
)
def test_a_system_without_a_keyring_is_found_out_beforehand(
    backend: str, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is stored that nobody keeps."""
    use({"PYTHON_KEYRING_BACKEND": backend, "DBUS_SESSION_BUS_ADDRESS": "unix:path=/nosuch_TEST"}, monkeypatch)
    sink = KeyringSink("issuant_TEST", "bot")
    with pytest.raises(SinkNotReadyError, match=words):
        sink.check(vacant=False)
    with pytest.raises(SinkNotReadyError, match=words):
        sink.store(Secret(ONE), None)


def test_without_the_library_the_error_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is imported when it is used."""
    monkeypatch.setitem(sys.modules, "keyring", None)
    sink = open_sink("keyring:issuant_TEST/bot")
    with pytest.raises(MissingExtraError, match=r"issuant\[keyring\]") as caught:
        sink.check(vacant=False)
    assert caught.value.__context__ is None


def test_half_a_surrogate_pair_is_refused_beforehand() -> None:
    """No keyring is asked."""
    with pytest.raises(SinkNotReadyError, match="surrogate"):
        KeyringSink("issuant_TEST", "bot").check(vacant=False, value=Secret("a\ud800"))


@pytest.mark.parametrize("slot", ["", "A", "a/b", "a b", "x" * 41, "a\n"])
def test_a_slot_has_a_short_plain_name(slot: str) -> None:
    """Anything else is a mistake of the program's."""
    with pytest.raises(ValueError, match="no name of a slot"):
        KeyringSink("issuant_TEST", "bot").unstage(slot)


def test_a_keyring_states_that_it_stages_and_reads_back() -> None:
    """The abilities are asked with isinstance."""
    sink: Sink = KeyringSink("s", "u")
    assert isinstance(sink, Stages)
    assert isinstance(sink, ReadsBack)


def test_a_keyring_that_never_answers_is_waited_for_two_minutes() -> None:
    """A person may have to unlock it, and looks for the password."""
    from issuant.sinks import keyring

    assert keyring.SECONDS == 120
    started = time.monotonic()
    assert keyring._outcome(lambda: None) == (None,)
    assert time.monotonic() - started < 5
