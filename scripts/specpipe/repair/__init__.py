"""General repairs of a document before it goes to the generator. Each is a pure function of the document that returns
the mended one and how much it mended; none names a provider.
"""

from ..document import Document
from .deep_references import name_deep_schemas
from .naming import readable_names
from .readwrite import split_read_write


def repair(document: Document) -> tuple[Document, dict[str, int]]:
    """The document with every repair made, and the count of each repair by name."""
    document, deep = name_deep_schemas(document)
    document, named = readable_names(document)
    document, split = split_read_write(document)
    return document, {"deep_references": deep, "names": named, "read_write": split}


__all__ = ["name_deep_schemas", "readable_names", "repair", "split_read_write"]
