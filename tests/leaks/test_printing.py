"""Whatever a provider has ever issued or was given, nothing that is printed of anything shows it.

Every operation of every provider, the connections and lists themselves, what a list cannot use, and a proxy's password.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator
from dataclasses import is_dataclass
from typing import Any

import httpx
import pytest
from issuant import GalileoAccount, IssuantError, connect, connect_async
from issuant.diagnosis import Diagnosis
from issuant.inventory import PairingToken
from issuant.keys import VendorFields

from tests.contract.acts import Listed
from tests.contract.unlisted import BASE_URL, now
from tests.hostile.cells import cell_of
from tests.hostile.errands import Errand, errands
from tests.hostile.trial import MODES, RETRIES, Mode, Stand, attempt, listening, stand
from tests.leaks.detector import leaks, printed, shown_by_error, shown_by_outcome, texts_of

PROXY_PASSWORD = "TEST_proxy_password_8Zt4_not_a_key"
FOREIGN = "TEST_value_that_no_list_should_have_2Wd6_not_a_key"

EACH = pytest.mark.parametrize("errand", [pytest.param(errand, id=errand.name) for errand in errands()])
BOTH = pytest.mark.parametrize("mode", MODES)


def shown_by_anything(found: Any) -> Iterator[tuple[str, str]]:
    """Everything that an outcome prints, of a list and of a diagnosis each item."""
    yield from shown_by_outcome(found) if is_dataclass(found) else printed(found)
    items = found if isinstance(found, tuple) else found.items if isinstance(found, Listed) else ()
    for item in items:
        yield from shown_by_outcome(item)
    if isinstance(found, Listed):
        for problem in found.problems:
            yield from printed(problem)
            yield from texts_of(problem, "problem")
    if isinstance(found, Diagnosis):
        for ability in found.abilities:
            yield from shown_by_error(ability.error) if ability.error is not None else printed(ability)


@EACH
@BOTH
def test_no_outcome_prints_what_was_issued_or_given(errand: Errand, mode: Mode) -> None:
    """Credential, login, token, cookie, key, pairing token, stored value: in no text of it, and in no log."""
    subject = stand(errand)
    with listening() as logged:
        found = attempt(subject, mode)

    assert found.error is None, str(found.error)
    assert leaks(shown_by_anything(found.outcome), subject.hidden()) == []
    assert leaks([("log", line) for line in logged], subject.secrets()) == []
    if hasattr(found.outcome, "fields"):
        assert leaks(texts_of(found.outcome.fields, "fields"), subject.hidden()) == []
    if isinstance(found.outcome, PairingToken):
        assert found.outcome.secret.reveal() in subject.secrets()


def test_an_outcome_that_prints_its_fields_would_be_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a value that the vendor's reply repeats where nobody expects it."""
    subject = stand(next(errand for errand in errands() if errand.name == "galileo-keys"))
    found = attempt(subject, "sync", carry=_carry(_with_value("note")))
    assert leaks(shown_by_anything(found.outcome), [FOREIGN]) == []

    monkeypatch.setattr(VendorFields, "__repr__", lambda fields: repr(dict(fields)))
    assert leaks(shown_by_anything(found.outcome), [FOREIGN]) != []


Meddle = Callable[[dict[str, Any]], None]


class _Meddling(httpx.BaseTransport):
    """A way to a stand on which each object of a list in a reply is changed."""

    def __init__(self, way: httpx.BaseTransport, meddle: Meddle) -> None:
        self._way = way
        self._meddle = meddle

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        reply = self._way.handle_request(request)
        content = reply.read()
        document = json.loads(content) if content else None
        lists = [value for value in (document or {}).values() if isinstance(value, list)]
        for item in (item for listed in lists for item in listed if isinstance(item, dict)):
            self._meddle(item)
        headers = {name: value for name, value in reply.headers.items() if name not in ("content-length",)}
        return httpx.Response(
            reply.status_code, headers=headers, content=json.dumps(document).encode() if lists else content
        )


def _carry(meddle: Meddle) -> Callable[[Stand], Any]:
    return lambda subject: _Meddling(subject.transport(), meddle)


def _with_value(*names: str) -> Meddle:
    return lambda item: item.update(dict.fromkeys(names, FOREIGN))


LISTING = [
    pytest.param(errand, id=errand.name)
    for errand in errands()
    if errand.kind == "list" or errand.method in ("find", "diagnose")
]
VALUE_NAMES = ("key", "api_key", "apiKey", "value", "secret", "pairingToken", "token", "brandNew")


@pytest.mark.parametrize("errand", LISTING)
def test_a_list_that_has_values_prints_none(errand: Errand) -> None:
    """No list should have them; one that does, under whatever name, shows them to nobody who prints or logs."""
    subject = stand(errand)
    with listening() as logged:
        found = attempt(subject, "sync", carry=_carry(_with_value(*VALUE_NAMES)))

    shown = shown_by_error(found.error) if found.error is not None else shown_by_anything(found.outcome)
    assert leaks(shown, [FOREIGN]) == []
    assert leaks([("log", line) for line in logged], [FOREIGN]) == []


@pytest.mark.parametrize("errand", LISTING)
def test_what_a_list_cannot_use_is_logged_without_the_credential(errand: Errand) -> None:
    """An item whose every text is the credential, and whose every other field is of a wrong type."""
    subject = stand(errand)
    credential = subject.secrets()[0]

    def spoil(item: dict[str, Any]) -> None:
        item.update({name: credential if isinstance(value, str) else [credential] for name, value in item.items()})
        item["createTime"] = item["created_at"] = item["enabled"] = [credential]

    with listening() as logged:
        found = attempt(subject, "sync", carry=_carry(spoil))

    problems = found.outcome.problems if isinstance(found.outcome, Listed) else ()
    assert leaks([("log", line) for line in logged], [credential]) == []
    assert leaks(texts_of(problems, "problems"), [credential]) == []
    if found.error is not None:
        assert leaks(shown_by_error(found.error), [credential]) == []


@EACH
def test_a_connection_and_a_list_under_way_print_nothing(errand: Errand) -> None:
    """Neither what is open, nor its parts, show the credential or what was asked for."""
    subject = stand(errand)
    shown: list[tuple[str, str]] = []

    class Printing:
        """Prints what each method returns as it is, before anybody goes through it."""

        def __init__(self, connection: Any) -> None:
            self._connection = connection

        def __getattr__(self, name: str) -> Any:
            asked = getattr(self._connection, name)

            def ask(*given: Any, **named: Any) -> Any:
                result = asked(*given, **named)
                shown.extend((f"{name} {channel}", text) for channel, text in printed(result))
                return result

            return ask

    with connect(
        errand.account(subject.simulator),
        base_url=BASE_URL + subject.simulator.base_path,
        transport=subject.transport(),
        clock=now,
    ) as connection:
        errand.ask(Printing(connection), subject.given)
        shown += [("connection", f"{connection} {connection!r}"), *texts_of(vars(connection), "connection")]
        shown += texts_of(vars(vars(connection)["_transport"]), "transport")

    assert len(shown) > 10
    assert leaks(shown, subject.hidden()) == []


def _by_proxy(mode: Mode, proxy: str) -> tuple[IssuantError, str]:
    account = GalileoAccount(api_key="galileo_TEST_not_a_key")

    async def ask() -> tuple[IssuantError, str]:
        async with connect_async(account, base_url=BASE_URL, proxy=proxy, retries=RETRIES) as connection:
            with pytest.raises(IssuantError) as caught:
                await connection.whoami()
            return caught.value, repr(vars(connection))

    if mode == "async":
        return asyncio.run(ask())
    with connect(account, base_url=BASE_URL, proxy=proxy, retries=RETRIES) as connection:
        with pytest.raises(IssuantError) as caught:
            connection.whoami()
        return caught.value, repr(vars(connection))


@BOTH
def test_the_password_of_a_proxy_is_not_shown(mode: Mode, unused_port: int) -> None:
    """Nobody listens there, so that the client fails with the proxy's address in its hands."""
    with listening() as logged:
        error, connection = _by_proxy(mode, f"http://user:{PROXY_PASSWORD}@127.0.0.1:{unused_port}")

    shown = [*shown_by_error(error), ("connection", connection), *(("log", line) for line in logged)]
    assert error.attempts == RETRIES.attempts
    assert leaks(shown, [PROXY_PASSWORD]) == []


@pytest.mark.parametrize("proxy", [f"ftp://u:{PROXY_PASSWORD}@h", f"http://u:{PROXY_PASSWORD}@[::1", PROXY_PASSWORD])
def test_a_proxy_that_is_refused_is_not_shown(proxy: str) -> None:
    """Its password may be the part that is wrong with it."""
    with pytest.raises(IssuantError) as caught:
        connect(GalileoAccount(api_key="galileo_TEST_not_a_key"), base_url=BASE_URL, proxy=proxy)
    assert leaks(shown_by_error(caught.value), [PROXY_PASSWORD]) == []


@pytest.fixture
def unused_port() -> int:
    """A port of this machine that nobody listens at."""
    import socket

    with socket.create_server(("127.0.0.1", 0)) as listening_socket:
        return int(listening_socket.getsockname()[1])


@BOTH
def test_a_diagnosis_keeps_its_errors_as_safe_as_if_they_were_raised(mode: Mode) -> None:
    """One question fails, and all of the diagnosis is printed."""
    from tests.hostile.cells import prepare

    subject = prepare(cell_of(f"fireworks-diagnose 3 reads, 500 for good, {mode}"))
    found = attempt(subject, mode)

    assert [ability.operation for ability in found.outcome.abilities if ability.error is not None] == ["secrets"]
    assert leaks(shown_by_anything(found.outcome), subject.hidden()) == []
