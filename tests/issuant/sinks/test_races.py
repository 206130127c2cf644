"""Two that store in one place at the same time: one value is kept, and the other is not lost silently."""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from issuant import FireblocksAccount, FireblocksKeyRequest, GalileoAccount, IssuedKey, KeyRequest, Secret, connect
from issuant.errors import Effect, IssuantError, SinkNotReadyError, StoreFailedError
from issuant.keys import PendingApproval, Sink
from issuant.mocks import simulator
from issuant.mocks.fireblocks import FireblocksSimulator
from issuant.mocks.galileo import GalileoSimulator
from issuant.providers.galileo import GalileoKeyRequest
from issuant.sinks import open_sink
from issuant.sinks.envfile import read_values

from tests.issuant.recording import Recorder
from tests.issuant.sinks.storing import keep

ONE, OTHER = "one_TEST_not_a_key", "other_TEST_not_a_key"
SINKS: dict[str, Callable[[Path], Sink]] = {
    "env": lambda path: open_sink(f"env:{path}#KEY"),
    "file": lambda path: open_sink(f"file:{path}"),
}
Make = Callable[[Path], Sink]
both = pytest.mark.parametrize("make", SINKS.values(), ids=SINKS.keys())


def held(path: Path) -> str:
    """Return the value in either kind of sink."""
    text = path.read_text()
    found = next(reversed(read_values(text, "KEY")), None)
    return text if found is None else found.reveal()


@both
@pytest.mark.parametrize("before", [None, "old_TEST"], ids=["vacant", "in-use"])
def test_a_place_that_changed_since_the_check_is_left_as_it_is(make: Make, before: str | None, tmp_path: Path) -> None:
    """Whether there was nothing or something at first; neither value is in the refusal."""
    path = tmp_path / "place"
    if before is not None:
        keep(make(path), before)
    slow, quick = make(path), make(path)
    found = slow.check(vacant=False)
    keep(quick, ONE)
    after = path.read_bytes()
    with pytest.raises(SinkNotReadyError, match="changed meanwhile") as caught:
        slow.store(Secret(OTHER), found)
    assert path.read_bytes() == after
    assert held(path) == ONE
    assert ONE not in f"{caught.value} {caught.value!r}"
    assert OTHER not in f"{caught.value} {caught.value!r}"
    assert caught.value.field == "sink"
    assert [entry.name for entry in tmp_path.iterdir()] == ["place"]


@both
def test_a_place_that_was_emptied_since_the_check_has_changed_too(make: Make, tmp_path: Path) -> None:
    """Somebody else is at work there."""
    path = tmp_path / "place"
    keep(make(path), ONE)
    sink = make(path)
    found = sink.check(vacant=False)
    path.unlink()
    with pytest.raises(SinkNotReadyError, match="changed meanwhile"):
        sink.store(Secret(OTHER), found)
    assert not path.exists()


@both
def test_what_a_check_finds_does_not_hold_the_value(make: Make, tmp_path: Path) -> None:
    """It may stand in a frame or a log; it tells one content from another all the same."""
    path = tmp_path / "place"
    nothing = make(path).check(vacant=True)
    keep(make(path), ONE)
    one = make(path).check(vacant=False)
    keep(make(path), OTHER)
    other = make(path).check(vacant=False)
    assert len({nothing, one, other}) == 3
    assert ONE not in f"{one!r} {one}"


def test_another_variable_of_the_file_may_change_between_check_and_store(tmp_path: Path) -> None:
    """Only the name that is stored counts; the other change stays."""
    path = tmp_path / ".env"
    path.write_text("KEY=old\nA=1\n")
    sink = open_sink(f"env:{path}#KEY")
    found = sink.check(vacant=False)
    path.write_text("KEY=old\nA=2 # later\n")
    sink.store(Secret(ONE), found)
    assert path.read_text() == f"KEY={ONE}\nA=2 # later\n"


@both
def test_of_many_threads_that_found_the_same_place_one_stores(make: Make, tmp_path: Path) -> None:
    """Eight of them, released together: what stands there is the value of the one that was not refused."""
    path = tmp_path / "place"
    start = threading.Barrier(8)
    stored: list[str] = []
    refused: list[Exception] = []

    def store(value: str) -> None:
        sink = make(path)
        found = sink.check(vacant=True)
        start.wait(10)
        try:
            sink.store(Secret(value), found)
            stored.append(value)
        except SinkNotReadyError as error:
            refused.append(error)

    threads = [threading.Thread(target=store, args=(f"v{n}_TEST",)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert (len(stored), len(refused)) == (1, 7)
    assert held(path) == stored[0]


RACER = """
import sys, time
from pathlib import Path
from issuant.errors import SinkNotReadyError
from issuant.secret import Secret
from issuant.sinks import open_sink
sink = open_sink(sys.argv[1])
found = sink.check(vacant=True)
print("ready", flush=True)
sys.stdin.readline()
try:
    sink.store(Secret(sys.argv[2]), found)
except SinkNotReadyError:
    sys.exit(3)
"""


@pytest.mark.parametrize("spec", ["env:{}#KEY", "file:{}"], ids=["env", "file"])
def test_of_two_processes_that_found_the_same_place_one_stores(spec: str, tmp_path: Path) -> None:
    """The other is refused, and neither overwrites."""
    path = tmp_path / "place"
    running = [
        subprocess.Popen(
            [sys.executable, "-c", RACER, spec.format(path), value],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for value in (ONE, OTHER)
    ]
    for process in running:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in running:
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()
    codes = [process.wait(20) for process in running]
    for process in running:
        process.communicate()
    assert sorted(codes) == [0, 3]
    assert held(path) == (ONE, OTHER)[codes.index(0)]


@contextmanager
def lock_of_another_process(folder: Path) -> Iterator[None]:
    """Hold the lock of `folder`: another opening of it is another holder, also within one process."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


@both
def test_a_lock_is_not_waited_for_for_ever(make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is written, and the reason is named."""
    monkeypatch.setattr("issuant.sinks.atomic.LOCK_SECONDS", 0.05)
    sink = make(tmp_path / "place")
    found = sink.check(vacant=True)
    started = time.monotonic()
    with (
        lock_of_another_process(tmp_path),
        pytest.raises(OSError, match="another process holds the lock of the folder") as caught,
    ):
        sink.store(Secret(ONE), found)
    assert 0.05 <= time.monotonic() - started < 2
    assert ONE not in f"{caught.value!r}"
    assert list(tmp_path.iterdir()) == []
    sink.store(Secret(ONE), found)
    assert held(tmp_path / "place") == ONE


@both
def test_a_lock_that_is_let_go_in_time_is_waited_for(make: Make, tmp_path: Path) -> None:
    """It is waited for up to ten seconds by default."""
    from issuant.sinks import atomic

    assert atomic.LOCK_SECONDS == 10
    sink = make(tmp_path / "place")
    found = sink.check(vacant=True)
    with lock_of_another_process(tmp_path):
        storing = threading.Thread(target=sink.store, args=(Secret(ONE), found))
        storing.start()
        storing.join(0.2)
        assert storing.is_alive()
    storing.join(10)
    assert not storing.is_alive()
    assert held(tmp_path / "place") == ONE


def both_at_once(issue: Callable[[], object], *others: Callable[[], object]) -> list[object]:
    """Call all of them in threads of their own, and return what each returned or raised."""
    results: list[object] = []

    def call(function: Callable[[], object]) -> None:
        try:
            results.append(function())
        except IssuantError as error:
            results.append(error)

    threads = [threading.Thread(target=call, args=(function,)) for function in (issue, *others)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return results


class Meeting(httpx.BaseTransport):
    """A way to a vendor on which nobody gets a reply before all have sent: everyone has checked the sink by then."""

    def __init__(self, inner: httpx.BaseTransport, parties: int) -> None:
        self._inner = inner
        self._barrier = threading.Barrier(parties)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self._barrier.wait(10)
        return self._inner.handle_request(request)


@both
def test_of_two_keys_issued_to_one_place_one_is_stored_and_the_other_is_on_the_error(
    make: Make, tmp_path: Path
) -> None:
    """Both exist at Galileo, and the value of each is somewhere."""
    vendor = simulator("galileo")
    assert isinstance(vendor, GalileoSimulator)
    path = tmp_path / "place"
    transport = Meeting(vendor.transport(), 2)

    def issue() -> object:
        with connect(GalileoAccount(api_key=vendor.api_key), transport=transport) as galileo:
            return galileo.issue(KeyRequest(name="k"), sink=make(path))

    results = both_at_once(issue, issue)
    (key,) = [result for result in results if isinstance(result, IssuedKey)]
    (error,) = [result for result in results if isinstance(result, IssuantError)]
    assert isinstance(error, StoreFailedError)
    assert "changed meanwhile" in error.reason
    assert held(path) == key.secret.reveal()
    assert error.secret is not None
    assert error.secret != key.secret
    assert (error.effect, error.stored_in) == (Effect.CREATED, None)
    assert {key.id, error.id} == set(vendor.keys)


@pytest.fixture
def workspace(monkeypatch: pytest.MonkeyPatch) -> FireblocksSimulator:
    """Return a simulator; keys made here are small, as their size is another test's question."""
    monkeypatch.setattr("issuant.auth.fireblocks.KEY_BITS", 2048)
    found = simulator("fireblocks")
    assert isinstance(found, FireblocksSimulator)
    return found


class Patient:
    """A sink whose check returns when all have checked."""

    def __init__(self, sink: Sink, barrier: threading.Barrier) -> None:
        self._sink = sink
        self._barrier = barrier

    @property
    def description(self) -> str:
        return self._sink.description

    def check(self, *, vacant: bool, value: Secret | None = None) -> object:
        found = self._sink.check(vacant=vacant, value=value)
        self._barrier.wait(10)
        return found

    def store(self, value: Secret, found: object) -> None:
        self._sink.store(value, found)


@both
def test_of_two_private_keys_for_one_place_one_is_stored_and_asked_for(
    make: Make, tmp_path: Path, workspace: FireblocksSimulator
) -> None:
    """For the other nothing is sent: its key pair is of no use to anyone yet."""
    path = tmp_path / "place"
    barrier = threading.Barrier(2)
    account = FireblocksAccount(api_key=workspace.api_key, private_key=workspace.private_key_pem)

    def issue() -> object:
        with connect(account, transport=workspace.transport()) as fireblocks:
            sink = Patient(make(path), barrier)
            return fireblocks.issue(FireblocksKeyRequest(name="k", role="VIEWER"), sink=sink)

    results = both_at_once(issue, issue)
    (pending,) = [result for result in results if isinstance(result, PendingApproval)]
    (error,) = [result for result in results if isinstance(result, IssuantError)]
    assert isinstance(error, SinkNotReadyError)
    assert error.effect is Effect.NONE
    assert list(workspace.approvals) == [pending.request_id]
    from cryptography import x509
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    kept = load_pem_private_key(held(path).encode(), password=None).public_key()
    assert x509.load_pem_x509_csr(pending.csr_pem.encode()).public_key() == kept


def test_a_value_that_no_quoting_carries_is_refused_before_anything_is_sent(tmp_path: Path) -> None:
    """A value made by the caller is known beforehand; a file takes it."""
    account = GalileoAccount(api_key="galileo_TEST_not_a_key")
    recorder = Recorder([httpx.Response(401, json={"detail": "no"})])
    value = "a'$b_TEST"
    request = GalileoKeyRequest(name="k", api_key=value)
    path = tmp_path / ".env"
    with connect(account, transport=recorder) as galileo:
        with pytest.raises(SinkNotReadyError, match="quoting") as caught:
            galileo.issue(request, sink=open_sink(f"env:{path}#KEY"))
        assert recorder.requests == []
        with pytest.raises(IssuantError, match="401"):
            galileo.issue(request, sink=open_sink(f"file:{path}"))
        assert len(recorder.requests) == 1
    assert caught.value.field == "sink"
    assert "file:PATH" in caught.value.advice
    assert value not in f"{caught.value} {caught.value!r}"
    assert not path.exists()
