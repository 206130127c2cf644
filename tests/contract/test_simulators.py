"""Each simulator keeps to its effective document, as far as schemathesis can see over a socket."""

from __future__ import annotations

import pytest
from issuant import mocks
from issuant.mocks import loopback
from requests import PreparedRequest
from requests.auth import AuthBase

from tests.contract import stands
from tests.contract.documents import Operation, load, operations, provider_names
from tests.contract.drawing import drawn
from tests.contract.survey import ENOUGH, Survey, survey

EXAMPLES = 40

DRAWN = {"400", "422"}
"""What drawn data must reach by itself besides every 2xx: what the vendor finds wrong with the data."""

each_operation = pytest.mark.parametrize("operation", operations(), ids=lambda operation: operation.test_id)


def test_every_document_has_a_simulator_and_every_simulator_a_document() -> None:
    """Nothing is left out of what follows."""
    assert set(mocks.names()) == set(provider_names())


@each_operation
def test_a_simulator_keeps_to_its_document(operation: Operation) -> None:
    """All checks hold over drawn data; 2xx comes back often, and every declared refusal comes back."""
    found = _survey(stands.fresh(operation, examples=EXAMPLES), operation)
    assert found.failures == {}
    assert not found.unreached() & (DRAWN | set(map(str, operation.successes)))

    for declared in sorted(found.unreached()):
        stand, status = stands.refused(operation, declared)
        arranged = _survey(stand, operation)
        assert arranged.failures == {}, f"where {status} is arranged"
        assert set(arranged.replies) == {status}
        found.take(arranged)

    assert found.shortfalls(stands.FEWER.get(operation.test_id, ENOUGH)) == []


class Without(AuthBase):
    """Authenticates, and then takes one header away."""

    def __init__(self, auth: AuthBase, header: str) -> None:
        self.auth = auth
        self.header = header

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        authenticated: PreparedRequest = self.auth(request)
        del authenticated.headers[self.header]
        return authenticated


@each_operation
def test_each_header_of_a_credential_is_needed(operation: Operation) -> None:
    """The same request is accepted with all headers of its credential, and is 401 with any one of them missing."""
    stand = stands.fresh(operation, examples=1)
    bare = PreparedRequest()
    bare.prepare(method=operation.method, url="http://mock.invalid/")
    plain = set(bare.headers)
    headers = sorted(set(stand.auth(bare).headers) - plain)
    assert headers

    with loopback.serve(stand.simulator) as server:
        settings = stand.run.settings(server.base_url)
        found = load(stand.document, settings)[operation.path][operation.method]
        case = drawn(found.as_strategy(path_parameters=stand.fixed), 1)[0]
        statuses = [case.call(auth=Without(stand.auth, header)).status_code for header in headers]
        accepted = case.call(auth=stand.auth).status_code
    assert statuses == [401] * len(headers)
    assert accepted in operation.successes


def _survey(stand: stands.Stand, operation: Operation) -> Survey:
    return survey(stand.simulator, stand.document, operation, stand.auth, stand.run)
