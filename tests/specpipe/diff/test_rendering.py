"""A report reads the same on a terminal and in a pull request; no word of a vendor is taken for markup in either."""

from __future__ import annotations

import json
from typing import Any

import pytest
from specpipe.diff import rendering
from specpipe.diff.importers import Breakage
from specpipe.diff.report import Report, Version
from specpipe.diff.staleness import StaleAction
from specpipe.diff.wire import Use, WireChange


def _change(what: str = "removed", *, breaks: bool = True, uses: int = 1, field: str = "id", schema: str = "") -> Any:
    return WireChange(
        kind="removed",
        direction="response",
        what=what,
        breaks=breaks,
        why="callers that read it find nothing" if breaks else "",
        schema=schema,
        uses=tuple(Use(operation=f"GET /{number}", place="response 200", field=field) for number in range(uses)),
    )


def _report(*wire: WireChange, **more: Any) -> Report:
    old, new = (Version(source="page.md", title="Pets", version=version) for version in ("1.0", "1.1"))
    return Report(**{"name": "Pets", "old": old, "new": new, "wire": wire, "wording": 0, **more})


def test_text_and_markdown_say_the_same() -> None:
    """What breaks is marked in both."""
    report = _report(_change(), _change("added", breaks=False, field="nick"))
    assert rendering.text(report) == (
        "Pets: 1.0 → 1.1\n1 change on the wire can break a caller.\n\nOn the wire\n  `GET /0`\n"
        "    ! response 200 `id`: removed; callers that read it find nothing\n"
        "      response 200 `nick`: added\n"
    )
    assert rendering.markdown(report) == (
        "## Pets: 1.0 → 1.1\n\n**1 change on the wire can break a caller.**\n\n### On the wire\n\n#### `GET /0`\n\n"
        "- **breaks** · response 200 `id`: removed; callers that read it find nothing\n"
        "- response 200 `nick`: added\n"
    )


def test_a_change_of_many_operations_is_told_once() -> None:
    """With the first three of them; JSON has them all."""
    report = _report(_change(uses=6, schema="Pet", field="owner.id"))
    assert "In several operations\n    ! response `Pet` (owner.id): removed; callers" in rendering.text(report)
    assert "        in 6 operations: GET /0, GET /1, GET /2 and 3 more\n" in rendering.text(report)
    assert len(report.as_json()["wire"][0]["uses"]) == 6


def test_the_same_change_in_the_same_place_is_told_once() -> None:
    """As where two alternatives both have it."""
    assert rendering.text(_report(_change(), _change())).count("`id`") == 1


def test_many_new_operations_are_counted() -> None:
    """Twenty are listed."""
    text = rendering.text(_report(unused=tuple(f"GET /{number}" for number in range(25))))
    assert ("GET /19" in text, "GET /20" in text, "and 5 more" in text) == (True, False, True)


@pytest.mark.parametrize(
    ("more", "verdict", "breaks"),
    [
        ({}, "Nothing changed but the version.", False),
        ({"wording": 2}, "Nothing that changed breaks a caller.", False),
        ({"unused": ("GET /x",)}, "Nothing that changed breaks a caller.", False),
        ({"gone": ("GET /x",)}, "Wanted operations are missing.", True),
        ({"python": (Breakage(path="x", kind="removed", what="`x` is gone"),)}, "1 change in Python can break", True),
        (
            {"overlay": (StaleAction(index=3, target="$.x", problem="hits 0 nodes", causes=("it has gone",)),)},
            "1 overlay action no longer fits.",
            True,
        ),
        ({"not_compared": ("the Python package: no",)}, "Not everything could be compared.", True),
    ],
    ids=["nothing", "wording", "new-operation", "gone", "python", "overlay", "not-compared"],
)
def test_the_verdict_follows_from_what_was_found(more: dict[str, Any], verdict: str, breaks: bool) -> None:
    """And so does whether anything breaks; what could not be compared is no good news."""
    report = _report(**more)
    assert rendering.text(report).splitlines()[1].startswith(verdict)
    assert report.breaks is breaks


def test_many_causes_are_counted() -> None:
    """Three are told."""
    stale = StaleAction(
        index=0, target="$.x", problem="hits 0 nodes", causes=tuple(f"#/{n} has gone" for n in range(5))
    )
    lines = rendering.text(_report(overlay=(stale,))).splitlines()
    assert [line.strip() for line in lines[-2:]] == ["because #/2 has gone", "and 2 more"]


def test_a_version_that_changed_by_itself_is_said() -> None:
    """It is not nothing."""
    assert "Nothing changed but the version." in rendering.text(_report())
    old = Version(source="page.md", title="Pets", version="1.1")
    assert "Nothing changed.\n" in rendering.text(_report(old=old))


def test_remarks_come_first() -> None:
    """Whoever reads only the head must see them."""
    report = _report(remarks=("The server is another.",))
    assert rendering.text(report).splitlines()[1] == "The server is another."
    assert "\n> The server is another.\n" in rendering.markdown(report)


def test_json_is_the_whole_report() -> None:
    """Every level, as data."""
    found = json.loads(rendering.as_json(_report(_change(), wording=1)))
    assert set(found) == {
        *("name", "old", "new", "breaks", "remarks", "wire", "wording", "gone", "unused", "python", "overlay"),
        *("facade", "not_compared"),
    }
    assert found["wire"][0]["uses"] == [{"operation": "GET /0", "place": "response 200", "field": "id"}]


@pytest.mark.parametrize(
    ("vendor", "said"),
    [
        ("a@team b", f"a@{chr(0x200B)}team b"),
        ("<img src=x>", r"\<img src=x\>"),
        ("[x](http://x)", rf"\[x\](http:{chr(0x200B)}//x)"),
        ("a_b*c", r"a\_b\*c"),
        ("`a_b`", "`a_b`"),
        ("`a_b", r"\`a\_b"),
        ("a`` [b](c) ``d", r"a\`\` \[b\](c) \`\`d"),
        ("&#64;x", r"&amp;\#64;x"),
        ("www.x", f"www{chr(0x200B)}.x"),
        ("a\x1b[31mb\nc", r"a\\x1b\[31mb\\nc"),
        ("see #/a/b_c now", "see `#/a/b_c` now"),
    ],
    ids=[
        "mention",
        "html",
        "link",
        "emphasis",
        "code",
        "open-code",
        "runs",
        "entity",
        "bare-link",
        "control",
        "pointer",
    ],
)
def test_a_vendors_words_are_no_markdown(vendor: str, said: str) -> None:
    """Code stays code."""
    assert rendering.inert(vendor) == said


def test_a_vendors_words_are_no_commands_to_a_terminal() -> None:
    """Nor a line of their own."""
    assert "\x1b" not in (text := rendering.text(_report(_change("is \x1b[2Jnow\nx"))))
    assert r"is \x1b[2Jnow\nx" in text
