"""Every method of a connection is on trial at every provider that answers it, and every operation that is asked for."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterable
from typing import Any

import pytest
from issuant import IssuantError, KeyRequest, UnsupportedError, connect
from issuant.async_connection import AsyncConnection
from issuant.connection import Connection
from issuant.providers import provider_names

from tests.contract.acts import quick_account
from tests.contract.documents import asked
from tests.contract.exchanges import template
from tests.contract.unlisted import BASE_URL
from tests.hostile.cells import course
from tests.hostile.errands import NO_CALLS, Errand, errands, fresh
from tests.hostile.wire import Sent, Wire


def _methods(kind: type[Any]) -> set[str]:
    return {name for name, _ in inspect.getmembers(kind) if not name.startswith("_")} - NO_CALLS


def _is_refused(provider: str, method: str) -> bool:
    """Tell whether a connection says that the provider cannot do it, before it sends anything."""
    asking = getattr(Connection, method)
    given = {
        name: KeyRequest(name="nightly") if name == "request" and method == "issue" else "text"
        for name, parameter in inspect.signature(asking).parameters.items()
        if parameter.default is parameter.empty and name != "self"
    }
    with connect(quick_account(provider), base_url=BASE_URL, transport=Wire(Sent(status=401))) as connection:
        try:
            asking(connection, **given)
        except UnsupportedError:
            return True
        except IssuantError:
            return False
    return False


def forgotten(provider: str, known: Iterable[Errand]) -> set[str]:
    """Return the methods that no errand of a provider tries, though it does not refuse them."""
    tried = {errand.method for errand in known if errand.provider == provider}
    return {method for method in _methods(Connection) - tried if not _is_refused(provider, method)}


@pytest.mark.parametrize("provider", provider_names())
def test_every_method_is_tried_or_refused(provider: str) -> None:
    """A method that is added to the facade or to an adapter is on trial, or this fails."""
    assert forgotten(provider, errands()) == set()


@pytest.mark.parametrize("method", ["issue", "key", "diagnose"])
def test_a_method_that_is_forgotten_is_named(method: str) -> None:
    """Whichever is left out of the list."""
    left = [errand for errand in errands() if errand.method != method]
    assert forgotten("galileo", left) == {method}


def test_both_connections_have_the_same_methods() -> None:
    """So that an errand of the one is an errand of the other."""
    assert _methods(Connection) == _methods(AsyncConnection)


@pytest.mark.parametrize("provider", provider_names())
def test_every_operation_that_the_facade_sends_is_on_trial(provider: str) -> None:
    """What is sent is known from the document, and what is tried from what arrived."""
    base_path = fresh(provider).base_path
    spots = [spot.request for errand in errands() if errand.provider == provider for spot in course(errand)[1]]
    for operation in (operation for operation in asked() if operation.provider == provider):
        assert any(
            operation.method == request.method.lower()
            and re.fullmatch(template(operation.path), request.path.removeprefix(base_path))
            for request in spots
        ), operation.label


def test_names_are_unique() -> None:
    """A cell is found by its name."""
    names = [errand.name for errand in errands()]
    assert len(set(names)) == len(names) > 40
