"""What an operation raises about a reply. Owns the two ways in which a reply can be of no use; refuses to hold its
content, which may be a key: neither message nor attributes tell more than status, media type and length.

    ApiError
    ├── UnexpectedStatus   the document does not declare the status
    └── UnreadableReply    the status is declared, but what came cannot be read as what it declares

What fails before there is a reply is raised by httpx as its own errors.
"""


class ApiError(Exception):
    """The base of both. `status_code` is the HTTP status of the reply."""

    def __init__(self, status_code: int) -> None:
        super().__init__(status_code)
        self.status_code = status_code


class UnexpectedStatus(ApiError):
    """The reply has a status that the document does not declare for the operation."""

    def __str__(self) -> str:
        return f"status {self.status_code:d} is not declared for this operation"


class UnreadableReply(ApiError):
    """The reply's status is declared, but its body is not what the document says: HTML, empty, truncated, null.

    `fault` names the kind of mismatch (the class of the exception in the parser), `media_type` is what the reply
    calls itself if that is a plain token, and `length` counts its bytes.
    """

    def __init__(self, status_code: int, fault: str, media_type: str | None, length: int) -> None:
        super().__init__(status_code)
        self.args = (status_code, fault, media_type, length)
        self.fault = fault
        self.media_type = media_type
        self.length = length

    def __str__(self) -> str:
        kind = self.media_type or "no media type"
        return f"the reply with status {self.status_code:d} ({kind}, {self.length} bytes) cannot be read: {self.fault}"


__all__ = ["ApiError", "UnexpectedStatus", "UnreadableReply"]
