"""The kill matrix can fail: three protocols as one would write them at first are caught, each where it is wrong."""

from __future__ import annotations

import pytest

from tests.rotation.invariants import DEAD, ORPHAN, UNMARKED
from tests.rotation.matrix import gone_through
from tests.rotation.scenes import Scene

CAUGHT = {
    "store-after-revoke": ("killed before store", f"at the kill: {DEAD}"),
    "blind-retry": ("killed before write created", ORPHAN),
    "no-marker": ("killed before write attempt", f"at the kill: {UNMARKED}"),
}


@pytest.mark.parametrize("provider", ["galileo", "fireworks"])
@pytest.mark.parametrize("protocol", CAUGHT)
def test_a_naive_protocol_is_caught(protocol: str, provider: str) -> None:
    """Killed at one certain checkpoint, each leaves what must not be; most other scenarios it survives."""
    scene = Scene(provider=provider, place="file")
    result = gone_through(scene, "--acts", "rotate", "--second-kills", "0", "--protocol", protocol)
    place, finding = CAUGHT[protocol]
    assert [name for name, words in result.findings if place in name and words == finding]
    assert len({name for name, _ in result.findings}) < result.scenarios / 4
