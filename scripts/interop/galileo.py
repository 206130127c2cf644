"""Galileo's own SDK at the mock: login, current user, API keys. The environment alone says where it is.

Each line is what was done and what came of it, with a tab between; the first thing that is not so ends it.
"""

# ruff: noqa: S101 - asserts are what this is made of

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from galileo.config import GalileoPythonConfig  # type: ignore[import-not-found]  # it is in an environment of its own
from galileo_core.helpers.api_key import (  # type: ignore[import-not-found]  # the same
    create_api_key,
    delete_api_key,
    list_api_keys,
)
from galileo_core.helpers.health import healthcheck  # type: ignore[import-not-found]  # the same
from galileo_core.helpers.user import get_current_user  # type: ignore[import-not-found]  # the same

LIFETIME = timedelta(days=30)


def main() -> None:
    """Do it all."""
    config = GalileoPythonConfig.get()
    assert config.jwt_token is not None
    print("logged in with the API key", "a token", sep="\t")
    health = healthcheck(config=config)
    print("asked for its health", health["message"], sep="\t")
    user = get_current_user(config=config)
    assert user.email == "mock-user@mock.invalid", user.email
    print("read the current user", user.email, sep="\t")
    try_keys(config)


def try_keys(config: GalileoPythonConfig) -> None:
    """Create keys, list them over more than a page, and delete them."""
    expires = datetime.now(UTC) + LIFETIME
    made = [create_api_key(f"interop {number}", expires_at=expires, config=config) for number in range(102)]
    assert len({key.api_key for key in made}) == len(made)
    assert abs(made[0].expires_at - expires) < timedelta(seconds=1), made[0].expires_at
    print(f"created {len(made)} API keys", made[0].truncated, sep="\t")
    listed = list_api_keys(config=config)
    assert [key.id for key in listed] == [key.id for key in made], len(listed)
    print("listed them", f"{len(listed)} keys on two pages", sep="\t")
    for key in made:
        delete_api_key(key.id, config=config)
    assert list_api_keys(config=config) == []
    print("deleted them", "none left", sep="\t")


if __name__ == "__main__":
    main()
