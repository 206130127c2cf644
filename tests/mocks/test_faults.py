"""A fault happens to the requests it is meant for, as often as it is meant, and its name says if they took effect."""

from __future__ import annotations

import json

import httpx
import pytest
from issuant.mocks import Fault
from issuant.mocks.fireblocks import FireblocksSimulator
from issuant.mocks.fireworks import FireworksSimulator
from issuant.mocks.galileo import GalileoSimulator

from tests.mocks.signing import PATH, csr_of, rsa_key

SECRETS = "/v1/accounts/mock-account/secrets"
SECRET = {"name": "wolfram", "keyName": "WOLFRAM", "value": "stored_TEST_not_a_key"}


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("status:503", Fault.status(503)),
        ("status:429:7", Fault.status(429, retry_after=7)),
        ("html-502", Fault.html_502()),
        ("html:200", Fault.html(200)),
        ("problem:503", Fault.problem(503)),
        ("redirect", Fault.redirect()),
        ("redirect:308", Fault.redirect(308)),
        ("empty", Fault.empty()),
        ("truncated", Fault.truncated()),
        ("delay:0.5", Fault.delay(0.5)),
        ("drop-before", Fault.drop_before()),
        ("drop-after", Fault.drop_after()),
        ("reset-before", Fault.reset_before()),
        ("reset-after", Fault.reset_after()),
        ("incomplete", Fault.incomplete()),
        ("wrong-shape", Fault.wrong_shape()),
        ("invalid-utf8", Fault.invalid_utf8()),
        ("oversized:1.5", Fault.oversized(1.5)),
        ("endless", Fault.endless()),
        ("gzip-bomb:8", Fault.gzip_bomb(8)),
        ("drip:0.01", Fault.drip(0.01)),
        ("pages-repeat", Fault.pages_repeat()),
        ("pages-cycle", Fault.pages_cycle()),
        ("pages-endless", Fault.pages_endless()),
    ],
)
def test_a_fault_is_read_from_a_command_line(text: str, fault: Fault) -> None:
    """Each by its name."""
    assert Fault.parse(text) == fault


@pytest.mark.parametrize(
    "text",
    [
        "",
        "status",
        "status:",
        "status:abc",
        "status:200",
        "status:600",
        "delay",
        "delay:-1",
        "delay:nan",
        "drip:inf",
        "oversized",
        "oversized:0",
        "oversized:nan",
        "oversized:5000",
        "gzip-bomb:-1",
        "html:100",
        "problem:200",
        "redirect:200",
        "redirect:",
        "status:429:soon",
        "drop",
        "empty:1",
    ],
)
def test_what_is_no_fault_is_an_error_that_names_it(text: str) -> None:
    """With what is wrong or what there is."""
    with pytest.raises(ValueError, match=f"^{text!r} is no fault") as raised:
        Fault.parse(text)
    assert raised.value.__cause__ is None


@pytest.mark.parametrize("status", [199, 600])
def test_a_body_needs_the_status_of_a_final_reply(status: int) -> None:
    """From 200 to 599."""
    with pytest.raises(ValueError, match="from 200 to 599"):
        Fault.body(b"", status=status)


def test_a_fault_happens_at_least_once(fireworks: FireworksSimulator) -> None:
    """Never would be a mistake of the test."""
    with pytest.raises(ValueError, match="at least once"):
        fireworks.faults.add(Fault.empty(), times=0)


@pytest.mark.parametrize(
    ("fault", "status", "took_effect"),
    [
        (Fault.status(503), 503, False),
        (Fault.html_502(), 502, False),
        (Fault.body(b"[]", status=202, content_type="application/yaml"), 202, False),
        (Fault.empty(), 200, True),
        (Fault.truncated(), 200, True),
        (Fault.delay(0.001), 200, True),
        (Fault.problem(503), 503, False),
        (Fault.redirect(), 307, False),
        (Fault.wrong_shape(), 200, True),
        (Fault.invalid_utf8(), 200, True),
        (Fault.oversized(0.1), 200, True),
        (Fault.gzip_bomb(0.1), 200, True),
        (Fault.drip(0.0001), 200, True),
        (Fault.pages_repeat(), 200, True),
    ],
    ids=lambda value: value.kind if isinstance(value, Fault) else None,
)
def test_the_state_shows_if_a_request_took_effect(
    fireworks: FireworksSimulator, fireworks_client: httpx.Client, fault: Fault, status: int, took_effect: bool
) -> None:
    """And the fault is over after one request."""
    fireworks.faults.add(fault)
    reply = fireworks_client.post(SECRETS, json=SECRET)
    assert reply.status_code == status
    assert len(fireworks.secrets) == int(took_effect)
    assert fireworks_client.post(SECRETS, json={**SECRET, "name": "second"}).status_code == 200


def test_a_status_has_the_error_body_of_its_vendor(
    fireworks: FireworksSimulator,
    fireworks_client: httpx.Client,
    fireblocks: FireblocksSimulator,
    fireblocks_client: httpx.Client,
    galileo: GalileoSimulator,
    galileo_client: httpx.Client,
) -> None:
    """And Retry-After where it is asked for."""
    for simulator in (fireworks, fireblocks, galileo):
        simulator.faults.add(Fault.status(503, retry_after=7))
    replies = [fireworks_client.post(SECRETS), fireblocks_client.post(PATH), galileo_client.post("/v2/users/api_keys")]
    assert [reply.status_code for reply in replies] == [503, 503, 503]
    assert [reply.headers["Retry-After"] for reply in replies] == ["7", "7", "7"]
    assert [reply.headers["Content-Type"] for reply in replies] == ["application/json"] * 3
    assert [reply.json() for reply in replies] == [
        {"code": 14, "message": "Service Unavailable", "details": []},
        {"error": {"type": "INTERNAL", "message": "Service Unavailable"}},
        {"detail": "Service Unavailable"},
    ]
    assert replies[1].headers["X-Request-ID"]


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 418, 429, 500, 503, 520])
def test_every_refusal_has_a_body(
    fireworks: FireworksSimulator, fireblocks: FireblocksSimulator, galileo: GalileoSimulator, status: int
) -> None:
    """Unregistered statuses too."""
    for simulator in (fireworks, fireblocks, galileo):
        simulator.faults.add(Fault.status(status))
        with httpx.Client(transport=simulator.transport()) as client:
            reply = client.get("https://mock.invalid/")
        assert reply.status_code == status
        assert reply.json()


def test_problem_details_are_a_gateways(fireworks: FireworksSimulator, fireworks_client: httpx.Client) -> None:
    """With the media type of RFC 9457."""
    fireworks.faults.add(Fault.problem(503))
    reply = fireworks_client.post(SECRETS, json=SECRET)
    assert reply.headers["Content-Type"] == "application/problem+json"
    assert (reply.json()["status"], reply.json()["title"]) == (503, "Service Unavailable")


def test_a_redirect_leads_elsewhere(fireworks: FireworksSimulator, fireworks_client: httpx.Client) -> None:
    """To where it was told, or to a host that nobody can have."""
    fireworks.faults.add(Fault.redirect(308, location="http://127.0.0.1:9/x"))
    fireworks.faults.add(Fault.redirect())
    replies = [fireworks_client.post(SECRETS, json=SECRET) for _ in range(2)]
    assert [(reply.status_code, reply.headers["Location"]) for reply in replies] == [
        (308, "http://127.0.0.1:9/x"),
        (307, "https://elsewhere.invalid/"),
    ]


def test_a_wrong_shape_has_every_field_in_a_list(fireworks: FireworksSimulator, fireworks_client: httpx.Client) -> None:
    """It is JSON with the right names."""
    fireworks.faults.add(Fault.wrong_shape())
    reply = fireworks_client.post(SECRETS, json=SECRET)
    assert reply.json() == {"name": ["accounts/mock-account/secrets/wolfram"], "keyName": ["WOLFRAM"]}


def test_a_wrong_shape_of_nothing_is_a_list(fireblocks: FireblocksSimulator, fireblocks_client: httpx.Client) -> None:
    """Where a body was never expected."""
    fireblocks.faults.add(Fault.wrong_shape())
    reply = fireblocks_client.post(PATH, json={"role": "EDITOR", "name": "n", "csrPem": csr_of(rsa_key())})
    assert (reply.json(), reply.headers["Content-Type"]) == ([None], "application/json")


def test_invalid_utf8_is_all_that_is_wrong_with_a_body(
    fireworks: FireworksSimulator, fireworks_client: httpx.Client
) -> None:
    """Read with replacements, it is the reply."""
    fireworks.faults.add(Fault.invalid_utf8())
    body = fireworks_client.post(SECRETS, json=SECRET).content
    with pytest.raises(UnicodeDecodeError):
        body.decode()
    assert json.loads(body.decode(errors="replace"))["keyName"] == "WOLFRAM"


def test_html_is_html(fireworks: FireworksSimulator, fireworks_client: httpx.Client) -> None:
    """As a proxy sends it."""
    fireworks.faults.add(Fault.html_502())
    reply = fireworks_client.post(SECRETS, json=SECRET)
    assert reply.headers["Content-Type"] == "text/html"
    assert reply.text.startswith("<html>")


def test_an_empty_body_keeps_the_media_type(fireworks: FireworksSimulator, fireworks_client: httpx.Client) -> None:
    """Only the bytes are lost."""
    fireworks.faults.add(Fault.empty())
    reply = fireworks_client.post(SECRETS, json=SECRET)
    assert (reply.content, reply.headers["Content-Type"]) == (b"", "application/json")


def test_truncated_json_is_not_json(fireworks: FireworksSimulator, fireworks_client: httpx.Client) -> None:
    """But its beginning."""
    fireworks.faults.add(Fault.truncated())
    reply = fireworks_client.post(SECRETS, json=SECRET)
    assert reply.text.startswith('{"name":')
    with pytest.raises(ValueError, match=r"Expecting|Unterminated"):
        reply.json()


def test_a_reply_without_a_body_is_truncated_too(
    fireblocks: FireblocksSimulator, fireblocks_client: httpx.Client
) -> None:
    """It becomes the beginning of an object."""
    fireblocks.faults.add(Fault.truncated())
    reply = fireblocks_client.post(PATH, json={"role": "EDITOR", "name": "n", "csrPem": csr_of(rsa_key())})
    assert (reply.status_code, reply.text, reply.headers["Content-Type"]) == (200, "{", "application/json")
    assert reply.headers["X-Request-ID"] in fireblocks.approvals


def test_a_body_is_sent_as_it_was_given(galileo: GalileoSimulator, galileo_client: httpx.Client) -> None:
    """Status, bytes and media type."""
    galileo.faults.add(Fault.body(b"\xff\x00", status=520, content_type="application/octet-stream"))
    reply = galileo_client.get("/anything")
    assert (reply.status_code, reply.content) == (520, b"\xff\x00")
    assert reply.headers["Content-Type"] == "application/octet-stream"


def test_faults_come_in_turn_and_as_often_as_they_were_meant(
    fireworks: FireworksSimulator, fireworks_client: httpx.Client
) -> None:
    """Each request meets the first that applies."""
    fireworks.faults.add(Fault.status(503), times=2)
    fireworks.faults.add(Fault.status(429))
    assert len(fireworks.faults) == 3
    statuses = [fireworks_client.post(SECRETS, json=SECRET).status_code for _ in range(4)]
    assert statuses == [503, 503, 429, 200]
    assert len(fireworks.faults) == 0


def test_a_fault_waits_for_the_request_it_is_meant_for(
    fireworks: FireworksSimulator, fireworks_client: httpx.Client
) -> None:
    """Others pass it by, and clear forgets it."""
    fireworks.faults.add(Fault.status(503), times=2, when=lambda request: b"second" in request.body)
    assert fireworks_client.post(SECRETS, json={**SECRET, "name": "first"}).status_code == 200
    assert fireworks_client.post(SECRETS, json={**SECRET, "name": "second"}).status_code == 503
    fireworks.faults.clear()
    assert fireworks_client.post(SECRETS, json={**SECRET, "name": "second"}).status_code == 200
