"""`issuant providers`: what there is, what each can do, and the variables each reads."""

from __future__ import annotations

from dataclasses import asdict

import click

from issuant.cli.output import print_json
from issuant.providers import find_provider, provider_names


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print one line of JSON.")
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
        can = item.capabilities
        abilities = [
            "issues keys" if can.issues_keys else "",
            "sets an expiry" if can.sets_expiry else "",
            "stores secrets" if can.stores_secrets else "",
            "needs an approval" if can.needs_approval else "",
        ]
        click.echo(f"{item.name}: {item.title}")
        click.echo(f"  {', '.join(ability for ability in abilities if ability)}. {can.note}")
        click.echo(f"  servers: {', '.join(item.servers)}")
        for name, holds in item.variables.items():
            click.echo(f"  {name:<24}{holds}")
