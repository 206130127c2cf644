"""A small document and a package of it, written by hand in the shapes that finished packages have."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

_PROBLEM = {"type": "object", "properties": {"title": {"type": "string"}, "where": {"type": "string"}}}

_DOCUMENT: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {"title": "Pets", "version": "1"},
    "paths": {
        "/pets/{pet_id}": {
            "put": {
                "operationId": "put_pet",
                "parameters": [
                    {"name": "pet_id", "in": "path", "required": True, "schema": {"type": "string"}},
                    {"name": "max size", "in": "query", "schema": {"type": "integer"}},
                    {"name": "X-Trace", "in": "header", "schema": {"type": "string"}},
                    {"name": "session", "in": "cookie", "schema": {"type": "string"}},
                    {"name": "accept", "in": "header", "schema": {"type": "string"}},
                ],
                "requestBody": {
                    "content": {
                        "application/json": {"schema": {"$ref": "#/components/schemas/Pet"}},
                        "image/*": {"schema": {"type": "string", "format": "binary"}},
                        "text/csv": {"schema": {"type": "string"}},
                    }
                },
                "responses": {
                    "200": {"description": "", "content": {"application/json": {"schema": {"type": "array"}}}},
                    "204": {"description": "Nothing."},
                    "4XX": {"description": "", "content": {"text/plain": {"schema": {"type": "string"}}}},
                    "default": {"description": "", "content": {"application/json": {"schema": _PROBLEM}}},
                },
            }
        }
    },
    "components": {
        "schemas": {
            "Pet": {
                "type": "object",
                "properties": {
                    "name": {"type": "string"},
                    "kind": {"$ref": "#/components/schemas/Kind"},
                    "size": {"type": "string", "enum": ["big", "small"]},
                    "owner's name": {"type": "string"},
                    "fixed": {"const": "yes"},
                    "either": {"enum": ["x", "y", 1, 2, True, None]},
                },
            },
            "Kind": {"type": "string", "enum": ["cat", "dog"]},
            "Kind-List": {"type": "array", "items": {"$ref": "#/components/schemas/Kind"}},
        }
    },
}

_ENUM = "from ..enums import {base}\n\n\nclass {name}({base}):\n{members}"

_FILES = {
    "__init__.py": "",
    "types.py": "class Unset: ...\n\n\nUNSET = Unset()\n\n\ndef fields_of(value: object) -> dict[str, object]: ...\n",
    "enums.py": "from enum import IntEnum, StrEnum\n\nOpenStrEnum = StrEnum\nOpenIntEnum = IntEnum\n",
    "sending.py": "".join(
        f"def {name}(value: object) -> dict[str, object]: ...\n" for name in ("query", "headers", "cookies")
    ),
    "errors.py": "class UnexpectedStatus(Exception): ...\n",
    "lazy.py": "def on_demand(package: str, modules: object) -> object:\n    return str, list\n",
    "api/__init__.py": "",
    "api/pets/__init__.py": "",
    "api/pets/put_pet.py": """from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ... import errors
from ...types import UNSET, Unset

if TYPE_CHECKING:
    import httpx

    from ...models.pet import Pet


def _get_kwargs(
    pet_id: str,
    *,
    body: Pet | bytes | str | Unset = UNSET,
    max_size: int | Unset = UNSET,
    x_trace: str | Unset = UNSET,
    session: str | Unset = UNSET,
) -> dict[str, Any]:
    from ...models.pet import Pet
    from ...sending import cookies as _cookies
    from ...sending import headers as _headers
    from ...sending import query as _query

    headers: dict[str, Any] = _headers({"X-Trace": x_trace})
    headers |= _cookies({"session": session})
    _kwargs: dict[str, Any] = {
        "method": "put",
        "url": "/pets/{pet_id}".format(pet_id=pet_id),
        "params": _query({"max size": max_size}),
    }
    if isinstance(body, Pet):
        _kwargs["json"] = body.to_dict()
        headers["Content-Type"] = "application/json"
    if isinstance(body, bytes):
        _kwargs["content"] = body
        headers["Content-Type"] = media_type(None, "image/png", "image/jpeg")
    if isinstance(body, str):
        _kwargs["content"] = body
        headers["Content-Type"] = "text/csv"
    _kwargs["headers"] = headers
    return _kwargs


def media_type(given: str | None, *known: str) -> str:
    return given or known[0]


def _parse_response(*, response: httpx.Response) -> Any:
    if response.status_code == 200:
        response_200 = []
        _response_200 = response.json()
        for item_data in _response_200:
            item = str(item_data)
            response_200.append(item)
        return response_200
    if response.status_code == 204:
        return None
    if 400 <= response.status_code <= 499:
        return response.text
    parsed: Any = dict(response.json())
    return parsed


def sync_detailed(pet_id: str) -> Any:
    raise errors.UnexpectedStatus
""",
    "models/__init__.py": """from typing import TYPE_CHECKING

__all__ = ["Kind", "KindList", "Pet", "PetEitherInt", "PetEitherStr", "PetSize"]

if TYPE_CHECKING:
    from .kind import Kind
    from .kind_list import KindList
    from .pet import Pet
    from .pet_either_int import PetEitherInt
    from .pet_either_str import PetEitherStr
    from .pet_size import PetSize
else:
    from ..lazy import on_demand

    __getattr__, __dir__ = on_demand(
        __name__,
        {
            "Kind": "kind",
            "KindList": "kind_list",
            "Pet": "pet",
            "PetEitherInt": "pet_either_int",
            "PetEitherStr": "pet_either_str",
            "PetSize": "pet_size",
        },
    )
""",
    "models/kind.py": _ENUM.format(base="OpenStrEnum", name="Kind", members='    CAT = "cat"\n    DOG = "dog"\n'),
    "models/kind_list.py": """from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from .kind import Kind

KindList: TypeAlias = "list[Kind]"
""",
    "models/pet.py": '''from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset
from ..types import fields_of as _fields_of

if TYPE_CHECKING:
    from .kind import Kind
    from .pet_either_int import PetEitherInt
    from .pet_either_str import PetEitherStr
    from .pet_size import PetSize


@_attrs_define
class Pet:
    """A pet."""

    name: str
    kind: Kind | Unset = UNSET
    size: PetSize | Unset = UNSET
    owners_name: str | Unset = UNSET
    fixed: Literal["yes"] | Unset = UNSET
    either: PetEitherStr | PetEitherInt | Literal[True] | None | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        return {
            **self.additional_properties,
            "name": self.name,
            "kind": self.kind,
            "size": self.size,
            "owner's name": self.owners_name,
            "fixed": self.fixed,
            "either": self.either,
        }

    @classmethod
    def from_dict(cls, src_dict: Any) -> Pet:
        d = _fields_of(src_dict)
        return cls(
            name=d.pop("name"),
            kind=d.pop("kind", UNSET),
            size=d.pop("size", UNSET),
            owners_name=d.pop("owner's name", UNSET),
            fixed=d.pop("fixed", UNSET),
            either=d.pop("either", UNSET),
        )
''',
    "models/problem.py": """class Problem:
    def to_dict(self):
        return {"title": self.title, "where": self.where}

    @classmethod
    def from_dict(cls, d):
        return cls(title=d.pop("title"), where=d.pop("where"))
""",
    "models/pet_size.py": _ENUM.format(
        base="OpenStrEnum", name="PetSize", members='    BIG = "big"\n    SMALL = "small"\n'
    ),
    "models/pet_either_str.py": _ENUM.format(
        base="OpenStrEnum", name="PetEitherStr", members='    X = "x"\n    Y = "y"\n'
    ),
    "models/pet_either_int.py": _ENUM.format(
        base="OpenIntEnum", name="PetEitherInt", members="    V1 = 1\n    V2 = 2\n"
    ),
}


def small_document() -> dict[str, Any]:
    """The document; every call makes a new one."""
    return copy.deepcopy(_DOCUMENT)


def write_small_package(folder: Path) -> Path:
    """The package of the document, written to the folder."""
    for name, text in _FILES.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return folder


def edit(folder: Path, name: str, old: str, new: str) -> None:
    """Replace a text of a file, which must be there."""
    text = (folder / name).read_text("utf-8")
    assert old in text
    (folder / name).write_text(text.replace(old, new), "utf-8")
