"""A file is replaced whole or not at all, is its owner's alone, and is on disk when the call returns."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from issuant import GalileoAccount, KeyRequest, connect
from issuant.errors import SinkNotReadyError
from issuant.keys import Sink
from issuant.mocks import simulator
from issuant.mocks.galileo import GalileoSimulator
from issuant.secret import Secret
from issuant.sinks import open_sink
from issuant.sinks.file import FileSink

from tests.issuant.sinks.storing import keep

VALUE = "fw_TEST_not_a_key"
OLD = b"KEY=old\nA=1\n"

SINKS: dict[str, Callable[[Path], Sink]] = {
    "env": lambda path: open_sink(f"env:{path}#KEY"),
    "file": lambda path: open_sink(f"file:{path}"),
}
both = pytest.mark.parametrize("make", SINKS.values(), ids=SINKS.keys())
Make = Callable[[Path], Sink]


@pytest.mark.parametrize(
    "value",
    [VALUE, "line\nline\n", "crlf\r\n", "", "ключ", "a\0b"],
    ids=["plain", "lines", "crlf", "empty", "utf-8", "nul"],
)
def test_a_file_sink_holds_the_value_byte_for_byte(value: str, tmp_path: Path) -> None:
    """No line break is added or changed."""
    path = tmp_path / "key"
    keep(FileSink(path), value)
    assert path.read_bytes() == value.encode()


@both
def test_a_stored_value_is_readable_by_its_owner_alone(make: Make, tmp_path: Path) -> None:
    """A new file, and one that others could read before."""
    for name, before in (("new", None), ("open", 0o644)):
        path = tmp_path / name
        if before is not None:
            path.write_bytes(OLD)
            path.chmod(before)
        umask = os.umask(0)
        try:
            keep(make(path), VALUE)
        finally:
            os.umask(umask)
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


@both
def test_a_symbolic_link_stays_one(make: Make, tmp_path: Path) -> None:
    """What it points to is replaced, where that is."""
    (tmp_path / "real").mkdir()
    target, link = tmp_path / "real" / "file", tmp_path / "link"
    target.write_bytes(OLD)
    link.symlink_to(target)
    sink = make(link)
    keep(sink, VALUE)
    assert link.is_symlink()
    assert VALUE.encode() in target.read_bytes()
    assert [entry.name for entry in (tmp_path / "real").iterdir()] == ["file"]


def refuse(*_: Any, **__: Any) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@both
@pytest.mark.parametrize("step", ["fsync", "replace", "fchmod"])
def test_a_write_that_fails_leaves_the_old_bytes_and_nothing_else(
    make: Make, step: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whichever step it is that fails; no half-written file stays beside it."""
    path = tmp_path / "file"
    path.write_bytes(OLD)
    with monkeypatch.context() as patch:
        patch.setattr(os, step, refuse)
        with pytest.raises(OSError, match="No space left") as caught:
            keep(make(path), VALUE)
    assert VALUE not in f"{caught.value!r}"
    assert path.read_bytes() == OLD
    assert [entry.name for entry in tmp_path.iterdir()] == ["file"]


@both
def test_a_limit_on_the_size_of_files_leaves_the_old_bytes(make: Make, tmp_path: Path) -> None:
    """A real failure of a real write: the process may write no more than a few bytes."""
    path = tmp_path / "file"
    path.write_bytes(OLD)
    sink = make(path)
    found = sink.check(vacant=False)  # it makes a file, which there is room for
    child = os.fork()
    if child == 0:
        _store_with_little_room(sink, found)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 17
    assert path.read_bytes() == OLD
    assert [entry.name for entry in tmp_path.iterdir()] == ["file"]


def _store_with_little_room(sink: Sink, found: object) -> None:
    """End this process: 17 where the store fails with EFBIG, else another code."""
    import resource
    import signal

    code = 1
    try:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (8, 8))
        sink.store(Secret(VALUE), found)
    except OSError as error:
        code = 17 if error.errno == errno.EFBIG else 2
    finally:
        os._exit(code)


@both
def test_the_value_and_its_place_are_synced_before_the_call_returns(
    make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """First the file with all of its bytes, then the move, then the folder that knows of it."""
    path = tmp_path / "file"
    events: list[str] = []
    fsync, replace = os.fsync, os.replace

    def spying_fsync(handle: int) -> None:
        is_folder = stat.S_ISDIR(os.fstat(handle).st_mode)
        if is_folder:
            assert os.path.samestat(os.fstat(handle), tmp_path.stat())
            events.append("sync folder")
        else:
            assert VALUE in Path(f"/proc/self/fd/{handle}").read_text()
            events.append("sync file")
        fsync(handle)

    def spying_replace(source: str, target: str) -> None:
        events.append("move")
        replace(source, target)

    monkeypatch.setattr(os, "fsync", spying_fsync)
    monkeypatch.setattr(os, "replace", spying_replace)
    keep(make(path), VALUE)
    assert events == ["sync file", "move", "sync folder"]


@both
def test_a_check_leaves_nothing_behind(make: Make, tmp_path: Path) -> None:
    """It makes a file to see whether it can, and removes it."""
    path = tmp_path / "file"
    make(path).check(vacant=False)
    assert list(tmp_path.iterdir()) == []
    path.write_bytes(OLD)
    make(path).check(vacant=False)
    assert path.read_bytes() == OLD


@both
@pytest.mark.parametrize(
    ("place", "words"),
    [
        pytest.param("missing/file", "No such file", id="no-folder"),
        pytest.param("folder", "no regular file", id="a-folder"),
        pytest.param("plain/file", "Not a directory", id="a-file-in-place-of-the-folder"),
        pytest.param("x" * 300, "name too long", id="a-name-too-long"),
    ],
)
def test_a_place_that_cannot_be_written_is_found_out_beforehand(
    make: Make, place: str, words: str, tmp_path: Path
) -> None:
    """The error names the sink and says what to do."""
    (tmp_path / "folder").mkdir()
    (tmp_path / "plain").write_bytes(b"")
    with pytest.raises(SinkNotReadyError, match=words) as caught:
        make(tmp_path / place).check(vacant=False)
    assert caught.value.field == "sink"
    assert str(tmp_path) in str(caught.value)
    assert caught.value.advice


@both
def test_a_folder_without_permission_is_found_out_beforehand(
    make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Tests may run as root, whom no mode keeps out, so the answer of the system is played."""

    def denied(*_: Any, **__: Any) -> None:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))

    monkeypatch.setattr("issuant.sinks.atomic.tempfile.mkstemp", denied)
    with pytest.raises(SinkNotReadyError, match="Permission denied"):
        make(tmp_path / "file").check(vacant=False)


@both
def test_a_folder_that_is_gone_by_the_time_of_the_store_is_an_os_error(make: Make, tmp_path: Path) -> None:
    """The value is not in it."""
    folder = tmp_path / "folder"
    folder.mkdir()
    sink = make(folder / "file")
    found = sink.check(vacant=False)
    folder.rmdir()
    with pytest.raises(OSError, match="No such file") as caught:
        sink.store(Secret(VALUE), found)
    assert VALUE not in f"{caught.value!r}"


@both
def test_a_check_refuses_a_file_that_is_mounted_there(
    make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As containers do with one file; a mount point cannot be replaced as a whole."""
    path = tmp_path / "file"
    path.write_bytes(OLD)
    monkeypatch.setattr("os.path.ismount", lambda found: Path(found) == path)
    with pytest.raises(SinkNotReadyError, match="mounted") as caught:
        make(path).check(vacant=False)
    assert caught.value.field == "sink"
    make(tmp_path / "other").check(vacant=False)


@both
@pytest.mark.parametrize(
    ("sticky", "owner", "owner_of_folder", "ready"),
    [
        pytest.param(True, 1001, 0, False, id="another-users"),
        pytest.param(True, 1000, 0, True, id="ones-own"),
        pytest.param(True, 1001, 1000, True, id="in-a-folder-of-ones-own"),
        pytest.param(False, 1001, 0, True, id="in-a-folder-that-is-not-sticky"),
    ],
)
def test_a_check_refuses_another_users_file_in_a_sticky_folder(
    make: Make,
    sticky: bool,
    owner: int,
    owner_of_folder: int,
    ready: bool,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Such as /tmp: everyone may write there, and only its owner may replace a file."""
    path = tmp_path / "file"
    path.write_bytes(OLD)
    if sticky:
        tmp_path.chmod(0o1777)
    stat_of = os.stat
    owners = {path: owner, tmp_path: owner_of_folder}

    def stat_as_told(found: Any, **options: Any) -> os.stat_result:
        result = stat_of(found, **options)
        if isinstance(found, int) or Path(found) not in owners:
            return result
        return os.stat_result([*result[:4], owners[Path(found)], *result[5:]])

    monkeypatch.setattr(os, "stat", stat_as_told)
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    if ready:
        make(path).check(vacant=False)
    else:
        with pytest.raises(SinkNotReadyError, match="another user's"):
            make(path).check(vacant=False)
    assert path.read_bytes() == OLD


@pytest.mark.parametrize(("content", "ready"), [(b"", True), (b"x", False)], ids=["empty", "in-use"])
def test_a_vacant_file_is_one_that_holds_nothing(content: bytes, ready: bool, tmp_path: Path) -> None:
    """A private key that is in use is not written over by a request that may be refused."""
    path = tmp_path / "key"
    path.write_bytes(content)
    if ready:
        FileSink(path).check(vacant=True)
    else:
        with pytest.raises(SinkNotReadyError, match="holds a value already"):
            FileSink(path).check(vacant=True)
    assert path.read_bytes() == content


@both
def test_a_link_that_leads_back_to_itself_is_refused(make: Make, tmp_path: Path) -> None:
    """It is somebody's mistake, and not a vacant place."""
    path = tmp_path / "place"
    path.symlink_to(path)
    with pytest.raises(SinkNotReadyError, match="leads back to itself"):
        make(path).check(vacant=False)
    assert path.is_symlink()


@both
def test_a_sink_that_replaces_nothing_refuses_what_holds_a_value(make: Make, tmp_path: Path) -> None:
    """Before anything is created; the check tells what would write over it."""
    path = tmp_path / "place"
    spec = make(path).description
    open_sink(spec, replace=False).check(vacant=False)
    keep(make(path), VALUE)
    before = path.read_bytes()
    with pytest.raises(SinkNotReadyError, match="holds a value already") as caught:
        open_sink(spec, replace=False).check(vacant=False)
    assert "replace=True" in caught.value.advice
    assert VALUE not in str(caught.value)
    open_sink(spec).check(vacant=False)
    with pytest.raises(SinkNotReadyError, match="may be refused") as caught:
        open_sink(spec, replace=True).check(vacant=True)
    assert "replace" not in caught.value.advice
    assert path.read_bytes() == before


def test_a_sink_that_is_a_text_is_refused_with_what_opens_it() -> None:
    """Nothing is sent: `file:key` alone is no sink in Python."""
    mock = simulator("galileo")
    assert isinstance(mock, GalileoSimulator)
    account = GalileoAccount(api_key=mock.api_key)
    with (
        connect(account, base_url="https://mock.invalid", transport=mock.transport()) as galileo,
        pytest.raises(SinkNotReadyError, match="the sink is a text") as caught,
    ):
        galileo.issue(KeyRequest(name="k"), sink="file:key")  # type: ignore[arg-type]
    assert "open_sink(" in caught.value.advice
    assert not mock.keys


@pytest.mark.parametrize(
    ("spec", "description"),
    [
        pytest.param("file:key", "file:key", id="file"),
        pytest.param("file:a#b:c", "file:a#b:c", id="file-with-a-hash-in-its-name"),
        pytest.param("env:.env#KEY", "env:.env#KEY", id="env"),
        pytest.param("env:a#b/.env#KEY", "env:a#b/.env#KEY", id="env-with-a-hash-in-its-path"),
        pytest.param("file:~/key", "file:{home}/key", id="home"),
        pytest.param("env:~/.env#KEY", "env:{home}/.env#KEY", id="env-at-home"),
    ],
)
def test_a_sink_is_named_in_one_line(
    spec: str, description: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The home folder is written out."""
    monkeypatch.setenv("HOME", str(tmp_path))
    assert open_sink(spec).description == description.format(home=tmp_path)


@pytest.mark.parametrize(
    "spec", ["", "key", "file", "file:", "env", "env:", "env:.env", "env:.env#", "env:#KEY", "vault:x", "FILE:x"]
)
def test_what_names_no_sink_is_refused(spec: str) -> None:
    """The error says which forms there are."""
    with pytest.raises(SinkNotReadyError, match="names no sink") as caught:
        open_sink(spec)
    assert "env:PATH#NAME" in caught.value.advice
    assert "file:PATH" in caught.value.advice


@pytest.mark.parametrize("spec", ["file:~nosuch_TEST_user/x", "env:~nosuch_TEST_user/.env#KEY"], ids=["file", "env"])
def test_the_home_of_nobody_is_refused(spec: str) -> None:
    """The error says what to write."""
    with pytest.raises(SinkNotReadyError, match="home") as caught:
        open_sink(spec)
    assert caught.value.field == "sink"
    assert caught.value.__context__ is None
