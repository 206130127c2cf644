"""What it costs to start: whole interpreters, measured by the CPU time of the child.

Facts
- Connections are made for https, as a plain httpx.Client reads the certificates that are trusted in any case, and ours
  does not where it speaks plain http.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

_HTTPS = "base_url='https://mock.invalid'"
_COMMAND = "import sys; sys.argv = ['issuant', '{}', '--json']; import issuant.__main__"

CODE = {
    "nothing": "pass",
    "httpx": "import httpx",
    "httpx client": "import httpx; httpx.Client()",
    "httpx client, cryptography": (
        "import httpx; httpx.Client(); import jwt\n"
        "from cryptography.hazmat.primitives.serialization import load_pem_private_key\n"
        "import os; load_pem_private_key(open(os.environ['FIREBLOCKS_SECRET_KEY'], 'rb').read(), None)"
    ),
    "httpx issue": (
        "import httpx, os; e = os.environ\n"
        "client = httpx.Client(base_url=e['GALILEO_API_URL'], headers={'Galileo-API-Key': e['GALILEO_API_KEY']})\n"
        "client.post('/v2/users/api_keys', json={'description': 'bench'}).raise_for_status().json()"
    ),
    "issuant": "import issuant",
    "names": "from issuant import connect, KeyRequest",
    "fireworks": f"from issuant import connect; connect('fireworks', {_HTTPS})",
    "galileo": f"from issuant import connect; connect('galileo', {_HTTPS})",
    "galileo issue": ("from issuant import connect, KeyRequest; connect('galileo').issue(KeyRequest(name='bench'))"),
    "journal": _COMMAND.format("journal"),
    "due": _COMMAND.format("due"),
    "fireblocks": f"from issuant import connect; connect('fireblocks', {_HTTPS})",
}

PAIRS = (
    ("import issuant / import httpx", "issuant", "httpx", 0.3),
    ("from issuant import connect, KeyRequest / import httpx", "names", "httpx", 0.5),
    ("connected, Fireworks / import httpx; httpx.Client()", "fireworks", "httpx client", 1.25),
    ("connected, Galileo / import httpx; httpx.Client()", "galileo", "httpx client", 1.25),
    ("the command issuant journal / import httpx; httpx.Client()", "journal", "httpx client", 0.9),
    ("the command issuant due / import httpx; httpx.Client()", "due", "httpx client", 0.9),
    ("first key issued, Galileo / the same by bare httpx", "galileo issue", "httpx issue", None),
    ("connected, Fireblocks / import httpx; httpx.Client()", "fireblocks", "httpx client", None),
    ("connected, Fireblocks / the same, jwt and a parsed PEM", "fireblocks", "httpx client, cryptography", None),
)


def measure(codes: Sequence[str], *, rounds: int, cache: Path) -> dict[str, float]:
    """Return the CPU seconds of an interpreter that runs each code, the fastest of the rounds, taken in turns.

    The environment is this process's: its variables point at the mocks.
    """
    key = cache / "fireblocks.pem"
    _write_key(key)
    env = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"} | {
        "PYTHONPYCACHEPREFIX": str(cache / "bytecode"),
        "ISSUANT_STATE": str(cache / "state"),
        "FIREBLOCKS_SECRET_KEY": str(key),  # of the size that the vendor asks for; the mock's own is smaller
    }
    for code in codes:
        _cpu(code, env)  # writes the bytecode
    costs = [{code: _cpu(code, env) for code in codes} for _ in range(rounds)]
    return {code: min(cost[code] for cost in costs) for code in codes}


def _cpu(code: str, env: dict[str, str]) -> float:
    process = subprocess.Popen([sys.executable, "-c", code], env=env)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise RuntimeError(f"exit {process.returncode}: {code}")
    return usage.ru_utime + usage.ru_stime


def _write_key(path: Path) -> None:
    from issuant.auth.fireblocks import make_key_pair

    path.write_text(make_key_pair("bench").private_key.reveal())
    path.chmod(0o600)
