"""Whatever 2xx a document allows, the facade returns an outcome or raises an error of its own, and nothing else."""

from __future__ import annotations

import asyncio
import json
from itertools import cycle
from typing import Any

import httpx
import issuant
import pytest
from issuant import Effect, PendingApproval
from issuant.inventory import Approval, ApprovalState
from schemathesis import GenerationMode

from tests.contract.acts import Act, Listed, quick_account
from tests.contract.answers import Answering, base_url, list_field
from tests.contract.documents import GENERATED_ONLY, asked
from tests.contract.drawing import for_each, spread
from tests.contract.exchanges import ONCE, method_of, session
from tests.contract.outcomes import act_of, assert_is, in_plain_words, secrets_of, tampered
from tests.contract.places import Place, at, places, put
from tests.contract.replies import Declared, declared

EXAMPLES = {"sync": 30, "async": 15}

EFFECTS = {
    "make": {Effect.CREATED, Effect.UNKNOWN},
    "list": {Effect.NONE},
    "read": {Effect.NONE},
    "remove": {Effect.UNKNOWN},
}
"""What a reply that cannot be used may have done, by what was asked for."""

TOLD_OTHERWISE = {("fireblocks-getApprovalById", 403), ("fireblocks-getApprovalById", 404)}
"""Refusals that are an answer: what became of an approval that may not be looked at, the list of users tells."""


def _declared(*, with_body: bool) -> list[Declared]:
    return [item for item in declared(with_body=with_body) if item.operation.test_id not in GENERATED_ONLY]


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
    covered = {item.operation.test_id for body in (True, False) for item in _successes(with_body=body)}
    assert covered == {operation.test_id for operation in asked()}


@_named(_successes(with_body=True))
@both_flavours
def test_a_success_is_an_outcome_or_an_unusable_reply(reply: Declared, flavour: str) -> None:
    """What the document allows and nobody can use, such as an empty key, is an error, which tells what it may mean."""

    def check(body: Any) -> None:
        found = _ask_or_unusable(reply, body, flavour)
        if isinstance(found, issuant.UnusableReplyError):
            assert found.status in (None, _success(reply))
            kind = act_of(reply).kind
            assert found.effect in EFFECTS[kind] - ({Effect.UNKNOWN} if kind != "remove" else set())
        else:
            assert_is(found, reply, body)

    for_each(spread(reply.bodies(), EXAMPLES[flavour]), check)


@_named(_successes(with_body=True))
@both_flavours
def test_a_successin_plain_words_is_always_an_outcome(reply: Declared, flavour: str) -> None:
    """Where every text is a printable one, no reply that the document allows is turned down, and no item of a list."""

    def check(body: Any) -> None:
        outcome = _ask(reply, _success(reply), _json(body), flavour)
        assert_is(outcome, reply, body)
        assert not isinstance(outcome, Listed) or outcome.problems == ()

    for_each(spread(in_plain_words(reply), EXAMPLES[flavour]), check)


@_named(_successes(with_body=True))
@both_flavours
def test_a_success_that_breaks_the_schema_is_an_outcome_or_a_typed_error(reply: Declared, flavour: str) -> None:
    """Wrong types, missing fields and bodies that are no object do not come out as anything but an error of ours.

    An item of a list that is spoilt is a problem of that item; all others are returned.
    """

    def check(body: Any) -> None:
        found = _ask_or_unusable(reply, body, flavour)
        if isinstance(found, issuant.UnusableReplyError):
            assert found.effect in EFFECTS[act_of(reply).kind]
        else:
            assert_is(found, reply, body)

    for_each(spread(reply.bodies(GenerationMode.NEGATIVE), EXAMPLES[flavour]), check)


@_named([item for item in _successes(with_body=True) if list_field(item.operation)])
@both_flavours
@pytest.mark.parametrize("spoilt", [None, 12, "text", [], {}, {"id": ["a"]}], ids=repr)
def test_a_spoilt_item_costs_none_of_the_others(reply: Declared, flavour: str, spoilt: object) -> None:
    """It is a problem, which tells where in the list it stands."""
    assert act_of(reply).kind == "list"
    field = str(list_field(reply.operation))

    def check(body: dict[str, Any]) -> None:
        good = body[field]
        found = _ask(reply, _success(reply), _json(body | {field: [*good, spoilt, *good]}), flavour)
        assert len(found.items) == 2 * len(good)
        assert [problem.position for problem in found.problems] == [len(good)]
        assert found.problems[0].faults

    for_each(spread(in_plain_words(reply), 3), check)


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
    carriers = [(item, place) for item in _successes(with_body=True) for place in secrets_of(item)]
    assert carriers
    for reply, place in carriers:

        def check(body: dict[str, Any], reply: Declared = reply, place: Place = place) -> None:
            with pytest.raises(issuant.UnusableReplyError) as caught:
                _ask(reply, _success(reply), json.dumps(put(body, place, value)).encode(), flavour)
            assert caught.value.secret is None
            assert caught.value.id in {str(at(body, other)) for other in places(body)}

        for_each(spread(in_plain_words(reply), 3), check)


@_named(_successes(with_body=False))
@both_flavours
def test_a_success_without_a_body_is_a_pending_approval_or_a_removal(reply: Declared, flavour: str) -> None:
    """What asks for approval has none: with a body it is nothing that anybody knows, and no success."""
    for code in (code for code in reply.codes if 200 <= code <= 299):
        outcome = _ask(reply, code, b"", flavour)
        if act_of(reply).kind == "remove":
            assert_is(outcome, reply, None)
            continue
        assert isinstance(outcome, PendingApproval)
        with pytest.raises(issuant.UnusableReplyError):
            _ask(reply, code, b"{}", flavour)


@_named(_refusals())
@both_flavours
def test_a_refusal_is_a_typed_error(reply: Declared, flavour: str) -> None:
    """With its status; it is never an outcome, nor a reply that is unusable. A reading is never of unknown effect."""
    reads = act_of(reply).kind in ("list", "read")
    kinds = (issuant.RefusedError, issuant.UnansweredError if reads else issuant.OutcomeUnknownError)

    def check(sent: tuple[int, Any]) -> None:
        code, body = sent
        if (reply.operation.test_id, code) in TOLD_OTHERWISE:
            outcome = _ask(reply, code, _json(body), flavour)
            assert isinstance(outcome, Approval)
            assert (outcome.state, bool(outcome.note)) == (ApprovalState.UNKNOWN, True)
            return
        with pytest.raises(kinds) as caught:
            _ask(reply, code, _json(body), flavour)
        assert caught.value.status == code
        assert not reads or caught.value.effect is Effect.NONE

    bodies = spread(reply.bodies(), EXAMPLES[flavour])
    for_each([*zip(cycle(reply.codes), bodies)], check)


@_named(_successes(with_body=True))
def test_an_outcome_that_is_not_what_was_sent_is_noticed(reply: Declared) -> None:
    """A field or an item that is lost, another value, another id: what is compared above can differ."""
    body: Any = next((body for body in reversed(in_plain_words(reply)) if any(body.values())), {})
    outcome = _ask(reply, _success(reply), _json(body), "sync")
    assert_is(outcome, reply, body)
    others = list(tampered(outcome))
    assert others
    for wrong in others:
        with pytest.raises(AssertionError):
            assert_is(wrong, reply, body)


def _ask(reply: Declared, code: int, content: bytes, flavour: str) -> Any:
    """Ask for what sends the operation, and let this be the reply; a list has an empty page after it, if it goes on."""
    name, method, act = reply.operation.provider, method_of(reply.operation), act_of(reply)
    answers = [httpx.Response(code, content=content, headers={"Content-Type": "application/json"})]
    if act.kind == "list" and answers[0].is_success:
        answers.append(httpx.Response(200, json={list_field(reply.operation): []}))
    transport, given = Answering(reply.operation, method, answers), session(name, method).given
    if flavour == "async":
        return asyncio.run(_ask_async(name, act, given, transport))
    with issuant.connect(quick_account(name), base_url=base_url(name), transport=transport, retries=ONCE) as connection:
        return act.ask(connection, given)


async def _ask_async(name: str, act: Act, given: Any, transport: Answering) -> Any:
    async with issuant.connect_async(
        quick_account(name), base_url=base_url(name), transport=transport, retries=ONCE
    ) as connection:
        return await act.ask(connection, given)


def _ask_or_unusable(reply: Declared, body: Any, flavour: str) -> Any:
    try:
        return _ask(reply, _success(reply), _json(body), flavour)
    except issuant.UnusableReplyError as error:
        return error


def _json(body: object) -> bytes:
    return json.dumps(body, ensure_ascii=False).encode()
