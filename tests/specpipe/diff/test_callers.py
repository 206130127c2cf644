"""Which calls of the facade use what of a generated package is read from the adapters, and tells which changes reach
them.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from specpipe.diff.adapters import AdapterError
from specpipe.diff.callers import Affected, FacadeCall, affected, facade_calls
from specpipe.diff.importers import Breakage, Kind
from specpipe.diff.wire import Use, WireChange

from tests.specpipe.documents import PROJECT
from tests.specpipe.small_package import edit, write_small_package

ADAPTER = """
from pets_client import models
from pets_client.api.pets import put_pet
from pets_client.models import Kind
from pets_client.servers import SERVERS

KINDS = tuple(kind.value for kind in Kind)


class PetsAdapter:
    def issue(self, request, sink):
        return self._sent(request)

    def rename(self, name):
        return _read(name)

    def wait(self):
        return 1

    def _sent(self, request):
        return put_pet._get_kwargs(request.id, body=_body(request))


def _body(request):
    if request.kind not in KINDS:
        raise ValueError
    made = models.Pet(name="n")
    made.owners_name = request.owner
    return made


def _read(reply):
    from pets_client.models import PetSize

    found = parsed(models.Pet.from_dict, reply)
    return found.name, PetSize.BIG


PROVIDER = Provider(servers=SERVERS, adapter=lambda account: PetsAdapter(account))
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A project with one provider, whose operation is `PUT /pets/{pet_id}`."""
    write_small_package(tmp_path / "generated/pets_client")
    (tmp_path / "generated/pets_client/servers.py").write_text("SERVERS: dict[str, str] = {'eu': 'u'}\n", "utf-8")
    (tmp_path / "overlay/issuant/providers").mkdir(parents=True)
    (tmp_path / "overlay/issuant/providers/pets.py").write_text(ADAPTER, "utf-8")
    return tmp_path


def _calls(root: Path) -> dict[str, FacadeCall]:
    return {call.name: call for call in facade_calls(root, "pets", "pets_client")}


def _change(root: Path, old: str, new: str) -> None:
    edit(root / "overlay/issuant/providers", "pets.py", old, new)


USERS, KEYS = "/v1/accounts/{account_id}/users", "/v1/accounts/{account_id}/users/{user_id}/apiKeys"
SECRETS, SECRET = "/v1/accounts/{account_id}/secrets", "/v1/accounts/{account_id}/secrets/{secret_id}"
API_USERS = "/management/api_users"
OPERATIONS: dict[str, dict[str, set[str]]] = {
    "fireblocks": {
        "connect": set(),
        "issue": {f"POST {API_USERS}", f"GET {API_USERS}", "GET /approvals"},
        "keys": {f"GET {API_USERS}"},
        "whoami": {f"GET {API_USERS}"},
        "approval": {"GET /approvals/{request_id}", f"GET {API_USERS}"},
        "approvals": {"GET /approvals"},
        "pairing_token": {f"POST {API_USERS}/{{user_id}}/pairing_token"},
        "whitelisted_ips": {f"GET {API_USERS}/{{user_id}}/whitelist_ip_addresses"},
    },
    "galileo": {
        "connect": set(),
        "issue": {"POST /v2/users/api_keys"},
        "keys": {"GET /current_user", "GET /v2/users/{user_id}/api_keys"},
        "revoke": {"DELETE /v2/users/api_keys/{api_key_id}"},
        "whoami": {"GET /current_user"},
        "canonical_id": set(),
    },
    "fireworks": {
        "connect": set(),
        "issue": {f"POST {KEYS}"},
        "keys": {f"GET {USERS}", f"GET {KEYS}"},
        "revoke": {f"POST {KEYS}:delete"},
        "whoami": {f"GET {USERS}/{{user_id}}"},
        "put_secret": {f"POST {SECRETS}", f"PATCH {SECRET}"},
        "secrets": {f"GET {SECRETS}"},
        "secret": {f"GET {SECRET}"},
        "delete_secret": {f"DELETE {SECRET}"},
        "users": {f"GET {USERS}"},
        "user": {f"GET {USERS}/{{user_id}}"},
        "create_user": {f"POST {USERS}"},
    },
}


@pytest.mark.parametrize("provider", sorted(OPERATIONS))
def test_a_real_adapter_uses_these_operations(provider: str) -> None:
    """The calls of the facade, each with what it sends, through the modules that the adapter is made of."""
    calls = facade_calls(PROJECT, provider, f"issuant_{provider}")
    assert {call.name: set(call.operations) for call in calls} == OPERATIONS[provider]


def test_an_adapter_of_several_modules_is_followed_into_each(root: Path) -> None:
    """Also where they know each other, and only as far as a call reaches."""
    folder = root / "overlay/issuant/providers"
    (folder / "pets.py").unlink()
    (folder / "pets").mkdir()
    (folder / "pets/__init__.py").write_text(
        "from pets_client.servers import SERVERS\n\nfrom issuant.providers.pets import words\n\n\n"
        "class PetsAdapter:\n"
        "    def issue(self, request, sink):\n        return words.sent(request)\n\n"
        "    def wait(self):\n        return words.LONGEST\n\n\n"
        "PROVIDER = Provider(servers=SERVERS, adapter=lambda account: PetsAdapter(account))\n",
        "utf-8",
    )
    (folder / "pets/words.py").write_text(
        "from pets_client import models\nfrom pets_client.api.pets import put_pet\n\n"
        "from issuant.providers.pets import words\n\nLONGEST = 9\n\n\n"
        "def sent(request):\n    return words.call(models.Pet(name=request.name))\n\n\n"
        "def call(body):\n    return put_pet._get_kwargs(body.id, body=body)\n",
        "utf-8",
    )
    calls = _calls(root)
    assert calls["issue"].operations == {"PUT /pets/{pet_id}"}
    assert calls["issue"].called == {"models.Pet", "api.pets.put_pet"}
    assert calls["wait"].operations == frozenset()
    assert "api.pets.put_pet" in calls["connect"].names, "importing the adapter imports its modules"


def test_a_real_adapter_uses_these_names() -> None:
    """The fields that are sent and those that are read, and nothing else of the models."""
    calls = {call.name: call for call in facade_calls(PROJECT, "galileo", "issuant_galileo")}
    connect, issue = calls["connect"], calls["issue"]
    fields = {name for name in issue.names if name.startswith("models.CreateApiKeyRe") and name.count(".") == 2}
    sent = {"api_key", "description", "expires_at", "project_id", "project_role"}
    read = {"api_key", "created_at", "created_by", "description", "expires_at", "from_dict", "id", "last_used"}
    read |= {"project_role", "truncated", "updated_at"}
    assert fields == {
        *(f"models.CreateApiKeyRequest.{name}" for name in sent),
        *(f"models.CreateApiKeyResponse.{name}" for name in read),
    }
    assert issue.called == {"models.CreateApiKeyRequest", "api.api_keys.create_api_key"}
    assert {"models.CollaboratorRole.OWNER", "servers.SERVERS.production"} <= connect.names
    assert "models.CreateApiKeyRequest" not in connect.names


def test_uses_are_followed_through_methods_functions_and_constants(root: Path) -> None:
    """And not into what a call does not reach."""
    issue = _calls(root)["issue"]
    assert issue.operations == {"PUT /pets/{pet_id}"}
    assert issue.called == {"models.Pet", "api.pets.put_pet"}
    assert issue.by_position == {"api.pets.put_pet"}
    assert issue.names == {
        *("api.pets.put_pet", "api.pets.put_pet._get_kwargs", "api.pets.put_pet.body", "api.pets.put_pet.pet_id"),
        *("models.Kind", "models.Kind.CAT", "models.Kind.DOG"),
        *("models.Pet", "models.Pet.name", "models.Pet.owners_name"),
    }


def test_an_operation_that_a_call_does_not_use_is_not_its_own(root: Path) -> None:
    """That the module imports it is a matter of `connect`, which sends nothing."""
    calls = _calls(root)
    assert calls["rename"].operations == calls["wait"].operations == calls["connect"].operations == frozenset()
    assert calls["rename"].names == {
        *("models.Pet", "models.Pet.from_dict", "models.Pet.name", "models.PetSize", "models.PetSize.BIG")
    }
    assert calls["wait"].names == frozenset()


def test_what_the_import_needs_belongs_to_connect(root: Path) -> None:
    """The imports, and what constants are made of."""
    assert _calls(root)["connect"].names == {
        *("api.pets.put_pet", "models.Kind", "models.Kind.CAT", "models.Kind.DOG"),
        *("servers.SERVERS", "servers.SERVERS.eu"),
    }


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param("from pets_client import models", "import pets_client.models as models", id="module-as"),
        pytest.param("from pets_client import models", "import pets_client\nmodels = pets_client.models", id="package"),
        pytest.param("from pets_client.api.pets import put_pet", "from pets_client.api import pets", id="folder"),
        pytest.param("from pets_client.models import Kind", "from pets_client.models.kind import Kind", id="module"),
        pytest.param("adapter=lambda account: PetsAdapter(account)", "adapter=PetsAdapter", id="class"),
        pytest.param("class PetsAdapter:", "class PetsAdapter(Base):", id="base-of-elsewhere"),
    ],
)
def test_the_way_of_importing_makes_no_difference(root: Path, old: str, new: str) -> None:
    """Names are those of the package."""
    before = _calls(root)["issue"]
    _change(root, old, new)
    if new.endswith("import pets"):
        _change(root, "put_pet._get_kwargs", "pets.put_pet._get_kwargs")
    if new.startswith("import pets_client\n"):
        _change(root, "models.Pet", "pets_client.models.Pet")
    assert _calls(root)["issue"] == before


def test_what_is_given_as_a_whole_may_be_any_field(root: Path) -> None:
    """Nobody can tell which of them it holds."""
    _change(root, 'models.Pet(name="n")', "models.Pet(**request.fields)")
    assert {"models.Pet.fixed", "models.Pet.either", "models.Pet.size"} <= _calls(root)["issue"].names


def test_methods_of_a_base_are_the_adapters_own(root: Path) -> None:
    """Public ones are calls, private ones are followed."""
    _change(
        root,
        "class PetsAdapter:\n",
        "class Base:\n    def put(self):\n        return self._sent(1)\n\n\nclass PetsAdapter(Base):\n",
    )
    assert _calls(root)["put"].operations == {"PUT /pets/{pet_id}"}


def test_a_module_beside_the_adapter_is_followed(root: Path) -> None:
    """Where it imports the package as well; the two may import each other."""
    shared = "from pets_client import models\nfrom issuant.providers.pets import KINDS\n\n\ndef read(reply):\n"
    (root / "overlay/issuant/shared.py").write_text(f"{shared}    return KINDS, models.PetSize.SMALL\n", "utf-8")
    _change(root, "return 1", "from issuant.shared import read\n        return read(1)")
    assert _calls(root)["wait"].names == {
        *("models.PetSize", "models.PetSize.SMALL", "models.Kind", "models.Kind.CAT", "models.Kind.DOG")
    }


def test_a_provider_without_an_adapter_has_no_calls(root: Path) -> None:
    """A fourth provider is bumped before its adapter is written."""
    assert facade_calls(root, "birds", "pets_client") == ()


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        pytest.param("adapter=lambda account: PetsAdapter(account)", "", "PROVIDER names no class", id="no-adapter"),
        pytest.param("PetsAdapter(account)", "make(account)", "PROVIDER names no class", id="class-of-elsewhere"),
        pytest.param("def wait(self):", "def wait(self) = :", "pets.py:17: this is no Python", id="no-python"),
    ],
)
def test_an_adapter_of_another_shape_is_refused(root: Path, old: str, new: str, problem: str) -> None:
    """By name, with what to do, rather than taken for one that uses nothing."""
    _change(root, old, new)
    with pytest.raises(AdapterError, match=problem) as caught:
        _calls(root)
    assert caught.value.__context__ is None


def _wire(operation: str, *, breaks: bool) -> WireChange:
    use = Use(operation=operation, place="body", field="name")
    return WireChange(kind="changed", direction="request", what="w", breaks=breaks, why="", schema="", uses=(use,))


CALL = FacadeCall(
    name="issue",
    operations=frozenset({"POST /a/{account_id}/keys"}),
    names=frozenset(
        {
            *("models.Key", "models.Key.name", "models.Role", "models.Role.ADMIN"),
            *("api.keys.make", "api.keys.make.account_id"),
        }
    ),
    called=frozenset({"models.Key", "api.keys.make"}),
    by_position=frozenset({"api.keys.make"}),
)
OTHER = FacadeCall(name="put_secret", operations=frozenset({"POST /b"}), names=frozenset({"models.Secret"}))


def _reached(found: tuple[Affected, ...]) -> dict[str, bool]:
    return {item.name: item.breaks for item in found}


@pytest.mark.parametrize(
    ("operation", "breaks", "reached"),
    [
        pytest.param("POST /a/{accountId}/keys", True, {"issue": True}, id="another-name-of-a-parameter"),
        pytest.param("POST /a/{accountId}/keys", False, {"issue": False}, id="breaks-nothing"),
        pytest.param("GET /a/{accountId}/keys", True, {}, id="another-method"),
        pytest.param("POST /c", True, {}, id="operation-of-no-call"),
        pytest.param("", True, {"issue": True, "put_secret": True}, id="whole-document"),
    ],
)
def test_a_change_on_the_wire_reaches_the_calls_that_send_the_operation(
    operation: str, breaks: bool, reached: dict[str, bool]
) -> None:
    """Whatever they use of it."""
    change = _wire(operation, breaks=breaks)
    found = affected((CALL, OTHER), [change], [])
    assert _reached(found) == reached
    assert all(item.wire == (change,) for item in found)


@pytest.mark.parametrize(
    ("kind", "path", "is_reached"),
    [
        pytest.param("removed", "models.Key.name", True, id="field-that-is-used"),
        pytest.param("removed", "models.Key.age", False, id="field-that-is-not"),
        pytest.param("removed", "api.keys.make", True, id="operation"),
        pytest.param("removed", "api.keys.take", False, id="operation-of-no-call"),
        pytest.param("changed", "models.Role", True, id="enum-to-class"),
        pytest.param("value", "models.Role.ADMIN", True, id="value"),
        pytest.param("required", "models.Key.age", True, id="new-field-of-what-is-made"),
        pytest.param("required", "models.Role.age", False, id="new-field-of-what-is-read"),
        pytest.param("default", "models.Key.age", True, id="default-of-what-is-left-out"),
        pytest.param("default", "models.Key.name", False, id="default-of-what-is-given"),
        pytest.param("moved", "api.keys.make", True, id="moved-under-positions"),
        pytest.param("moved", "models.Key", False, id="moved-under-names"),
        pytest.param("keyword", "api.keys.make.account_id", True, id="by-name-only-under-positions"),
        pytest.param("keyword", "models.Key.name", False, id="by-name-only-under-names"),
        pytest.param("type", "models.Key.name", True, id="type"),
        pytest.param("returns", "api.keys.make", False, id="result-that-nobody-reads"),
    ],
)
def test_a_change_in_python_reaches_the_calls_that_use_the_name(kind: Kind, path: str, is_reached: bool) -> None:
    """And use it in the way that breaks."""
    breakage = Breakage(path=path, kind=kind, what="`x` is gone")
    found = affected((CALL, OTHER), [], [breakage])
    assert [(item.name, item.breaks, item.python) for item in found] == [("issue", True, (breakage,))] * is_reached


def test_a_result_reaches_who_calls_the_operation_itself() -> None:
    """An adapter reads replies by model; one that lets the operation read them relies on what it returns."""
    names = frozenset(("api.keys.make", "api.keys.make.asyncio"))
    call = FacadeCall(name="issue", operations=frozenset(), names=names)
    assert affected([call], [], [Breakage(path="api.keys.make", kind="returns", what="w")])


@pytest.mark.parametrize(
    ("breaks", "what"),
    [
        pytest.param((True,), "1 change on the wire that can break it", id="one"),
        pytest.param((False,), "1 change on the wire that cannot break it", id="harmless"),
        pytest.param((True, False, False), "3 changes on the wire of which 1 can break it", id="some"),
    ],
)
def test_the_words_count_the_changes(breaks: tuple[bool, ...], what: str) -> None:
    """And then say what breaks in Python."""
    changes = [_wire("POST /b", breaks=item) for item in breaks]
    gone = Breakage(path="models.Secret", kind="removed", what="`Secret` is gone")
    (found,) = affected([CALL, OTHER], changes, [gone])
    assert found.what == f"{what}; `Secret` is gone"
