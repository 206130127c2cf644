"""What keeps a rotation from its beginning or its end, as the command tells it: the code, the reason, how to go on."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from issuant.mocks import Fault
from issuant.rotation.journal import Journal

from tests.cli.conftest import Issuant, Vendors, break_sinks
from tests.cli.rotations import adopt_another, is_accepted, issue_nightly, lines, told, value_in

PROGRAM = (
    "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); "
    "signal.signal(signal.SIGTERM, signal.SIG_DFL); from issuant.cli import main; main()"
)


@pytest.mark.parametrize(
    ("line", "code", "said"),
    [
        pytest.param(["rotate", "nobody"], 2, "there is no credential 'nobody'", id="unknown-name"),
        pytest.param(["resume", "nobody"], 2, "there is no credential 'nobody'", id="resume-unknown-name"),
        pytest.param(["resume", "--leave"], 2, "--leave is given without NAME", id="leave-without-name"),
        pytest.param(["resume", "nightly", "--leave"], 2, "nothing of 'nightly' is open", id="nothing-to-leave"),
        pytest.param(["journal", "nobody"], 2, "there is no credential 'nobody'", id="journal-unknown-name"),
        pytest.param(["forget", "nobody"], 2, "there is no credential 'nobody'", id="forget-unknown-name"),
        pytest.param(["rotate", "nightly", "--abandon"], 2, "nothing of 'nightly' is open", id="nothing-to-abandon"),
        pytest.param(
            ["rotate", "nightly", "--abandon", "--dry-run"], 2, "both --dry-run and --abandon", id="abandon-and-dry-run"
        ),
        pytest.param(["rotate", "nightly", "--grace", "1y"], 2, "no length of time", id="grace"),
        pytest.param(["rotate", "nightly", "--grace", "999999w"], 2, "ten years at most", id="grace-for-ever"),
        pytest.param(["due", "--within", "soon"], 2, "no length of time", id="within"),
        pytest.param(["rotate", "nightly", "--quiet", "1h"], 2, "Leave --quiet out", id="no-last-use"),
        pytest.param(["rotate", "nightly", "--to", "nowhere"], 2, "names no sink", id="no-sink"),
        pytest.param(["rotate", "nightly", "--to", "file:taken"], 2, "--replace writes over it", id="sink-in-use"),
        pytest.param(["rotate", "nightly", "--to", "file:no/where"], 2, "cannot be written", id="no-folder"),
        pytest.param(["journal", "nightly", "--all"], 2, "both NAME and --all", id="name-and-all"),
        pytest.param(["strays", "galileo", "--yes"], 2, "--yes is given without --delete", id="yes-alone"),
        pytest.param(["strays", "galileo", "--delete"], 2, "Give --yes", id="nobody-to-ask"),
        pytest.param(["strays", "nowhere"], 2, "fireblocks, fireworks, galileo", id="unknown-provider"),
        pytest.param(["adopt", "galileo", "x", "--as", "a", "--from", "file:taken"], 1, "id 'x'", id="foreign-key"),
    ],
)
def test_what_cannot_be_done_changes_nothing(
    line: list[str], code: int, said: str, issuant: Issuant, vendors: Vendors, tmp_path: Path
) -> None:
    """Neither at the provider nor in a sink nor in the journal."""
    issue_nightly(issuant)
    (tmp_path / "taken").write_text("another's", "utf-8")
    before = list(vendors.galileo.keys), value_in(tmp_path / ".env"), issuant("journal", "--all").out
    ended = issuant(*line)
    assert (ended.code, ended.out) == (code, ""), ended.err
    assert said in ended.err
    assert (list(vendors.galileo.keys), value_in(tmp_path / ".env"), issuant("journal", "--all").out) == before
    assert (tmp_path / "taken").read_text() == "another's"
    assert issuant("journal").out == ""


@pytest.mark.parametrize(
    ("options", "said"),
    [
        pytest.param(["--as", "nightly", "--to", "file:k"], "--as: 'nightly' is a credential already", id="name-taken"),
        pytest.param(["--as", " a", "--to", "file:k"], "--as: it is empty, has a blank", id="name-malformed"),
        pytest.param(["--as", "a"], "no sink takes the value", id="no-sink"),
        pytest.param(["--as", "a", "--show"], "both --as and --show", id="show"),
        pytest.param(["--as", "a", "--to", "file:taken"], "--replace writes over it", id="sink-in-use"),
        pytest.param(["--as", "a", "--to", "file:k", "--to", "file:k"], "in each other's way", id="sink-twice"),
        pytest.param(["--to", "file:k", "--to", "file:l"], "--to is given more than once", id="two-sinks-no-name"),
        pytest.param(["--to", "file:k", "--id-to", "file:l"], "--id-to is given without --as", id="id-no-name"),
        pytest.param(
            ["--as", "a", "--to", "file:k", "--expires", "2099-01-01T00:00:00Z"], "Give a lifetime", id="time-of-expiry"
        ),
    ],
)
def test_an_issue_with_a_name_that_cannot_be_is_refused_before_anything_is_made(
    options: list[str], said: str, issuant: Issuant, vendors: Vendors, tmp_path: Path
) -> None:
    """It ends with 2, and the journal has nothing of it."""
    issue_nightly(issuant)
    (tmp_path / "taken").write_text("another's", "utf-8")
    ended = issuant("issue", "galileo", "--name", "k", *options)
    assert (ended.code, ended.out) == (2, "")
    assert said in ended.err
    assert len(vendors.galileo.keys) == 1
    assert len(issuant("journal", "--all").out.splitlines()) == 1


def test_a_value_that_is_not_the_keys_is_not_adopted(issuant: Issuant, vendors: Vendors, tmp_path: Path) -> None:
    """What the list shows of the key tells."""
    key, _ = vendors.galileo.add_key(user_id=vendors.galileo.user_id, description="one")
    (tmp_path / "value").write_text("w_TEST_not_a_key", "utf-8")
    ended = issuant("adopt", "galileo", key.id, "--as", "one", "--from", "file:value")
    assert (ended.code, "is not that of the key" in ended.err) == (2, True)
    assert issuant("journal", "--all").out == ""


def test_a_rotation_that_is_open_keeps_another_from_beginning(issuant: Issuant, vendors: Vendors) -> None:
    """Nothing is wrong with the call: it ends with 1, and tells how to go on."""
    issue_nightly(issuant)
    assert issuant("rotate", "nightly").code == 3
    ended = issuant("rotate", "nightly", "--json")
    assert (ended.code, ended.out) == (1, "")
    assert json.loads(ended.err)["error"] == "UnfinishedError"
    assert "issuant resume" in json.loads(ended.err)["advice"]
    assert len(vendors.galileo.keys) == 2


def test_what_another_process_has_in_hand_is_left_to_it(issuant: Issuant, vendors: Vendors) -> None:
    """`resume` ends with 3 and does not complain; `rotate` is refused with 1."""
    issue_nightly(issuant)
    with Journal() as journal, journal.hold("nightly"):
        refused = issuant("rotate", "nightly")
    assert (refused.code, "is being worked on" in refused.err) == (1, True)
    assert issuant("rotate", "nightly").code == 3
    with Journal() as journal, journal.hold("nightly"):
        left = issuant("resume", "--force", "--json")
    assert (left.code, left.err, lines(left)[0]["state"]) == (3, "", "grace")


def test_a_sink_that_fails_half_way_is_told_and_mended(
    issuant: Issuant, vendors: Vendors, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It ends with 1: the value waits in the journal, the old one is still in use, and `resume` stores it."""
    issue_nightly(issuant, "--to", "file:value")
    old = value_in(tmp_path / ".env")
    with monkeypatch.context() as patch:
        break_sinks(patch, tmp_path / "value")
        ended = issuant("rotate", "nightly", "--force")
        assert (ended.code, ended.out) == (1, "")
        assert ended.err.startswith("issuant: nightly, ")
        assert "`issuant resume" in ended.err
        again = issuant("resume", "--json")
        assert again.code == 1
        assert json.loads(again.err)["credential"] == "nightly"
        assert lines(again)[0]["failures"] == 2
        assert issuant("due").code == 6
    assert is_accepted(old)
    assert issuant("resume", "--force").code == 0
    assert (tmp_path / "value").read_text() == value_in(tmp_path / ".env") != old
    assert len(vendors.galileo.keys) == 1


def test_a_refused_create_leaves_nothing_open(issuant: Issuant, vendors: Vendors, tmp_path: Path) -> None:
    """It ends with 1 as anywhere, and another rotation may begin."""
    issue_nightly(issuant)
    vendors.galileo.faults.add(Fault.status(403), on="POST /v2/users/api_keys")
    ended = issuant("rotate", "nightly", "--force")
    assert (ended.code, ended.out) == (1, "")
    assert "issuant resume" not in ended.err
    assert issuant("journal").out == ""
    assert issuant("rotate", "nightly", "--force").code == 0


def test_a_lost_reply_is_settled_by_the_command_itself(issuant: Issuant, vendors: Vendors, tmp_path: Path) -> None:
    """The key of the attempt is found by its name, and there is one in the end."""
    issue_nightly(issuant)
    vendors.galileo.faults.add(Fault.drop_after(), on="POST /v2/users/api_keys")
    assert issuant("rotate", "nightly", "--force").code == 0
    assert len(vendors.galileo.keys) == 1
    assert is_accepted(value_in(tmp_path / ".env"))


def test_one_that_fails_does_not_keep_resume_from_the_others(
    issuant: Issuant, vendors: Vendors, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It ends with 1, and the other is done."""
    issue_nightly(issuant)
    adopt_another(issuant, vendors, tmp_path / "value")
    with monkeypatch.context() as patch:
        break_sinks(patch, tmp_path / ".env")
        assert issuant("rotate", "nightly", "--force").code == 1
        assert issuant("rotate", "adopted").code == 3
        assert issuant("resume").code == 1  # though the other waits
        ended = issuant("resume", "--force", "--json")
        assert ended.code == 1
        states = {line["credential"]: line["state"] for line in lines(ended)}
        assert states["adopted"] == "done"
        assert states["nightly"] != "done"
        assert [json.loads(line)["credential"] for line in ended.err.splitlines()] == ["nightly"]


def test_an_open_rotation_is_given_up(
    issuant: Issuant, vendors: Vendors, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The new key is removed, the old one stays in its sink, and the journal has nothing open."""
    first = issue_nightly(issuant)
    old = value_in(tmp_path / ".env")
    with monkeypatch.context() as patch:
        break_sinks(patch, tmp_path / ".env")
        assert issuant("rotate", "nightly").code == 1
    ended = issuant("rotate", "nightly", "--abandon", "--json")
    assert (ended.code, told(ended)["state"]) == (0, "ended")
    assert list(vendors.galileo.keys) == [first["key_id"]]
    assert value_in(tmp_path / ".env") == old
    assert issuant("journal").out == ""


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)], ids=["ctrl-c", "sigterm"])
@pytest.mark.parametrize("options", [[], ["--json"]], ids=["words", "json"])
def test_a_signal_in_the_middle_tells_how_to_go_on(
    options: list[str], number: signal.Signals, code: int, issuant: Issuant, vendors: Vendors, tmp_path: Path
) -> None:
    """Behind the create, whose reply has not come; `resume` finds the key by its name."""
    issue_nightly(issuant)
    vendors.galileo.faults.add(Fault.delay(20), on="POST /v2/users/api_keys")
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, "rotate", "nightly", *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        deadline = time.monotonic() + 20
        while len(vendors.galileo.keys) < 2:
            assert time.monotonic() < deadline
            time.sleep(0.01)
        process.send_signal(number)
        out, err = process.communicate(timeout=15)
    finally:
        process.kill()
    assert (process.returncode, out) == (code, ""), err
    assert "`issuant resume nightly` goes on." in err
    assert "Traceback" not in err
    if options:
        assert json.loads(err.splitlines()[0])["warning"] == "Unfinished"
    assert issuant("resume", "--force").code == 0
    assert len(vendors.galileo.keys) == 1
    assert is_accepted(value_in(tmp_path / ".env"))


def test_a_standard_output_that_is_full_is_told(issuant: Issuant, vendors: Vendors, tmp_path: Path) -> None:
    """It ends with 5: what was done stands in the journal."""
    issue_nightly(issuant)
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [sys.executable, "-c", PROGRAM, "rotate", "nightly", "--force"],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            timeout=30,
            check=False,
        )
    assert done.returncode == 5
    assert re.search(r"could not be written to standard output.*`issuant journal nightly`", done.stderr)
    assert len(vendors.galileo.keys) == 1
    assert issuant("journal").out == ""


def test_a_wrong_call_is_one_also_while_something_is_open(issuant: Issuant, vendors: Vendors) -> None:
    """It ends with 2, and is not taken for a step that has failed."""
    issue_nightly(issuant)
    assert issuant("rotate", "nightly").code == 3
    ended = issuant("rotate", "nightly", "--abandon", "--base-url", "http://127.0.0.1:9")
    assert ended.code == 2
    assert "belongs to http://127.0.0.1" in ended.err
    assert issuant("journal").out.split("\t")[6] == ""


def test_another_base_url_than_the_credentials_is_refused(issuant: Issuant, vendors: Vendors) -> None:
    """Before anything is sent there."""
    issue_nightly(issuant)
    vendors.requests.clear()
    ended = issuant("rotate", "nightly", "--base-url", "http://127.0.0.1:9")
    assert ended.code == 2
    assert "belongs to http://127.0.0.1" in ended.err
    assert not vendors.requests


def test_a_journal_goes_with_a_folder_that_rescued_values_have_made(
    issuant: Issuant, vendors: Vendors, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They are its owner's alone, both of them."""
    with monkeypatch.context() as patch:
        break_sinks(patch, tmp_path / "value")
        assert issuant("issue", "galileo", "--name", "k", "--to", "file:value").code == 5
    assert (tmp_path / "state" / "issuant" / "rescued").is_dir()
    issue_nightly(issuant)


def test_an_old_key_that_is_refused_to_be_revoked_is_left(issuant: Issuant, vendors: Vendors) -> None:
    """`note` tells which in the end, in the journal too, and `strays` shows it."""
    issue_nightly(issuant)
    issuant("rotate", "nightly", "--grace", "1h")
    old = told(issuant("journal", "--json"))["old_key_id"]
    vendors.galileo.faults.add(Fault.status(403), on="DELETE */api_keys/*")
    stuck = issuant("resume", "--force")
    assert stuck.code == 1, stuck.err
    vendors.galileo.faults.clear()
    ended = issuant("resume", "nightly", "--leave", "--json")
    note = f"The old key {old} was left; `issuant strays` shows it."
    found = told(ended)
    assert (ended.code, found["state"], found["note"]) == (0, "done", note), ended.err
    story = json.loads(issuant("journal", "nightly", "--json").out)
    assert story["operations"][-1]["note"] == note
    strays = {each["id"]: each["standing"] for each in lines(issuant("strays", "galileo", "--json"))}
    assert strays[old] == "left"
