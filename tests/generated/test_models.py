"""Every model, drawn from its schema, parses and goes round; its secret fields are masked."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib import import_module
from typing import Any
from uuid import UUID

import pytest
import schemathesis
from hypothesis import strategies as st
from issuant import capabilities, provider_names
from specpipe.document import component_ref, components
from specpipe.secret_fields import SecretFields

from tests.contract.documents import response_schema
from tests.contract.drawing import drawn
from tests.contract.exchanges import exchange, operation_of
from tests.contract.places import secret_places
from tests.generated.packages import LISTED, PACKAGES, SECRET, document


@dataclass(frozen=True, kw_only=True)
class Model:
    """A component schema and the class that it has become."""

    package: str
    name: str
    class_name: str

    def __str__(self) -> str:
        return f"{self.package}.{self.class_name}"

    @property
    def type(self) -> Any:
        return getattr(import_module(f"{self.package}.models"), self.class_name)


def _models() -> Iterator[Model]:
    for package in PACKAGES:
        classes = {name.lower(): name for name in import_module(f"{package}.models").__all__}
        for name, schema in components(document(package), "schemas").items():
            if schema.get("type") == "object":
                yield Model(package=package, name=name, class_name=classes[name.lower()])


MODELS = tuple(_models())

# RFC 3339 allows what Python's datetime has no value for, a leap second above all, so moments are drawn from Python's.
MOMENTS = st.datetimes(timezones=st.timezones()).map(datetime.isoformat)
schemathesis.openapi.format("moment-of-python", MOMENTS)

EXAMPLES = 25


def _drawable(node: Any) -> Any:
    """The schema without marks of direction, since models are drawn apart from requests and replies."""
    if isinstance(node, list):
        return [_drawable(item) for item in node]
    if not isinstance(node, dict):
        return node
    kept = {key: _drawable(value) for key, value in node.items() if key not in ("readOnly", "writeOnly")}
    if kept.get("format") == "date-time":
        kept["format"] = "moment-of-python"
    return kept


@cache
def _instances(model: Model) -> tuple[Any, ...]:
    """JSON objects that the model's schema allows, drawn once for all tests: that takes longer than they do."""
    held = document(model.package)
    content = {"application/json": {"schema": {"$ref": component_ref("schemas", model.name)}}}
    operation = {"requestBody": {"required": True, "content": content}, "responses": {"200": {"description": "d"}}}
    api = {key: value for key, value in held.items() if key in ("openapi", "info")}
    api |= {"paths": {"/x": {"post": operation}}, "components": {"schemas": _drawable(held["components"]["schemas"])}}
    return tuple(case.body for case in drawn(schemathesis.openapi.from_dict(api)["/x"]["POST"].as_strategy(), EXAMPLES))


def _canonical(value: Any) -> Any:
    """Moments and UUIDs as values: each has several ways to be written."""
    if isinstance(value, dict):
        return {key: _canonical(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_canonical(item) for item in value]
    if isinstance(value, str):
        for parse in (UUID, datetime.fromisoformat):
            try:
                return parse(value)
            except ValueError:
                continue
    return value


@pytest.mark.parametrize("model", MODELS, ids=str)
def test_what_the_schema_allows_parses_and_goes_round(model: Model) -> None:
    """Unknown fields included; moments and UUIDs compare as values."""
    for instance in _instances(model):
        before = copy.deepcopy(instance)
        parsed = model.type.from_dict(instance)
        assert instance == before, "the given dict is left alone"
        assert _canonical(parsed.to_dict()) == _canonical(instance)
        assert model.type.from_dict(parsed.to_dict()) == parsed


def _secret(held: dict[str, Any], name: str) -> set[str]:
    rule = SecretFields(held)
    properties = components(held, "schemas")[name].get("properties") or {}
    return {prop for prop, schema in properties.items() if rule.is_secret(schema)}


@pytest.mark.parametrize("model", MODELS, ids=str)
def test_secret_and_unknown_fields_never_print_their_value(model: Model) -> None:
    """Each secret field prints asterisks."""
    held = document(model.package)
    secret = _secret(held, model.name)
    unknown = [] if "additionalProperties" in components(held, "schemas")[model.name] else ["an unknown field"]
    for instance in _instances(model):
        shown = repr(model.type.from_dict(instance | dict.fromkeys([*secret, *unknown], SECRET)))
        assert SECRET not in shown
        assert shown.count("****") >= len(secret)


def test_the_secret_fields_are_these() -> None:
    """Written down by hand, so that a mark that is lost on the way shows."""
    marked = {str(model): _secret(document(model.package), model.name) for model in MODELS if model.package in LISTED}
    assert {name: fields for name, fields in marked.items() if fields} == {
        "issuant_fireblocks.IssueApiUserPairingTokenResponse": {"pairingToken"},
        "issuant_fireworks.GatewayApiKey": {"key"},
        "issuant_fireworks.GatewaySecretInput": {"value"},
        "issuant_fireworks.GatewayUpdateSecretBody": {"value"},
        "issuant_galileo.CreateApiKeyRequest": {"api_key"},
        "issuant_galileo.CreateApiKeyResponse": {"api_key"},
        "issuant_galileo.ValidationError": {"input"},
    }


@pytest.mark.parametrize("name", [name for name in provider_names() if not capabilities(name).needs_approval])
def test_the_field_in_which_a_value_is_issued_is_secret(name: str) -> None:
    """At every provider that shows one."""
    seen = exchange(name, "issue")
    schema = response_schema(operation_of(name, "issue"), str(seen.reply.status_code))
    assert seen.place(seen.value) in secret_places(name, schema)


@pytest.mark.parametrize("model", MODELS, ids=str)
@pytest.mark.parametrize("value", [None, [], [["a", 1]], "text", 1, True], ids=repr)
def test_a_model_is_made_of_an_object_only(model: Model, value: Any) -> None:
    """`dict()` would make an empty object of an empty list, and a full one of a list of pairs."""
    with pytest.raises(TypeError, match="not a JSON object"):
        model.type.from_dict(value)
