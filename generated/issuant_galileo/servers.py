"""The servers that the document lists. Owns their names and addresses; refuses nothing."""

SERVERS: dict[str, str] = {"production": "https://api.galileo.ai"}

__all__ = ["SERVERS"]
