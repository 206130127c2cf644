"""Fireworks' own SDK at the mock: users, API keys and secrets. The environment alone says where it is.

Each line is what was done and what came of it, with a tab between; the first thing that is not so ends it.
"""

# ruff: noqa: S101 - asserts are what this is made of

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta

from fireworks import Fireworks  # type: ignore[import-not-found]  # it is in an environment of its own

LIFETIME = timedelta(days=30)


def main() -> None:
    """Do it all."""
    user_id = os.environ["FIREWORKS_USER_ID"]
    with Fireworks(max_retries=0) as client:
        try_users(client)
        try_keys(client, user_id)
        try_secrets(client)


def try_users(client: Fireworks) -> None:
    """Create a user, get it, and find it in the list."""
    made = client.users.create(role="user", user_id="interop", email="interop@mock.invalid")
    assert made.name.endswith("/users/interop"), made.name
    print("created a user", made.name, sep="\t")
    assert client.users.get("interop").email == "interop@mock.invalid"
    assert made.name in [user.name for user in client.users.list()]
    print("got and listed it", made.state, sep="\t")


def try_keys(client: Fireworks, user_id: str) -> None:
    """Create keys, page through the list of them, use one, and delete it."""
    expires = datetime.now(UTC) + LIFETIME
    made = [
        client.api_keys.create(user_id, api_key={"display_name": f"interop-{number}", "expire_time": expires})
        for number in range(3)
    ]
    assert all(key.key and key.key_id for key in made)
    assert abs(made[0].expire_time - expires) < timedelta(seconds=1), made[0].expire_time
    print("created three API keys", made[0].key_id, sep="\t")
    listed = [key.display_name for key in client.api_keys.list(user_id, page_size=1)]
    assert {key.display_name for key in made} <= set(listed), listed
    print("listed them, one to a page", f"{len(listed)} keys", sep="\t")
    with Fireworks(api_key=made[0].key, max_retries=0) as another:
        assert made[1].key_id in [key.key_id for key in another.api_keys.list(user_id)]
    print("used one of them", made[0].prefix, sep="\t")
    for key in made:
        client.api_keys.delete(user_id, key_id=key.key_id)
    left = [key.key_id for key in client.api_keys.list(user_id)]
    assert not {key.key_id for key in made} & set(left), left
    print("deleted them", f"{len(left)} left", sep="\t")


def try_secrets(client: Fireworks) -> None:
    """Create a secret, get it, change it, list it, and delete it."""
    made = client.secrets.create(name="interop", key_name="INTEROP", value="interop_TEST_not_a_key")
    assert made.value is None
    print("created a secret", made.name, sep="\t")
    changed = client.secrets.update("interop", key_name="INTEROP_TWO", value="interop_TEST_two_not_a_key")
    assert changed.key_name == client.secrets.get("interop").key_name == "INTEROP_TWO"
    assert [secret.name for secret in client.secrets.list()] == [made.name]
    print("changed, got and listed it", changed.key_name, sep="\t")
    client.secrets.delete("interop")
    assert list(client.secrets.list()) == []
    print("deleted it", "none left", sep="\t")


if __name__ == "__main__":
    main()
