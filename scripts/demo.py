"""The main job on the vendored pages, told step by step: `make demo`.

Regenerates the clients elsewhere and compares, starts the mocks, issues a key at every provider, and stores a secret.
No secret is printed: values go from one masked object to a file that is removed at the end.
"""

from __future__ import annotations

import os
import sys
import tempfile
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

from issuant import (
    FireblocksKeyRequest,
    IssuedKey,
    KeyRequest,
    PendingApproval,
    Secret,
    connect,
    mocks,
    open_sink,
    provider_names,
)
from issuant.custody import Outcome
from issuant.mocks.loopback import serve
from specpipe.check import compare

ROOT = Path(__file__).resolve().parent.parent

REQUESTS = {
    "fireblocks": FireblocksKeyRequest(name="nightly-report", role="VIEWER"),
    "fireworks": KeyRequest(name="nightly-eval", expires_in=timedelta(days=30)),
    "galileo": KeyRequest(name="nightly-eval", expires_in=timedelta(days=30)),
}


def main() -> int:
    """Do it all; return 1 where the committed clients are not what the pages give."""
    print("1. Regenerating the clients from the vendored pages into a temporary folder.")
    report = compare(ROOT)
    for line in report.lines():
        print(f"   {line}")
    if not report.clean:
        return 1
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="issuant-demo-")))
        print("2. Starting a mock of every provider on this machine.")
        for name in provider_names():
            simulator = mocks.simulator(name)
            base_url = stack.enter_context(serve(simulator)).base_url
            os.environ.update(simulator.env(base_url, folder))
            print(f"   {name:<11}{base_url}")
        for step, name in enumerate(provider_names(), start=3):
            print(f"{step}. Issuing a key at {name}.")
            _issue(name, folder)
        print(f"{step + 1}. Storing a secret at fireworks.")
        _store()
    print("Done. The values went into files that are removed now; none was printed.")
    return 0


def _issue(name: str, folder: Path) -> None:
    sink = open_sink(f"env:{folder / 'keys.env'}#{name.upper()}_NEW_KEY")
    with connect(name) as connection:
        print(f"   {connection.capabilities.note}")
        _tell(connection.issue(REQUESTS.get(name, KeyRequest(name="nightly-eval")), sink=sink))


def _tell(outcome: Outcome) -> None:
    match outcome:
        case IssuedKey() as key:
            print(f"   issued: {key.name!r}, id {key.id}, expires {key.expires_at or 'never'}, value {key.secret}")
            print("   the value is in the env file, mode 0600, synced to disk")
        case PendingApproval() as pending:
            print(f"   pending approval: {pending.name!r}, request {pending.request_id}")
            print(f"   idempotency key {pending.idempotency_key}; the empty 200 means that people have to approve it")
            print("   its private key (RSA-4096) was in the env file, synced to disk, before the request was sent")


def _store() -> None:
    with connect("fireworks") as connection:
        stored = connection.put_secret(
            "wolfram", key_name="WOLFRAM_ALPHA_API_KEY", value=Secret("wolfram_TEST_not_a_key")
        )
    print(f"   stored: {stored.name} as {stored.key_name}; the reply does not hold the value")


if __name__ == "__main__":
    sys.exit(main())
