"""The generated packages used alone: neither models, replies, clients nor errors show a value or a credential."""

from __future__ import annotations

import asyncio
import copy
import logging
import pickle
import traceback
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from tests.generated.packages import OPERATIONS, PACKAGES, SECRET, Operation
from tests.leaks.detector import OURS, chain, frames, leaks, printed

CREDENTIAL = "TEST_credential_4Hs2_not_a_key"
COOKIE = "TEST_cookie_8Mv5_not_a_key"
SECRETS = (SECRET, CREDENTIAL, COOKIE)

EACH = pytest.mark.parametrize("operation", OPERATIONS, ids=str)
BOTH = pytest.mark.parametrize("mode", ["sync", "async"])

Handler = Callable[[httpx.Request], httpx.Response]


class Credential(httpx.Auth):
    """Puts the credential into a header."""

    def auth_flow(self, request: httpx.Request) -> Any:
        request.headers["Authorization"] = f"Bearer {CREDENTIAL}"
        yield request


def _client(operation: Operation, handler: Handler) -> Any:
    transport = httpx.MockTransport(handler)
    return operation.client(
        transport=transport,
        async_transport=transport,
        auth=Credential(),
        headers={"X-Key": CREDENTIAL},
        cookies={"session": COOKIE},
    )


def _call(operation: Operation, client: Any, mode: str) -> Any:
    functions = operation.functions()
    if mode == "sync":
        with client:
            return functions.sync_detailed(client=client, **operation.arguments())

    async def run() -> Any:
        async with client:
            return await functions.asyncio_detailed(client=client, **operation.arguments())

    return asyncio.run(run())


def _answer(operation: Operation) -> Handler:
    headers = {"Set-Cookie": f"session={COOKIE}"}
    return lambda _: httpx.Response(operation.status, json=operation.reply, headers=headers)


def _prints(value: object) -> list[tuple[str, str]]:
    """What printing and copying shows; a pickle of a model or a reply is one of its content, as `to_dict()` is."""
    return [(channel, text) for channel, text in printed(value) if not channel.startswith("pickle")]


def _shown(error: BaseException) -> list[tuple[str, str]]:
    """The texts of an exception and of its chain, and the locals of generated frames as a debugger prints them."""
    linked = list(chain(error))
    shown = [pair for one in linked for pair in _prints(one)]
    shown += [("attributes", repr((one.args, vars(one), getattr(one, "__notes__", [])))) for one in linked]
    held = [frame for one in linked for frame in frames(one.__traceback__)]
    assert held, "no frame of a generated package was looked at"
    shown += [
        (f"{frame.f_code.co_name}:{name}", repr(value)) for frame in held for name, value in frame.f_locals.items()
    ]
    return [*shown, ("traceback", "".join(traceback.format_exception(error)))]


def test_every_package_is_looked_at() -> None:
    """One that is added has to be called here as well."""
    assert {operation.package for operation in OPERATIONS} == set(PACKAGES)


@EACH
@BOTH
def test_a_call_that_succeeds_prints_nothing(operation: Operation, mode: str, caplog: pytest.LogCaptureFixture) -> None:
    """Arguments, reply, parsed model, client, and what httpx logs; the client has opened both of its own."""
    caplog.set_level(logging.DEBUG)
    client = _client(operation, _answer(operation))
    response = _call(operation, client, mode)

    subjects = [*operation.bodies(), response, response.parsed, client, [response, client], {"c": client}]
    shown = [pair for subject in subjects for pair in _prints(subject)]
    shown += [("log", f"{record.getMessage()} {record.args!r}") for record in caplog.records]
    assert leaks(shown, SECRETS) == []
    assert caplog.records
    if operation.reply is not None:
        assert SECRET in str(response.parsed.to_dict())


@EACH
def test_a_client_is_neither_pickled_nor_told_by_its_changes(operation: Operation) -> None:
    """`with_*` makes clients that print no more than the first."""
    client = _client(operation, _answer(operation)).with_headers({"X-Other": SECRET}).with_cookies({"c": SECRET})
    client = client.with_auth(Credential()).with_timeout(1.0)
    client.get_httpx_client()
    client.get_async_httpx_client()
    with pytest.raises(TypeError, match="pickle") as caught:
        pickle.dumps(client)
    assert leaks([*_prints(client), ("refusal", repr(caught.value))], SECRETS) == []


@EACH
def test_a_model_that_is_copied_is_still_masked(operation: Operation) -> None:
    """Copies and pickles hold the value, as the model does, and print none of it."""
    bodies = operation.bodies()
    if operation.reply is not None:
        bodies.append(_call(operation, _client(operation, _answer(operation)), "sync").parsed)
    for body in bodies:
        for twin in (copy.copy(body), copy.deepcopy(body), pickle.loads(pickle.dumps(body))):  # noqa: S301 - our own
            assert twin == body, "what is left out stays left out"
            assert (SECRET in repr(twin.to_dict())) == (SECRET in repr(body.to_dict()))
            assert leaks(_prints(twin), SECRETS) == []


FAILURES: dict[str, type[httpx.RequestError]] = {
    kind.__name__: kind
    for kind in (
        httpx.ConnectError,
        httpx.ConnectTimeout,
        httpx.ReadTimeout,
        httpx.WriteError,
        httpx.PoolTimeout,
        httpx.RemoteProtocolError,
        httpx.ProxyError,
    )
}


@EACH
@BOTH
@pytest.mark.parametrize("name", FAILURES)
def test_an_error_of_httpx_passes_through_frames_that_show_nothing(operation: Operation, mode: str, name: str) -> None:
    """The chain and the locals of every generated frame on the way."""

    def fail(request: httpx.Request) -> httpx.Response:
        assert request.headers["Authorization"].endswith(CREDENTIAL)
        raise FAILURES[name]("the network failed", request=request)

    with pytest.raises(FAILURES[name]) as caught:
        _call(operation, _client(operation, fail), mode)
    assert leaks(_shown(caught.value), SECRETS) == []


BAD_REPLIES: dict[str, Callable[[], httpx.Response]] = {
    "html": lambda: httpx.Response(502, html=" ".join(SECRETS), headers={"Set-Cookie": f"session={COOKIE}"}),
    "empty": lambda: httpx.Response(503),
    "cut": lambda: httpx.Response(401, content=f'{{"message": "{CREDENTIAL}'.encode()),
    "list": lambda: httpx.Response(429, json=list(SECRETS)),
    "no-status": lambda: httpx.Response(599, text=SECRET),
    "redirect": lambda: httpx.Response(302, headers={"Location": f"https://other.invalid/{CREDENTIAL}"}),
    "media-type": lambda: httpx.Response(400, text="x", headers={"Content-Type": f"text/{CREDENTIAL}"}),
}


@EACH
@BOTH
@pytest.mark.parametrize("name", BAD_REPLIES)
def test_an_error_over_a_reply_shows_nothing_of_it(operation: Operation, mode: str, name: str) -> None:
    """UnreadableReply or UnexpectedStatus: neither text, chain nor frames repeat the value, credential or cookie."""
    with pytest.raises(operation.errors().ApiError) as caught:
        _call(operation, _client(operation, lambda _: BAD_REPLIES[name]()), mode)
    assert (caught.value.__cause__, caught.value.__context__) == (None, None)
    assert leaks(_shown(caught.value), SECRETS) == []


@EACH
@BOTH
def test_an_encoding_that_is_none_shows_nothing(operation: Operation, mode: str) -> None:
    """httpx's own DecodingError, raised while the reply is read."""
    headers = {"Content-Encoding": "gzip", "Set-Cookie": f"session={COOKIE}"}
    answer: Handler = lambda _: httpx.Response(200, headers=headers, stream=httpx.ByteStream(SECRET.encode()))  # noqa: E731 - one line
    with pytest.raises(httpx.DecodingError) as caught:
        _call(operation, _client(operation, answer), mode)
    assert leaks(_shown(caught.value), SECRETS) == []


@pytest.mark.parametrize("leak", ["text", "local", "context"])
def test_what_leaks_on_purpose_is_found(leak: str) -> None:
    """The search can fail: a text, a local of a frame that is called generated, a chained error."""
    bodies = {
        "text": "text = 'no ' + value\ndel value\nraise ValueError(text)",
        "local": "raise ValueError('no')",
        "context": "try:\n    raise KeyError(value)\nexcept KeyError:\n    raise ValueError('no') from None",
    }
    source = "def leaky(value):\n" + "".join(f"    {line}\n" for line in bodies[leak].splitlines())
    space: dict[str, Any] = {}
    exec(compile(source, f"{OURS[1]}/leaky.py", "exec"), space)  # noqa: S102 - our own text
    with pytest.raises(ValueError, match="no") as caught:
        space["leaky"](CREDENTIAL)
    assert leaks(_shown(caught.value), SECRETS)
