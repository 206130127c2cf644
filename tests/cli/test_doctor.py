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
def test_an_api_key_that_is_an_id_is_shown(options: list[str], issuant: Issuant, vendors: Vendors) -> None:
    """At Fireblocks it is that of the caller, and `whoami` shows it as well; the private key is what is secret."""
    ended = issuant("doctor", "fireblocks", *options)
    assert ended.code == 0
    assert vendors.fireblocks.api_key in ended.out
    assert "the value of" not in ended.out


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
    assert found["galileo"]["accepted"] is False
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
    plain = issuant("doctor", "galileo")
    assert (plain.code, plain.out.splitlines()[0]) == (0, "galileo: works")
    assert "keys        no: the credential may not do this" in plain.out


def test_a_credential_that_may_do_nothing_is_said_to_be_accepted(
    issuant: Issuant, vendors: Vendors, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is for another account; that does not work, and ends with 1."""
    monkeypatch.setenv("FIREWORKS_ACCOUNT_ID", "another")
    code, found = diagnosed(issuant, "fireworks")
    assert (code, found["fireworks"]["works"], found["fireworks"]["accepted"]) == (1, False, True)
    assert {one["answer"] for one in found["fireworks"]["abilities"]} == {"no"}
    plain = issuant("doctor", "fireworks")
    assert (plain.code, plain.out.splitlines()[0]) == (
        1,
        "fireworks: accepted, and may do nothing here: check its role, and the account",
    )


@pytest.mark.parametrize(
    ("user", "whoami", "keys"),
    [
        pytest.param("nobody", "no: the provider does not know", "no: as whoami", id="wrong"),
        pytest.param("", "failed: Fireworks does not tell", "failed: FIREWORKS_USER_ID: it is missing.", id="unset"),
    ],
)
def test_a_credential_that_works_in_part_does_not_do(
    user: str, whoami: str, keys: str, issuant: Issuant, vendors: Vendors, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With a wrong user no key can be issued, whatever else is answered: it ends with 1."""
    monkeypatch.setenv("FIREWORKS_USER_ID", user)
    plain = issuant("doctor", "fireworks")
    assert (plain.code, plain.out.splitlines()[0]) == (1, "fireworks: works in part: not for whoami, keys")
    assert re.search(rf"^  whoami +{whoami}", plain.out, re.MULTILINE)
    assert re.search(rf"^  keys +{keys}", plain.out, re.MULTILINE)
    code, found = diagnosed(issuant, "fireworks")
    assert (code, found["fireworks"]["works"], found["fireworks"]["failed"]) == (1, True, ["whoami", "keys"])


def test_what_several_questions_have_in_common_is_told_once(
    issuant: Issuant, vendors: Vendors, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the variable that it comes from."""
    monkeypatch.setenv("FIREWORKS_ACCOUNT_ID", "a/b")
    out = issuant("doctor", "fireworks").out
    assert re.findall(r"failed: (.*)\. Give", out) == [
        "FIREWORKS_ACCOUNT_ID: it holds a slash, a blank at an end or a control character"
    ]
    assert out.count("failed: as whoami") == 3


def test_a_private_key_that_is_none_is_told_by_its_variable(
    issuant: Issuant, vendors: Vendors, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not by the argument of the Python interface."""
    monkeypatch.setenv("FIREBLOCKS_SECRET_KEY", "-----BEGIN nothing-----")
    ended = issuant("doctor", "fireblocks")
    assert ended.code == 1
    assert "FIREBLOCKS_SECRET_KEY is not a private key in PEM." in ended.out


@pytest.mark.parametrize(
    ("unset", "missing", "optional"),
    [
        pytest.param([], [], ["HEADER", "AUTH", "USERNAME", "PASSWORD"], id="a-key"),
        pytest.param(["API_KEY"], ["API_KEY", "USERNAME", "PASSWORD"], ["HEADER", "AUTH"], id="neither"),
    ],
)
def test_what_is_needed_is_told_apart_from_what_is_optional(
    unset: list[str],
    missing: list[str],
    optional: list[str],
    issuant: Issuant,
    vendors: Vendors,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What stands for what is set is not needed; without either, both are."""
    for name in unset:
        monkeypatch.delenv(f"GALILEO_{name}")
    _, found = diagnosed(issuant, "galileo")
    assert [name.removeprefix("GALILEO_") for name in found["galileo"]["not_set"]] == missing
    assert [re.sub("GALILEO_(API_KEY_)?", "", name) for name in found["galileo"]["optional"]] == optional


def test_a_provider_that_is_named_twice_is_asked_once(issuant: Issuant, vendors: Vendors) -> None:
    """And told once."""
    assert issuant("doctor", "galileo", "galileo").out.count("galileo: works") == 1
    assert len([request for request in vendors.requests if request.path == "/current_user"]) == 1


def test_a_clock_that_nobody_told_is_not_known(issuant: Issuant, vendors: Vendors) -> None:
    """Where no reply came, the provider is not what kept it back."""
    ended = issuant("doctor", "galileo", "--base-url", "http://127.0.0.1:1", "--retries", "1")
    assert re.search(r"^  clock +not known: no reply$", ended.out, re.MULTILINE)


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
    """With none or several named it is refused; as is a server."""
    for named in ([], ["galileo", "fireworks"]):
        for option in ("--base-url", "--server"):
            ended = issuant("doctor", *named, option, "http://127.0.0.1:1")
            assert (ended.code, ended.out) == (2, "")
            assert f"Name the one provider that {option} is for." in ended.err
    assert not vendors.requests


def test_the_table_of_variables_is_the_providers_own() -> None:
    """What the doctor may name is what the tests keep out of the environment."""
    assert {name for provider in provider_names() for name in find_provider(provider).variables} == VARIABLES
