"""Whatever 2xx a document allows, the facade returns an outcome or raises an error of its own, and nothing else."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import httpx
import issuant
import pytest
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy
from issuant import IssuedKey, PendingApproval, StoredSecret
from issuant.providers import Account
from schemathesis import GenerationMode

from tests.contract.documents import UNASKED, Operation, asked, variants
from tests.contract.drawing import for_each
from tests.contract.exchanges import method_of
from tests.contract.places import Place, at, places, put, secret_places, without
from tests.contract.replies import Declared, declared
from tests.contract.unlisted import account, acts, unlisted
from tests.mocks.signing import csr_of, pem_of, rsa_key

EXAMPLES = {"sync": 25, "async": 5}
Outcome = IssuedKey | PendingApproval | StoredSecret


@dataclass(frozen=True, kw_only=True)
class Use:
    """How the facade is asked for an operation. `call` takes a connection of either flavour."""

    account: Callable[[], Account]
    call: Callable[[Any], Any]


def _fireworks() -> Account:
    return issuant.FireworksAccount(api_key="fw_TEST_not_a_key", account_id="account", user_id="user")


def _fireblocks() -> Account:
    return issuant.FireblocksAccount(api_key="TEST_api_user_not_a_key", private_key=pem_of(rsa_key(2048, 0)))


def _galileo() -> Account:
    return issuant.GalileoAccount(api_key="galileo_TEST_not_a_key")


def _ask_for_a_user(connection: Any) -> Any:
    return connection.issue(issuant.FireblocksKeyRequest(name="ci", role="VIEWER", csr_pem=csr_of(rsa_key(2048, 1))))


USES = {
    ("fireworks", "CreateApiKey"): Use(
        account=_fireworks, call=lambda connection: connection.issue(issuant.KeyRequest(name="ci"))
    ),
    ("fireworks", "CreateSecret"): Use(
        account=_fireworks,
        call=lambda connection: connection.put_secret("ci", key_name="CI", value="stored_TEST_not_a_key"),
    ),
    ("fireblocks", "createApiUser"): Use(account=_fireblocks, call=_ask_for_a_user),
    ("galileo", "create_api_key"): Use(
        account=_galileo, call=lambda connection: connection.issue(issuant.KeyRequest(name="ci"))
    ),
}


def _use(operation: Operation) -> Use:
    """Return the use that stands above, or for a provider that does not stand there the one that its parts tell."""
    name = operation.provider
    if name not in unlisted(provider for provider, _ in USES):
        return USES[name, operation.id]
    act = acts(name)[method_of(operation)]
    return Use(account=lambda: account(name), call=lambda connection: act(connection, None))


def _declared(*, with_body: bool) -> list[Declared]:
    return [item for item in declared(with_body=with_body) if item.operation.test_id not in UNASKED]


def _successes(*, with_body: bool) -> list[Declared]:
    return [item for item in _declared(with_body=with_body) if any(200 <= code <= 299 for code in item.codes)]


def _success(reply: Declared) -> int:
    return next(code for code in reply.codes if 200 <= code <= 299)


def _refusals() -> list[Declared]:
    return [item for item in _declared(with_body=True) if not any(200 <= code <= 299 for code in item.codes)]


def _named(items: list[Declared]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("reply", items, ids=[item.id for item in items])


both_flavours = pytest.mark.parametrize("flavour", list(EXAMPLES))


def test_the_facade_is_asked_for_every_operation() -> None:
    """A new operation has to say how the facade asks for it."""
    assert all(_use(operation).call for operation in asked())
    assert set(USES) <= {(operation.provider, operation.id) for operation in asked()}
    covered = {item.operation.test_id for body in (True, False) for item in _successes(with_body=body)}
    assert covered == {operation.test_id for operation in asked()}


@_named(_successes(with_body=True))
@both_flavours
def test_a_success_is_an_outcome_or_an_unusable_reply(reply: Declared, flavour: str) -> None:
    """What the document allows and nobody can use, such as an empty key, is an error: something was created."""

    def check(body: Any) -> None:
        found = _ask_or_unusable(reply, _json(body), flavour)
        if isinstance(found, issuant.UnusableReplyError):
            assert (found.status, found.effect) == (_success(reply), issuant.Effect.CREATED)
        else:
            _assert_is(found, reply, body)

    for_each(reply.bodies(), EXAMPLES[flavour], check)


@_named(_successes(with_body=True))
@both_flavours
def test_a_success_in_plain_words_is_always_an_outcome(reply: Declared, flavour: str) -> None:
    """Where every text is a printable one, no reply that the document allows is turned down."""
    for_each(
        _in_plain_words(reply),
        EXAMPLES[flavour],
        lambda body: _assert_is(_ask(reply, _success(reply), _json(body), flavour), reply, body),
    )


@_named(_successes(with_body=True))
@both_flavours
def test_a_success_that_breaks_the_schema_is_an_outcome_or_a_typed_error(reply: Declared, flavour: str) -> None:
    """Wrong types, missing fields and bodies that are no object do not come out as anything but an error of ours."""

    def check(body: Any) -> None:
        found = _ask_or_unusable(reply, _json(body), flavour)
        if not isinstance(found, issuant.UnusableReplyError):
            _assert_is(found, reply, body)

    for_each(reply.bodies(GenerationMode.NEGATIVE), EXAMPLES[flavour], check)


@both_flavours
@pytest.mark.parametrize(
    "value",
    [
        pytest.param("", id="empty"),
        pytest.param(" ", id="blank"),
        pytest.param("two words", id="blank-inside"),
        pytest.param("line\nbreak", id="line-break"),
        pytest.param("nul\x00", id="nul"),
        pytest.param("\ud800", id="lone-surrogate"),
        pytest.param(None, id="null"),
        pytest.param(12, id="number"),
        pytest.param(["key"], id="list"),
    ],
)
def test_a_value_that_is_no_key_is_never_a_success(flavour: str, value: object) -> None:
    """For every reply that carries a secret: the error tells the id, by which to revoke what was created."""
    carriers = [(item, place) for item in _successes(with_body=True) for place in _secrets(item)]
    assert carriers
    for reply, place in carriers:

        def check(body: dict[str, Any], reply: Declared = reply, place: Place = place) -> None:
            with pytest.raises(issuant.UnusableReplyError) as caught:
                _ask(reply, _success(reply), json.dumps(put(body, place, value)).encode(), flavour)
            assert caught.value.secret is None
            assert caught.value.id in {str(at(body, other)) for other in places(body)}

        for_each(_in_plain_words(reply), 3, check)


@_named(_successes(with_body=False))
@both_flavours
def test_a_success_without_a_body_is_a_pending_approval(reply: Declared, flavour: str) -> None:
    """And with a body it is nothing that anybody knows, and no success."""
    for code in (code for code in reply.codes if 200 <= code <= 299):
        assert isinstance(_ask(reply, code, b"", flavour), PendingApproval)
        with pytest.raises(issuant.UnusableReplyError):
            _ask(reply, code, b"{}", flavour)


@_named(_refusals())
@both_flavours
def test_a_refusal_is_a_typed_error(reply: Declared, flavour: str) -> None:
    """With its status; it is never an outcome, nor a reply that is unusable."""

    def check(sent: tuple[int, Any]) -> None:
        code, body = sent
        with pytest.raises((issuant.RefusedError, issuant.OutcomeUnknownError)) as caught:
            _ask(reply, code, _json(body), flavour)
        assert caught.value.status == code

    for_each(st.tuples(st.sampled_from(reply.codes), reply.bodies()), EXAMPLES[flavour], check)


def _ask(reply: Declared, code: int, content: bytes, flavour: str) -> Outcome:
    use = _use(reply.operation)
    answer = httpx.Response(code, content=content, headers={"Content-Type": "application/json"})
    transport = httpx.MockTransport(lambda _: answer)
    if flavour == "async":
        return asyncio.run(_ask_async(use, transport))
    with issuant.connect(use.account(), transport=transport) as connection:
        outcome: Outcome = use.call(connection)
        return outcome


def _ask_or_unusable(reply: Declared, content: bytes, flavour: str) -> Outcome | issuant.UnusableReplyError:
    try:
        return _ask(reply, _success(reply), content, flavour)
    except issuant.UnusableReplyError as error:
        return error


async def _ask_async(use: Use, transport: httpx.MockTransport) -> Outcome:
    async with issuant.connect_async(use.account(), transport=transport) as connection:
        outcome: Outcome = await use.call(connection)
        return outcome


def _assert_is(outcome: Outcome, reply: Declared, body: Any) -> None:
    """Assert that an outcome is what the reply says, its value included, and that nothing of the rest is lost."""
    secrets = _secrets(reply)
    assert isinstance(outcome, IssuedKey if secrets else StoredSecret)
    assert dict(outcome.fields) == without(body, secrets)
    if isinstance(outcome, IssuedKey):
        assert [outcome.secret.reveal()] == [at(body, place) for place in secrets]


def _secrets(reply: Declared) -> tuple[Place, ...]:
    return secret_places(reply.operation.provider, reply.schema)


def _in_plain_words(reply: Declared) -> SearchStrategy[dict[str, Any]]:
    """Return bodies of the declared fields alone, with a printable text for each text that has no form of its own."""
    return reply.bodies().map(lambda body: _plain(reply.operation.provider, reply.schema, body))


def _plain(provider: str, schema: Any, value: Any, name: str = "") -> Any:
    forms = tuple(variants(provider, schema))
    if isinstance(value, dict):
        fields = {field: inner for form in forms for field, inner in form.get("properties", {}).items()}
        return {
            key: _plain(provider, fields[key], inner, key) if fields else inner
            for key, inner in value.items()
            if key in fields or not fields
        }
    is_free = len(forms) == 1 and forms[0].get("type") == "string" and not _is_bound(forms[0])
    return f"TEST-{name}-not-a-key" if is_free else value


def _is_bound(field: Mapping[str, Any]) -> bool:
    return not {"format", "pattern", "enum"}.isdisjoint(field)


def _json(body: object) -> bytes:
    return json.dumps(body, ensure_ascii=False).encode()
