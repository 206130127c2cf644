"""What a package does that no vendor's document calls for any more, shown on the package of the small document."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.generated.hidden import assert_hidden
from tests.generated.packages import SECRET


@pytest.fixture
def pets(built_project: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """The built package, importable for one test."""
    monkeypatch.syspath_prepend(str(built_project / "generated"))
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    yield import_module("pets_client")
    for name in [name for name in sys.modules if name.split(".")[0] == "pets_client"]:
        del sys.modules[name]


def _client(pets: Any, **options: Any) -> Any:
    return pets.Client(transport=httpx.MockTransport(lambda request: httpx.Response(418, text=SECRET)), **options)


def test_an_undeclared_status_is_an_error_without_content(pets: Any) -> None:
    """It tells the status and nothing of what came."""
    operation, errors = import_module("pets_client.api.pets.put_pet"), import_module("pets_client.errors")
    body = import_module("pets_client.models").PetInput(name="n", tag=SECRET)
    with pytest.raises(errors.UnexpectedStatus, match="status 418 is not declared") as caught:
        operation.sync_detailed("1", client=_client(pets), body=body)
    assert caught.value.status_code == 418
    assert isinstance(caught.value, errors.ApiError)
    assert caught.value.__context__ is None
    assert_hidden(caught.value)


def test_an_undeclared_status_is_none_where_the_caller_wants_it(pets: Any) -> None:
    """The response still tells the status."""
    operation = import_module("pets_client.api.pets.get_pet")
    response = operation.sync_detailed("1", client=_client(pets, raise_on_unexpected_status=False))
    assert (response.status_code, response.parsed) == (418, None)


def test_a_nested_secret_is_masked(pets: Any) -> None:
    """`format: password` in an object inside the object, and `writeOnly` beside it."""
    models = import_module("pets_client.models")
    pet = models.PetInput.from_dict({"name": "n", "tag": SECRET, "chip": {"pin": SECRET, "more": SECRET}})
    assert pet.chip.pin == SECRET
    assert repr(pet) == (
        "PetInput(name='n', tag=****, kind=UNSET, chip=PetInputChip(pin=****, additional_properties=<'more'>), "
        "additional_properties=<>)"
    )


def test_servers_without_a_name_are_called_by_their_host(pets: Any) -> None:
    """The overlay names the first, the second goes by its first label."""
    assert pets.SERVERS == {
        "production": "https://api.pets.example/v1",
        "test-api": "https://test-api.pets.example/v1",
    }
