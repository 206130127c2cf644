"""The simulators are found by their modules, stand alone, and show no secret of theirs by accident."""

from __future__ import annotations

import ast
import stat
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import issuant.mocks
import pytest
from issuant.mocks import Headers, MovableClock, Reply, Request, Simulator
from issuant.providers import find_provider, provider_names

SOURCES = sorted(Path(issuant.mocks.__path__[0]).glob("*.py"))


def test_every_provider_has_a_simulator_and_they_are_named_in_order() -> None:
    """Their modules are all that makes them known."""
    assert issuant.mocks.names() == provider_names()
    assert {"fireblocks", "fireworks", "galileo"} <= set(issuant.mocks.names())


def test_a_new_provider_is_one_new_module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And no other change."""
    source = ["from issuant.mocks import galileo", "class New(galileo.GalileoSimulator):", "    name = 'new'"]
    known = issuant.mocks.names()
    (tmp_path / "new.py").write_text("\n".join(source))
    monkeypatch.setattr(issuant.mocks, "__path__", [*issuant.mocks.__path__, str(tmp_path)])
    try:
        assert issuant.mocks.names() == tuple(sorted({*known, "new"}))
        assert type(issuant.mocks.simulator("new")).__name__ == "New"
    finally:
        sys.modules.pop("issuant.mocks.new", None)
        vars(issuant.mocks).pop("new", None)


def test_an_unknown_name_is_an_error_that_lists_the_known() -> None:
    """So that a typing mistake is seen at once."""
    with pytest.raises(ValueError, match=f"no simulator of 'fireblock'; there are {', '.join(issuant.mocks.names())}"):
        issuant.mocks.simulator("fireblock")


def test_without_cryptography_fireblocks_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    """The others work, and all are still listed."""
    monkeypatch.setitem(sys.modules, "cryptography", None)
    assert "fireblocks" in issuant.mocks.names()
    assert issuant.mocks.simulator("galileo")
    with pytest.raises(ImportError, match=r"install issuant\[mock\]"):
        issuant.mocks.simulator("fireblocks")


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.stem)
def test_a_simulator_shares_no_code_with_what_is_tried_on_it(source: Path) -> None:
    """It imports the standard library, httpx with its anyio, cryptography, and its own package alone."""
    allowed = {*sys.stdlib_module_names, "httpx", "anyio", "cryptography"}
    for node in ast.walk(ast.parse(source.read_text())):
        if isinstance(node, ast.Import):
            assert {alias.name.partition(".")[0] for alias in node.names} <= allowed
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 1 or (node.module or "").partition(".")[0] in allowed


@pytest.mark.parametrize("name", issuant.mocks.names())
def test_two_runs_are_alike_and_ids_can_be_drawn_otherwise(name: str, tmp_path: Path) -> None:
    """Without a source of randomness every run is the same."""
    first, second = issuant.mocks.simulator(name), issuant.mocks.simulator(name)
    assert first.env("http://x", tmp_path) == second.env("http://x", tmp_path)
    assert first.new_uuid() == second.new_uuid()
    assert first.new_uuid() != issuant.mocks.simulator(name, random=Random(1)).new_uuid()  # noqa: S311 - ids


def test_issued_values_differ_and_look_fake() -> None:
    """So that a search for them finds every leak."""
    simulator = issuant.mocks.simulator("galileo")
    values = [simulator.new_secret("x_TEST") for _ in range(3)]
    assert values == ["x_TEST_0001_not_a_key", "x_TEST_0002_not_a_key", "x_TEST_0003_not_a_key"]


@pytest.mark.parametrize("name", issuant.mocks.names())
def test_the_environment_has_variables_of_the_adapter_alone(name: str, tmp_path: Path) -> None:
    """Each is one that `issuant providers` lists."""
    assert set(issuant.mocks.simulator(name).env("http://x", tmp_path)) <= set(find_provider(name).variables)


@pytest.mark.parametrize(
    ("name", "variables"),
    [
        ("fireworks", {"FIREWORKS_API_KEY", "FIREWORKS_ACCOUNT_ID", "FIREWORKS_USER_ID", "FIREWORKS_BASE_URL"}),
        ("fireblocks", {"FIREBLOCKS_API_KEY", "FIREBLOCKS_SECRET_KEY", "FIREBLOCKS_BASE_PATH"}),
        ("galileo", {"GALILEO_API_KEY", "GALILEO_API_URL", "GALILEO_CONSOLE_URL"}),
    ],
    ids=["fireworks", "fireblocks", "galileo"],
)
def test_the_environment_is_all_a_client_needs(name: str, variables: set[str], tmp_path: Path) -> None:
    """Each address is the base URL as it was given."""
    env = issuant.mocks.simulator(name).env("http://127.0.0.1:1/v1", tmp_path)
    assert set(env) == variables
    addresses = {variable: value for variable, value in env.items() if variable.endswith(("_URL", "_PATH"))}
    assert addresses
    assert set(addresses.values()) == {"http://127.0.0.1:1/v1"}


@pytest.mark.parametrize("earlier", [None, 0o644], ids=["new", "world-readable-before"])
def test_the_private_key_is_written_for_its_owner_alone(tmp_path: Path, earlier: int | None) -> None:
    """Mode 0600, even where a file with another mode stood."""
    path = tmp_path / "fireblocks_secret.key"
    if earlier is not None:
        path.write_text("something longer than nothing\n" * 200)
        path.chmod(earlier)
    env = issuant.mocks.simulator("fireblocks").env("http://127.0.0.1:1/v1", tmp_path)
    assert env["FIREBLOCKS_SECRET_KEY"] == str(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    pem = path.read_text()
    assert pem.startswith("-----BEGIN PRIVATE KEY-----")
    assert pem.endswith("-----END PRIVATE KEY-----\n")


def test_headers_are_found_in_any_case_and_joined() -> None:
    """As HTTP has it; the first spelling is kept."""
    headers = Headers([("X-One", "1"), ("x-one", "2"), ("Y", "3")])
    assert headers["X-ONE"] == "1, 2"
    assert dict(headers) == {"X-One": "1, 2", "Y": "3"}
    assert headers == Headers([("Y", "3"), ("X-One", "1, 2")])
    assert hash(headers) == hash(Headers([("Y", "3"), ("X-One", "1, 2")]))
    assert "z" not in headers


def test_requests_and_replies_do_not_show_their_contents() -> None:
    """Headers and bodies hold credentials and keys."""
    headers = Headers([("Authorization", "Bearer fw_TEST_not_a_key")])
    request = Request(method="POST", path="/", headers=headers, body=b"fw_TEST_not_a_key")
    reply = Reply(status=200, headers=headers, body=b"fw_TEST_not_a_key")
    assert "not_a_key" not in f"{request!r} {request} {reply!r} {reply} {headers!r}"


def test_a_movable_clock_moves_when_it_is_told() -> None:
    """And only then; a naive time is refused."""
    clock = MovableClock(datetime(2030, 1, 1, tzinfo=UTC))
    assert clock() == clock() == datetime(2030, 1, 1, tzinfo=UTC)
    clock.advance(timedelta(days=1))
    assert clock() == datetime(2030, 1, 2, tzinfo=UTC)
    with pytest.raises(ValueError, match="aware"):
        MovableClock(datetime(2030, 1, 1))


def test_the_base_class_is_no_simulator() -> None:
    """It has no vendor."""
    with pytest.raises(TypeError, match="abstract"):
        Simulator()  # type: ignore[abstract]
