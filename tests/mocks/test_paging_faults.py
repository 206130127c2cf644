"""Lists that never end, as each vendor would send them, whatever they hold; credentials still count."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest
from issuant.mocks import Fault
from issuant.mocks.base import Simulator
from issuant.mocks.fireblocks import FireblocksSimulator
from issuant.mocks.fireworks import FireworksSimulator
from issuant.mocks.galileo import GalileoSimulator

PAGES = 4


def tokens(get: Callable[..., httpx.Response], path: str, parameter: str, field: str) -> tuple[list[Any], list[Any]]:
    """Follow a list for some pages; return its tokens, and the pages without them."""
    found: list[Any] = []
    pages: list[Any] = []
    for _ in range(PAGES):
        reply = get(path, params={parameter: found[-1]} if found else {})
        assert reply.status_code == 200, reply.text
        page = reply.json()
        found.append(page.pop(field))
        pages.append(page)
    return found, pages


@pytest.fixture(params=["fireworks", "fireblocks", "galileo"])
def listing(request: pytest.FixtureRequest) -> tuple[Simulator, Callable[[], tuple[list[Any], list[Any]]]]:
    simulator, client = request.getfixturevalue(request.param), request.getfixturevalue(f"{request.param}_client")
    place = {
        "fireworks": ("/v1/accounts/mock-account/users/mock-user/apiKeys", "pageToken", "nextPageToken"),
        "fireblocks": ("/v1/approvals", "pageCursor", "next"),
        "galileo": (f"/v2/users/{getattr(simulator, 'user_id', '')}/api_keys", "starting_token", "next_starting_token"),
    }[request.param]
    return simulator, lambda: tokens(client.get, *place)


@pytest.mark.parametrize(
    ("fault", "numbers"),
    [
        pytest.param(Fault.pages_repeat(), [1, 1, 1, 1], id="repeat"),
        pytest.param(Fault.pages_cycle(), [1, 2, 1, 2], id="cycle"),
        pytest.param(Fault.pages_endless(), [1, 2, 3, 4], id="endless"),
    ],
)
def test_a_list_never_ends(
    listing: tuple[Simulator, Callable[[], tuple[list[Any], list[Any]]]], fault: Fault, numbers: list[int]
) -> None:
    """Though it holds next to nothing; each token is of the vendor's type."""
    simulator, follow = listing
    simulator.faults.add(fault, times=PAGES)
    found, pages = follow()
    assert simulator.paging is not None
    assert found == [simulator.paging.token(number) for number in numbers]
    assert pages == [pages[0]] * PAGES
    assert len(simulator.faults) == 0


def test_galileo_says_that_there_are_more_pages(galileo: GalileoSimulator, galileo_client: httpx.Client) -> None:
    """As it does where there are."""
    galileo.faults.add(Fault.pages_repeat())
    page = galileo_client.get(f"/v2/users/{galileo.user_id}/api_keys").json()
    assert (page["paginated"], page["next_starting_token"]) == (True, 1)


def test_a_token_that_is_made_up_is_signed_with_the_rest(
    fireblocks: FireblocksSimulator, fireblocks_client: httpx.Client
) -> None:
    """A request whose signature does not cover it is refused, fault or not."""
    fireblocks.faults.add(Fault.pages_repeat(), times=2)
    given = {"pageCursor": "page-1"}
    assert fireblocks_client.get("/v1/approvals", params=given, auth=None).status_code == 401
    assert fireblocks_client.get("/v1/approvals", params=given).json()["next"] == "page-1"


@pytest.mark.parametrize("fault", [Fault.pages_repeat(), Fault.pages_endless()], ids=lambda fault: fault.kind)
def test_what_is_no_page_stays_as_it_is(
    fireworks: FireworksSimulator, fireworks_client: httpx.Client, fault: Fault
) -> None:
    """Refusals, and what changes something."""
    fireworks.faults.add(fault, times=2)
    assert fireworks_client.get("/v1/accounts/mock-account/nothing").json().keys() == {"code", "message", "details"}
    made = fireworks_client.post("/v1/accounts/mock-account/users/mock-user/apiKeys", json={"apiKey": {}})
    assert "nextPageToken" not in made.json()
