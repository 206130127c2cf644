"""The figures of rotation: the bench measures what it says, and what costs a lot is done once or not at all."""

from __future__ import annotations

import gc
import ssl
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any

import httpx
import pytest
from issuant import GalileoAccount, connect, connect_async, mocks
from issuant.mocks import Fault, Simulator, loopback
from issuant.rotation.journal import Journal
from issuant.secret import Secret

from tests.rotation.lives import PARTS, ROOT, begun, creating

BENCH = ROOT / "scripts" / "bench"
PROVIDERS = ("fireworks", "galileo")
ACCOUNT = GalileoAccount(api_key="galileo_TEST_not_a_key")
_FEW = 8
_LEAK = 1 << 21


@pytest.fixture(scope="module")
def bench() -> Iterator[Any]:
    """The modules of the bench, which are scripts, by their names."""
    before = set(sys.modules)
    sys.path.insert(0, str(BENCH))
    try:
        yield import_module
    finally:
        sys.path.remove(str(BENCH))
        for name in set(sys.modules) - before:
            if Path(getattr(sys.modules[name], "__file__", None) or "").parent == BENCH:
                del sys.modules[name]


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[[str], Simulator]:
    """Make a simulator, and let the environment lead to it."""

    def serve(provider: str) -> Simulator:
        simulator = mocks.simulator(provider)
        for name, value in simulator.env(f"https://mock.invalid{simulator.base_path}", tmp_path).items():
            monkeypatch.setenv(name, value)
        return simulator

    return serve


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """What has been read of the certificates that are trusted: an item each time."""
    seen: list[object] = []
    read = ssl.create_default_context

    def reading(*given: Any, **named: Any) -> ssl.SSLContext:
        seen.append(named)
        return read(*given, **named)

    gc.collect()  # what other tests have left open
    monkeypatch.setattr(ssl, "create_default_context", reading)
    return seen


def turned_many(bench: Any, simulator: Simulator, folder: Path, witness: Callable[[str], None] | None = None) -> Any:
    turning, thousand = bench("turning"), bench("thousand")
    with turning.Turned("galileo", folder, transport=simulator.transport(), witness=witness) as turned:
        return thousand.turn_many(turned, _FEW)


class TestThousand:
    def test_memory_that_stays_is_told_from_none(
        self, bench: Any, served: Callable[[str], Simulator], tmp_path: Path
    ) -> None:
        """Rotations that keep something are over the limit of memory; the same ones that keep nothing are not."""
        kept: list[bytes] = []

        def leak(label: str) -> None:
            if label == "after write done":
                kept.append(b"x" * _LEAK)

        simulator = served("galileo")
        found = {
            "plain": turned_many(bench, simulator, tmp_path / "plain"),
            "leaking": turned_many(bench, simulator, tmp_path / "leaking", leak),
        }
        overruns = bench("rotations").overruns
        assert {name: "memory" in overruns(many) for name, many in found.items()} == {"plain": False, "leaking": True}

    @pytest.mark.parametrize(
        ("what", "values"),
        [
            pytest.param("memory", {"growth_kb": 2049.0}, id="memory"),
            pytest.param("CPU", {"second_ms": 15.1}, id="slower"),
            pytest.param("journal", {"journal_bytes": 2501.0}, id="journal"),
        ],
    )
    def test_each_limit_holds_by_itself(self, bench: Any, what: str, values: dict[str, float]) -> None:
        """A figure just above its limit is an overrun of that name, and of no other; just below, of none."""
        limits = {"rate": 50.0, "first_ms": 10.0, "second_ms": 15.0, "growth_kb": 2048.0, "journal_bytes": 2500.0}
        flat = bench("thousand").Many(**limits, log_bytes=0)
        rotations = bench("rotations")
        assert rotations.overruns(flat) == ()
        assert rotations.overruns(replace(flat, **values)) == (what,)
        assert rotations.told(replace(flat, **values)).endswith(f"OVER: {what}")


class TestPeer:
    @pytest.mark.parametrize("provider", PROVIDERS)
    def test_it_makes_the_calls_of_a_rotation(
        self, bench: Any, served: Callable[[str], Simulator], provider: str
    ) -> None:
        """It sends as many requests of the same kinds, with the same outcome: one key more is gone, and one is new."""
        simulator = served(provider)
        sent = bench("turning").sent_by_a_rotation(provider)
        tape = bench("public").Tape(simulator)
        with httpx.Client(transport=tape, base_url="https://mock.invalid") as client:
            replayed = bench("turning").Replayed(client, sent)
            tape.kept.clear()
            replayed.turn()
            first = [(request.method, reply.status_code) for request, reply in tape.kept]
            listed = tape.kept[-1][1].content
            tape.kept.clear()
            replayed.turn()
        assert first == [(one.method, one.status) for one in sent]
        assert len(tape.kept[-1][1].content) == len(listed)
        assert tape.kept[-1][1].content != listed
        values = {
            request.headers["authorization" if provider == "fireworks" else "galileo-api-key"]
            for request, _ in tape.kept
        }
        assert len(values) == 2, "the new key has not proven itself"

    def test_a_reply_that_no_rotation_gets_ends_it(self, bench: Any, served: Callable[[str], Simulator]) -> None:
        """Where a call comes to something else, nothing is measured."""
        simulator = served("galileo")
        sent = bench("turning").sent_by_a_rotation("galileo")
        with httpx.Client(transport=simulator.transport(), base_url="https://mock.invalid") as client:
            replayed = bench("turning").Replayed(client, sent)
            simulator.faults.add(Fault.status(500), 1, on="DELETE */api_keys/*")
            with pytest.raises(RuntimeError, match="500, and a rotation gets 404"):
                replayed.turn()


class TestSyncs:
    @pytest.mark.parametrize(
        ("setup", "each"),
        [
            pytest.param("import os; file = open('file', 'w')", "os.fsync(file.fileno())", id="Python"),
            pytest.param(
                "import sqlite3; db = sqlite3.connect('db', isolation_level=None); db.execute('CREATE TABLE t (n)')\n"
                "db.execute('PRAGMA journal_mode = WAL'); db.execute('INSERT INTO t VALUES (0)')",
                "db.execute('INSERT INTO t VALUES (1)')",
                id="SQLite",
            ),
        ],
    )
    def test_every_sync_is_counted(self, bench: Any, setup: str, each: str, tmp_path: Path) -> None:
        """Three more syncs, by whoever, are counted as three more."""
        syncs = bench("syncs")
        why = syncs.why_uncounted()
        if why is not None:
            pytest.skip(why)
        counts = []
        for number in (1, 4):
            (folder := tmp_path / str(number)).mkdir()
            code = f"import os; os.chdir({str(folder)!r}); {setup}\nfor _ in range({number}): {each}"
            counts.append(syncs.syncs_of([sys.executable, "-c", code]))
        assert counts[1] - counts[0] == 3

    def test_without_strace_the_reason_is_told(
        self, bench: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        """A machine that cannot count says so, and holds no limit against what it has not counted."""
        monkeypatch.setenv("PATH", str(tmp_path))
        rotations, why = bench("rotations"), bench("syncs").why_uncounted()
        cost = rotations.Cost(cpu=0.01, wall=0.02)
        one = rotations.Rotation(title="X", calls=8, ours=cost, peer=cost, syncs=None, uncounted=why)
        assert str(one).endswith("syncs: not counted: there is no strace")
        assert one.holds
        assert not replace(one, syncs=float(rotations.MOST_SYNCS + 1)).holds


class TestSealing:
    """To seal anew costs three syncs, as what was sealed before has to be wiped."""

    def test_a_value_that_was_sealed_before_it_was_sent_is_not_sealed_again(self, journal: Journal) -> None:
        """The seal of the attempt stays that of the key."""
        sent = creating(journal, begun(journal))
        assert journal.created(sent, key_id="k2", parts=PARTS).sealed == sent.sealed

    @pytest.mark.parametrize(
        ("parts", "sealed"),
        [
            pytest.param({"value": Secret("fw_TEST_another_not_a_key")}, None, id="another-value"),
            pytest.param(PARTS, b"damaged", id="a-seal-that-cannot-be-opened"),
        ],
    )
    def test_any_other_value_is(self, journal: Journal, parts: dict[str, Secret], sealed: bytes | None) -> None:
        """What came with the reply can be read back, whatever was sealed before."""
        sent = creating(journal, begun(journal))
        made = journal.created(replace(sent, sealed=sealed or sent.sealed), key_id="k2", parts=parts)
        assert made.sealed != sent.sealed
        assert journal.unsealed(made) == parts


class TestCertificates:
    """To read the certificates that are trusted takes longer than all else that a rotation does on this machine."""

    def test_connections_that_are_open_at_a_time_read_them_once(self, reads: list[object]) -> None:
        """A rotation opens a connection while another is open: for both, sync or async, they are read once."""
        with connect(ACCOUNT, base_url="https://mock.invalid"):
            connect(ACCOUNT, base_url="https://mock.invalid").close()
            connect_async(ACCOUNT, base_url="https://other.invalid")
        assert len(reads) == 1

    def test_they_are_read_anew_when_no_connection_is_left(self, reads: list[object]) -> None:
        """Certificates that were replaced meanwhile are taken up."""
        for _ in range(2):
            connect(ACCOUNT, base_url="https://mock.invalid").close()
            gc.collect()
        assert len(reads) == 2

    def test_others_are_read_where_the_environment_names_others(
        self, reads: list[object], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """What one connection trusts is nothing that another one has to trust."""
        import certifi

        with connect(ACCOUNT, base_url="https://mock.invalid"):
            monkeypatch.setenv("SSL_CERT_FILE", certifi.where())
            connect(ACCOUNT, base_url="https://mock.invalid").close()
        assert len(reads) == 2

    def test_a_rotation_over_plain_http_reads_none(
        self, bench: Any, reads: list[object], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """On this machine nothing is read that is of no use there."""
        simulator = mocks.simulator("galileo")
        with loopback.serve(simulator) as server:
            for name, value in simulator.env(server.base_url, tmp_path).items():
                monkeypatch.setenv(name, value)
            with bench("turning").Turned("galileo", tmp_path / "turned") as turned:
                turned.turn()
        assert reads == []


@pytest.mark.parametrize("command", ["journal", "due"])
def test_a_command_that_asks_no_provider_imports_no_httpx(command: str) -> None:
    """`issuant journal` and `issuant due` start in half the time of those that send something."""
    code = (
        "import atexit, sys\n"
        "atexit.register(lambda: print(*sorted({'asyncio', 'httpx', 'ssl', 'sqlite3'} & set(sys.modules))))\n"
        f"sys.argv = ['issuant', '{command}', '--json']\n"
        "import issuant.__main__"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["sqlite3"]
