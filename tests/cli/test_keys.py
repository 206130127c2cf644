"""`issuant keys` and `issuant key`: what is printed where, page after page, and what is said of what cannot be read."""

from __future__ import annotations

import json
import re
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from issuant.mocks import Fault
from issuant.mocks.galileo import GalileoSimulator
from issuant.providers import find_provider, provider_names

from tests.cli.conftest import Issuant, Vendors
from tests.cli.terminal import on_terminal

FIELDS = ["id", "name", "status", "owner", "role", "created_at", "expires_at", "last_used", "hint"]
LISTED = "GET /v2/users/*/api_keys"
UTC_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?\+00:00")
IMPATIENT = (
    "from issuant.cli import waiting, main; waiting.PATIENCE = 0.05; "
    "import sys; sys.argv[0] = 'issuant'; sys.exit(main())"
)
that_list = pytest.mark.parametrize(
    "name", [name for name in provider_names() if find_provider(name).capabilities.lists_keys]
)


def with_keys(galileo: GalileoSimulator, *names: str) -> list[str]:
    """Add keys of the caller, and return their ids."""
    return [galileo.add_key(user_id=galileo.user_id, description=name)[0].id for name in names]


def listed(ended_out: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in ended_out.splitlines()]


def answer_with(galileo: GalileoSimulator, *items: object) -> None:
    """Let the list be these items, whatever there is."""
    document = {"api_keys": items, "starting_token": 0, "limit": 100, "paginated": False, "next_starting_token": None}
    galileo.faults.add(Fault.body(json.dumps(document).encode()), on=LISTED)


def an_item(galileo: GalileoSimulator, **fields: object) -> dict[str, object]:
    """Return an item of the list, with some fields of its own."""
    key, _ = galileo.add_key(user_id=galileo.user_id, description="k")
    return key.document() | fields


@that_list
def test_every_provider_that_lists_keys_does_so(name: str, issuant: Issuant, vendors: Vendors) -> None:
    """Also where there are none: it ends with 0, and standard error is silent."""
    plain, as_json = issuant("keys", name), issuant("keys", name, "--json")
    assert (plain.code, plain.err, as_json.code, as_json.err) == (0, "", 0, "")
    assert [line.split("\t")[0] for line in plain.out.splitlines()] == [key["id"] for key in listed(as_json.out)]
    assert "_not_a_key" not in plain.out + as_json.out


def test_a_pipe_gets_a_line_for_each_key_with_all_fields(issuant: Issuant, vendors: Vendors) -> None:
    """Without a heading, empty where there is nothing, times in UTC."""
    (first, second) = with_keys(vendors.galileo, "one", "zwei ключ 鍵")
    ended = issuant("keys", "galileo")
    rows = [dict(zip(FIELDS, line.split("\t"), strict=True)) for line in ended.out.splitlines()]
    assert [(row["id"], row["name"]) for row in rows] == [(first, "one"), (second, "zwei ключ 鍵")]
    for row in rows:
        assert (row["status"], row["owner"], row["expires_at"]) == ("active", vendors.galileo.user_id, "")
        assert UTC_TIME.fullmatch(row["created_at"])


def test_json_is_an_object_in_each_line(issuant: Issuant, vendors: Vendors) -> None:
    """With what the fields have, and the annotations."""
    assert issuant("issue", "fireworks", "--name", "k", "--annotation", "team=evals", "--show").code == 0
    found = listed(issuant("keys", "fireworks", "--name", "k", "--json").out)
    assert [list(key) for key in found] == [
        ["provider", *FIELDS[:4], "account", *FIELDS[4:], "annotations", "request_id"]
    ]
    assert (found[0]["status"], found[0]["annotations"]) == ("active", {"team": "evals"})
    assert (found[0]["owner"], found[0]["account"], found[0]["expires_at"]) == ("mock-user", "mock-account", None)


def test_all_pages_are_listed(issuant: Issuant, vendors: Vendors) -> None:
    """In the order of the provider."""
    ids = with_keys(vendors.galileo, *map(str, range(250)))
    assert [line.split("\t")[0] for line in issuant("keys", "galileo").out.splitlines()] == ids
    assert [key["id"] for key in listed(issuant("keys", "galileo", "--json").out)] == ids


def test_what_was_read_is_printed_before_the_next_page_fails(issuant: Issuant, vendors: Vendors) -> None:
    """Then the error, and the exit code that nothing was changed."""
    with_keys(vendors.galileo, *map(str, range(150)))
    vendors.galileo.faults.add(Fault.status(403), when=lambda request: "starting_token=99" in request.query)
    ended = issuant("keys", "galileo")
    assert ended.out.count("\n") == 100
    assert ended.code == 1
    assert ended.err.startswith("issuant: galileo keys: ")


@pytest.mark.parametrize(
    ("options", "names"),
    [
        pytest.param(["--name", "b"], ["b", "b"], id="a-name"),
        pytest.param(["--name", "B"], [], id="a-name-is-exact"),
        pytest.param(["--status", "expired"], ["old"], id="a-status"),
        pytest.param(["--name", "old", "--status", "active"], [], id="both"),
    ],
)
def test_a_list_can_be_narrowed(options: list[str], names: list[str], issuant: Issuant, vendors: Vendors) -> None:
    """To a name, of which there may be several keys, and to a status; nothing found ends with 0."""
    with_keys(vendors.galileo, "a", "b", "c", "b")
    assert issuant("issue", "galileo", "--name", "old", "--expires", "1m", "--show").code == 0
    for key in list(vendors.galileo.keys.values()):
        if key.description == "old":
            object.__setattr__(key, "expires", key.created)
    ended = issuant("keys", "galileo", "--json", *options)
    assert (ended.code, ended.err) == (0, "")
    assert [key["name"] for key in listed(ended.out)] == names


def test_the_keys_of_one_owner_and_of_everyone(issuant: Issuant, vendors: Vendors) -> None:
    """By the id of the user, which each key tells."""
    vendors.fireworks.add_key("someone")
    assert {key["owner"] for key in listed(issuant("keys", "fireworks", "--json").out)} == {"mock-user"}
    assert {key["owner"] for key in listed(issuant("keys", "fireworks", "--owner", "someone", "--json").out)} == {
        "someone"
    }
    everyones = listed(issuant("keys", "fireworks", "--everyone", "--json").out)
    assert {key["owner"] for key in everyones} == {"mock-user", "someone"}


@pytest.mark.parametrize(
    ("line", "words"),
    [
        pytest.param(["keys", "fireworks", "--owner", "a", "--everyone"], "both --owner and --everyone", id="both"),
        pytest.param(
            ["keys", "galileo", "--everyone"],
            "Galileo has no list of everyone's keys. Leave --everyone out.",
            id="everyone-at-galileo",
        ),
        pytest.param(["keys", "galileo", "--status", "gone"], "is not one of", id="no-status"),
        pytest.param(["keys", "nobody"], "there is no provider", id="nobody"),
        pytest.param(["key", "galileo"], "Missing argument 'ID'", id="no-id"),
    ],
)
def test_a_wrong_call_sends_nothing(line: list[str], words: str, issuant: Issuant, vendors: Vendors) -> None:
    """It ends with 2, in one paragraph."""
    ended = issuant(*line)
    assert (ended.code, ended.out) == (2, "")
    assert words in ended.err
    assert "Traceback" not in ended.err
    assert not vendors.requests


@pytest.mark.parametrize("as_json", [False, True], ids=["plain", "json"])
def test_an_item_that_cannot_be_read_is_told_and_the_others_are_listed(
    as_json: bool, issuant: Issuant, vendors: Vendors
) -> None:
    """Once, on standard error, with its id; a list that is not complete ends with 1."""
    good, bad = an_item(vendors.galileo), an_item(vendors.galileo, created_at=12)
    answer_with(vendors.galileo, bad, good)
    ended = issuant("keys", "galileo", *(["--json"] if as_json else []))
    assert ended.code == 1
    assert ended.out.count("\n") == 1
    assert str(good["id"]) in ended.out
    assert ended.err.count("\n") == 1
    assert str(bad["id"]) in ended.err
    if as_json:
        assert json.loads(ended.err)["warning"] == "ItemProblem"
    else:
        assert ended.err.startswith("issuant: warning: galileo: item 0 ")


@pytest.mark.parametrize(
    ("name", "code"),
    [pytest.param("wanted", 1, id="it-may-be-the-one"), pytest.param("another", 0, id="it-is-another")],
)
def test_an_unreadable_item_spoils_the_search_for_its_own_name_alone(
    name: str, code: int, issuant: Issuant, vendors: Vendors
) -> None:
    """Whoever looks for a lost key must not be told "none" where it may be there."""
    answer_with(vendors.galileo, an_item(vendors.galileo, description="wanted", created_at=12))
    ended = issuant("keys", "galileo", "--name", name)
    assert (ended.code, ended.out) == (code, "")
    assert bool(ended.err) is (code == 1)


def test_a_key_without_a_name_may_be_the_one_where_the_provider_does_not_promise_names(
    issuant: Issuant, vendors: Vendors
) -> None:
    """It is told beside those of that name, and not taken for one."""
    document = json.dumps({"users": [{"id": "a", "name": "ci"}, {"id": "b"}, {"id": "c", "name": "other"}]})
    for name, ids in (("ci", ["a"]), ("none", [])):
        vendors.fireblocks.faults.add(Fault.body(document.encode()), on="GET /v1/management/api_users")
        ended = issuant("keys", "fireblocks", "--name", name, "--json")
        assert (ended.code, [key["id"] for key in listed(ended.out)]) == (1, ids)
        (told,) = listed(ended.err)
        assert (told["position"], told["id"], told["faults"]) == (1, "b", ["it has no name"])


HOSTILE = "a\x1b[31mb\x9bc\u202ed\u2066e\tf\ng\x00h"
FIT = "a�[31mb�c�d�e�f�g�h"


@pytest.mark.parametrize("options", [[], ["--json"]], ids=["plain", "json"])
def test_no_name_steers_the_terminal(options: list[str], issuant: Issuant, vendors: Vendors) -> None:
    """Escapes, control characters and changes of direction are replaced, and a name stays in its line and field."""
    answer_with(vendors.galileo, an_item(vendors.galileo, description=HOSTILE))
    ended = issuant("keys", "galileo", *options)
    assert ended.code == 0
    assert ended.out.count("\n") == 1
    assert not [char for char in ended.out if not char.isprintable() and char not in "\n\t"]
    name = listed(ended.out)[0]["name"] if options else ended.out.split("\t")[1]
    assert name == FIT


@pytest.mark.parametrize("options", [[], ["--json"]], ids=["plain", "json"])
def test_no_id_in_an_error_steers_the_terminal(options: list[str], issuant: Issuant, vendors: Vendors) -> None:
    """It is the provider's word: that of a key whose reply cannot be used, and of an item that cannot be read."""
    answer_with(vendors.galileo, {"id": HOSTILE, "description": HOSTILE})
    vendors.galileo.faults.add(Fault.body(json.dumps({"id": HOSTILE}).encode()), on="POST /v2/users/api_keys")
    listed_, issued = (
        issuant("keys", "galileo", *options),
        issuant("issue", "galileo", "--name", "k", "--show", *options),
    )
    assert (listed_.code, issued.code) == (1, 5)
    for text in (listed_.err, issued.err):
        assert text.count("\n") == 1
        assert not [char for char in text if not char.isprintable() and char != "\n"]


def test_annotations_steer_no_terminal_either(issuant: Issuant, vendors: Vendors) -> None:
    """They are kept as they are, and printed escaped in JSON, replaced elsewhere."""
    assert issuant("issue", "fireworks", "--name", "k", "--annotation", f"note={HOSTILE[:-2]}", "--show").code == 0
    (key,) = listed((as_json := issuant("keys", "fireworks", "--name", "k", "--json")).out)
    plain = issuant("key", "fireworks", key["id"])
    assert key["annotations"] == {"note": HOSTILE[:-2]}
    assert FIT[:-2] in plain.out
    for text in (as_json.out, plain.out):
        assert not [char for char in text if not char.isprintable() and char != "\n"]


def test_one_key_is_shown_with_all_that_is_known(issuant: Issuant, vendors: Vendors) -> None:
    """In two columns, or as one object; one that is not there ends with 1."""
    (id_,) = with_keys(vendors.galileo, "nightly")
    plain = issuant("key", "galileo", id_)
    assert plain.code == 0
    assert re.search(r"^name +nightly$", plain.out, re.MULTILINE)
    assert re.search(r"^expires_at +never$", plain.out, re.MULTILINE)
    as_json = issuant("key", "galileo", id_, "--json")
    assert json.loads(as_json.out) == listed(issuant("keys", "galileo", "--json").out)[0]
    gone = issuant("key", "galileo", vendors.galileo.user_id)
    assert (gone.code, gone.out) == (1, "")


def test_a_terminal_shows_a_table(script: Path, vendors: Vendors) -> None:
    """With a heading, in columns that wide characters do not move, times to the day, and never for no expiry."""
    with_keys(vendors.galileo, "one", "鍵鍵", "e\u0301t\u00e9")
    shown = on_terminal(script, "keys", "galileo")
    assert shown.code == 0, shown.text
    head, *rows = shown.lines
    assert head.split() == ["ID", "NAME", "STATUS", "CREATED", "EXPIRES", "LAST", "USED", "HINT"]
    assert [row.split()[1:4:2] for row in rows] == [
        [name, str(key.created.date())]
        for name, key in zip(("one", "鍵鍵", "e\u0301t\u00e9"), vendors.galileo.keys.values(), strict=True)
    ]
    assert all(row.split()[4:6] == ["never", "-"] for row in rows)
    before = [row[: row.index("active")] for row in rows]
    assert [len(text) + 2 * text.count("鍵") - text.count("鍵") - text.count("\u0301") for text in before] == [
        head.index("STATUS")
    ] * 3


def test_a_terminal_is_told_of_a_list_that_is_empty(script: Path, vendors: Vendors) -> None:
    """It would otherwise show nothing at all."""
    shown = on_terminal(script, "keys", "galileo", "--name", "nobody")
    assert (shown.code, shown.lines) == (0, ["issuant: galileo has no such keys."])


def test_a_table_does_not_wait_for_the_end_of_the_list(script: Path, vendors: Vendors) -> None:
    """The first rows stand there while a later page is on its way, and a wider cell later on is shown whole."""
    ids = with_keys(vendors.galileo, *map(str, range(200)), "a name that is wider than all before")
    vendors.galileo.faults.clear()
    vendors.galileo.faults.add(Fault.delay(0.6), when=lambda request: "starting_token=99" in request.query)
    came: dict[str, float] = {}

    def note(text: str) -> None:
        for id_ in (ids[0], ids[150]):
            if id_ in text:
                came.setdefault(id_, time.monotonic())

    shown = on_terminal(script, "keys", "galileo", meanwhile=note)
    assert shown.code == 0
    assert came[ids[150]] - came[ids[0]] > 0.4
    assert [line.split()[0] for line in shown.lines[1:]] == ids
    assert "a name that is wider than all before" in shown.lines[-1]


@pytest.mark.parametrize("options", [[], ["--json"]], ids=["table", "json"])
def test_a_long_wait_is_told_and_leaves_nothing_behind(options: list[str], vendors: Vendors) -> None:
    """How much has come until now, on the terminal alone; nothing of it stands there in the end."""
    with_keys(vendors.galileo, *map(str, range(150)))
    vendors.galileo.faults.clear()
    vendors.galileo.faults.add(Fault.delay(0.8), when=lambda request: "starting_token=99" in request.query)
    shown = on_terminal(sys.executable, "-c", IMPATIENT, "keys", "galileo", *options)
    assert shown.code == 0, shown.text
    assert "… 100 keys so far" in shown.text
    assert not [line for line in shown.lines if "so far" in line]
    assert len(shown.lines) == (150 if options else 151)


def test_a_long_call_is_told_and_leaves_nothing_behind(vendors: Vendors) -> None:
    """Before the answer is printed."""
    vendors.galileo.faults.clear()
    vendors.galileo.faults.add(Fault.delay(0.8))
    shown = on_terminal(sys.executable, "-c", IMPATIENT, "whoami", "galileo")
    assert shown.code == 0, shown.text
    assert "… waiting for galileo" in shown.text
    assert shown.lines[0] == "provider  galileo"


def test_a_wait_is_told_nowhere_but_on_a_terminal(issuant: Issuant, vendors: Vendors) -> None:
    """A log of the standard error stays empty."""
    vendors.galileo.faults.add(Fault.delay(1.3), on=LISTED)
    ended = issuant("keys", "galileo")
    assert (ended.code, ended.out, ended.err) == (0, "", "")
