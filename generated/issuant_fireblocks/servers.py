"""The servers that the document lists. Owns their names and addresses; refuses nothing."""

SERVERS: dict[str, str] = {
    "production": "https://api.fireblocks.io/v1",
    "sandbox": "https://sandbox-api.fireblocks.io/v1",
    "eu": "https://eu-api.fireblocks.io/v1",
    "eu2": "https://eu2-api.fireblocks.io/v1",
}

__all__ = ["SERVERS"]
