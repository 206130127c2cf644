"""What values become on the wire, where httpx alone would write Python."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from issuant_galileo.sending import form, query, to_parts
from issuant_galileo.types import File


def test_a_whole_number_has_no_fraction() -> None:
    """A default of `number` is a float to Python, and a limit to the server."""
    assert query({"limit": 200.0, "ratio": 0.5, "big": 1e300}) == {"limit": "200", "ratio": "0.5", "big": "1e+300"}


def test_a_list_that_is_a_deep_object_has_its_places() -> None:
    """As it has in a form."""
    assert query({"expand": ["a", "b"]}, deep=["expand"]) == {"expand[0]": "a", "expand[1]": "b"}
    assert query({"expand": ["a", "b"]}) == {"expand": ["a", "b"]}
    assert form({"expand": ["a", "b"]}, deep=["expand"]) == {"expand[0]": "a", "expand[1]": "b"}


@pytest.mark.parametrize("value", [b"data", bytearray(b"data"), io.BytesIO(b"data"), File(payload=io.BytesIO(b"data"))])
def test_bytes_and_open_files_are_files_with_a_name(value: Any) -> None:
    """Their repr would be a text, and a part without a file name as well."""
    ((field, (name, payload, _kind)),) = ((part[0], part[1][:3]) for part in to_parts({"upload": value}))
    assert (field, name) == ("upload", "upload")
    assert not isinstance(payload, bytes | str)
    assert payload.read() == b"data"


def test_an_open_file_brings_its_own_name(tmp_path: Path) -> None:
    """Without its folder; a name that is given goes before."""
    path = tmp_path / "photo.png"
    path.write_bytes(b"data")
    with path.open("rb") as stream:
        assert to_parts({"upload": File(payload=stream)})[0][1][0] == "photo.png"
        assert to_parts({"upload": File(payload=stream, file_name="other.png")})[0][1][0] == "other.png"


def test_what_no_part_can_carry_is_refused() -> None:
    """Its repr is nobody's upload, and the message does not show it."""
    with pytest.raises(TypeError, match=r"^a part of a form cannot be of type object; a file is a File$"):
        to_parts({"upload": object()})
