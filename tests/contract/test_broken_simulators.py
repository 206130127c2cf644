"""The survey of the simulators can fail: one that is broken in one way is caught, by the check that owns it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

import pytest
from issuant.mocks.fireblocks import FireblocksSimulator
from requests import PreparedRequest

from tests.contract import breakage, stands
from tests.contract.breakage import Breakage, broken
from tests.contract.credentials import Signature
from tests.contract.documents import Operation, operations, response_schema, variants
from tests.contract.survey import survey

EXAMPLES = {"all": 200, "positive": 2}
"""Acceptable data shows at once what is broken. Among all kinds of data, the one that shows it comes sooner or later,
whatever the seed, and is the last: at some operations it is one in three.
"""

each_operation = pytest.mark.parametrize("operation", operations(), ids=lambda operation: operation.test_id)

OF_DATA = {breakage.accept_all}
"""What cannot be broken where nothing is drawn that could be wrong."""

OF_FIELDS = {breakage.leave_a_field_out, breakage.send_numbers_for_texts}
"""What cannot be broken where, on top of that, a good reply has no field that it must have."""

OF_BODIES = OF_FIELDS | {breakage.send_html, breakage.cut_bodies}
"""What cannot be broken where, on top of that, a good reply has no body."""


def _can_break(operation: Operation, way: Breakage, fixed: Collection[str]) -> bool:
    if operation.is_drawn(fixed):
        return True
    schema = response_schema(operation, str(operation.successes[0]))
    if schema is None:
        return way not in OF_DATA | OF_BODIES
    has_fields = any(form.get("required") for form in variants(operation.provider, schema))
    return way not in OF_DATA and (has_fields or way not in OF_FIELDS)


@each_operation
@pytest.mark.parametrize(
    ("way", "mode", "caught_by"),
    [
        pytest.param(breakage.ignore_credentials, "positive", {"ignored_auth"}, id="auth-not-checked"),
        pytest.param(breakage.leave_a_field_out, "all", {"response_schema_conformance"}, id="field-missing"),
        pytest.param(breakage.send_numbers_for_texts, "all", {"response_schema_conformance"}, id="wrong-type"),
        pytest.param(breakage.send_html, "all", {"content_type_conformance"}, id="another-content-type"),
        pytest.param(breakage.cut_bodies, "all", {"response_schema_conformance"}, id="truncated"),
        pytest.param(breakage.accept_all, "all", {"negative_data_rejection"}, id="data-not-checked"),
        pytest.param(breakage.refuse_all, "positive", {"positive_data_acceptance"}, id="good-data-refused"),
        pytest.param(breakage.fail, "positive", {"not_a_server_error", "positive_data_acceptance"}, id="server-error"),
    ],
)
def test_a_broken_simulator_is_caught_by_name(
    operation: Operation, way: Breakage, mode: str, caught_by: set[str]
) -> None:
    """The checks that fail are the ones that own what is broken, and no others; where nothing can be, none fails."""
    kind = broken(stands.simulator_class(operation), way)
    stand = stands.fresh(operation, kind, examples=EXAMPLES[mode])
    run = replace(stand.run, mode=mode, coverage=False, stops=True)
    found = survey(stand.simulator, stand.document, operation, stand.auth, run)
    assert set(found.failures) == (caught_by if _can_break(stand.operation, way, run.parameters) else set())


@each_operation
def test_an_undeclared_success_is_caught_by_name(operation: Operation) -> None:
    """Under `default`, the checks on the body may find it strange as well: it is not that of a refusal."""
    kind = broken(stands.simulator_class(operation), breakage.send_another_status)
    stand = stands.fresh(operation, kind, examples=2)
    run = replace(stand.run, mode="positive", coverage=False)
    found = survey(stand.simulator, stand.document, operation, stand.auth, run)
    assert "success_is_declared" in found.failures
    assert set(found.failures) <= {"success_is_declared", "response_schema_conformance", "content_type_conformance"}


@each_operation
@pytest.mark.parametrize(
    ("way", "caught_by"),
    [
        pytest.param(breakage.refuse_all, {"status_code_conformance", "positive_data_acceptance"}, id="refusal"),
        pytest.param(breakage.send_another_status, {"status_code_conformance", "success_is_declared"}, id="success"),
    ],
)
def test_an_undeclared_status_is_caught_by_name(operation: Operation, way: Breakage, caught_by: set[str]) -> None:
    """Where a document has no `default`, a status that it does not have is no part of the contract."""
    stand = stands.fresh(operation, broken(stands.simulator_class(operation), way), examples=2)
    stand.document["paths"][operation.path][operation.method]["responses"].pop("default", None)
    run = replace(stand.run, mode="positive", coverage=False)
    found = survey(stand.simulator, stand.document, operation, stand.auth, run)
    assert set(found.failures) == caught_by


@each_operation
def test_a_405_without_allow_is_caught_by_name(operation: Operation) -> None:
    """A method that is not declared is answered with the ones that are."""
    kind = broken(stands.simulator_class(operation), breakage.tell_no_methods)
    stand = stands.fresh(operation, kind, examples=1)
    found = survey(stand.simulator, stand.document, operation, stand.auth, stand.run)
    assert set(found.failures) == {"unsupported_method"}


class SignsTooEarly(Signature):
    """Signs as one does who hooks in before the body is there: over nothing."""

    def body_of(self, request: PreparedRequest) -> bytes:
        return b""


def test_a_signer_that_runs_before_the_body_is_final_is_noticed() -> None:
    """It is never accepted: the count tells, and so does the check on acceptable data."""
    operation = next(operation for operation in operations() if operation.provider == "fireblocks")
    stand = stands.fresh(operation, examples=8)
    simulator = stand.simulator
    assert isinstance(simulator, FireblocksSimulator)
    auth = SignsTooEarly(api_key=simulator.api_key, pem=simulator.private_key_pem, clock=simulator.clock)
    found = survey(simulator, stand.document, operation, auth, replace(stand.run, coverage=False))
    assert set(found.replies) == {401}
    assert found.shortfalls()[0] == "0 replies are 2xx, where 20 are needed"
    assert set(found.failures) == {"positive_data_acceptance"}
