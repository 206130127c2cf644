"""Whenever an issue or a rotation is killed, and its recovery too, one key is left, and it is where it is used.

So it is with a rotation that gets another sink on its way.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.rotation.matrix import PROPERTY, gone_through, options
from tests.rotation.scenes import SCENES, Scene


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.name)
def test_a_kill_at_any_instant_loses_nothing(scene: Scene, record_property: Callable[[str, object], None]) -> None:
    """After recovery exactly one key of ours lives, it is the credential's, and every place holds it.

    At each kill every place holds a value that the provider accepts, no value can be read in the journal, and no key
    was asked for whose name the journal does not have. In the end nothing is open, no recovery has raised anything,
    no slot is left, and nobody is asked to approve what is not needed.
    """
    result = gone_through(scene, *options(scene))
    record_property(PROPERTY, [result.scenarios, result.runs, result.seconds])
    assert result.findings == ()
    assert result.scenarios > 15
