"""Content types: what a body or a reply of each is in Python. Owns the decision, from the type's text and the schema
that stands beside it; refuses nothing, a type that nobody knows is bytes.

Facts
- The generator knows `application/json`, `+json`, the two form types and `application/octet-stream`, in lower case.
- Documents write `text/json`, capitals, parameters, wildcards, and words that are no content type at all.
- Frameworks declare `*/*`, or a type of their own, for what is JSON in truth; the schema of an object tells.
"""

from enum import StrEnum

from .shapes import Shape

JSON = "application/json"
FORM = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data"
TEXT = "text/plain"
BYTES = "application/octet-stream"


class Kind(StrEnum):
    """How content is written or read."""

    JSON = "json"
    FORM = "form"
    MULTIPART = "multipart"
    TEXT = "text"
    BINARY = "binary"


_JSON_SUBTYPES = frozenset(["json", "x-json", "hal-json"])
_FORM_SUBTYPES = frozenset(["x-www-form-urlencoded", "form-data"])
_TEXT_SUBTYPES = frozenset(
    [
        "csv",
        "ecmascript",
        "graphql",
        "html",
        "javascript",
        "jose",
        "jose+jwe",
        "json-seq",
        "jsonl",
        "jsonlines",
        "jwe",
        "jws",
        "jwt",
        "ndjson",
        "pem-certificate-chain",
        "pgp-signature",
        "rtf",
        "sql",
        "toml",
        "typescript",
        "x-javascript",
        "x-jsonl",
        "x-jsonlines",
        "x-ndjson",
        "x-pem-file",
        "x-sh",
        "x-yaml",
        "xml",
        "xml-dtd",
        "yaml",
    ]
)
_BINARY_SUBTYPES = frozenset(
    [
        "avro",
        "cbor",
        "dicom",
        "dns-message",
        "gzip",
        "java-archive",
        "msgpack",
        "msword",
        "octet-stream",
        "ogg",
        "pdf",
        "pkcs10",
        "pkcs7-mime",
        "pkcs8",
        "pkix-cert",
        "postscript",
        "protobuf",
        "vnd.apple.pkpass",
        "vnd.google.protobuf",
        "vnd.ms-excel",
        "vnd.ms-powerpoint",
        "wasm",
        "x-7z-compressed",
        "x-bzip",
        "x-bzip2",
        "x-gzip",
        "x-msgpack",
        "x-octet-stream",
        "x-pkcs12",
        "x-protobuf",
        "x-rar-compressed",
        "x-tar",
        "x-tgz",
        "x-zip",
        "x-zip-compressed",
        "zip",
        "zstd",
    ]
)
_FAMILIES = {
    "application/*+xml": "application/xml",
    "audio/*": "audio/mpeg",
    "font/*": "font/woff2",
    "image/*": "image/png",
    "video/*": "video/mp4",
}
_BINARY_TYPES = frozenset(["audio", "chemical", "font", "image", "model", "video"])


def essence(content_type: str) -> str:
    """The type without its parameters, in lower case."""
    return content_type.split(";", 1)[0].strip().lower()


def is_wildcard(content_type: str) -> bool:
    """Whether the type stands for several."""
    return "*" in essence(content_type)


def concrete(content_type: str, kind: Kind) -> str:
    """What is sent as the Content-Type: the declared text, or for a wildcard one of the types that it stands for."""
    if not is_wildcard(content_type):
        return content_type
    name = essence(content_type)
    if name in _FAMILIES:
        return _FAMILIES[name]
    return {Kind.JSON: JSON, Kind.FORM: FORM, Kind.MULTIPART: MULTIPART, Kind.TEXT: TEXT, Kind.BINARY: BYTES}[kind]


def kind_of(content_type: str, shape: Shape | None) -> Kind:
    """How content of the type is written or read. `shape` is that of its schema, None where there is no schema."""
    name = essence(content_type)
    family, _, subtype = name.rpartition("/")
    if _is_json(subtype):
        return Kind.JSON
    if family == "multipart" and subtype == "form-data":
        return Kind.MULTIPART
    if subtype in _FORM_SUBTYPES:
        return Kind.FORM
    if family == "text" or subtype in _TEXT_SUBTYPES or subtype.endswith(("+xml", "+yaml", "+jwt")):
        return Kind.BINARY if shape is Shape.BINARY else Kind.TEXT
    if family in _BINARY_TYPES or family == "multipart" or _is_binary(subtype):
        return Kind.BINARY
    return _kind_by_shape(shape)


def _is_json(subtype: str) -> bool:
    return subtype in _JSON_SUBTYPES or subtype.endswith(("+json", ".json")) or subtype.startswith("json+")


def _is_binary(subtype: str) -> bool:
    families = ("vnd.openxmlformats-officedocument.", "vnd.oasis.opendocument.")
    return subtype in _BINARY_SUBTYPES or subtype.endswith(("+zip", "+gzip", "+cbor")) or subtype.startswith(families)


def _kind_by_shape(shape: Shape | None) -> Kind:
    match shape:
        case Shape.STRUCTURE | Shape.SCALAR:
            return Kind.JSON
        case Shape.TEXT:
            return Kind.TEXT
    return Kind.BINARY
