"""The effective document must be valid OpenAPI of its version."""

from __future__ import annotations

import re

import pytest
from specpipe.faults import DocumentError
from specpipe.validate import validate

from tests.specpipe.documents import pets


def test_a_valid_document_passes() -> None:
    """Of 3.1; the vendors' own, of 3.0 too, pass in every build."""
    validate(pets(), name="pets")


def test_what_is_invalid_is_named_by_its_place() -> None:
    """With the document's name in front."""
    document = pets()
    document["components"]["securitySchemes"]["Key"]["in"] = "nowhere"
    with pytest.raises(DocumentError, match=re.escape("pets#/components/securitySchemes/Key")):
        validate(document, name="pets")


@pytest.mark.parametrize("version", ["3.2.0", "3.9.1"])
def test_a_version_that_nothing_here_validates_is_refused(version: str) -> None:
    """It would pass unseen."""
    with pytest.raises(DocumentError, match=r"neither 3\.0 nor 3\.1"):
        validate({**pets(), "openapi": version}, name="pets")
