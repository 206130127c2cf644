"""A command as a sink: real ones, that keep the value, fail halfway, hang, are killed, or do not listen."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from issuant.errors import SinkNotReadyError
from issuant.secret import Secret
from issuant.sinks import lasting, open_sink

from tests.issuant.sinks.keyrings import ROOT
from tests.issuant.sinks.storing import keep

VALUE = "fw_TEST_not_a_key"
Script = Callable[[str], str]


@pytest.fixture
def script(tmp_path: Path) -> Script:
    """Return a function that makes a shell script of some lines, and returns the spec of a sink that runs it."""

    def make(lines: str) -> str:
        path = tmp_path / "a script.sh"
        path.write_text(f"#!/bin/sh\n{lines}\n")
        path.chmod(0o755)
        return f"exec:{shlex.quote(str(path))} {shlex.quote(str(tmp_path / 'kept'))}"

    return make


@pytest.mark.parametrize(
    "value",
    [VALUE, "line\nline\n", "ключ", "", "a\0b", "x" * 16_384],
    ids=["plain", "lines", "utf-8", "empty", "nul", "16-KiB"],
)
def test_a_command_gets_the_value_on_its_standard_input(value: str, script: Script, tmp_path: Path) -> None:
    """Byte for byte, without a line break of ours, and then the end."""
    keep(open_sink(script('cat > "$1"')), value)
    assert (tmp_path / "kept").read_bytes() == value.encode()


def test_no_shell_is_between(tmp_path: Path) -> None:
    """What means something to a shell is an argument like any other."""
    code = "import sys; open(sys.argv[1], 'w').write(repr(sys.argv[2:]) + sys.stdin.read())"
    spec = f"exec:{sys.executable} -c {shlex.quote(code)} {tmp_path}/kept $HOME '*' ';' 'a  b' | tee"
    keep(open_sink(spec), VALUE)
    assert (tmp_path / "kept").read_text() == "['$HOME', '*', ';', 'a  b', '|', 'tee']" + VALUE


def test_a_command_has_the_environment(script: Script, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As other tools are configured by it; the value is not in it, nor among the arguments."""
    monkeypatch.setenv("WHERE", "there")
    keep(open_sink(script('{ echo "$WHERE"; env; echo "$@"; } > "$1"; cat > /dev/null')), VALUE)
    text = (tmp_path / "kept").read_text()
    assert text.startswith("there\n")
    assert VALUE not in text


FAILURES = {
    "reads-half-and-fails": ('head -c 4 > "$1"; exit 3', "ended with the exit code 3"),
    "reads-half-and-says-that-all-is-well": ('head -c 4 > "$1"', "had not read the value to its end"),
    "does-not-listen": ("exit 0", "had not read the value to its end"),
    "prints-the-value-and-fails": ("cat; cat >&2; echo fw_TEST_not_a_key >&2; exit 1", "ended with the exit code 1"),
    "is-killed": ('head -c 4 > "$1"; kill -TERM $$', "was killed by the signal SIGTERM"),
    "is-killed-by-a-signal-without-a-name": ("kill -40 $$", "was killed by the signal 40"),
    "is-not-found-within": ("cat > /dev/null; nosuch_TEST_command", "ended with the exit code 127"),
}


@pytest.mark.parametrize(("lines", "words"), FAILURES.values(), ids=FAILURES.keys())
def test_a_command_that_fails_is_an_error_that_says_how(
    lines: str, words: str, script: Script, capfd: pytest.CaptureFixture[str]
) -> None:
    """Its exit code or signal, and nothing of what it printed: that may be the value."""
    sink = open_sink(script(lines))
    found = sink.check(vacant=False, value=Secret(VALUE))
    with pytest.raises(SinkNotReadyError, match=words) as caught:
        sink.store(Secret(VALUE), found)
    assert caught.value.__context__ is None
    assert "_TEST_" not in f"{caught.value} {caught.value!r}"
    assert capfd.readouterr() == ("", "")


def test_what_a_command_prints_goes_nowhere(script: Script, capfd: pytest.CaptureFixture[str]) -> None:
    """However much it is: nobody waits for somebody to read it."""
    keep(open_sink(script("cat; head -c 1000000 /dev/zero; head -c 1000000 /dev/zero >&2")), VALUE)
    assert capfd.readouterr() == ("", "")


def test_a_command_that_hangs_is_killed_with_all_that_it_started(
    script: Script, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It has a minute; what it started in turn does not outlive it."""
    from issuant.sinks import command

    assert command.SECONDS == 60
    monkeypatch.setattr("issuant.sinks.command.SECONDS", 0.3)
    sink = open_sink(script('sleep 1000 & echo $! > "$1"; wait'))
    started = time.monotonic()
    with pytest.raises(SinkNotReadyError, match=r"did not end within 0\.3 seconds, and was killed"):
        keep(sink, VALUE)
    assert time.monotonic() - started < 5
    state = Path(f"/proc/{(tmp_path / 'kept').read_text().strip()}/stat")
    deadline = time.monotonic() + 5
    while state.exists() and " Z " not in state.read_text():
        assert time.monotonic() < deadline, "what the command started is alive"
        time.sleep(0.01)


def test_a_command_that_leaves_something_running_is_not_waited_for(script: Script, tmp_path: Path) -> None:
    """It ended itself, and with 0."""
    started = time.monotonic()
    keep(open_sink(script('cat > "$1"; sleep 3 &')), VALUE)
    assert time.monotonic() - started < 2
    assert (tmp_path / "kept").read_text() == VALUE


def test_a_value_that_is_longer_than_a_pipe_is_refused_beforehand(script: Script, tmp_path: Path) -> None:
    """A command that never reads would keep us waiting, and a kill would leave it with half of the value."""
    sink = open_sink(script('cat > "$1"'))
    long = Secret("x" * 2_000_000)
    with pytest.raises(SinkNotReadyError, match="longer than a pipe"):
        sink.check(vacant=False, value=long)
    with pytest.raises(SinkNotReadyError, match="longer than a pipe"):
        sink.store(long, None)
    assert not (tmp_path / "kept").exists()


def test_no_handle_is_left_open(script: Script) -> None:
    """Whether the command does well, fails or is not even started."""
    before = sorted(os.listdir("/proc/self/fd"))
    for lines in ("cat > /dev/null", "exit 1"):
        sink = open_sink(script(lines))
        sink.check(vacant=False, value=Secret(VALUE))
        try:
            sink.store(Secret(VALUE), None)
        except SinkNotReadyError:
            assert lines == "exit 1"
    with pytest.raises(SinkNotReadyError):
        open_sink("exec:nosuch_TEST_command").store(Secret(VALUE), None)
    with pytest.raises(SinkNotReadyError):
        sink.check(vacant=False, value=Secret("x" * 2_000_000))
    assert sorted(os.listdir("/proc/self/fd")) == before


@pytest.mark.parametrize(
    ("make", "words"),
    [
        pytest.param(None, "there is no such command", id="nothing-there"),
        pytest.param(0o644, "there is no such command", id="not-executable"),
        pytest.param("folder", "there is no such command", id="a-folder"),
    ],
)
def test_a_command_that_cannot_be_run_is_found_out_beforehand(make: object, words: str, tmp_path: Path) -> None:
    """The error names it."""
    path = tmp_path / "command"
    if make == "folder":
        path.mkdir()
    elif isinstance(make, int):
        path.write_text("#!/bin/sh\n")
        path.chmod(make)
    sink = open_sink(f"exec:{path} --token secret_TEST_argument")
    with pytest.raises(SinkNotReadyError, match=words) as caught:
        sink.check(vacant=False)
    assert str(path) in str(caught.value)
    assert "secret_TEST_argument" not in f"{caught.value} {sink!r} {sink.description}"
    with pytest.raises(SinkNotReadyError, match="cannot be started"):
        sink.store(Secret(VALUE), None)


def test_a_script_whose_interpreter_is_missing_is_an_error(tmp_path: Path) -> None:
    """That shows when it is started."""
    path = tmp_path / "command"
    path.write_text("#!/nosuch_TEST_shell\n")
    path.chmod(0o755)
    with pytest.raises(SinkNotReadyError, match="cannot be started: No such file"):
        keep(open_sink(f"exec:{path}"), VALUE)


def test_what_may_be_refused_goes_to_no_command(script: Script) -> None:
    """Nobody can tell whether it keeps a value that is in use."""
    with pytest.raises(SinkNotReadyError, match="cannot tell whether it holds a value already"):
        open_sink(script("cat > /dev/null")).check(vacant=True)


def test_half_a_surrogate_pair_is_refused() -> None:
    """Before the command is run."""
    sink, value = open_sink("exec:cat"), Secret("a\ud800")
    with pytest.raises(SinkNotReadyError, match="surrogate"):
        sink.check(vacant=False, value=value)
    with pytest.raises(SinkNotReadyError, match="surrogate"):
        sink.store(value, None)


@pytest.mark.parametrize("spec", ["exec:", "exec: ", "exec:'a secret_TEST", "exec:''", "exec:a\0b", "exec:a\nb"])
def test_what_is_no_command_is_refused(spec: str) -> None:
    """Its text is not shown: a token may be in it."""
    with pytest.raises(SinkNotReadyError, match="exec:COMMAND") as caught:
        open_sink(spec)
    assert "secret_TEST" not in f"{caught.value!r}"
    assert caught.value.__context__ is None


KILLED = """
import os, signal, subprocess, sys
from issuant.secret import Secret
from issuant.sinks import open_sink
start = subprocess.Popen
def starting(*arguments, **options):
    if sys.argv[2] == "before":
        os.kill(os.getpid(), signal.SIGKILL)
    start(*arguments, **options)
    os.kill(os.getpid(), signal.SIGKILL)
subprocess.Popen = starting
open_sink(sys.argv[1]).store(Secret("fw_TEST_not_a_key"), None)
"""


@pytest.mark.parametrize(("when", "kept"), [("before", None), ("after", VALUE)])
def test_a_command_gets_all_of_the_value_or_is_not_started(
    when: str, kept: str | None, script: Script, tmp_path: Path
) -> None:
    """Also where this process is killed in the same instant."""
    spec = script('cat > "$1.new"; mv "$1.new" "$1"')
    done = subprocess.run([sys.executable, "-c", KILLED, spec, when], env={**os.environ, "PYTHONPATH": str(ROOT)})
    assert done.returncode == -9
    path, deadline = tmp_path / "kept", time.monotonic() + 10
    while kept is not None and not path.exists():
        assert time.monotonic() < deadline, "the command keeps nothing"
        time.sleep(0.01)
    assert (path.read_text() if path.exists() else None) == kept


def test_a_spec_that_lasts_names_the_same_sink_from_any_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is written down is found again by a process that was started elsewhere."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("FIREWORKS_API_KEY", "fw_TEST_not_a_key")
    monkeypatch.setenv("FIREWORKS_ACCOUNT_ID", "acme")
    here = tmp_path.resolve()
    assert {
        spec: lasting(spec)
        for spec in (
            "file:key",
            "file:~/key",
            "env:a/.env#KEY",
            "env:/x/.env#KEY",
            "exec:cat 'a b'",
            "exec:./store.sh 'a b'",
            "exec:~/store.sh",
            "exec:--chdir=sub tee key",
            "exec:--chdir=~ tee key",
            "keyring:a/b/c",
            "fireworks:my-key#MY_KEY",
            "fireworks:other/my-key#MY_KEY",
        )
    } == {
        "file:key": f"file:{here}/key",
        "file:~/key": f"file:{tmp_path}/home/key",
        "env:a/.env#KEY": f"env:{here}/a/.env#KEY",
        "env:/x/.env#KEY": "env:/x/.env#KEY",
        "exec:cat 'a b'": f"exec:--chdir={here} cat 'a b'",
        "exec:./store.sh 'a b'": f"exec:--chdir={here} ./store.sh 'a b'",
        "exec:~/store.sh": f"exec:--chdir={here} {tmp_path}/home/store.sh",
        "exec:--chdir=sub tee key": f"exec:--chdir={here}/sub tee key",
        "exec:--chdir=~ tee key": f"exec:--chdir={tmp_path}/home tee key",
        "keyring:a/b/c": "keyring:a/b/c",
        "fireworks:my-key#MY_KEY": "fireworks:acme/my-key#MY_KEY",
        "fireworks:other/my-key#MY_KEY": "fireworks:other/my-key#MY_KEY",
    }
    with pytest.raises(SinkNotReadyError, match="names no sink"):
        lasting("vault:x")


def test_a_command_runs_in_the_folder_that_its_line_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A relative path that it is given is the same file from wherever the next process is started."""
    app, cron = tmp_path / "app", tmp_path / "cron"
    app.mkdir()
    cron.mkdir()
    (app / "take").write_text("#!/bin/sh\ncat > key.txt\n")
    (app / "take").chmod(0o700)
    monkeypatch.chdir(app)
    lines = [lasting("exec:./take"), lasting("exec:tee key.txt")]
    monkeypatch.chdir(cron)
    for line, value in zip(lines, ("one_TEST_not_a_key", "other_TEST_not_a_key"), strict=True):
        open_sink(line).check(vacant=False)
        open_sink(line).store(Secret(value), None)
        assert (app / "key.txt").read_text() == value
    assert list(cron.iterdir()) == []


def test_a_command_whose_folder_is_gone_is_refused_beforehand(tmp_path: Path) -> None:
    """And what to do is said; it would run somewhere else otherwise."""
    sink = open_sink(f"exec:--chdir={tmp_path}/gone tee key.txt")
    with pytest.raises(SinkNotReadyError, match=r"folder .*/gone is gone") as caught:
        sink.check(vacant=False)
    assert "--chdir=FOLDER" in caught.value.advice
    with pytest.raises(SinkNotReadyError, match="cannot be started"):
        sink.store(Secret("one_TEST_not_a_key"), None)


def test_a_command_does_not_get_the_key_that_seals_the_journal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """All else of the environment it gets."""
    monkeypatch.setenv("ISSUANT_JOURNAL_KEY", "base64:TEST_not_a_key")
    monkeypatch.setenv("OTHER", "other")
    sink = open_sink(f"exec:sh -c 'cat > /dev/null; env > {tmp_path}/env'")
    sink.store(Secret("one_TEST_not_a_key"), None)
    names = {line.partition("=")[0] for line in (tmp_path / "env").read_text().splitlines()}
    assert "OTHER" in names
    assert "ISSUANT_JOURNAL_KEY" not in names
