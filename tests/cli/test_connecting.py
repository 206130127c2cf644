"""The options that every command which talks to a provider has."""

from __future__ import annotations

import time
from pathlib import Path

import click
import pytest
from issuant.cli.root import COMMANDS, root
from issuant.mocks import Fault
from issuant.providers import provider_names

from tests.cli.conftest import Issuant, Vendors

FLAGS = {"--server", "--base-url", "--timeout", "--retries", "--rate-limit", "--ca-file"}
WITHOUT = {"", "adopt", "due", "forget", "journal", "providers", "secret", "issue", "user"}


def all_commands() -> dict[str, click.Command]:
    """Return every command by its words."""
    found: dict[str, click.Command] = {}

    def add(words: str, command: click.Command) -> None:
        found[words] = command
        if isinstance(command, click.Group):
            context = click.Context(command)
            for name in command.list_commands(context):
                below = command.get_command(context, name)
                assert below is not None
                add(f"{words} {name}".strip(), below)

    add("", root)
    return found


def test_every_command_that_talks_to_a_provider_has_them_all() -> None:
    """And no other has any."""
    for words, command in all_commands().items():
        flags = {flag for parameter in command.params for flag in parameter.opts} & FLAGS
        if not words.startswith("mock"):  # its --rate-limit is the simulators'
            assert flags == (set() if words in WITHOUT else FLAGS), words


def test_the_commands_are_those_of_the_help() -> None:
    """Each with a line on it; below `issue` stand the providers."""
    found = all_commands()
    assert {words for words in found if words and " " not in words} == set(COMMANDS)
    assert {words.removeprefix("issue ") for words in found if words.startswith("issue ")} == set(provider_names())


@pytest.mark.parametrize(
    ("options", "requests"),
    [pytest.param([], 3, id="by-default"), pytest.param(["--retries", "1"], 1, id="never-again")],
)
def test_a_call_is_sent_as_often_as_is_said(
    options: list[str], requests: int, issuant: Issuant, vendors: Vendors
) -> None:
    """Three times where nothing is."""
    vendors.galileo.faults.add(Fault.status(503, retry_after=0), times=9)
    assert issuant("whoami", "galileo", *options).code == 1
    assert len(vendors.requests) == requests


@pytest.mark.parametrize(
    ("options", "words"),
    [
        pytest.param(["--retries", "0"], "--retries", id="no-attempt"),
        pytest.param(["--retries", "many"], "--retries", id="no-number"),
        pytest.param(["--rate-limit", "10"], "CALLS/SECONDS", id="no-span"),
        pytest.param(["--rate-limit", "0/60"], "are not between 1 and", id="no-calls"),
        pytest.param(["--rate-limit", "1/0"], "between 0 and a day", id="no-seconds"),
        pytest.param(["--timeout", "-1"], "--timeout", id="no-time"),
        pytest.param(["--ca-file", "/no/such/file"], "/no/such/file: No such file", id="no-file"),
        pytest.param(["--server", "moon"], "has no server", id="no-server"),
        pytest.param(["--server", "production", "--base-url", "https://x.invalid"], "both", id="two-places"),
        pytest.param(["--base-url", "http://x.invalid"], "plain http", id="plain-http"),
    ],
)
def test_an_option_that_makes_no_sense_is_refused(
    options: list[str], words: str, issuant: Issuant, vendors: Vendors
) -> None:
    """It ends with 2, and nothing is sent."""
    ended = issuant("whoami", "galileo", *options)
    assert (ended.code, ended.out) == (2, "")
    assert words in ended.err
    assert "Traceback" not in ended.err
    assert not vendors.requests


def test_a_file_without_certificates_is_refused(issuant: Issuant, vendors: Vendors, tmp_path: Path) -> None:
    """By its path."""
    (tmp_path / "ca.pem").write_text("none")
    ended = issuant("whoami", "galileo", "--ca-file", str(tmp_path / "ca.pem"))
    assert ended.code == 2
    assert str(tmp_path / "ca.pem") in ended.err


def test_a_rate_limit_is_kept(issuant: Issuant, vendors: Vendors) -> None:
    """The third of three calls waits for the span to end."""
    for number in range(101):
        vendors.galileo.add_key(user_id=vendors.galileo.user_id, description=str(number))
    began = time.monotonic()
    assert issuant("keys", "galileo", "--rate-limit", "2/0.7").code == 0
    assert len(vendors.requests) == 3
    assert time.monotonic() - began > 0.6


def test_a_timeout_bounds_each_wait(issuant: Issuant, vendors: Vendors) -> None:
    """Where none is given, the library's own times to connect and to read hold."""
    vendors.galileo.faults.add(Fault.delay(2))
    began = time.monotonic()
    assert issuant("whoami", "galileo", "--timeout", "0.2", "--retries", "1").code == 1
    assert time.monotonic() - began < 1.9
    whoami = all_commands()["whoami"]
    assert whoami.make_context("whoami", ["galileo"]).params["timeout"] is None
