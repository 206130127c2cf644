"""Everything that a connection can be asked for, at every provider that answers it, each on a simulator of its own.

What an adapter offers is found in `tests.contract.acts`; what the facade makes of that by itself is added here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache, partial
from typing import Any

from issuant import GalileoAccount, connect, mocks
from issuant.adapters import Account, ListsKeys
from issuant.mocks import Fault, Simulator
from issuant.providers import find_provider, provider_names

from tests.contract import acts as offered
from tests.contract.exchanges import arrange
from tests.contract.unlisted import BASE_URL, PUT_VALUE, SECRET_ID, SECRET_KEY_NAME, now

OWN_VALUE = "galileo_TEST_own_value_5Hn1_not_a_key"
IDEMPOTENCY_KEY = "idem-TEST-0001"

NO_CALLS = frozenset({"close", "with_options", "provider", "base_url", "capabilities", "clock_skew"})
"""What a connection has that asks the provider for nothing."""

_METHODS = {"replace_secret": "put_secret"}  # acts that are not called as the method is


@dataclass(frozen=True, kw_only=True)
class Errand:
    """One thing that a connection is asked for.

    Attributes:
        name: the provider and what is done, such as `fireworks-put_secret`.
        provider: the provider's name.
        method: the method of the connection.
        kind: whether it makes something, lists, reads one thing, or removes one.
        ask: takes a connection of either flavour, and what was arranged.
        act: the act of `tests.contract.acts` whose arrangement it needs.
        account: makes the account; takes the simulator.
        goes_through: whether it reads a list to its end.
        logs_in: whether a login comes before it.
        makes: how many things there are more when it has succeeded.
        gives: secrets that the caller gives, besides the credential.
        picks_a_key: whether it is given a key that was listed, rather than what the act arranged.
        goes_wrong: what goes wrong before anybody tries anything, by the operation; the call gets over it.
        also: sees to what else the simulator is to be like.
    """

    name: str
    provider: str
    method: str
    kind: offered.Kind
    ask: Callable[[Any, Any], Any]
    act: str
    account: Callable[[Any], Account]
    goes_through: bool = False
    logs_in: bool = False
    makes: int = 0
    gives: tuple[str, ...] = ()
    picks_a_key: bool = False
    goes_wrong: tuple[tuple[Fault, str], ...] = ()
    also: Callable[[Any], object] = lambda _: None

    def furnish(self, simulator: Simulator) -> Any:
        """See to what has to be there, and return what `ask` needs to know of it."""
        given = arrange(self.provider, self.act, simulator)
        if self.picks_a_key:
            with connect(
                offered.quick_account(self.provider),
                base_url=BASE_URL + simulator.base_path,
                transport=simulator.transport(),
                clock=now,
            ) as connection:
                given = next(connection.keys())  # nobody's own: at Fireblocks, its id would be the credential
        for fault, operation in self.goes_wrong:
            simulator.faults.add(fault, on=operation)
        self.also(simulator)
        return given


def _quick(name: str) -> Callable[[Any], Account]:
    return lambda simulator: offered.quick_account(name)


def _offered(name: str) -> list[Errand]:
    return [
        Errand(
            name=f"{name}-{act_name}",
            provider=name,
            method=_METHODS.get(act_name, act_name),
            kind=act.kind,
            ask=act.ask,
            act=act_name,
            account=_quick(name),
            goes_through=act.kind == "list",
            makes=int(act.kind == "make" and act_name != "replace_secret"),
            gives=(PUT_VALUE,) if act_name in ("put_secret", "replace_secret") else (),
        )
        for act_name, act in offered.acts(name).items()
    ]


def _of_the_facade(name: str) -> list[Errand]:
    """What the facade makes of a list of keys, and of all questions."""
    provider = find_provider(name)
    make = partial(Errand, provider=name, account=_quick(name))
    found = [
        make(
            name=f"{name}-diagnose",
            method="diagnose",
            kind="read",
            act="keys",
            ask=lambda connection, _: connection.diagnose(),
        )
    ]
    if not isinstance(provider.adapter(offered.quick_account(name), now), ListsKeys):
        return found
    listing = partial(make, act="keys", picks_a_key=True)
    found += [
        listing(name=f"{name}-key", method="key", kind="read", ask=lambda connection, key: connection.key(key.id)),
        listing(
            name=f"{name}-find",
            method="find",
            kind="read",
            ask=lambda connection, key: connection.find(key.name),
            goes_through=True,
        ),
    ]
    if provider.capabilities.lists_everyones_keys:
        found.append(
            listing(
                name=f"{name}-keys_of_everyone",
                method="keys",
                kind="list",
                ask=lambda connection, _: offered.gone_through(connection.keys(everyone=True)),
                goes_through=True,
            )
        )
    return found


def _of_secrets(name: str) -> list[Errand]:
    if "put_secret" not in offered.acts(name):
        return []
    return [
        Errand(
            name=f"{name}-put_new_secret",
            provider=name,
            method="put_secret",
            kind="make",
            ask=lambda connection, _: connection.put_secret(SECRET_ID, key_name=SECRET_KEY_NAME, value=PUT_VALUE),
            act="put_secret",
            account=_quick(name),
            makes=1,
            gives=(PUT_VALUE,),
        )
    ]


def _requested(name: str, what: str, /, gives: tuple[str, ...] = (), **fields: Any) -> Errand:
    """Issue with more in the request than has to be."""
    plain = offered.quick_request(name)
    request = find_provider(name).request(
        **{key: value for key, value in vars(plain).items() if value is not None}, **fields
    )
    return Errand(
        name=f"{name}-{what}",
        provider=name,
        method="issue",
        kind="make",
        ask=lambda connection, _: connection.issue(request),
        act="issue",
        account=_quick(name),
        makes=1,
        gives=gives,
    )


def _of_logins(name: str, what: str, account: Callable[[Any], Account], acts: tuple[str, ...]) -> list[Errand]:
    found = {errand.act: errand for errand in _offered(name)}
    return [replace(found[act], name=f"{name}-{act}_by_{what}", account=account, logs_in=True) for act in acts]


def _particular() -> list[Errand]:
    """What only some have: a key to repeat by or a value of one's own, a login, a second try, small pages."""
    users = next(errand for errand in _offered("fireworks") if errand.act == "users")
    return [
        _requested("fireblocks", "issue_with_own_key", idempotency_key=IDEMPOTENCY_KEY),
        replace(
            _requested("fireblocks", "issue_anew"), goes_wrong=((Fault.status(500), "POST /v1/management/api_users"),)
        ),
        replace(users, name="fireworks-users_on_two_pages", also=_on_small_pages),
        _requested("galileo", "issue_own_value", gives=(OWN_VALUE,), api_key=OWN_VALUE),
        *_of_logins("galileo", "password", _by_password, ("issue", "keys", "revoke", "whoami")),
        *_of_logins("galileo", "key_login", _by_key, ("issue",)),
    ]


def _by_password(simulator: Any) -> GalileoAccount:
    return GalileoAccount(username=simulator.username, password=simulator.password)


def _by_key(simulator: Any) -> GalileoAccount:
    return GalileoAccount(api_key=simulator.api_key, scheme="login")


def _on_small_pages(simulator: Any) -> None:
    """Let there be two items on a page at most, whatever is asked for."""
    page = simulator.pages.page
    simulator.pages.page = lambda path, query, *rest, **named: page(path, {**query, "pageSize": "2"}, *rest, **named)


@cache
def errands() -> tuple[Errand, ...]:
    """Return every errand of every provider."""
    general = [
        errand for name in provider_names() for part in (_offered, _of_the_facade, _of_secrets) for errand in part(name)
    ]
    return (*general, *_particular())


@cache
def _kind(name: str) -> type[Simulator]:
    """Return what a provider's simulators are: to find it among the modules takes as long as a trial."""
    return type(mocks.simulator(name))


def fresh(name: str) -> Simulator:
    """Return a fresh simulator of a provider, by the clock that the tests go by."""
    return _kind(name)(clock=now)
