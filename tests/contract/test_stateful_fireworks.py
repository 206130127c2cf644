"""Along the links of the Fireworks document: what is made is listed, what is deleted is gone; the checks can fail."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

import pytest
from issuant.mocks import Headers, MovableClock, Reply, Request, Simulator
from issuant.mocks.fireworks import FireworksSimulator

from tests.contract.breakage import Breakage, broken
from tests.contract.credentials import credential
from tests.contract.documents import Document, effective, operations
from tests.contract.stands import NOW
from tests.contract.stateful import Step, Walk, walk_until

SEQUENCES = {"keys": 15, "secrets": 40, "users": 10}


PARTS = {"keys": r"/apiKeys", "secrets": r"/secrets", "users": r"/users(/{user_id})?$"}
"""The paths of each part of the document. Of all at once, few sequences would stay with one thing for all its life."""


def _document(part: str) -> Document:
    """Return a part of the document with what is there to begin with, and ids of secrets that a link can lead to."""
    document = effective("fireworks")
    components = document["components"]
    components["parameters"]["PageToken"]["schema"]["enum"] = [""]
    components["parameters"]["PageSize"]["schema"] = {"type": "integer", "enum": [2] if part == "users" else [200]}
    secret = components["schemas"]["gatewaySecretInput"]["properties"]["name"]
    secret.update(pattern="^[a-z0-9]([a-z0-9-]*[a-z0-9])?$", maxLength=30)
    document["paths"] = {path: item for path, item in document["paths"].items() if re.search(PARTS[part], path)}
    there = {definition["operationId"] for item in document["paths"].values() for definition in item.values()}
    for item in document["paths"].values():
        for definition in item.values():
            links = definition["responses"]["200"].get("links", {})
            # Turning pages is for users alone, whom nobody deletes; it would fill the other sequences.
            led = there - ({definition["operationId"]} if item.get("get") is definition and part != "users" else set())
            for name in [name for name, link in links.items() if link.get("operationId") not in led]:
                del links[name]
            # A filter and an order belong to every page; a link cannot say that none was sent.
            kept = [one for one in definition["parameters"] if one.get("name") not in ("filter", "orderBy", "readMask")]
            definition["parameters"] = kept
            for parameter in kept:
                match parameter.get("name"):
                    case "user_id":
                        # Not whose key is used: a link from a list deletes the first key there is.
                        parameter["schema"]["enum"] = ["someone"]
                    case "userId":
                        parameter["required"] = True
    return document


def _walk(
    part: str,
    is_enough: Callable[[FireworksSimulator, Walk], bool],
    kind: type[Simulator] = FireworksSimulator,
) -> tuple[FireworksSimulator, Walk]:
    simulator = kind(clock=MovableClock(NOW))
    assert isinstance(simulator, FireworksSimulator)
    found = walk_until(
        lambda walked: is_enough(simulator, walked),
        simulator,
        _document(part),
        credential(simulator),
        parameters={"path.account_id": simulator.account_id},
        sequences=SEQUENCES[part],
    )
    return simulator, found


@pytest.fixture(scope="module")
def walked() -> dict[str, tuple[FireworksSimulator, Walk]]:
    """The simulator as it is, at the end of its walk through each part."""
    return {part: _walk(part, _whole(part)) for part in PARTS}


def _whole(part: str) -> Callable[[FireworksSimulator, Walk], bool]:
    return lambda _, found: _is_whole(part, found)


def _is_whole(part: str, found: Walk) -> bool:
    """Tell whether every operation of a part was reached, and what ends there has lived."""
    there = {item["operationId"] for path in _document(part)["paths"].values() for item in path.values()}
    lives = {"keys": lives_of_keys, "secrets": lives_of_secrets}.get(part, lambda _: 1)
    return found.reached() >= there and lives(found) >= 1


def _after(steps: tuple[Step, ...], operation: str) -> Iterator[tuple[Step, tuple[Step, ...]]]:
    for index, step in enumerate(steps):
        if step.operation == operation and step.succeeded:
            yield step, steps[index + 1 :]


def _listed(step: Step) -> set[str]:
    if step.operation != "ListApiKeys" or not step.succeeded:
        return set()
    return {key["keyId"] for key in step.reply["apiKeys"]}


def lives_of_keys(found: Walk) -> int:
    """Count the keys that one sequence made, listed and deleted, in this order."""
    lives = 0
    for steps in found.sequences:
        for made, later in _after(steps, "CreateApiKey"):
            key = made.reply["keyId"]
            seen = [index for index, step in enumerate(later) if key in _listed(step)]
            deleted = [step.sent["keyId"] for step, _ in _after(later[seen[0] :], "DeleteApiKey")] if seen else []
            lives += key in deleted
    return lives


def lives_of_secrets(found: Walk) -> int:
    """Count the secrets that one sequence stored, read or changed, and deleted, and that were then missed."""
    lives = 0
    for steps in found.sequences:
        for made, later in _after(steps, "CreateSecret"):
            path = f"{made.path}/{made.sent['name']}"
            own = tuple(step for step in later if step.path == path)
            gone = [later for _, later in _after(own, "DeleteSecret")]
            was_there = own[:1] and own[0].succeeded and own[0].operation != "DeleteSecret"
            lives += bool(was_there and gone and any(step.status == 404 for step in gone[0]))
    return lives


def survivals(simulator: Simulator, found: Walk) -> set[str]:
    """Return how deleted keys live on: listed, deleted once more, or still accepted."""
    ways: set[str] = set()
    values: dict[str, tuple[str, str]] = {}
    for steps in found.sequences:
        for made, _ in _after(steps, "CreateApiKey"):
            values[made.reply["keyId"]] = (made.path, made.reply["key"])
        for gone, later in _after(steps, "DeleteApiKey"):
            key = gone.sent["keyId"]
            ways |= {"listed" for step in later if key in _listed(step)}
            ways |= {"deleted-again" for step, _ in _after(later, "DeleteApiKey") if step.sent["keyId"] == key}
            path, value = values.get(key, ("", ""))
            headers = Headers({"Authorization": f"Bearer {value}"}.items())
            asked = Request(method="GET", path=path, headers=headers)
            ways |= {"accepted"} if value and simulator.handle(asked).status != 401 else set()
    return ways


def test_the_whole_life_of_keys_and_secrets_is_walked(walked: dict[str, tuple[FireworksSimulator, Walk]]) -> None:
    """Create, list or get, delete; every operation is reached, and succeeds somewhere."""
    assert {part for part, (_, found) in walked.items() if _is_whole(part, found)} == set(PARTS)
    reached = set().union(*(found.reached() for _, found in walked.values()))
    assert reached == {operation.id for operation in operations() if operation.provider == "fireworks"}


def test_every_link_of_the_document_leads_to_an_operation() -> None:
    """By its name or its place, with parameters that it has."""
    document = effective("fireworks")
    by_id = {item["operationId"]: item for path in document["paths"].values() for item in path.values()}
    links = [link for item in by_id.values() for link in item["responses"]["200"].get("links", {}).values()]
    assert links
    for link in links:
        target = by_id[link["operationId"]] if "operationId" in link else _at(document, link["operationRef"])
        names = {_parameter(document, item)["name"] for item in target["parameters"]}
        assert set(link["parameters"]) <= names
        assert ("requestBody" in link) <= ("requestBody" in target)


def _parameter(document: Document, item: Mapping[str, Any]) -> Any:
    return _at(document, item["$ref"]) if "$ref" in item else item


def _at(document: Document, reference: str) -> Any:
    found: Any = document
    for part in reference.removeprefix("#/").split("/"):
        found = found[part.replace("~1", "/").replace("~0", "~")]
    return found


@pytest.mark.parametrize("part", PARTS)
def test_the_simulator_keeps_what_it_says(walked: dict[str, tuple[FireworksSimulator, Walk]], part: str) -> None:
    """No check of schemathesis fails, use_after_free among them, and no deleted key lives on."""
    simulator, found = walked[part]
    assert found.failures == {}
    assert survivals(simulator, found) == set()


def _keep_deleted_keys(simulator: Simulator, handle: Callable[[Request], Reply], request: Request) -> Reply:
    assert isinstance(simulator, FireworksSimulator)
    before = dict(simulator.keys)
    reply = handle(request)
    simulator.keys = before | simulator.keys
    return reply


def _accept_deleted_keys(simulator: Simulator, handle: Callable[[Request], Reply], request: Request) -> Reply:
    """Serve whoever comes with a key that was deleted as the one who was there first."""
    reply = handle(request)
    if reply.status == 401:
        headers = {**request.headers, "Authorization": f"Bearer {simulator.api_key}"}
        return handle(replace(request, headers=Headers(headers.items())))
    return reply


def _keep_deleted_secrets(simulator: Simulator, handle: Callable[[Request], Reply], request: Request) -> Reply:
    assert isinstance(simulator, FireworksSimulator)
    before = dict(simulator.secrets)
    reply = handle(request)
    simulator.secrets = before | simulator.secrets
    return reply


@pytest.mark.parametrize(
    ("part", "way", "ways", "failures"),
    [
        pytest.param("keys", _keep_deleted_keys, {"listed", "deleted-again", "accepted"}, set(), id="keys-live-on"),
        pytest.param("keys", _accept_deleted_keys, {"accepted"}, set(), id="revoked-values-are-accepted"),
        pytest.param("secrets", _keep_deleted_secrets, set(), {"use_after_free"}, id="deleted-secrets-answer"),
    ],
)
def test_a_simulator_that_forgets_to_delete_is_caught(
    part: str, way: Breakage, ways: set[str], failures: set[str]
) -> None:
    """By the check that owns it."""

    def is_enough(simulator: FireworksSimulator, found: Walk) -> bool:
        return survivals(simulator, found) >= ways and set(found.failures) >= failures

    simulator, found = _walk(part, is_enough, broken(FireworksSimulator, way))
    assert survivals(simulator, found) == ways
    assert set(found.failures) == failures


def test_a_life_is_made_listed_and_deleted_in_this_order() -> None:
    """The count does not count what only looks like one."""
    made = Step(operation="CreateApiKey", path="/k", sent={}, status=200, reply={"keyId": "a", "key": "v"})
    listed = Step(operation="ListApiKeys", path="/k", sent=None, status=200, reply={"apiKeys": [{"keyId": "a"}]})
    gone = Step(operation="DeleteApiKey", path="/k:delete", sent={"keyId": "a"}, status=200, reply={})
    missed = replace(gone, status=404)

    def count(*steps: Step) -> int:
        return lives_of_keys(Walk(sequences=(steps,)))

    assert count(made, listed, gone) == 1
    assert count(listed, made, gone) == count(made, gone, listed) == count(made, listed, missed) == 0
    assert count(made, replace(listed, reply={"apiKeys": []}), gone) == 0
    other = Walk(sequences=((made,), (listed, gone)))
    assert lives_of_keys(other) == 0
