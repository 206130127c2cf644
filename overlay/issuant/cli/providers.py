"""`issuant providers`: what there is, what each can do, and the variables each reads."""

from __future__ import annotations

from dataclasses import asdict

import click

from issuant.cli.output import emit, json_option, print_json
from issuant.keys import Capabilities
from issuant.providers import find_provider, provider_names


@click.command()
@json_option
def providers(as_json: bool) -> None:
    """List the providers, what they can do, and their environment variables."""
    found = [find_provider(name) for name in provider_names()]
    if as_json:
        print_json(
            [
                {
                    "provider": item.name,
                    "title": item.title,
                    "servers": dict(item.servers),
                    "capabilities": asdict(item.capabilities),
                    "environment": dict(item.variables),
                }
                for item in found
            ]
        )
        return
    for item in found:
        emit(f"{item.name}: {item.title}")
        emit(f"  {', '.join(_abilities(item.capabilities))}. {item.capabilities.note}")
        emit(f"  servers: {', '.join(item.servers)}")
        for name, holds in item.variables.items():
            emit(f"  {name:<24}{holds}")


def _abilities(can: Capabilities) -> list[str]:
    told = {
        "issues keys": can.issues_keys,
        "sets an expiry": can.sets_expiry,
        "needs an approval": can.needs_approval,
        "lists keys": can.lists_keys,
        "lists everyone's keys": can.lists_everyones_keys,
        "revokes keys": can.revokes_keys,
        "tells whom a credential speaks for": can.tells_caller,
        "stores secrets": can.stores_secrets,
        "lists users": can.manages_users,
        "follows approvals": can.follows_approvals,
        "issues pairing tokens": can.sets_up_devices,
    }
    return [ability for ability, is_there in told.items() if is_there]
