"""What the document holds and the package lacks is found and named."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from specpipe import yamlio
from specpipe.count import Counts, count
from specpipe.faults import LossError

OPERATION = "api/pets/put_pet.py"


def _count(folder: Path) -> Counts:
    return count(yamlio.load((folder / "openapi.yaml").read_text("utf-8"), file="openapi.yaml").data, folder)


@pytest.fixture
def package(built_project: Path, tmp_path: Path) -> Path:
    """A copy of the built package."""
    return Path(shutil.copytree(built_project / "generated/pets_client", tmp_path / "pets_client"))


def test_a_whole_package_holds_everything(package: Path) -> None:
    """Two operations, three responses; Pet, PetInput, Kind and Problem; cat and dog."""
    assert _count(package) == Counts(operations=2, responses=3, schemas=4, enum_members=2)


def _replace(name: str, old: str, new: str) -> Callable[[Path], object]:
    def change(folder: Path) -> None:
        text = (folder / name).read_text("utf-8")
        assert old in text
        (folder / name).write_text(text.replace(old, new), "utf-8")

    return change


@pytest.mark.parametrize(
    ("damage", "named"),
    [
        pytest.param(lambda f: (f / OPERATION).unlink(), "operation PUT /pets/{pet_id}", id="operation"),
        pytest.param(
            _replace(OPERATION, "response.status_code == 200", "response.status_code == 201"),
            "response 200 of PUT /pets/{pet_id}",
            id="response",
        ),
        pytest.param(
            _replace(OPERATION, "500 <= response.status_code <= 599", "400 <= response.status_code <= 499"),
            "response 5XX of PUT /pets/{pet_id}",
            id="range of responses",
        ),
        pytest.param(lambda f: (f / "models/problem.py").unlink(), "schema Problem", id="schema"),
        pytest.param(_replace("models/pet.py", '"name"', '"nam"'), "property Pet.name", id="property"),
        pytest.param(lambda f: (f / "models/kind.py").unlink(), "schema Kind", id="enum"),
        pytest.param(
            _replace("models/kind.py", '    DOG = "dog"\n', ""), "enum member 'dog' of 'cat', 'dog'", id="member"
        ),
    ],
)
def test_a_loss_is_named(package: Path, damage: Callable[[Path], object], named: str) -> None:
    """Read back from the files, whatever the generator said."""
    damage(package)
    with pytest.raises(LossError) as caught:
        _count(package)
    assert named in str(caught.value)
    assert str(caught.value).startswith("pets_client lacks")
