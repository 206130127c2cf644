"""The servers that the document lists. Owns their names and addresses; refuses nothing."""

SERVERS: dict[str, str] = {}

__all__ = ["SERVERS"]
