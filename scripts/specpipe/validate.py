"""The effective document must be valid OpenAPI of the version it names.

Owns the call of the validator and the wording of its findings. Refuses nothing by its own rules.
"""

from .document import Document, show
from .faults import DocumentError

_SHOWN = 5


def validate(document: Document, *, name: str) -> None:
    """Raises DocumentError that names up to five places where the document breaks the specification."""
    from openapi_spec_validator import OpenAPIV30SpecValidator, OpenAPIV31SpecValidator  # costs 0.3 s, here alone

    validators = {"3.0": OpenAPIV30SpecValidator, "3.1": OpenAPIV31SpecValidator}
    version = ".".join(document["openapi"].split(".")[:2])
    if version not in validators:
        raise DocumentError(f"{name}: OpenAPI {document['openapi']} is neither 3.0 nor 3.1")
    found = [
        f"{name}{show(tuple(map(str, error.absolute_path)))}: {error.message[:300]}"
        for error in validators[version](document).iter_errors()
    ]
    if found:
        more = f"\n… and {len(found) - _SHOWN} more" if len(found) > _SHOWN else ""
        raise DocumentError("\n".join(found[:_SHOWN]) + more)
