"""`python -m issuant`: the command, where its script is not on the path."""

from __future__ import annotations

from issuant.cli import main

main()
