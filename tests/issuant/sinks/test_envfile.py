"""One variable of an env file changes, and no other byte of it."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from issuant.errors import SinkNotReadyError
from issuant.secret import Secret
from issuant.sinks import open_sink
from issuant.sinks.envfile import EnvFileSink, read_values, with_value

from tests.issuant.sinks.readers import read_by_dotenv, read_by_sh
from tests.issuant.sinks.storing import keep

NEW = "new_TEST_not_a_key"
PEM = "-----BEGIN PRIVATE KEY-----\nMIIE/fake+TEST==\nnot/a/key\n-----END PRIVATE KEY-----\n"


def changed(text: str, name: str = "KEY", value: str = NEW) -> str | None:
    found = with_value(text, name, Secret(value))
    return found.reveal() if found is not None else None


def value_in(text: str, name: str = "KEY") -> str | None:
    found = next(reversed(read_values(text, name)), None)
    return found.reveal() if found is not None else None


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param("", f"KEY={NEW}\n", id="empty-file"),
        pytest.param("A=1\n", f"A=1\nKEY={NEW}\n", id="added-at-the-end"),
        pytest.param("A=1", f"A=1\nKEY={NEW}\n", id="missing-final-newline"),
        pytest.param("A=1\n\n", f"A=1\n\nKEY={NEW}\n", id="blank-line-at-the-end"),
        pytest.param("KEY=old\n", f"KEY={NEW}\n", id="in-place"),
        pytest.param("KEY=old", f"KEY={NEW}", id="in-place-without-final-newline"),
        pytest.param("KEY=\n", f"KEY={NEW}\n", id="empty-value"),
        pytest.param("KEY=", f"KEY={NEW}", id="empty-value-at-the-end"),
        pytest.param("A=1\nKEY=old\nB=2\n", f"A=1\nKEY={NEW}\nB=2\n", id="order-kept"),
        pytest.param("# KEY=old\nKEY=old\n", f"# KEY=old\nKEY={NEW}\n", id="comment-kept"),
        pytest.param("  # KEY=old\n", f"  # KEY=old\nKEY={NEW}\n", id="comment-alone"),
        pytest.param("KEY=old # why\n", f"KEY={NEW} # why\n", id="inline-comment"),
        pytest.param("KEY='old' # it's why\n", f"KEY={NEW} # it's why\n", id="inline-comment-after-quotes"),
        pytest.param("KEY=old#no comment\n", f"KEY={NEW}\n", id="hash-within-a-word"),
        pytest.param("export KEY=old\n", f"export KEY={NEW}\n", id="export"),
        pytest.param("\texport  KEY='old'\n", f"\texport  KEY={NEW}\n", id="export-indented"),
        pytest.param("KEY='old'\n", f"KEY={NEW}\n", id="single-quotes"),
        pytest.param('KEY="o\\"ld"\n', f"KEY={NEW}\n", id="double-quotes-with-escape"),
        pytest.param("KEY='o\nl\nd'\nB=2\n", f"KEY={NEW}\nB=2\n", id="single-quotes-over-lines"),
        pytest.param('KEY="o\nl\nd"\nB=2\n', f"KEY={NEW}\nB=2\n", id="double-quotes-over-lines"),
        pytest.param("KEY='a'b\n", f"KEY={NEW}\n", id="quotes-and-more"),
        pytest.param("KEY='a''b'\n", f"KEY={NEW}\n", id="quotes-and-quotes"),
        pytest.param("KEY='a'\"b\"\nB='2'\n", f"KEY={NEW}\nB='2'\n", id="quotes-of-two-kinds"),
        pytest.param("A=1\r\nKEY=old\r\nB=2\r\n", f"A=1\r\nKEY={NEW}\r\nB=2\r\n", id="crlf-in-place"),
        pytest.param("A=1\r\n", f"A=1\r\nKEY={NEW}\r\n", id="crlf-added"),
        pytest.param("A=1\r\nB=2", f"A=1\r\nB=2\r\nKEY={NEW}\r\n", id="crlf-without-final-newline"),
        pytest.param("KEY='old'\r\n", f"KEY={NEW}\r\n", id="crlf-quotes"),
        pytest.param("KEY=1\nA=1\nKEY=2\n", f"KEY={NEW}\nA=1\nKEY={NEW}\n", id="twice"),
        pytest.param("MYKEY=1\nKEY2=1\n", f"MYKEY=1\nKEY2=1\nKEY={NEW}\n", id="names-that-look-alike"),
        pytest.param("KEY.A=1\nKEY-A=1\n", f"KEY.A=1\nKEY-A=1\nKEY={NEW}\n", id="names-with-dots-and-hyphens"),
        pytest.param("A='\nKEY=old\n'\n", f"A='\nKEY=old\n'\nKEY={NEW}\n", id="inside-single-quotes-of-another"),
        pytest.param('A="\nKEY=old\n"\n', f'A="\nKEY=old\n"\nKEY={NEW}\n', id="inside-double-quotes-of-another"),
        pytest.param("# it's\nKEY=old\n# it's\n", f"# it's\nKEY={NEW}\n# it's\n", id="apostrophes-in-comments"),
        pytest.param("A=it's\nKEY=old\nB=it's\n", f"A=it's\nKEY={NEW}\nB=it's\n", id="apostrophes-in-words"),
        pytest.param("A=x\n\n\n\nKEY=old\n", f"A=x\n\n\n\nKEY={NEW}\n", id="blank-lines-kept"),
        pytest.param("A=ключ 🔑\nKEY=old\n", f"A=ключ 🔑\nKEY={NEW}\n", id="other-alphabets-kept"),
        pytest.param("\ufeffKEY=old\nA=1\n", f"\ufeffKEY={NEW}\nA=1\n", id="byte-order-mark"),
        pytest.param("\ufeff", f"\ufeff\nKEY={NEW}\n", id="byte-order-mark-alone"),
        pytest.param("\ufeffexport KEY='o\nld'\n", f"\ufeffexport KEY={NEW}\n", id="byte-order-mark-and-export"),
        pytest.param("no assignment\nKEY\n", f"no assignment\nKEY\nKEY={NEW}\n", id="lines-that-are-nothing"),
    ],
)
def test_a_variable_is_set_and_every_other_byte_stays(before: str, after: str) -> None:
    """In place where it stands, everywhere where it stands; else at the end, with the file's own line breaks."""
    assert changed(before) == after


@pytest.mark.parametrize(
    ("text", "value"),
    [
        pytest.param("KEY=a\n", "a", id="plain"),
        pytest.param("KEY= a \n", "a", id="blanks-around"),
        pytest.param("KEY=a # b\n", "a", id="comment"),
        pytest.param("KEY='a b'\n", "a b", id="single-quotes"),
        pytest.param('KEY="a \\" \\\\ b"\n', 'a " \\ b', id="double-quotes"),
        pytest.param("KEY='a\nb'\n", "a\nb", id="lines"),
        pytest.param("KEY=1\nKEY=2\n", "2", id="the-last-one-counts"),
        pytest.param("KEY=\n", "", id="empty"),
        pytest.param("KEY=''\n", "", id="empty-quotes"),
        pytest.param("A=1\n", None, id="absent"),
        pytest.param("#KEY=1\n", None, id="comment-alone"),
        pytest.param("A='\nKEY=1\n'\n", None, id="inside-another"),
        pytest.param("KEY=a\r\n", "a", id="crlf"),
        pytest.param("\ufeffKEY=a\nKEY2=b\n", "a", id="byte-order-mark"),
    ],
)
def test_a_variable_is_read(text: str, value: str | None) -> None:
    """As shells and dotenv readers read it."""
    assert value_in(text) == value


VALUES = {
    "plain": "abc_DEF-123./:@%+,=",
    "empty": "",
    "blank": "a b",
    "hash": "a #b",
    "apostrophe": "it's",
    "double-quote": 'say "hi"',
    "both-quotes": 'it\'s "hi"',
    "backslash": "C:\\new\\table",
    "backslash-at-the-end": "a\\",
    "dollar": "pa$$word$HOME",
    "backtick": "`date`",
    "bang": "a!b!!",
    "pem": PEM,
    "lines-with-hashes": "a\n# b\n\nKEY=c\n",
    "tab": "a\tb",
    "glob": "* ? [a] {a,b} ~",
    "operators": "a;b&c|d<e>f(g)",
    "another-alphabet": "ключ 🔑",
    "line-separator": "a\u2028b\x85c",
}


@pytest.mark.parametrize("value", VALUES.values(), ids=VALUES.keys())
def test_a_value_goes_round_through_every_reader(value: str, tmp_path: Path) -> None:
    """The shell, python-dotenv and we ourselves read the value that was stored, and the neighbours as they were."""
    path = tmp_path / ".env"
    path.write_text("A='1'\nKEY=old\nB=2\n", encoding="utf-8")
    keep(EnvFileSink(path, "KEY"), value)
    text = path.read_bytes().decode()
    assert value_in(text) == value
    assert read_by_dotenv(text, "KEY") == value
    assert read_by_sh(path, "KEY") == value
    assert (read_by_sh(path, "A"), read_by_sh(path, "B")) == ("1", "2")


@pytest.mark.parametrize(
    "value",
    [
        pytest.param("a\0b", id="nul"),
        pytest.param("a\rb", id="carriage-return"),
        pytest.param("a\r\nb", id="crlf"),
        pytest.param("it's $HOME", id="apostrophe-and-dollar"),
        pytest.param("it's `date`", id="apostrophe-and-backtick"),
        pytest.param("back\\slash $HOME", id="backslash-and-dollar"),
        pytest.param("${HOME}", id="what-dotenv-takes-for-a-variable"),
        pytest.param("a\ud800", id="surrogate"),
    ],
)
def test_a_value_that_readers_would_take_differently_is_refused(value: str, tmp_path: Path) -> None:
    """The file stays as it was, and the refusal does not hold the value."""
    path = tmp_path / ".env"
    path.write_text("KEY=old\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r".") as caught:
        keep(EnvFileSink(path, "KEY"), value)
    assert value not in str(caught.value)
    assert path.read_bytes() == b"KEY=old\n"
    assert [entry.name for entry in tmp_path.iterdir()] == [".env"]


TRICKY = "'\"\\$`{}#= \t\nabKEY!~*;&|<>()[]-:ä🔑\u2028\x85\x0b\x0c\x1f\x7f\xa0"
texts = st.text(alphabet=st.sampled_from(TRICKY), max_size=12)
readable = st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\0"), max_size=12)


fragments = st.sampled_from(["A='", 'B="', "KEY=", "export ", "x", "'", '"', "\\", "\n", "\r\n", " # it's", "${A}"])


@given(value=texts | readable, before=texts | st.lists(fragments, max_size=8).map("".join))
@settings(max_examples=200, deadline=None, derandomize=True, database=None)
def test_any_value_goes_round_or_is_refused(value: str, before: str) -> None:
    """Whatever stands in the file already, we read back what we wrote; python-dotenv reads it from a new file."""
    text = changed(before, value=value)
    if text is None:
        return
    if not before:
        assert read_by_dotenv(text, "KEY") == value
    assert value_in(text) == value


def test_any_value_reads_the_same_in_a_shell(tmp_path: Path) -> None:
    """Many drawn values in one file, so that one shell reads them all."""
    path = tmp_path / ".env"
    wanted: list[str] = []

    @given(values=st.lists(texts | readable, min_size=40, max_size=40))
    @settings(max_examples=3, deadline=None, derandomize=True, database=None)
    def draw(values: list[str]) -> None:
        text = ""
        wanted.clear()
        for value in values:
            found = changed(text, name=f"V{len(wanted)}", value=value)
            if found is not None:
                text = found
                wanted.append(value)
        path.write_bytes(text.encode())
        names = " ".join(f'"$V{number}"' for number in range(len(wanted)))
        script = f'. "$1" && printf "%s\\0" {names}'
        done = subprocess.run(["/bin/sh", "-c", script, "sh", str(path)], capture_output=True, check=True, env={})
        assert done.stdout.decode().split("\0")[:-1] == wanted
        assert not done.stderr

    draw()


def test_a_value_behind_a_byte_order_mark_is_not_written_over(tmp_path: Path) -> None:
    """Editors of Windows put one there."""
    path = tmp_path / ".env"
    path.write_bytes(b"\xef\xbb\xbfKEY=old\n")
    with pytest.raises(SinkNotReadyError, match="holds a value already"):
        EnvFileSink(path, "KEY").check(vacant=True)
    keep(EnvFileSink(path, "KEY"), NEW)
    assert path.read_bytes() == b"\xef\xbb\xbfKEY=" + NEW.encode() + b"\n"


BLANKS = " " * 60_000


@pytest.mark.parametrize(
    "line",
    [
        pytest.param(f"A={BLANKS}x", id="before-a-word"),
        pytest.param(f"A=x{BLANKS}y", id="within-words"),
        pytest.param(f"A=x{BLANKS}", id="at-the-end"),
        pytest.param(f"A={BLANKS}", id="alone"),
        pytest.param(f"A='x'{BLANKS}y", id="after-quotes"),
        pytest.param(f"{BLANKS}A=x", id="in-front"),
        pytest.param(f"export{BLANKS}A{BLANKS}=x", id="around-the-name"),
        pytest.param(f"{BLANKS}x", id="no-assignment"),
        pytest.param("A='" + "\\x" * 30_000, id="quotes-that-never-end"),
        pytest.param("A=" + "' " * 30_000, id="quotes-and-blanks"),
        pytest.param("A=" + " # " * 20_000, id="many-comments"),
        pytest.param("A='x\n" * 1_000, id="many-lines-of-quotes"),
    ],
)
def test_a_long_line_takes_no_time(line: str) -> None:
    """Reading grows with the length of the file, not with its square."""
    started = time.perf_counter()
    text = changed(f"{line}\nKEY=old\n")
    assert time.perf_counter() - started < 1
    assert text is not None
    assert value_in(text) == NEW


def test_setting_a_variable_again_changes_nothing_else() -> None:
    """Twice the same leaves the same bytes; back to the first value gives the first bytes."""
    before = "# c\nexport KEY=first # c\nB='x\ny'\n"
    once = changed(before)
    assert once is not None
    assert changed(once) == once
    assert changed(once, value="first") == before


def test_a_multi_line_value_makes_way_for_a_short_one_and_back() -> None:
    """No line of the old one is left."""
    long = changed("A=1\nKEY=x\nB=2\n", value=PEM)
    assert long is not None
    assert changed(long, value="x") == "A=1\nKEY=x\nB=2\n"


def test_a_check_takes_a_file_that_does_not_exist_yet(tmp_path: Path) -> None:
    """It is made by the store, and not by the check."""
    sink = EnvFileSink(tmp_path / ".env", "KEY")
    found = sink.check(vacant=True)
    assert list(tmp_path.iterdir()) == []
    sink.store(Secret(NEW), found)
    assert (tmp_path / ".env").read_text() == f"KEY={NEW}\n"


@pytest.mark.parametrize(
    ("text", "vacant", "ready"),
    [
        pytest.param("KEY=old_TEST\n", False, True, id="a-value-that-may-be-replaced"),
        pytest.param("KEY=old_TEST\n", True, False, id="a-value-that-must-not-be-lost"),
        pytest.param("KEY=old_TEST\nKEY=\n", True, False, id="a-value-before-an-empty-one"),
        pytest.param("KEY=\n", True, True, id="an-empty-value"),
        pytest.param("A=1\n", True, True, id="another-variable"),
    ],
)
def test_a_check_for_a_vacant_place_refuses_a_value_in_use(
    text: str, vacant: bool, ready: bool, tmp_path: Path
) -> None:
    """What stands there is neither shown nor changed."""
    path = tmp_path / ".env"
    path.write_text(text)
    sink = EnvFileSink(path, "KEY")
    if ready:
        sink.check(vacant=vacant)
    else:
        with pytest.raises(SinkNotReadyError, match="holds a value already") as caught:
            sink.check(vacant=vacant)
        assert "old_TEST" not in str(caught.value)
    assert path.read_text() == text


@pytest.mark.parametrize("name", ["", "1KEY", "KEY-A", "KEY A", "КЛЮЧ", "KEY\n", "KEY=A"])
def test_a_check_refuses_what_is_no_name(name: str, tmp_path: Path) -> None:
    """Shells take letters, digits and underscores."""
    with pytest.raises(SinkNotReadyError, match="no name of a variable"):
        EnvFileSink(tmp_path / ".env", name).check(vacant=False)


def test_a_check_refuses_a_file_that_is_no_text(tmp_path: Path) -> None:
    """Its lines could not be kept."""
    (tmp_path / ".env").write_bytes(b"A=\xff\n")
    with pytest.raises(SinkNotReadyError, match="not UTF-8"):
        EnvFileSink(tmp_path / ".env", "KEY").check(vacant=False)


def test_two_processes_lose_none_of_each_others_names(tmp_path: Path) -> None:
    """Each sets 25 names of its own in the same file at the same time."""
    path = tmp_path / ".env"
    script = (
        "import sys; from pathlib import Path\n"
        "from issuant.secret import Secret; from issuant.sinks.envfile import EnvFileSink\n"
        "for n in range(25):\n"
        "    sink = EnvFileSink(Path(sys.argv[1]), f'{sys.argv[2]}_{n}')\n"
        "    sink.store(Secret(f'{sys.argv[2]} {n}'), sink.check(vacant=True))\n"
    )
    running = [subprocess.Popen([sys.executable, "-c", script, str(path), name]) for name in ("A", "B")]
    assert [process.wait(30) for process in running] == [0, 0]
    found = path.read_text()
    assert {(name, n): value_in(found, f"{name}_{n}") for name in "AB" for n in range(25)} == {
        (name, n): f"{name} {n}" for name in "AB" for n in range(25)
    }


def test_the_description_says_how_to_name_it_again(tmp_path: Path) -> None:
    """It opens the same sink, and holds no value."""
    path = tmp_path / ".env"
    sink = open_sink(f"env:{path}#KEY")
    assert sink.description == f"env:{path}#KEY"
    keep(sink, NEW)
    assert NEW not in f"{sink!r} {sink.description}"
