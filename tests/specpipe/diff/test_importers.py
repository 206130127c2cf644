"""What breaks an importer is found, once each and in words for people; what does not is not told."""

from __future__ import annotations

import copy
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from specpipe.diff.importers import Breakage, breakages
from specpipe.diff.surface import SurfaceError

from tests.specpipe.documents import PROJECT
from tests.specpipe.finished import TEXT, document, json_of, objects, ref, write
from tests.specpipe.small_package import edit, write_small_package

WHOLE = {"type": "integer"}
NULLABLE = {"type": ["string", "null"]}


def _listed(*values: str) -> dict[str, Any]:
    return {"type": "string", "enum": list(values)}


def _operation(name: str, sent: str | None, received: str, *parameters: dict[str, Any], tag: str = "pets") -> Any:
    body = {} if sent is None else {"requestBody": json_of(ref(sent))}
    replies = {"200": json_of(ref(received))}
    return {"operationId": name, "tags": [tag], "parameters": list(parameters), "responses": replies, **body}


def _query(name: str, schema: dict[str, Any] = TEXT, *, required: bool = False) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": required, "schema": schema}


def _before() -> dict[str, Any]:
    schemas = {
        "Sent": objects({"a": TEXT, "b": TEXT, "kind": ref("Kind"), "c": NULLABLE, "e": WHOLE, "w": TEXT}, "a"),
        "Received": objects({"a": TEXT, "b": TEXT, "c": TEXT, "d": NULLABLE, "e": TEXT}, "a", "b"),
        "Both": objects({"a": TEXT, "b": NULLABLE}),
        "Kind": _listed("cat", "dog", "eel"),
        "Box": {**objects({"a": TEXT}), "additionalProperties": TEXT},
        "Old": objects({"unusual": TEXT, "name": TEXT}),
        "OldKind": _listed("x", "y"),
        "Turned": _listed("one", "two"),
        "Many": {"type": "array", "items": ref("Both")},
        "Default": objects({"size": {"type": "integer", "default": 5}}),
    }
    paths = {
        "/sent": {"post": _operation("send", "Sent", "Received")},
        "/both": {"post": _operation("swap", "Both", "Both")},
        "/open": {"post": _operation("open", "Box", "Box")},
        "/old": {"post": _operation("old", "Old", "Old")},
        "/kinds": {"get": _operation("kinds", None, "OldKind")},
        "/turned": {"get": _operation("turned", None, "Turned")},
        "/many": {"get": _operation("many", None, "Many")},
        "/default": {"post": _operation("default", "Default", "Both")},
        "/query": {"get": _operation("ask", None, "Both", _query("x"), _query("y"), _query("size", NULLABLE))},
        "/gone": {"get": _operation("gone", None, "Both")},
        "/moved": {"get": _operation("moved", None, "Both")},
        "/lone": {"get": _operation("lone", None, "Both", tag="lonely")},
    }
    return document(schemas, paths)


def _after() -> dict[str, Any]:
    given = copy.deepcopy(_before())
    schemas, paths = given["components"]["schemas"], given["paths"]
    schemas["Sent"] = objects(
        {"a": TEXT, "new": TEXT, "kind": ref("Kind"), "c": TEXT, "e": WHOLE, "w": NULLABLE}, "a", "new", "e"
    )
    schemas["Received"] = objects({"a": TEXT, "b": TEXT, "c": TEXT, "d": TEXT, "new": TEXT}, "b", "c", "new")
    schemas["Both"] = objects({"a": NULLABLE, "b": TEXT})
    schemas["Kind"] = _listed("cat", "DOG", "fox")
    schemas["Box"]["additionalProperties"] = WHOLE
    schemas["New"] = schemas.pop("Old")
    schemas["NewKind"] = schemas.pop("OldKind")
    schemas["Turned"] = objects({"a": TEXT})
    schemas["Many"] = {"type": "array", "items": {"anyOf": [ref("Both"), ref("Turned")]}}
    schemas["Default"] = objects({"size": {"type": "integer", "default": 7}})
    for path, name in (("/old", "New"), ("/kinds", "NewKind")):
        (operation,) = paths[path].values()
        operation["responses"] = {"200": json_of(ref(name))}
    paths["/old"]["post"]["requestBody"] = json_of(ref("New"))
    paths["/query"]["get"] = _operation("ask", None, "Kind", _query("x", required=True), _query("size"), _query("z"))
    paths["/moved"]["get"] = _operation("elsewhere", None, "Both", tag="other")
    del paths["/gone"], paths["/lone"]
    return given


EXPECTED = """
api.lonely.lone removed: module `api.lonely.lone` is gone
api.pets.ask returns: what `api.pets.ask` returns is now `Response[Kind]`, was `Response[Both]`
api.pets.ask.size type: type of `size` of `api.pets.ask` is now `str | Unset`, was `str | None | Unset`
api.pets.ask.x required: `api.pets.ask` needs `x` now
api.pets.ask.y removed: `api.pets.ask` takes no `y` any more
api.pets.gone removed: module `api.pets.gone` is gone
api.pets.many returns: what `api.pets.many` returns is now `Response[list[Both | Turned]]`, was `Response[list[Both]]`
api.pets.moved removed: module `api.pets.moved` is gone; `api.other.elsewhere` sends the same request
models.Both.a type: type of `Both.a` is now `str | None | Unset`, was `str | Unset`
models.Both.b type: type of `Both.b` is now `str | Unset`, was `str | None | Unset`
models.Box.additional_properties type: type of `Box.additional_properties` is now `dict[str, int]`, was `dict[str, str]`
models.Default.size default: `Default(...)` takes `7` for `size` where it is left out, and took `5`
models.Kind.DOG value: `Kind.DOG` is now `'DOG'`, was `'dog'`
models.Kind.EEL removed: `Kind.EEL` is gone
models.Many type: type of `Many` is now `list[Both | Turned]`, was `list[Both]`
models.Old removed: `Old` is gone; `New` has the same fields
models.OldKind removed: `OldKind` is gone; `NewKind` has the same values
models.Received.a type: type of `Received.a` is now `str | Unset`, was `str`
models.Received.e removed: `Received.e` is gone
models.Sent moved: `Sent(...)` takes `kind`, `c`, `e` in another position now
models.Sent.b removed: `Sent.b` is gone
models.Sent.c type: type of `Sent.c` is now `str | Unset`, was `str | None | Unset`
models.Sent.e required: `Sent(...)` needs `e` now
models.Sent.new required: `Sent(...)` needs `new` now
models.Turned changed: `Turned` is a class now, was an enum
"""
"""Written by hand from the two documents."""


Edit = Callable[[Path], None]


def _lines(found: tuple[Breakage, ...]) -> list[str]:
    return [f"{item.path} {item.kind}: {item.what}" for item in found]


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The packages of the two documents, under different names; not to be changed."""
    folder = tmp_path_factory.mktemp("importers")
    for name, given in (("older", _before()), ("newer", _after())):
        write(given, folder / name)
    return folder / "older", folder / "newer"


@pytest.fixture
def pair(tmp_path: Path) -> tuple[Path, Path]:
    """Twice the small package; the second is there to be edited."""
    return write_small_package(tmp_path / "older"), write_small_package(tmp_path / "newer")


def test_what_breaks_is_what_a_person_would_write(built: tuple[Path, Path]) -> None:
    """Every change that breaks is told once and by itself; every other change of the documents is not told."""
    assert _lines(breakages(*built)) == EXPECTED.strip().splitlines()


def test_the_other_way_round_other_things_break(built: tuple[Path, Path]) -> None:
    """What was added is gone then, and what had become required may be given."""
    found = _lines(breakages(*reversed(built)))
    assert "models.Sent.new removed: `Sent.new` is gone" in found
    assert "api.pets.ask.z removed: `api.pets.ask` takes no `z` any more" in found
    assert "models.New removed: `New` is gone; `Old` has the same fields" in found
    assert not [line for line in found if " required: " in line]


def test_a_package_breaks_nobody_who_has_it(built: tuple[Path, Path]) -> None:
    """Neither do the same models under another name of the package."""
    assert breakages(built[0], built[0]) == ()


def _move(folder: Path) -> None:
    edit(folder, "models/__init__.py", "from .pet import Pet\n", "from .animal import Pet\n")
    edit(folder, "models/__init__.py", '"Pet": "pet"', '"Pet": "animal"')
    (folder / "models/pet.py").rename(folder / "models/animal.py")


def _edited(name: str, old: str, new: str) -> Edit:
    return lambda folder: edit(folder, name, old, new)


PUT = "api/pets/put_pet.py"
MANY = " | ".join(f"Pet{number}" for number in range(700))


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(_edited("types.py", "class Unset: ...", "class Unset: pass"), id="module-of-every-package"),
        pytest.param(lambda folder: (folder / "errors.py").unlink(), id="module-of-every-package-gone"),
        pytest.param(
            _edited(PUT, "def media_type(given: str | None", "def media_type(given: Any"), id="wider-parameter"
        ),
        pytest.param(
            _edited(PUT, "def _parse_response(*, response", "def _parse_response(*, client, response"), id="private"
        ),
        pytest.param(_edited("models/problem.py", "Problem", "Trouble"), id="class-that-is-not-exported"),
        pytest.param(_edited("models/pet.py", "kind: Kind | Unset", "kind: Unset | Kind"), id="order-of-a-union"),
        pytest.param(_edited("models/pet.py", "A pet.", "An animal."), id="words"),
        pytest.param(
            _edited("models/pet.py", "init=False, factory=dict", "factory=dict, init=False"), id="order-of-keywords"
        ),
        pytest.param(_move, id="module-of-a-model"),
    ],
)
def test_what_no_importer_relies_on_is_not_told(pair: tuple[Path, Path], change: Edit) -> None:
    """Static modules, private names, words, and the module in which a model stands."""
    change(pair[1])
    assert breakages(*pair) == ()


@pytest.mark.parametrize(
    ("change", "line"),
    [
        pytest.param(
            _edited("models/pet.py", "    name: str\n", "    name: str = _attrs_field(kw_only=True)\n"),
            "models.Pet.name keyword: `Pet(...)` takes `name` by name only now",
            id="by-name-only",
        ),
        pytest.param(
            _edited("models/pet.py", "_attrs_define\nclass", "_attrs_define(kw_only=True)\nclass"),
            "models.Pet.name keyword: `Pet(...)` takes `name` by name only now",
            id="class-by-name-only",
        ),
        pytest.param(
            _edited("models/pet.py", 'Literal["yes"]', 'Literal["no"]'),
            "models.Pet.fixed type: type of `Pet.fixed` is now `Literal['no'] | Unset`, was `Literal['yes'] | Unset`",
            id="constant",
        ),
        pytest.param(
            _edited("models/kind_list.py", '"list[Kind]"', '"list[Kind | None]"'),
            "models.KindList type: type of `KindList` is now `list[Kind | None]`, was `list[Kind]`",
            id="quoted-alias",
        ),
        pytest.param(
            _edited("models/kind_list.py", 'KindList: TypeAlias = "list[Kind]"', "class KindList: ..."),
            "models.KindList changed: `KindList` is a class now, was an alias",
            id="alias-to-class",
        ),
        pytest.param(
            _edited("models/kind.py", "CAT = ", "TOM_CAT = "),
            "models.Kind.CAT removed: `Kind.CAT` is gone; `Kind.TOM_CAT` has its value",
            id="member-with-another-name",
        ),
        pytest.param(
            _edited("models/pet.py", "    name: str\n", f"    name: str | {MANY}\n"),
            f"models.Pet.name type: type of `Pet.name` is now also `{' | '.join(sorted(MANY.split(' | ')))}`",
            id="type-of-very-many",
        ),
        pytest.param(
            _edited(PUT, "def sync_detailed(pet_id: str)", "def sync_detailed(id: str, pet_id: str)"),
            "api.pets.put_pet moved: `api.pets.put_pet` takes `pet_id` in another position now",
            id="moved-parameter",
        ),
        pytest.param(
            _edited(PUT, "def media_type", "def media_kind"),
            "api.pets.put_pet.media_type removed: `api.pets.put_pet.media_type` is gone",
            id="function",
        ),
    ],
)
def test_one_edit_of_a_package_is_told(pair: tuple[Path, Path], change: Edit, line: str) -> None:
    """The shapes that the two documents above do not have."""
    change(pair[1])
    assert line in _lines(breakages(*pair))


@pytest.mark.parametrize(
    ("servers", "lines"),
    [
        ('"us": "https://b"', ["servers.SERVERS.eu removed: `SERVERS['eu']` is gone"]),
        (
            '"eu": "https://a", "us": "https://c"',
            ["servers.SERVERS.us value: `SERVERS['us']` is now 'https://c', was 'https://b'"],
        ),
        (
            '"us": "https://b", "eu": "https://a"',
            ["servers.SERVERS value: the first of `SERVERS`, where calls go, is now 'us', was 'eu'"],
        ),
        ('"eu": "https://a", "us": "https://b", "new": "https://c"', []),
    ],
    ids=["gone", "elsewhere", "another-first", "new"],
)
def test_a_server_that_calls_would_miss_is_told(pair: tuple[Path, Path], servers: str, lines: list[str]) -> None:
    """By its name, its address, and which of them is the first."""
    for folder, text in zip(pair, ('"eu": "https://a", "us": "https://b"', servers), strict=True):
        (folder / "servers.py").write_text(f"SERVERS: dict[str, str] = {{{text}}}\n", "utf-8")
    assert _lines(breakages(*pair)) == lines


def test_a_model_that_a_later_module_imports_keeps_its_own_types(pair: tuple[Path, Path]) -> None:
    """That module is the same in both versions, and what it imports is not."""
    for folder, kind in zip(pair, ("str", "int"), strict=True):
        exported = folder / "models/__init__.py"
        models = {"Able": f"kind: {kind}", "Zebra": "able: Able"}
        for name, line in models.items():
            brings = "from .able import Able\n" if name == "Zebra" else ""
            text = f"from attrs import define as _attrs_define\n{brings}\n\n@_attrs_define\nclass {name}:\n    {line}\n"
            (folder / f"models/{name.lower()}.py").write_text(text, "utf-8")
        text = exported.read_text("utf-8")
        text = text.replace("__all__ = (", '__all__ = ("Able", "Zebra", ').replace(
            "__all__ = [", '__all__ = ["Able", "Zebra", '
        )
        exported.write_text(text, "utf-8")
    assert "models.Able.kind type: type of `Able.kind` is now `int`, was `str`" in _lines(breakages(*pair))


def test_two_models_with_the_same_fields_are_no_guess(pair: tuple[Path, Path]) -> None:
    """Of two candidates none is named."""
    old, new = pair
    for name in ("Bear", "Wolf"):
        text = (old / "models/pet.py").read_text("utf-8").replace("class Pet:", f"class {name}:")
        (new / f"models/{name.lower()}.py").write_text(text, "utf-8")
    (new / "models/pet.py").unlink()
    edit(new, "models/__init__.py", '"Pet",', '"Bear", "Wolf",')
    edit(new, "models/__init__.py", "    from .pet import Pet\n", "")
    assert "models.Pet removed: `Pet` is gone" in _lines(breakages(old, new))


def test_nothing_is_imported(pair: tuple[Path, Path], tmp_path: Path) -> None:
    """A module that would leave a trace leaves none."""
    trace = tmp_path / "trace"
    for name in ("__init__.py", "models/pet.py", PUT):
        path = pair[1] / name
        path.write_text(f"{path.read_text('utf-8')}\nopen({str(trace)!r}, 'w').close()\n", "utf-8")
    assert breakages(*pair) == ()
    assert not trace.exists()


@pytest.mark.parametrize(
    ("content", "line"),
    [
        pytest.param(b"class Pet:\n    x = (\n", 2, id="syntax"),
        pytest.param(b"x = '\xff'\n", 1, id="not-utf-8"),
        pytest.param(b"x = '\0'\n", 1, id="nul"),
        pytest.param(b"x = " + b"-" * 20_000 + b"1\n", 1, id="too-deep"),
    ],
)
def test_a_module_that_is_no_python_is_named(pair: tuple[Path, Path], content: bytes, line: int) -> None:
    """With its line, and what to do."""
    path = pair[1] / "models/pet.py"
    path.write_bytes(content)
    with pytest.raises(SurfaceError, match="build the package again") as caught:
        breakages(*pair)
    assert str(caught.value).startswith(f"{path}:{line}: ")
    assert caught.value.__context__ is None


def test_a_folder_that_is_no_package_is_refused(pair: tuple[Path, Path], tmp_path: Path) -> None:
    """The folder around a package is none."""
    with pytest.raises(SurfaceError, match="name its own folder"):
        breakages(pair[0], tmp_path)


@pytest.mark.parametrize("name", ["issuant_fireblocks", "issuant_fireworks", "issuant_galileo"])
def test_a_field_taken_out_of_a_real_package_is_found(name: str, tmp_path: Path) -> None:
    """The generated packages have the shapes that are looked for."""
    old = PROJECT / "generated" / name
    new = shutil.copytree(old, tmp_path / name)
    field = {"issuant_fireblocks": "CreateAPIUser.csr_pem", "issuant_fireworks": "GatewaySecretInput.key_name"}
    model, attribute = field.get(name, "CreateApiKeyRequest.description").split(".")
    (path,) = (path for path in new.glob("models/*.py") if f"class {model}:" in path.read_text("utf-8"))
    edit(new, f"models/{path.name}", f"    {attribute}: str\n", "")
    found = _lines(breakages(old, new))
    assert f"models.{model}.{attribute} removed: `{model}.{attribute}` is gone" in found
    assert {line.split(" ")[0] for line in found} <= {f"models.{model}", f"models.{model}.{attribute}"}
