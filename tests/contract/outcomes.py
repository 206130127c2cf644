"""What an outcome of the facade has to be, given the reply that it was made of. Owns comparing the two, and replies in
plain words, which are never turned down.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from issuant import IssuedKey, Secret
from issuant.inventory import PairingToken, Removed, WhitelistedIps

from tests.contract.acts import SECRET_ID, Act, Listed, acts
from tests.contract.answers import item_schema, list_field
from tests.contract.documents import variants
from tests.contract.exchanges import method_of, session
from tests.contract.places import Place, at, secret_places, without
from tests.contract.replies import Declared

NEEDED = {
    "fireblocks-getApiUsers": {"id": "TEST-id"},
    "fireblocks-getApprovals": {"requestPayload": '{"requestId": "TEST-id"}'},
}
"""What a document does not promise of an item, and nobody can do without."""


def act_of(reply: Declared) -> Act:
    """Return what the facade is asked for where this is the reply."""
    return acts(reply.operation.provider)[method_of(reply.operation)]


def assert_is(outcome: Any, reply: Declared, body: Any) -> None:
    """Assert that an outcome is what the reply says, its value included, and that nothing of the rest is lost."""
    act = act_of(reply)
    match outcome:
        case Listed():
            for item, fields in _paired(outcome, body.get(list_field(reply.operation))):
                assert isinstance(item, act.outcome)
                assert dict(item.fields) == without(fields, secrets_of(reply))
            return
        case Removed():
            assert outcome.id == session(reply.operation.provider, method_of(reply.operation)).given.id
            return
        case WhitelistedIps():
            assert outcome.addresses == tuple(body.get("whitelistedIps") or ())
            return
    secrets = secrets_of(reply)
    assert isinstance(outcome, act.outcome)
    assert dict(outcome.fields) == without(body, secrets)
    assert isinstance(outcome, IssuedKey | PairingToken) is bool(secrets)
    if isinstance(outcome, IssuedKey | PairingToken):
        assert [outcome.secret.reveal()] == [at(body, place) for place in secrets]


def _paired(found: Listed, sent: Any) -> Iterator[tuple[Any, Any]]:
    """Yield each item with what it was made of. Fails where one is neither returned nor a problem."""
    sent = sent or []
    spoilt = {problem.position for problem in found.problems}
    assert len(found.items) + len(spoilt) == len(sent)
    kept = [fields for position, fields in enumerate(sent) if position not in spoilt]
    yield from zip(found.items, kept, strict=True)


def secrets_of(reply: Declared) -> tuple[Place, ...]:
    """Return where the reply, or an item of its list, has what is secret."""
    operation = reply.operation
    return secret_places(operation.provider, item_schema(operation) if act_of(reply).kind == "list" else reply.schema)


def in_plain_words(reply: Declared) -> list[dict[str, Any]]:
    """Return some bodies of the declared fields alone, with a printable text for each text that has no form of its own.

    Of a list it is one whole page, with what no item can do without.
    """
    plain = (_plain(reply.operation.provider, reply.schema, body) for body in reply.bodies())
    finish = _one_page if act_of(reply).kind == "list" else _own
    return [finish(reply, body) for body in plain]


def _own(reply: Declared, body: dict[str, Any]) -> dict[str, Any]:
    """Return a body that is the answer to what was asked: of the secret that was named, or the empty object."""
    provider, method = reply.operation.provider, method_of(reply.operation)
    if provider == "fireworks" and act_of(reply).kind == "remove":
        return {}
    if provider == "fireworks" and "secret" in method:
        return {**body, "name": SECRET_ID}
    return body


def _one_page(reply: Declared, body: dict[str, Any]) -> dict[str, Any]:
    needed, field = NEEDED.get(reply.operation.test_id, {}), str(list_field(reply.operation))
    return {field: [{**item, **needed} for item in body.get(field, ())]}


def _plain(provider: str, schema: Any, value: Any, name: str = "") -> Any:
    forms = tuple(variants(provider, schema))
    if isinstance(value, list):
        items: Any = next((form["items"] for form in forms if "items" in form), {})
        return [_plain(provider, items, item, name) for item in value]
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


def tampered(outcome: Any) -> Iterator[Any]:
    """Yield outcomes that are not this one: each has lost something, or has another in its place."""
    match outcome:
        case Listed():
            yield replace(outcome, items=outcome.items[1:])
            for wrong in tampered(outcome.items[0]):
                yield replace(outcome, items=(wrong, *outcome.items[1:]))
        case Removed():
            yield replace(outcome, id="another")
        case WhitelistedIps():
            yield replace(outcome, addresses=(*outcome.addresses, "another"))
        case _:
            yield replace(outcome, fields=outcome.fields.without(next(iter(outcome.fields))))
            if isinstance(outcome, IssuedKey | PairingToken):
                yield replace(outcome, secret=Secret("another_TEST_not_a_key"))
