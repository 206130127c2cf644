"""What an interruption of something that is created says of where to look for it, at each provider that has a word on
it. The sentence is there whether the flow still lives or has ended between two steps.
"""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest
from issuant import FireblocksAccount, FireblocksKeyRequest, Secret, connect
from issuant.advice import AGAIN, LOOK_FIRST
from issuant.errors import Effect, IssuantError, OutcomeUnknownError, UnusableReplyError
from issuant.failures import interrupted
from issuant.flow import Call
from issuant.mocks import simulator
from issuant.mocks.fireblocks import FireblocksSimulator
from issuant.providers.fireblocks import users as api_users
from issuant.providers.fireblocks.refusals import WAITING
from issuant.providers.fireworks import secrets, users
from issuant.redaction import Redactor
from issuant.replies import Reply

from tests.issuant.providers.fireblocks_stand import wish

CSR = str(wish().csr_pem)


class StopsAfterSending(httpx.BaseTransport):
    """The request takes effect; then Ctrl-C comes."""

    def __init__(self, inner: Any) -> None:
        self._inner = inner

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self._inner.handle_request(request)
        raise KeyboardInterrupt


@pytest.mark.parametrize("is_made_here", [True, False], ids=["made-here", "the-caller-s"])
def test_an_interrupted_request_for_an_api_user_says_where_it_waits_and_what_is_kept(
    is_made_here: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each once, and in the words of the error that carries it."""
    monkeypatch.setattr("issuant.auth.fireblocks.KEY_BITS", 2048)
    vendor = simulator("fireblocks")
    assert isinstance(vendor, FireblocksSimulator)
    account = FireblocksAccount(api_key=vendor.api_key, private_key=vendor.private_key_pem)
    wire = StopsAfterSending(vendor.transport())
    asked = FireblocksKeyRequest(name="k", role="VIEWER", csr_pem=None if is_made_here else CSR)
    with connect(account, transport=wire) as fireblocks, pytest.raises(KeyboardInterrupt) as caught:
        fireblocks.issue(asked)
    outcome = vars(caught.value)["outcome"]
    assert isinstance(outcome, OutcomeUnknownError)
    assert outcome.csr_pem is not None
    assert outcome.advice.count(WAITING) == 1
    assert LOOK_FIRST not in outcome.advice
    assert "same idempotency key" in outcome.advice
    assert (outcome.private_key is not None) is is_made_here
    assert ("`private_key` and `csr_pem`" in outcome.advice) is is_made_here


def stopped(call: Call, body: object = None) -> IssuantError:
    """Return the error of a call that was stopped between two steps, with the reply that had come by then."""
    call.may_have_acted = True
    if body is None:
        return interrupted(call, "nowhere")
    reply = Reply(
        httpx.Response(200),
        json.dumps(body).encode(),
        provider="nowhere",
        operation=call.operation,
        repeats=call.repeats,
        redactor=Redactor([]),
        id_field=call.id_field,
        value_field=call.value_field,
    )
    return interrupted(call, "nowhere", reply)


def test_a_request_for_an_api_user_that_ends_between_two_steps_says_where_it_waits() -> None:
    """The adapter is not there any more to say it."""
    error = stopped(api_users.create_call(wish(), CSR, "key-1", None, None))
    assert error.effect is Effect.UNKNOWN
    assert error.advice == f"{LOOK_FIRST} {WAITING}"
    assert (error.csr_pem, error.idempotency_key) == (CSR, "key-1")


VALUE = Secret("value_TEST_not_a_key")
STORED = {"name": "accounts/a/secrets/s", "keyName": "S"}
USER = {"name": "accounts/a/users/robot", "role": "user"}


@pytest.mark.parametrize(
    ("call", "body", "advice"),
    [
        pytest.param(lambda: secrets.create_call("a", "s", "S", VALUE, repeats=True), STORED, AGAIN, id="put"),
        pytest.param(lambda: secrets.create_call("a", "s", "S", VALUE, repeats=False), STORED, LOOK_FIRST, id="create"),
        pytest.param(lambda: secrets.update_call("a", "s", "S", VALUE), STORED, AGAIN, id="update"),
        pytest.param(
            lambda: users.create_call("a", "robot", role="user", service_account=True, name="", email=None),
            USER,
            users.LOOK_FIRST,
            id="user",
        ),
    ],
)
def test_what_was_made_when_ctrl_c_came_is_told_with_what_fits_it(call: Any, body: dict[str, str], advice: str) -> None:
    """A secret and a user are not revoked like a key; without a reply, it may be there."""
    made, may_be = stopped(call(), body), stopped(call())
    assert isinstance(made, UnusableReplyError)
    assert (made.effect, made.id, made.advice) == (Effect.CREATED, body["name"], advice)
    assert isinstance(may_be, OutcomeUnknownError)
    assert (may_be.id, may_be.advice) == (None, advice)
