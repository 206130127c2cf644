"""`issuant doctor`: what is set up, whether it works, and for what; never a value of the environment."""

from __future__ import annotations

import json
import os
import re
from datetime import timedelta
from typing import Any

import pytest
from issuant.mocks import Fault
from issuant.providers import find_provider, provider_names

from tests.cli.conftest import VARIABLES, Issuant, Vendors

each_provider = pytest.mark.parametrize("name", provider_names())


def diagnosed(issuant: Issuant, *arguments: str) -> tuple[int, dict[str, dict[str, Any]]]:
    """Run the doctor, and return its code and what it found, by provider."""
    ended = issuant("doctor", "--json", *arguments)
    assert ended.err == ""
    found = [json.loads(line) for line in ended.out.splitlines()]
    return ended.code, {one["provider"]: one for one in found}


def test_all_that_is_set_up_is_tried(issuant: Issuant, vendors: Vendors) -> None:
    """It ends with 0 where every credential works."""
    code, found = diagnosed(issuant)
    assert code == 0
    assert set(found) == set(provider_names())
    for name, one in found.items():
        can = find_provider(name).capabilities
        assert one["works"] is True
        assert one["base_url"].startswith("http://127.0.0.1:")
        asked = {ability["operation"]: ability["answer"] for ability in one["abilities"]}
        assert set(asked.values()) == {"yes"}
        assert ("keys" in asked) is can.lists_keys
        assert (one["identity"] is not None) is can.tells_caller
        assert abs(one["clock_skew"]) < 5
        assert one["seconds"] > 0


@each_provider
@pytest.mark.parametrize("options", [[], ["--json"]], ids=["plain", "json"])
def test_names_of_variables_are_told_and_no_value(
    name: str, options: list[str], issuant: Issuant, vendors: Vendors
) -> None:
    """Those that are set and those that are not."""
    ended = issuant("doctor", name, *options)
    assert ended.code == 0
    for variable in find_provider(name).variables:
        assert variable in ended.out
    assert "_not_a_key" not in ended.out
    assert not [value for key, value in os.environ.items() if key.endswith("SECRET_KEY") and value in ended.out]


@pytest.mark.parametrize("options", [[], ["--json"]], ids=["plain", "json"])
def test_an_id_that_is_the_api_key_is_told_by_the_name_of_its_variable(
    options: list[str], issuant: Issuant, vendors: Vendors
) -> None:
    """At Fireblocks the id of the caller is the API key."""
    ended = issuant("doctor", "fireblocks", *options)
    assert ended.code == 0
    assert vendors.fireblocks.api_key not in ended.out
    assert "(the value of FIREBLOCKS_API_KEY)" in ended.out


@pytest.mark.parametrize("options", [[], ["--json"]], ids=["plain", "json"])
@pytest.mark.parametrize("key", ["echoed_TEST_not_a_key", "k"], ids=["a-key", "a-key-of-one-letter"])
def test_a_provider_that_echoes_the_credential_does_not_get_it_printed(
    key: str, options: list[str], issuant: Issuant, vendors: Vendors, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever field it stands in."""
    monkeypatch.setenv("FIREWORKS_API_KEY", key)
    user = {"name": f"accounts/{vendors.fireworks.account_id}/users/x", "displayName": key, "email": key, "role": key}
    vendors.fireworks.faults.add(Fault.body(json.dumps(user).encode()), times=9)
    ended = issuant("doctor", "fireworks", *options)
    words = re.findall(r"[\w.@-]+", ended.out)
    assert "FIREWORKS_API_KEY" in words
    assert key not in words


def test_what_is_not_set_up_is_said_and_not_asked(
    issuant: Issuant, vendors: Vendors, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It spoils nothing, as long as anything is set up."""
    for name in find_provider("galileo").variables:
        monkeypatch.delenv(name, raising=False)
    code, found = diagnosed(issuant)
    assert code == 0
    assert (found["galileo"]["configured"], found["galileo"]["works"]) == (False, None)
    assert "galileo: nothing is configured; GALILEO_API_KEY, " in issuant("doctor").out
    assert not [request for request in vendors.requests if request.path == "/current_user"]


@pytest.mark.parametrize("named", [[], ["galileo"]], ids=["nobody-named", "named"])
def test_nothing_set_up_at_all_ends_with_1(named: list[str], issuant: Issuant) -> None:
    """To call that healthy would be a lie."""
    code, found = diagnosed(issuant, *named)
    assert code == 1
    assert not any(one["works"] for one in found.values())


def test_a_credential_that_is_not_accepted_does_not_work(
    issuant: Issuant, vendors: Vendors, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It ends with 1, the others are told all the same, and the value that was wrong is not shown."""
    monkeypatch.setenv("GALILEO_API_KEY", "wrong_TEST_not_a_key")
    code, found = diagnosed(issuant)
    assert code == 1
    assert {name: one["works"] for name, one in found.items()} == {
        "fireblocks": True,
        "fireworks": True,
        "galileo": False,
    }
    plain = issuant("doctor", "galileo")
    assert plain.out.startswith("galileo: does not work\n")
    assert "does not accept the credential" in plain.out
    assert "_not_a_key" not in plain.out


def test_a_variable_that_is_missing_is_named(
    issuant: Issuant, vendors: Vendors, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of a provider that is half set up; nothing is sent to it."""
    monkeypatch.delenv("FIREWORKS_API_KEY")
    code, found = diagnosed(issuant, "fireworks")
    assert code == 1
    assert found["fireworks"]["error"]["field"] == "FIREWORKS_API_KEY"
    assert "FIREWORKS_API_KEY" in found["fireworks"]["not_set"]
    assert "FIREWORKS_API_KEY is not set." in issuant("doctor", "fireworks").out
    assert not vendors.requests


def test_what_the_credential_may_not_do_is_told(issuant: Issuant, vendors: Vendors) -> None:
    """It works all the same."""
    vendors.galileo.faults.add(Fault.status(403), times=2, on="GET /v2/users/*")
    code, found = diagnosed(issuant, "galileo")
    assert code == 0
    assert [(one["operation"], one["answer"]) for one in found["galileo"]["abilities"]] == [
        ("whoami", "yes"),
        ("keys", "no"),
    ]
    assert "keys        no: galileo keys: the credential may not do this" in issuant("doctor", "galileo").out


def test_a_provider_that_is_down_is_told(issuant: Issuant, vendors: Vendors) -> None:
    """With the one thing that was asked."""
    vendors.galileo.faults.add(Fault.status(503), times=9)
    code, found = diagnosed(issuant, "galileo", "--retries", "1")
    assert (code, found["galileo"]["works"]) == (1, False)
    assert found["galileo"]["abilities"][0]["answer"] == "failed"


@pytest.mark.parametrize(
    ("ahead", "words"),
    [
        pytest.param(timedelta(minutes=10), "s behind; set it", id="behind"),
        pytest.param(timedelta(minutes=-10), "s ahead; set it", id="ahead"),
        pytest.param(timedelta(seconds=2), "in step, within", id="in-step"),
    ],
)
def test_a_clock_that_is_off_is_warned_of(ahead: timedelta, words: str, issuant: Issuant, vendors: Vendors) -> None:
    """By more than five seconds; by how much is in the JSON."""
    vendors.galileo.clock.advance(ahead)
    _, found = diagnosed(issuant, "galileo")
    assert abs(found["galileo"]["clock_skew"] - ahead.total_seconds()) < 3
    assert words in issuant("doctor", "galileo").out


def test_a_base_url_is_of_one_provider(issuant: Issuant, vendors: Vendors) -> None:
    """With none or several named it is refused."""
    for named in ([], ["galileo", "fireworks"]):
        ended = issuant("doctor", *named, "--base-url", "http://127.0.0.1:1")
        assert (ended.code, ended.out) == (2, "")
    assert not vendors.requests


def test_the_table_of_variables_is_the_providers_own() -> None:
    """What the doctor may name is what the tests keep out of the environment."""
    assert {name for provider in provider_names() for name in find_provider(provider).variables} == VARIABLES
