"""A fault can be meant for one operation, and so many times; a line of text says all of it."""

from __future__ import annotations

import pytest
from issuant.mocks import Fault, Request, names, simulator
from issuant.mocks.faultlist import Faults

KEYS = "/v1/accounts/a/users/u/apiKeys"


def met(faults: Faults, method: str, path: str) -> Fault | None:
    return faults.take(Request(method=method, path=path))


@pytest.mark.parametrize(
    ("operation", "method", "path", "is_meant"),
    [
        pytest.param(f"GET {KEYS}", "GET", KEYS, True, id="the-same"),
        pytest.param(f"get {KEYS}", "GET", KEYS, True, id="small-letters"),
        pytest.param(f"GET {KEYS}", "POST", KEYS, False, id="another-method"),
        pytest.param(KEYS, "POST", KEYS, True, id="any-method"),
        pytest.param(f"GET {KEYS}", "GET", f"{KEYS}:delete", False, id="a-longer-path"),
        pytest.param("POST /v1/*", "POST", KEYS, True, id="a-star-is-any-text"),
        pytest.param("*", "POST", KEYS, True, id="a-star-alone"),
        pytest.param("GET /v1/*:delete", "GET", KEYS, False, id="a-star-and-another-end"),
        pytest.param("GET /v1/accounts/{a}/users/{u}/apiKeys", "GET", KEYS, True, id="names"),
        pytest.param("GET /v1/{rest}", "GET", KEYS, False, id="a-name-is-one-segment"),
        pytest.param("GET /v1/accounts/{a}", "GET", "/v1/accounts/", False, id="a-name-is-something"),
        pytest.param("GET /v1.accounts", "GET", "/v1xaccounts", False, id="a-dot-is-a-dot"),
    ],
)
def test_an_operation_is_a_method_and_a_path(operation: str, method: str, path: str, is_meant: bool) -> None:
    """Or a path alone."""
    faults = Faults()
    faults.add(Fault.empty(), on=operation)
    assert (met(faults, method, path) is not None) is is_meant
    assert len(faults) == (0 if is_meant else 1)


KNOWN = ("GET /v1/users/{user}/keys", "POST /v1/users/{user}/keys:delete", "POST /v1/login")


@pytest.mark.parametrize(
    ("operation", "method", "path"),
    [
        pytest.param("GET /v1/users/u/keys", "GET", "/v1/users/u/keys", id="whole"),
        pytest.param("GET /users/u/keys", "GET", "/v1/users/u/keys", id="without-the-base-path"),
        pytest.param("/users/*", "POST", "/v1/users/u/keys:delete", id="any-method"),
        pytest.param("POST /v1/*:delete", "POST", "/v1/users/u/keys:delete", id="a-star-over-several"),
        pytest.param("GET /v1/{things}/u/keys", "GET", "/v1/users/u/keys", id="a-name"),
        pytest.param("post /log*", "POST", "/v1/login", id="a-star-within"),
        pytest.param("*", "POST", "/v1/login", id="any"),
    ],
)
def test_an_operation_of_the_vendor_is_met(operation: str, method: str, path: str) -> None:
    """Also as its documents write it, without the base path."""
    faults = Faults(KNOWN, base_path="/v1")
    faults.add(Fault.empty(), on=operation)
    assert met(faults, method, path) is not None


@pytest.mark.parametrize(
    "operation",
    [
        pytest.param("POST /nonsense", id="another-path"),
        pytest.param("DELETE /v1/login", id="another-method"),
        pytest.param("GET /v1/users/u", id="a-shorter-path"),
        pytest.param("GET /v1/{all}", id="a-name-for-too-much"),
    ],
)
def test_what_is_no_operation_of_the_vendor_is_refused(operation: str) -> None:
    """It would wait for ever; the text names those that there are."""
    faults = Faults(KNOWN, base_path="/v1")
    with pytest.raises(ValueError, match=r"is no operation that is answered; there are GET /v1/users/\{user\}/keys, "):
        faults.add(Fault.empty(), on=operation)
    assert len(faults) == 0


@pytest.mark.parametrize("name", names())
def test_every_operation_of_a_simulator_may_meet_a_fault(name: str) -> None:
    """By its own path."""
    made = simulator(name)
    for route in made.routes():
        made.faults.add(Fault.empty(), on=f"{route.method} {route.path}")


def test_a_line_says_fault_times_and_operation() -> None:
    """In this order."""
    faults = Faults()
    faults.plan("status:429:7*2@POST /v1/*")
    assert met(faults, "GET", "/v1/x") is None
    expected = Fault.status(429, retry_after=7)
    assert [met(faults, "POST", "/v1/x") for _ in range(3)] == [expected, expected, None]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param("", "'' is no fault", id="nothing"),
        pytest.param("empty*0", "at least once", id="never"),
        pytest.param("empty*", "no number of times", id="no-number"),
        pytest.param("empty*two", "no number of times", id="letters"),
        pytest.param("empty*1_0", "no number of times", id="underscore"),
        pytest.param("empty@", "no operation", id="no-operation"),
        pytest.param("empty@POST", "no operation", id="a-method-alone"),
        pytest.param("empty@POST v1", "no operation", id="no-slash"),
        pytest.param("empty@POST /v1 /v2", "no operation", id="two-paths"),
    ],
)
def test_a_line_that_says_something_else_is_an_error(text: str, words: str) -> None:
    """And adds nothing."""
    faults = Faults()
    with pytest.raises(ValueError, match=words):
        faults.plan(text)
    assert len(faults) == 0
