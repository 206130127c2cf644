"""Requests refuse bad fields by name when they are made; outcomes are frozen and print no value."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable
from dataclasses import FrozenInstanceError, asdict, fields, is_dataclass, replace
from datetime import datetime, timedelta, timezone
from typing import Any
from uuid import UUID

import pytest
from issuant import keys
from issuant.auth.fireblocks import make_key_pair
from issuant.errors import InvalidRequestError
from issuant.keys import IssuedKey, KeyRequest, PendingApproval, StoredSecret, VendorFields
from issuant.providers.fireblocks import CO_SIGNER_SETUPS, ROLES, FireblocksKeyRequest
from issuant.providers.fireworks import FireworksKeyRequest
from issuant.providers.galileo import GalileoKeyRequest
from issuant.secret import Secret

from tests.issuant.recording import NOW

VALUE = "fw_TEST_not_a_key"
TOO_LONG = "x" * 31


def refused(make: Callable[[], object]) -> InvalidRequestError:
    with pytest.raises(InvalidRequestError) as caught:
        make()
    return caught.value


@pytest.mark.parametrize("kind", [KeyRequest, FireworksKeyRequest, GalileoKeyRequest])
@pytest.mark.parametrize(
    ("given", "field"),
    [
        pytest.param({"name": ""}, "name", id="empty-name"),
        pytest.param({"name": " \t"}, "name", id="blank-name"),
        pytest.param({"name": None}, "name", id="no-name"),
        pytest.param({"name": "a\nb"}, "name", id="line-break-in-name"),
        pytest.param({"name": "a\x00b"}, "name", id="control-character-in-name"),
        pytest.param({"name": "k", "expires_in": timedelta()}, "expires_in", id="no-lifetime"),
        pytest.param({"name": "k", "expires_in": timedelta(seconds=-1)}, "expires_in", id="negative-lifetime"),
        pytest.param({"name": "k", "expires_in": 30}, "expires_in", id="lifetime-without-unit"),
        pytest.param({"name": "k", "expires_at": datetime(2030, 1, 1)}, "expires_at", id="naive-expiry"),
        pytest.param({"name": "k", "expires_at": "2030-01-01"}, "expires_at", id="expiry-as-text"),
        pytest.param({"name": "k", "expires_in": timedelta(1), "expires_at": NOW}, "expires_at", id="both-expiries"),
    ],
)
def test_a_bad_field_of_any_request_is_refused_by_name(kind: Any, given: dict[str, Any], field: str) -> None:
    """The error says which field, what is wrong with it and what to do."""
    error = refused(lambda: kind(**given))
    assert error.field == field
    assert error.reason.startswith(f"{field}: ")
    assert error.advice


@pytest.mark.parametrize(
    ("make", "field"),
    [
        pytest.param(
            lambda: FireworksKeyRequest(name="k", annotations={"": "v"}), "annotations", id="empty-annotation"
        ),
        pytest.param(
            lambda: FireworksKeyRequest(name="k", annotations={"a": 1}),  # type: ignore[dict-item]
            "annotations",
            id="annotation-that-is-no-text",
        ),
        pytest.param(
            lambda: FireworksKeyRequest(name="k", annotations=["a"]),  # type: ignore[arg-type]
            "annotations",
            id="annotations-as-list",
        ),
        pytest.param(lambda: GalileoKeyRequest(name="k", project_id="no-uuid"), "project_id", id="project-no-uuid"),
        pytest.param(
            lambda: GalileoKeyRequest(name="k", project_role="boss"), "project_role", id="unknown-project-role"
        ),
        pytest.param(lambda: GalileoKeyRequest(name="k", api_key=""), "api_key", id="empty-value"),
        pytest.param(lambda: GalileoKeyRequest(name="k", api_key="a b"), "api_key", id="value-with-a-blank"),
        pytest.param(lambda: GalileoKeyRequest(name="k", api_key="ab\n"), "api_key", id="value-with-a-line-break"),
        pytest.param(lambda: FireblocksKeyRequest(name="k"), "role", id="no-role"),
        pytest.param(lambda: FireblocksKeyRequest(name="k", role="viewer"), "role", id="role-in-lower-case"),
        pytest.param(lambda: FireblocksKeyRequest(name=TOO_LONG, role="VIEWER"), "name", id="name-too-long"),
        pytest.param(
            lambda: FireblocksKeyRequest(name="k", role="VIEWER", expires_in=timedelta(1)), "expires_in", id="lifetime"
        ),
        pytest.param(lambda: FireblocksKeyRequest(name="k", role="VIEWER", expires_at=NOW), "expires_at", id="expiry"),
        pytest.param(
            lambda: FireblocksKeyRequest(name="k", role="VIEWER", co_signer_setup_type="ABACUS"),
            "co_signer_setup_type",
            id="unknown-co-signer",
        ),
        pytest.param(
            lambda: FireblocksKeyRequest(name="k", role="VIEWER", co_signer_setup_is_first_user=1),  # type: ignore[arg-type]
            "co_signer_setup_is_first_user",
            id="first-user-as-number",
        ),
        pytest.param(
            lambda: FireblocksKeyRequest(name="k", role="VIEWER", idempotency_key=""), "idempotency_key", id="empty-key"
        ),
        pytest.param(
            lambda: FireblocksKeyRequest(name="k", role="VIEWER", idempotency_key="x" * 41),
            "idempotency_key",
            id="idempotency-key-too-long",
        ),
        pytest.param(
            lambda: FireblocksKeyRequest(name="k", role="VIEWER", idempotency_key="a b"),
            "idempotency_key",
            id="idempotency-key-with-a-blank",
        ),
        pytest.param(
            lambda: FireblocksKeyRequest(name="k", role="VIEWER", idempotency_key=7),  # type: ignore[arg-type]
            "idempotency_key",
            id="idempotency-key-as-number",
        ),
    ],
)
def test_a_bad_field_of_one_provider_is_refused_by_name(make: Callable[[], object], field: str) -> None:
    """What a vendor would refuse, or take for something else, is not sent."""
    error = refused(make)
    assert error.field == field
    assert error.advice


THAT_SIGN = ["OWNER", "ADMIN", "SIGNER", "COLLATERALS_SIGNER", "NCW_ADMIN", "NCW_SIGNER"]
THAT_DO_NOT = [
    "APPROVER",
    "AUDITOR",
    "EDITOR",
    "NON_SIGNING_ADMIN",
    "SECURITY_ADMIN",
    "SECURITY_AUDITOR",
    "VIEWER",
]


def test_every_role_of_the_document_is_told_apart_here() -> None:
    """None is missing from the two lists, and none is in both."""
    assert sorted(THAT_SIGN + THAT_DO_NOT) == sorted(ROLES)


@pytest.mark.parametrize("role", THAT_SIGN)
def test_a_role_that_signs_needs_a_co_signer(role: str) -> None:
    """Without a set-up it is refused, with each known one it is taken."""
    assert refused(lambda: FireblocksKeyRequest(name="k", role=role)).field == "co_signer_setup_type"
    for setup in CO_SIGNER_SETUPS:
        assert FireblocksKeyRequest(name="k", role=role, co_signer_setup_type=setup).role == role


@pytest.mark.parametrize("role", THAT_DO_NOT)
def test_a_role_that_does_not_sign_needs_no_co_signer(role: str) -> None:
    """The name may have all of its 30 characters."""
    assert FireblocksKeyRequest(name="x" * 30, role=role).co_signer_setup_type is None


def test_a_refused_value_is_not_in_the_refusal() -> None:
    """A caller-made value with a blank in it is still a secret."""
    error = refused(lambda: GalileoKeyRequest(name="k", api_key=f"{VALUE} "))
    assert VALUE not in f"{error} {error!r} {error.as_dict()}"


def test_a_project_id_may_be_a_uuid_or_its_text() -> None:
    """Both come out as a UUID."""
    text = "6f1b2c3d-0000-4000-8000-000000000001"
    assert GalileoKeyRequest(name="k", project_id=text).project_id == UUID(text)
    assert GalileoKeyRequest(name="k", project_id=UUID(text)).project_id == UUID(text)


@pytest.mark.parametrize(
    ("request_", "expiry"),
    [
        pytest.param(KeyRequest(name="k"), None, id="never"),
        pytest.param(KeyRequest(name="k", expires_in=timedelta(days=30)), NOW + timedelta(days=30), id="lifetime"),
        pytest.param(
            KeyRequest(name="k", expires_at=datetime(2031, 1, 1, tzinfo=timezone(timedelta(hours=5)))),
            datetime(2031, 1, 1, tzinfo=timezone(timedelta(hours=5))),
            id="a-time-in-its-own-zone",
        ),
    ],
)
def test_an_expiry_counts_from_now(request_: KeyRequest, expiry: datetime | None) -> None:
    """A lifetime is added to the time of the call; a time stays as it is."""
    assert request_.expiry(NOW) == expiry


@pytest.mark.parametrize(
    ("request_", "field"),
    [
        pytest.param(KeyRequest(name="k", expires_at=NOW - timedelta(seconds=1)), "expires_at", id="past"),
        pytest.param(KeyRequest(name="k", expires_at=NOW), "expires_at", id="this-very-moment"),
        pytest.param(KeyRequest(name="k", expires_in=timedelta.max), "expires_in", id="beyond-the-calendar"),
    ],
)
def test_an_expiry_that_cannot_be_is_refused_when_it_is_counted(request_: KeyRequest, field: str) -> None:
    """A request made earlier may be past by the time it is sent."""
    error = refused(lambda: request_.expiry(NOW))
    assert error.field == field
    assert error.__cause__ is None
    assert error.__context__ is None


VALUES = [kind for kind in vars(keys).values() if isinstance(kind, type) and is_dataclass(kind)]
VALUES += [FireworksKeyRequest, FireblocksKeyRequest]


@pytest.mark.parametrize("kind", VALUES, ids=lambda kind: kind.__name__)
def test_every_value_is_keyword_only_and_documents_each_field(kind: Any) -> None:
    """A field that is added in the middle breaks nobody, and is explained."""
    assert all(field.kw_only for field in fields(kind))
    own = [name for name in kind.__annotations__ if not name.startswith("_")]
    assert [name for name in own if f"{name}:" not in (kind.__doc__ or "")] == []


def test_values_are_frozen() -> None:
    """An outcome and a request say the same thing for as long as they live."""
    for value in (KeyRequest(name="k"), GalileoKeyRequest(name="k"), FireworksKeyRequest(name="k")):
        with pytest.raises(FrozenInstanceError):
            value.name = "other"  # type: ignore[misc]


def test_an_outcome_prints_no_value() -> None:
    """Neither the value, nor a private key, nor a field that nobody knows yet."""
    key = IssuedKey(
        provider="p", id="1", name="k", secret=Secret(VALUE), fields=VendorFields({"id": "1", "novel": VALUE})
    )
    pending = PendingApproval(
        provider="p", name="k", request_id=None, idempotency_key="i", private_key=Secret(VALUE), csr_pem=""
    )
    request = GalileoKeyRequest(name="k", api_key=VALUE)
    for value in (key, pending, request):
        assert VALUE not in f"{value} {value!r}"
    assert "fields=<2 fields>" in repr(key)


@pytest.fixture(scope="module")
def csr() -> str:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("issuant.auth.fireblocks.KEY_BITS", 2048)
        return make_key_pair("k").csr_pem


def test_a_certificate_request_is_not_printed(csr: str) -> None:
    """It is no secret, and it is forty lines."""
    request = FireblocksKeyRequest(name="k", role="VIEWER", csr_pem=csr)
    pending = PendingApproval(
        provider="p", name="k", request_id=None, idempotency_key="i", private_key=None, csr_pem=csr
    )
    assert request.csr_pem == pending.csr_pem == csr
    for value in (request, pending):
        assert "CERTIFICATE REQUEST" not in f"{value} {value!r}"
        assert "csr_pem" not in repr(value)


@pytest.mark.parametrize("where", ["in-front", "behind"])
def test_a_private_key_beside_a_certificate_request_is_refused_and_not_shown(where: str, csr: str) -> None:
    """openssl writes both into one file when it is asked to; it would all be sent."""
    inside = "fw/TEST/not/a/key/at/all"  # well-formed base64, so that nothing but its presence speaks against it
    key = f"-----BEGIN PRIVATE KEY-----\n{inside}\n-----END PRIVATE KEY-----\n"
    given = key + csr if where == "in-front" else csr + key
    error = refused(lambda: FireblocksKeyRequest(name="k", role="VIEWER", csr_pem=given))
    assert error.field == "csr_pem"
    assert inside not in f"{error} {error!r} {error.as_dict()}"


def test_an_issued_key_can_be_copied_and_taken_apart() -> None:
    """By the standard library's own means, and no copy shows the value either."""
    key = IssuedKey(
        provider="p", id="1", name="k", secret=Secret(VALUE), fields=VendorFields({"id": "1", "novel": VALUE})
    )
    again = copy.deepcopy(key)
    assert again.secret.reveal() == VALUE
    assert dict(again.fields) == {"id": "1", "novel": VALUE}
    assert (again.id, again.name) == ("1", "k")
    parts = asdict(key)
    assert parts["secret"] == Secret(VALUE)
    assert set(parts) == {field.name for field in fields(IssuedKey)}
    pending = PendingApproval(
        provider="p", name="k", request_id=None, idempotency_key="i", private_key=Secret(VALUE), csr_pem=""
    )
    for value in (again, copy.copy(key), parts, copy.deepcopy(pending), asdict(pending)):
        assert VALUE not in f"{value} {value!r}"


@pytest.mark.parametrize(
    ("path", "left"),
    [
        pytest.param(("data", "key"), {"data": {"id": 1, "more": {"key": "b"}}, "key": "a"}, id="within"),
        pytest.param(("data", "more", "key"), {"data": {"id": 1, "key": "c", "more": {}}, "key": "a"}, id="deeper"),
        pytest.param(("data",), {"key": "a"}, id="an-object"),
        pytest.param(("key", "data"), None, id="behind-a-text"),
        pytest.param(("data", "none", "key"), None, id="nowhere"),
    ],
)
def test_a_field_is_left_out_at_the_place_that_is_named(path: tuple[str, ...], left: dict[str, object] | None) -> None:
    """And nowhere else; what was read stays whole."""
    given = {"data": {"id": 1, "key": "c", "more": {"key": "b"}}, "key": "a"}
    found = VendorFields(given)
    assert dict(found.without(*path)) == (given if left is None else left)
    assert given == {"data": {"id": 1, "key": "c", "more": {"key": "b"}}, "key": "a"}


def test_a_list_on_the_way_stands_for_each_of_its_items() -> None:
    """Of those that are objects."""
    found = VendorFields({"keys": [{"id": 1, "key": "a"}, {"key": "b"}, "c"]})
    assert dict(found.without("keys", "key")) == {"keys": [{"id": 1}, {}, "c"]}


def test_vendor_fields_are_a_mapping_that_is_not_pickled() -> None:
    """They read as a mapping, a field can be left out, and they do not travel."""
    found = VendorFields({"id": "1", "key": VALUE})
    assert dict(found.without("key")) == {"id": "1"}
    assert dict(found.without("id", "key")) == dict(found)
    assert dict(found) == {"id": "1", "key": VALUE}
    assert len(found) == 2
    with pytest.raises(TypeError, match="not pickled"):
        pickle.dumps(found)


def test_what_was_issued_can_be_put_into_a_set() -> None:
    """The mappings in it count when two are compared, and not for the hash."""
    key = IssuedKey(provider="p", id="1", name="k", secret=Secret(VALUE), annotations={"a": "1"})
    kept = StoredSecret(provider="p", id="1", name="k", key_name="K")
    assert len({key, replace(key), replace(key, annotations={"a": "2"}), kept, replace(kept)}) == 3
