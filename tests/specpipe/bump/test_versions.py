"""A document is a new version of the vendored one, or it is refused with the way to take it all the same."""

from __future__ import annotations

from typing import Any

import pytest
from specpipe.bump.versions import OtherAPIError, VersionError, check_api, check_version, compare

from tests.specpipe.documents import pets


def _at(url: str | None) -> dict[str, Any]:
    document = pets()
    document["servers"] = [] if url is None else [{"url": url}]
    return document


def _version(version: Any) -> dict[str, Any]:
    document = pets()
    document["info"]["version"] = version
    return document


@pytest.mark.parametrize(
    ("old", "new", "order"),
    [
        ("1.6.2", "1.6.10", 1),
        ("4.259.0", "4.258.9", -1),
        ("1.0", "1.0.0", 0),
        ("1.0.0-rc1", "1.0.0", 1),
        ("1.0.0", "1.0.0-rc.1", -1),
        ("1.0.0-rc2", "1.0.0-rc10", 1),
        ("1.0.0+build5", "1.0.0", 0),
        ("2026-01-31", "2026-02-01", 1),
        ("v1", "v2", 1),
        ("1.x", "two", None),
        ("", "1", None),
        ("1" * 5000, "2", None),
    ],
)
def test_versions_have_an_order_where_it_can_be_told(old: str, new: str, order: int | None) -> None:
    """Numbers are numbers, and what stands behind them comes before them."""
    assert compare(old, new) == order


def test_a_newer_version_needs_no_word() -> None:
    """Nor a remark."""
    assert check_version(_version("1.2.3"), _version("1.2.4"), name="pets") == ()


@pytest.mark.parametrize(
    ("old", "new", "said", "accept"),
    [
        ("1.2.3", "1.2.2", "version 1.2.2, older than the vendored 1.2.3", "older"),
        ("1.2.3", "1.2.3", "it is version 1.2.3, which is vendored already, and its bytes are others", "same-version"),
        ("1.2", "1.2.0", "it is version 1.2.0, which is vendored already", "same-version"),
        (None, None, "it is version (none), which is vendored already", "same-version"),
    ],
    ids=["older", "same", "same-but-written-otherwise", "none"],
)
def test_an_older_or_the_same_version_is_refused_unless_it_is_meant(
    old: str | None, new: str | None, said: str, accept: str
) -> None:
    """The refusal tells how to take it; taken, it is remarked."""
    with pytest.raises(VersionError, match=r"^pets: ") as caught:
        check_version(_version(old), _version(new), name="pets")
    assert said in str(caught.value)
    assert f"--accept {accept}" in str(caught.value)
    assert check_version(_version(old), _version(new), name="pets", accept=(accept,))
    with pytest.raises(VersionError):
        check_version(_version(old), _version(new), name="pets", accept=("new-server",))


def test_versions_without_an_order_are_taken_with_a_remark() -> None:
    """Nobody can tell, and nobody pretends to."""
    assert check_version(_version("one"), _version("two"), name="pets") == (
        "Whether 'two' is newer than 'one' cannot be told.",
    )


def test_a_page_of_another_api_is_refused_by_its_name_and_server() -> None:
    """Other operations at another server are another API, whatever is accepted."""
    other = {"openapi": "3.1.0", "info": {"title": "Cars"}, "servers": [{"url": "https://cars.example"}], "paths": {}}
    with pytest.raises(
        OtherAPIError, match=r"page\.md: this is another API: 'Cars' at cars\.example; .*'FastAPI' at api"
    ):
        check_api(pets(), other, name="page.md", accept=("new-server",))


def test_a_document_without_servers_is_told_by_its_operations() -> None:
    """None in common is another API."""
    other = {"openapi": "3.1.0", "info": {"title": "Cars"}, "paths": {"/cars": {"get": {}}}}
    with pytest.raises(OtherAPIError, match="'Cars' has none of the operations of 'FastAPI'"):
        check_api(pets(), other, name="page.md")
    assert check_api(pets(), _at(None), name="page.md") == ()


def test_a_server_of_another_host_is_refused_as_keys_would_go_there() -> None:
    """Unless it is said that the vendor moved."""
    with pytest.raises(
        OtherAPIError, match=r"evil\.example is a new server, beside api\.pets\.example, .*--accept new-s"
    ):
        check_api(pets(), _at("https://evil.example/v1"), name="page.md")
    assert check_api(pets(), _at("https://evil.example/v1"), name="page.md", accept=("new-server",)) == (
        "evil.example is a new server, beside api.pets.example, test-api.pets.example: keys go there.",
    )


def test_a_new_host_beside_a_known_one_is_refused_too() -> None:
    """Whichever stands first is the one that keys go to."""
    document = pets()
    document["servers"].insert(0, {"url": "https://evil.example"})
    with pytest.raises(OtherAPIError, match=r"page\.md: evil\.example is a new server"):
        check_api(pets(), document, name="page.md")


@pytest.mark.parametrize("url", ["http://api.pets.example/v1", "https://api.pets.example:8443/v1"])
def test_another_port_or_scheme_is_another_server(url: str) -> None:
    """Keys would go there, or in the clear."""
    with pytest.raises(OtherAPIError, match="is a new server"):
        check_api(pets(), _at(url), name="page.md")


@pytest.mark.parametrize("at", ["path", "operation"])
def test_a_server_of_a_path_or_an_operation_counts(at: str) -> None:
    """Wherever it stands."""
    document = pets()
    item = document["paths"]["/pets/{pet_id}"]
    (item if at == "path" else item["get"])["servers"] = [{"url": "https://evil.example"}]
    with pytest.raises(OtherAPIError, match=r"evil\.example is a new server"):
        check_api(pets(), document, name="page.md")


def test_a_first_host_is_a_new_one() -> None:
    """Where the vendored document names no server."""
    with pytest.raises(
        OtherAPIError, match=r"api\.pets\.example, test-api\.pets\.example is a new server, beside none"
    ):
        check_api(_at(None), pets(), name="page.md")


def test_the_same_hosts_need_no_word() -> None:
    """A path or one server less makes no other API; what cannot be read as an address counts as none."""
    assert check_api(pets(), _at("https://API.pets.example:443/v2"), name="page.md") == ()
    assert check_api(pets(), _at("https://[broken"), name="page.md") == ()
