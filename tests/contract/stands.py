"""How each simulator is set up to be surveyed: fresh, with what a schema cannot say put into the document, and with
each refusal that drawn data cannot reach arranged. A refusal that is not listed is a fault of the simulator's own.

Facts: what the effective documents cannot say, and the simulators enforce
- Fireworks: the account in the path is the caller's, and the account in a secret's full name is that of the path.
- Fireworks: a name that is taken cannot be taken again.
- Fireworks: what is asked for, changed or deleted has to be there, a page token has to be one that was given, and a
  filter, an order and a mask have a grammar.
- Galileo: the user in the path is the caller, and the key in the path is one of the caller's that is there.
- Fireblocks: a role that signs needs a co-signer set-up. OpenAPI can say so with anyOf, of which the generator makes a
  union of two classes.
- Of a provider that is not listed here: what is in the path has to be there, and a text in the query is one that the
  vendor gave. Both are as the facade sends them.
- Fireblocks: a signature is one over the approval, and a page's cursor belongs to one question; all users are not asked
  for together with one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from issuant import mocks
from issuant.mocks import Fault, MovableClock, Simulator
from issuant.mocks.fireblocks import FireblocksSimulator
from issuant.mocks.fireblocks_approvals import Wish
from issuant.mocks.fireblocks_queue import payload
from issuant.mocks.fireblocks_users import ROLES, SIGNING_ROLES
from issuant.mocks.fireworks import FireworksSimulator
from issuant.mocks.fireworks_state import StoredSecret
from issuant.mocks.galileo import GalileoSimulator
from requests.auth import AuthBase

from tests.contract.credentials import STRANGER, credential
from tests.contract.documents import Document, Operation, effective
from tests.contract.exchanges import arrange, exchange_of, method_of
from tests.contract.forgetful import (
    FORGETFUL,
    KEPT,
    ForgetfulFireblocks,
    ForgetfulFireworks,
    ForgetfulGalileo,
    arranged,
)
from tests.contract.survey import ENOUGH, FEW, Run
from tests.mocks.signing import approval_signature, parsed

NOW = datetime(2030, 1, 2, 3, 4, 5, 678901, tzinfo=UTC)
ANOTHER_ACCOUNT = "another-account"
TAKEN = "taken"
NOBODY = "00000000-0000-4000-8000-000000000000"
FEWER = {"fireblocks-getApprovalById": 8, "fireblocks-rejectApproval": 12}
"""Operations of which few requests can be told apart, though some of it is drawn: the 2xx that each must reach."""


@dataclass(kw_only=True)
class Stand:
    """A simulator with the document, the credential and the settings to survey one operation of it.

    `operation` is what that document says of it.
    """

    simulator: Simulator
    document: Document
    auth: AuthBase
    run: Run
    operation: Operation

    @property
    def fixed(self) -> dict[str, str]:
        """The path parameters that are not drawn, by their names in the document."""
        return {name.removeprefix("path."): value for name, value in self.run.parameters.items()}


def fresh(operation: Operation, kind: type[Simulator] | None = None, *, examples: int) -> Stand:
    """Return a stand where drawn data is acceptable, on a clock that stands still. `kind` is another simulator."""
    simulator = (kind or simulator_class(operation))(clock=MovableClock(NOW))
    document, parameters = effective(operation.provider), {}
    if isinstance(simulator, FireworksSimulator):
        parameters = _on_the_path(simulator, operation)
        _name_the_account(document, simulator.account_id)
        _ask_for_what_there_is(document)
    if isinstance(simulator, FireblocksSimulator):
        ask_for_a_co_signer(document)
    if isinstance(simulator, ForgetfulFireblocks):
        parameters = _name_a_user_and_an_approval(operation, document, simulator)
    if isinstance(simulator, GalileoSimulator):
        _name_in_path(document, "user_id", [simulator.user_id])
        _name_in_path(document, "api_key_id", list(simulator.keys))
    if type(mocks.simulator(operation.provider)) not in FORGETFUL:
        parameters = _as_the_facade_sends(operation, document)
    drawn = replace(operation, definition=document["paths"][operation.path][operation.method])
    enough = FEWER.get(operation.test_id, ENOUGH) if drawn.is_drawn(parameters) else 1
    run = Run(examples=examples, parameters=parameters, enough=enough)
    return Stand(simulator=simulator, document=document, auth=credential(simulator), run=run, operation=drawn)


def simulator_class(operation: Operation) -> type[Simulator]:
    """Return the class that is surveyed: one that meets every request with what there has to be for it."""
    name, found = operation.provider, type(mocks.simulator(operation.provider))
    if found in FORGETFUL:
        return FORGETFUL[found]
    method = method_of(operation)
    return arranged(found, lambda simulator: arrange(name, method, simulator))


def _as_the_facade_sends(operation: Operation, document: Document) -> dict[str, str]:
    """Fix what is in the path, and take the texts that the facade does not send out of the query."""
    sent = exchange_of(operation)
    definition = document["paths"][operation.path][operation.method]
    kept, fixed = [], {f"path.{name}": value for name, value in sent.parts(operation).items()}
    for parameter in definition.get("parameters", ()):
        schema, name = parameter.get("schema", {}), parameter.get("name")
        is_free = schema.get("type") == "string" and not {"enum", "format", "pattern"} & set(schema)
        if parameter.get("in") != "query" or not is_free:
            kept.append(parameter)
        elif name in sent.request.url.params:
            kept.append(parameter)
            fixed[f"query.{name}"] = sent.request.url.params[name]
    definition["parameters"] = kept
    return fixed


def _on_the_path(simulator: FireworksSimulator, operation: Operation) -> dict[str, str]:
    # The user who asks stays an admin, whatever is made of the other one.
    user = simulator.user_id if "apiKeys" in operation.path else "someone"
    there = {"account_id": simulator.account_id, "user_id": user, "secret_id": KEPT}
    return {f"path.{name}": value for name, value in there.items() if f"{{{name}}}" in operation.path}


def _ask_for_what_there_is(document: Document) -> None:
    components = document["components"]
    components["parameters"]["PageToken"]["schema"]["enum"] = [""]
    components["schemas"]["GatewayDeleteApiKeyBody"]["properties"]["keyId"]["enum"] = [KEPT]
    grammar = {"filter": 'displayName = "default"', "orderBy": "displayName desc", "readMask": "displayName,email"}
    listing = document["paths"]["/v1/accounts/{account_id}/users/{user_id}/apiKeys"]["get"]
    for parameter in listing["parameters"]:
        if parameter.get("name") in grammar:
            parameter["schema"]["enum"] = ["", grammar[parameter["name"]]]


def _name_in_path(document: Document, name: str, values: list[str]) -> None:
    """Let a parameter in a path be one of `values`; what is drawn to be wrong is still any other text."""
    found = [
        parameter
        for item in document["paths"].values()
        for definition in item.values()
        for parameter in definition.get("parameters", ())
        if (parameter["in"], parameter["name"]) == ("path", name)
    ]
    assert found, f"no path has a {name}"
    for parameter in found:
        parameter["schema"] = {**parameter["schema"], "enum": values}


def _name_a_user_and_an_approval(
    operation: Operation, document: Document, simulator: ForgetfulFireblocks
) -> dict[str, str]:
    """Put into the document what only the simulator knows, and return the parameters in the operation's path."""
    user = simulator.add_user(role="SIGNER")
    wish = Wish(name="wanted", role="VIEWER", public_key=user.public_key)
    simulator.approvals.ask(wish, request_id="waiting", initiator=user.id)
    simulator.kept = dict(simulator.approvals.kept)

    key_id = simulator.register_approval_key(simulator.api_key)
    made = approval_signature(payload(simulator.kept["waiting"]), parsed(simulator.private_key_pem))
    body = document["components"]["schemas"]["ApproveApprovalRequest"]["properties"]
    body["signature"]["enum"], body["keyId"]["enum"] = [made], [key_id]
    for path in ("/approvals", "/approvals/{requestId}"):
        asked = {item.get("name"): item for item in document["paths"][path]["get"]["parameters"]}
        asked["userId"]["schema"]["enum"] = [simulator.api_key]
        if path == "/approvals":
            asked["includeAllUsers"]["schema"]["enum"] = [False]
            document["paths"][path]["get"]["parameters"].remove(asked["pageCursor"])
    known = {"userId": user.id, "requestId": "waiting"}
    return {f"path.{name}": value for name, value in known.items() if f"{{{name}}}" in operation.path}


def _name_the_account(document: Document, account_id: str) -> None:
    name = document["components"]["schemas"]["gatewaySecretInput"]["properties"]["name"]
    general = "accounts/[A-Za-z0-9_-]+/secrets/"
    assert general in name["pattern"], "the pattern of a secret's name has changed"
    name["pattern"] = name["pattern"].replace(general, f"accounts/{account_id}/secrets/")


def ask_for_a_co_signer(document: Document) -> None:
    """Say in the document that a role that signs needs a co-signer set-up."""
    wanted = document["components"]["schemas"]["CreateAPIUser"]
    others = [role for role in ROLES if role not in SIGNING_ROLES]
    wanted["anyOf"] = [
        {"properties": {"role": {"enum": others}}},
        {"required": ["coSignerSetupType"]},
    ]


def refused(operation: Operation, declared: str) -> tuple[Stand, int]:
    """Return a stand where acceptable data is refused with the `declared` status, and the number it really has."""
    stand = fresh(operation, examples=FEW)
    status = {"5XX": 503, "default": 418}[declared] if not declared.isdigit() else int(declared)
    # Acceptable data is refused, which is what is arranged, and so is a 5xx; the caller looks at the status instead.
    off = ("positive_data_acceptance", *(("not_a_server_error",) if status >= 500 else ()))
    stand.run = replace(stand.run, mode="positive", coverage=False, off=off)
    named = _ARRANGED.get((operation.provider, status)) or _ARRANGED.get((operation.test_id, status))
    arrange = named or _ARRANGED_ANYWHERE.get(status)
    if arrange is None:
        stand.simulator.faults.add(Fault.status(status), times=1_000_000)
    else:
        arrange(stand)
    return stand, status


def _be_a_stranger(stand: Stand) -> None:
    stand.auth = credential(stand.simulator, api_key=STRANGER)


def _ask_too_often(stand: Stand) -> None:
    stand.simulator.rate_limit = 0


def _ask_for_another_account(stand: Stand) -> None:
    stand.run = replace(stand.run, parameters={**stand.run.parameters, "path.account_id": ANOTHER_ACCOUNT})


def _be_a_viewer(stand: Stand) -> None:
    assert isinstance(stand.simulator, FireblocksSimulator)
    stand.auth = credential(stand.simulator, api_key=stand.simulator.add_user(role="VIEWER").id)


def _ask_for_nobody(stand: Stand) -> None:
    stand.run = replace(stand.run, parameters=dict.fromkeys(stand.run.parameters, "nobody"))


def _come_too_late(stand: Stand) -> None:
    simulator = stand.simulator
    assert isinstance(simulator, ForgetfulFireblocks)
    if "path.userId" in stand.run.parameters:
        stand.run = replace(stand.run, parameters={"path.userId": simulator.api_key})
    simulator.kept = {name: replace(approval, state="rejected") for name, approval in simulator.kept.items()}


def _take_the_name(stand: Stand) -> None:
    simulator = stand.simulator
    assert isinstance(simulator, ForgetfulFireworks)
    name = f"accounts/{simulator.account_id}/secrets/{TAKEN}"
    simulator.kept[name] = StoredSecret(name=name, key_name="TAKEN", value="TEST_not_a_key")
    stand.document["components"]["schemas"]["gatewaySecretInput"]["properties"]["name"] = {
        "type": "string",
        "enum": [TAKEN, name],
    }
    users = stand.document["paths"]["/v1/accounts/{account_id}/users"]["post"]
    user_id = next(parameter for parameter in users["parameters"] if parameter["name"] == "userId")
    user_id.update(required=True, schema={"type": "string", "enum": ["someone"]})


def _ask_for_what_is_not_there(stand: Stand) -> None:
    parameters = dict(stand.run.parameters)
    missing = [name for name in ("path.user_id", "path.secret_id") if name in parameters]
    stand.run = replace(stand.run, parameters={**parameters, **dict.fromkeys(missing, "nothing")})
    if not missing:
        stand.simulator.faults.add(Fault.status(404), times=1_000_000)


def _ask_for_what_is_anothers(stand: Stand) -> None:
    simulator = stand.simulator
    assert isinstance(simulator, ForgetfulGalileo)
    other = simulator.add_user(email="other@mock.invalid")
    key, _ = simulator.add_key(user_id=other.id, description="other")
    simulator.kept[key.id] = key
    _name_in_path(stand.document, "user_id", [other.id])
    _name_in_path(stand.document, "api_key_id", [key.id])


def _ask_for_what_no_one_has(stand: Stand) -> None:
    for name in ("user_id", "api_key_id"):
        _name_in_path(stand.document, name, [NOBODY])


_ARRANGED_ANYWHERE: dict[int, Callable[[Stand], None]] = {401: _be_a_stranger, 429: _ask_too_often}
_ARRANGED: dict[tuple[str, int], Callable[[Stand], None]] = {
    ("fireworks", 403): _ask_for_another_account,
    ("fireworks", 404): _ask_for_what_is_not_there,
    ("fireworks", 409): _take_the_name,
    ("fireblocks", 403): _be_a_viewer,
    ("galileo-list_api_keys", 403): _ask_for_what_is_anothers,
    ("galileo-list_api_keys", 404): _ask_for_what_no_one_has,
    ("galileo-delete_api_key", 403): _ask_for_what_is_anothers,
    ("galileo-delete_api_key", 404): _ask_for_what_no_one_has,
    ("fireblocks", 404): _ask_for_nobody,
    ("fireblocks", 409): _come_too_late,
}
