"""`issuant adopt PROVIDER`: a key that was made elsewhere is looked after from now on. Nothing is changed there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import click

from issuant.cli.connecting import Reach, connecting
from issuant.cli.operations import of_credential
from issuant.cli.options import click_option, values_of
from issuant.cli.output import json_option, print_result
from issuant.cli.rotating import rotating
from issuant.cli.waiting import Waiting
from issuant.providers import Provider, find_provider, provider_names

if TYPE_CHECKING:
    from issuant.keys import KeyRequest

_MADE_ANEW = frozenset({"api_key", "csr_pem", "idempotency_key"})  # a credential's request has none of these
_SINKS = "env:PATH#NAME, file:PATH, keyring:SERVICE/USER, fireworks:SECRET_ID#KEY_NAME or exec:COMMAND"


class _Adopt(click.Group):
    """A group whose commands are the providers, each made when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(provider_names())

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command:
        return _command(find_provider(cmd_name))  # an unknown name is refused with the known ones


@click.command(cls=_Adopt, options_metavar="", subcommand_metavar="PROVIDER KEY_ID --as NAME --from SINK [OPTIONS]")
def adopt() -> None:
    """Look after a key that was made elsewhere, so that `issuant rotate NAME` can replace it.

    Its value is read from a sink, and proven at the provider. Nothing is changed there.
    """


def _command(provider: Provider) -> click.Command:
    def callback(**given: Any) -> None:
        _adopt(provider, **given)

    command: Callable[..., Any] = connecting(callback)
    for option in reversed(provider.options):
        if option.field not in _MADE_ANEW:
            command = click_option(option)(command)
    for add in (
        json_option,
        click.option("--expires", help="How long the next keys live, such as 90d. Default: as this one."),
        click.option("--name", help="What the next keys are called, before their mark. Default: as this one."),
        click.option("--owner", metavar="USER", help="The id of the user whose key it is."),
        click.option("--replace", is_flag=True, help="Let the next rotation write over what --to or --id-to holds."),
        click.option("--id-to", multiple=True, metavar="SINK", help="Where the id of the next key goes."),
        click.option(
            "--to", multiple=True, metavar="SINK", help="Where the next value goes, once for each. Default: --from."
        ),
        click.option("--from", "source", required=True, metavar="SINK", help="The sink that holds the value."),
        click.option("--as", "credential", required=True, metavar="NAME", help="What it is called here."),
        click.argument("key_id"),
    ):
        command = add(command)
    return click.command(
        name=provider.name,
        help=f"Look after a key of {provider.title}. SINK is {_SINKS}; the value is read from one of the first three. "
        "The other options say how the next keys are asked for: like this one, but for what they give.",
    )(command)


def _adopt(
    provider: Provider,
    *,
    key_id: str,
    credential: str,
    source: str,
    to: Sequence[str],
    id_to: Sequence[str],
    replace: bool,
    owner: str | None,
    name: str | None,
    expires: str | None,
    as_json: bool,
    reach: Reach,
    **fields: Any,
) -> None:
    given = values_of(provider, expires, {**dict.fromkeys(_MADE_ANEW), **fields})
    if name is not None:
        given["name"] = name
    with Waiting(provider.name) as waiting, rotating(reach, waiting) as rotator:
        request = _like(provider, key_id, owner, given, reach) if given else None
        entered = rotator.adopt(
            credential,
            provider.name,
            key_id,
            source=source,
            request=request,
            owner=owner,
            sinks=to or None,
            id_sinks=id_to,
            replace=replace,
        )
    print_result(of_credential(entered, None), as_json=as_json)


def _like(provider: Provider, key_id: str, owner: str | None, given: dict[str, Any], reach: Reach) -> KeyRequest:
    """Return a request for keys like that one, but for what is given."""
    from issuant.rotation.entering import turning_of

    if "expires_at" in given:
        given = {"expires_in": None, **given}  # which is refused with a better word than that both are given
    with reach.connect(provider.name) as connection:
        return provider.request(**{**turning_of(provider).like(connection.key(key_id, owner=owner)), **given})
