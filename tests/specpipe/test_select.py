"""Selection keeps the wanted operations and what they reach, nothing else."""

from __future__ import annotations

import re

import pytest
from specpipe.faults import TableError
from specpipe.select import prune, select

from tests.specpipe.documents import pets

PET = "/pets/{pet_id}"


def test_what_no_operation_reaches_is_pruned() -> None:
    """Schemas reached through references stay, and so do the named security schemes."""
    selected = select(pets(), [f"PUT {PET}"])
    assert list(selected["paths"][PET]) == ["put"]
    assert list(selected["components"]["schemas"]) == ["Pet", "Kind", "Problem"]
    assert list(selected["components"]["securitySchemes"]) == ["Key"]


def test_an_operation_without_bodies_needs_no_schema() -> None:
    """The empty section goes."""
    selected = select(pets(), [f"GET {PET}"])
    assert list(selected["components"]) == ["securitySchemes"]


def test_the_order_of_the_document_stays() -> None:
    """Keys stand where the vendor has put them."""
    assert list(select(pets(), [f"GET {PET}"])) == list(pets())


def test_an_unknown_operation_is_named() -> None:
    """A row of the table that asks for what is not there fails."""
    with pytest.raises(TableError, match=re.escape("'DELETE /pets/{pet_id}'")):
        select(pets(), [f"DELETE {PET}", f"GET {PET}"])


def test_a_tag_that_nothing_uses_goes() -> None:
    """The other stays."""
    document = pets()
    document["tags"].append({"name": "Owners"})
    assert prune(document)["tags"] == [{"name": "Pets"}]


def test_a_discriminator_reaches_what_its_mapping_names() -> None:
    """By reference, or by the bare name of a schema."""
    document = pets()
    document["components"]["schemas"]["Kind"] = {
        "oneOf": [{"type": "object"}],
        "discriminator": {"propertyName": "k", "mapping": {"u": "Unused"}},
    }
    assert "Unused" in prune(document)["components"]["schemas"]


def test_a_default_response_reaches_its_component() -> None:
    """`default` is a response's name here, not a schema's keyword."""
    document = pets()
    document["paths"][PET]["get"]["responses"]["default"] = {"$ref": "#/components/responses/Error"}
    document["components"]["responses"] = {"Error": {"description": "No."}, "Other": {"description": "No."}}
    assert list(prune(document)["components"]["responses"]) == ["Error"]


def test_a_reference_into_a_path_that_is_left_out_is_named() -> None:
    """It would lead nowhere."""
    document = pets()
    document["paths"]["/owners"] = {
        "get": {"responses": {"200": {"$ref": "#/paths/~1pets~1{pet_id}/get/responses/204"}}}
    }
    with pytest.raises(TableError, match=r"'#/paths/.*/204' at #/paths/~1owners/get/responses/200 leads to what"):
        select(document, ["GET /owners"])
