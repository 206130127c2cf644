"""A credential's life by the command: issued or adopted under a name, rotated, carried on, told of, forgotten."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from tests.cli.conftest import Issuant, Vendors
from tests.cli.rotations import adopt_another, is_accepted, issue_nightly, lines, told, value_in


def test_a_key_with_a_name_is_issued_into_every_sink(issuant: Issuant, vendors: Vendors, tmp_path: Path) -> None:
    """The value stands in all of them and nowhere else; the id goes where ids go."""
    done = issue_nightly(issuant, "--to", "file:value", "--id-to", "file:id")
    assert (done["provider"], done["credential"], done["kind"], done["state"]) == (
        "galileo",
        "nightly",
        "issue",
        "done",
    )
    value = value_in(tmp_path / ".env")
    assert (tmp_path / "value").read_text() == value
    assert (tmp_path / "id").read_text() == done["key_id"]
    assert is_accepted(value)
    assert list(vendors.galileo.keys) == [done["key_id"]]
    assert value not in str(done)


def test_a_rotation_waits_for_the_end_of_the_grace(issuant: Issuant, vendors: Vendors, tmp_path: Path) -> None:
    """It ends with 3; the sinks have the new value, and both keys are accepted meanwhile."""
    first = issue_nightly(issuant)
    old = value_in(tmp_path / ".env")
    ended = issuant("rotate", "nightly", "--grace", "1h", "--json")
    assert (ended.code, ended.err) == (3, "")
    done = told(ended)
    assert (done["state"], done["old_key_id"], done["next"]) == ("grace", first["key_id"], "issuant resume nightly")
    assert is_accepted(old)
    assert is_accepted(value_in(tmp_path / ".env"))
    assert value_in(tmp_path / ".env") != old


@pytest.mark.parametrize("form", [(), ("--json",)], ids=["text", "json"])
def test_a_sink_that_is_left_out_is_told(
    issuant: Issuant, vendors: Vendors, tmp_path: Path, form: tuple[str, ...]
) -> None:
    """It keeps the value of the key that is about to be revoked; the dry run tells that as a step."""
    issue_nightly(issuant)
    planned = issuant("rotate", "nightly", "--to", "file:other", "--dry-run")
    assert f"Leave env:{tmp_path}/.env#KEY with the old value" in planned.out
    ended = issuant("rotate", "nightly", "--to", "file:other", *form)
    assert (ended.code, f"env:{tmp_path}/.env#KEY is not kept up any more" in ended.err) == (3, True)
    assert issuant("rotate", "nightly", "--to", "file:other").err.count("not kept up") == 0


def test_force_leaves_no_grace(issuant: Issuant, vendors: Vendors, tmp_path: Path) -> None:
    """One call, and the old key is gone."""
    issue_nightly(issuant)
    old = value_in(tmp_path / ".env")
    ended = issuant("rotate", "nightly", "--force", "--json")
    assert (ended.code, told(ended)["state"]) == (0, "done")
    assert list(vendors.galileo.keys) == [told(ended)["key_id"]]
    assert not is_accepted(old)


def test_resume_goes_on_when_there_is_something_to_do(issuant: Issuant, vendors: Vendors) -> None:
    """While it waits it ends with 3, then with 0; without anything open it says nothing."""
    issue_nightly(issuant)
    assert issuant("rotate", "nightly").code == 3
    waiting = issuant("resume", "--json")
    assert (waiting.code, [line["state"] for line in lines(waiting)]) == (3, ["grace"])
    forced = issuant("resume", "nightly", "--force")
    assert (forced.code, forced.out.split("\t")[:3]) == (0, ["nightly", "rotate", "done"])
    nothing = issuant("resume")
    assert (nothing.code, nothing.out, nothing.err) == (0, "", "")


def test_a_rotation_moves_the_credential_to_other_sinks(issuant: Issuant, vendors: Vendors, tmp_path: Path) -> None:
    """From then on; where the id goes stays."""
    issue_nightly(issuant, "--id-to", "file:id")
    before = value_in(tmp_path / ".env")
    done = told(issuant("rotate", "nightly", "--force", "--to", "file:value", "--json"))
    assert value_in(tmp_path / ".env") == before
    assert is_accepted((tmp_path / "value").read_text())
    assert (tmp_path / "id").read_text() == done["key_id"]
    assert issuant("journal", "--all").out.rstrip().endswith(f"file:{tmp_path}/value, id=file:{tmp_path}/id")


def test_a_sink_that_it_has_already_is_named_again_without_replace(issuant: Issuant, vendors: Vendors) -> None:
    """What stands there is its own value."""
    issue_nightly(issuant)
    ended = issuant("rotate", "nightly", "--force", "--to", "env:.env#KEY", "--to", "file:value")
    assert ended.code == 0, ended.err


def test_a_lifetime_is_that_of_the_next_key(issuant: Issuant, vendors: Vendors) -> None:
    """The first one's is kept for those that follow."""
    issue_nightly(issuant, "--expires", "30d")
    assert told(issuant("rotate", "nightly", "--force", "--expires", "2d", "--json"))["state"] == "done"
    (key,) = vendors.galileo.keys.values()
    assert key.expires is not None
    assert timedelta(days=1) < key.expires - key.created <= timedelta(days=2)
    assert issuant("rotate", "nightly", "--force").code == 0
    (key,) = vendors.galileo.keys.values()
    assert key.expires is not None
    assert timedelta(days=29) < key.expires - key.created <= timedelta(days=30)


@pytest.mark.parametrize("options", [[], ["--to", "file:value"]], ids=["its sinks", "another sink"])
def test_a_dry_run_tells_every_step_and_takes_none(
    options: list[str], issuant: Issuant, vendors: Vendors, tmp_path: Path
) -> None:
    """It looks at what a rotation would look at, and sends nothing that changes anything."""
    issue_nightly(issuant)
    vendors.requests.clear()
    ended = issuant("rotate", "nightly", "--dry-run", "--json", *options)
    assert ended.code == 0, ended.err
    steps = told(ended)["steps"]
    assert any("eval-x00000000-1" in step for step in steps)
    assert any("live on for 1 day, " in step for step in steps)
    assert any("file:" in step for step in steps) is bool(options)
    assert {request.method for request in vendors.requests} == {"GET"}
    assert len(vendors.galileo.keys) == 1
    assert issuant("journal").out == ""
    assert issuant("rotate", "nightly", "--dry-run", *options).out.splitlines()[0].startswith(" 1  ")


def test_a_dry_run_is_that_of_the_options_that_are_given(issuant: Issuant, vendors: Vendors, tmp_path: Path) -> None:
    """A lifetime, a wait that is cut short; and what the rotation would refuse is refused."""
    issue_nightly(issuant, "--id-to", "file:id")
    (tmp_path / "taken").write_text("another's", "utf-8")
    steps = issuant("rotate", "nightly", "--dry-run", "--expires", "2d").out
    assert f"Put the key's id into the pending slot of file:{tmp_path}/id." in steps
    assert ("live on for 1 day, " in steps, "which expires at 2" in steps) == (True, True)
    assert "live on" not in issuant("rotate", "nightly", "--dry-run", "--force").out
    refused = issuant("rotate", "nightly", "--dry-run", "--to", "file:taken")
    assert (refused.code, "--replace writes over it" in refused.err) == (2, True)
    assert issuant("rotate", "nightly", "--dry-run", "--to", "file:taken", "--replace").code == 0


def test_a_key_that_was_made_elsewhere_is_adopted_and_rotated(
    issuant: Issuant, vendors: Vendors, tmp_path: Path
) -> None:
    """The value is read from its sink; the next one is named like it and stands in its place."""
    old_id, old = adopt_another(issuant, vendors, tmp_path / "value")
    assert list(vendors.galileo.keys) == [old_id]
    done = told(issuant("rotate", "adopted", "--force", "--json"))
    (key,) = vendors.galileo.keys.values()
    assert (key.id, done["old_key_id"]) == (done["key_id"], old_id)
    assert key.description.startswith("made by hand-x")
    assert is_accepted((tmp_path / "value").read_text())
    assert not is_accepted(old)


def test_the_next_keys_are_like_the_adopted_one_but_for_what_is_given(
    issuant: Issuant, vendors: Vendors, tmp_path: Path
) -> None:
    """Its name, its lifetime, and the provider's own fields."""
    key, value = vendors.galileo.add_key(user_id=vendors.galileo.user_id, description="made by hand")
    (tmp_path / "value").write_text(value, "utf-8")
    given = ["--from", "file:value", "--to", "env:.env#KEY", "--name", "ours", "--expires", "7d"]
    ended = issuant("adopt", "galileo", key.id, "--as", "adopted", *given, "--json")
    assert (ended.code, told(ended)["key_id"]) == (0, key.id), ended.err
    assert issuant("rotate", "adopted", "--force").code == 0
    (next_key,) = vendors.galileo.keys.values()
    assert next_key.description.startswith("ours-x")
    assert next_key.expires is not None
    assert (tmp_path / "value").read_text() == value
    assert is_accepted(value_in(tmp_path / ".env"))


def test_the_key_that_the_command_acts_with_is_replaced(
    issuant: Issuant, vendors: Vendors, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The new one revokes the old one, with which nothing could be done afterwards."""
    _, old = adopt_another(issuant, vendors, tmp_path / "value")
    monkeypatch.setenv("GALILEO_API_KEY", old)
    assert issuant("rotate", "adopted").code == 3
    ended = issuant("resume", "--force", "--json")
    assert (ended.code, lines(ended)[0]["state"]) == (0, "done"), ended.err
    assert not is_accepted(old)
    assert is_accepted((tmp_path / "value").read_text())
    assert len(vendors.galileo.keys) == 1


def test_the_journal_tells_what_is_open_and_for_how_long(issuant: Issuant, vendors: Vendors) -> None:
    """And nothing that is done."""
    issue_nightly(issuant)
    assert issuant("journal").out == ""
    assert issuant("rotate", "nightly").code == 3
    (open_,) = lines(issuant("journal", "--json"))
    assert (open_["credential"], open_["state"], open_["age"], open_["failures"]) == ("nightly", "grace", "0m", None)
    assert open_["due_at"] > open_["changed_at"]
    (line,) = issuant("journal").out.splitlines()
    assert len(line.split("\t")) == 10


def test_the_journal_tells_the_whole_story_of_one(issuant: Issuant, vendors: Vendors, tmp_path: Path) -> None:
    """Each state that it came to, each sink, each attempt; and no value."""
    issue_nightly(issuant)
    old = value_in(tmp_path / ".env")
    assert issuant("rotate", "nightly", "--force").code == 0
    ended = issuant("journal", "nightly", "--json")
    story = told(ended)
    assert [one["kind"] for one in story["operations"]] == ["issue", "rotate"]
    assert [one["sinks"] for one in story["operations"]] == [{f"env:{tmp_path}/.env#KEY": "stored"}] * 2
    assert [attempt["fate"] for one in story["operations"] for attempt in one["attempts"]] == ["made", "made"]
    plain = issuant("journal", "nightly").out
    events = [line.split("\t") for line in plain.splitlines()]
    assert [event[3] for event in events if event[0] == "2"][:2] == ["intent", "creating"]
    assert events[-1][3] == "done"
    for value in (old, value_in(tmp_path / ".env")):
        assert value not in plain + ended.out


def test_what_is_given_to_a_command_that_is_a_sink_is_shown_nowhere(
    issuant: Issuant, vendors: Vendors, tmp_path: Path
) -> None:
    """People put tokens there."""
    token = "t_TEST_not_a_key"
    store = ["--to", f"exec:/bin/sh -c 'cat > kept' {token}", "--replace"]
    first = issuant("issue", "galileo", "--name", "eval", "--as", "piped", *store)
    assert first.code == 0, first.err
    assert is_accepted((tmp_path / "kept").read_text())
    for line in (["--all"], ["--all", "--json"], ["piped"], ["piped", "--json"]):
        told_of_it = issuant("journal", *line).out
        assert "exec:/bin/sh …" in told_of_it
        assert token not in told_of_it
    assert token not in issuant("rotate", "piped", "--dry-run").out


def test_due_tells_what_expires_soon_and_what_could_go_on(issuant: Issuant, vendors: Vendors) -> None:
    """It ends with 6 where there is any, and asks nobody."""
    issue_nightly(issuant, "--expires", "10d")
    vendors.requests.clear()
    found = issuant("due", "--json")
    assert found.code == 6
    (line,) = lines(found)
    assert (line["credential"], line["kind"], line["reason"]) == ("nightly", "expires", "The key expires.")
    assert issuant("due").out.split("\t")[:2] == ["nightly", "expires"]
    assert issuant("due", "--within", "9d").code == 0
    assert issuant("due", "--within", "9d").out == ""
    assert not vendors.requests


def test_forget_takes_the_name_and_leaves_the_key(issuant: Issuant, vendors: Vendors, tmp_path: Path) -> None:
    """At the provider and in the sink; it is refused while something is open."""
    done = issue_nightly(issuant)
    assert issuant("rotate", "nightly").code == 3
    refused = issuant("forget", "nightly")
    assert (refused.code, "issuant resume" in refused.err) == (1, True)
    assert issuant("resume", "--force").code == 0
    gone = issuant("forget", "nightly", "--json")
    assert (gone.code, told(gone)["outcome"]) == (0, "forgotten")
    assert told(gone)["key_id"] in vendors.galileo.keys
    assert done["key_id"] not in vendors.galileo.keys
    assert is_accepted(value_in(tmp_path / ".env"))
    assert issuant("journal", "--all").out == ""


def test_the_journal_is_where_the_variable_says(
    issuant: Issuant, vendors: Vendors, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Otherwise in the user's state folder."""
    issue_nightly(issuant)
    assert (tmp_path / "state" / "issuant" / "journal.db").exists()
    monkeypatch.setenv("ISSUANT_STATE", str(tmp_path / "elsewhere"))
    assert issuant("journal", "--all").out == ""
    assert (tmp_path / "elsewhere" / "journal.db").exists()
