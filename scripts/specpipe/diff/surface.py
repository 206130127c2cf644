"""What of a generated package an importer can name, as griffe sees it without importing anything: the models with their
constructors, the enums, the operations, the servers. Owns which modules count and under which name; refuses a module
that is no Python.

Facts
- A model counts as `models.X`, whichever module it stands in, and once, though `models` loads it on demand.
- The modules that are the same in every package hold nothing that a document could change. They are left out.
- griffe gives up an annotation of some hundred alternatives, and only says so in its log; types, fields and parameters
  are read from the tree.
- The four functions of an operation differ in what they wrap; `sync_detailed` speaks for all of them.
- Most modules of a newer version are those of the older one to the byte. griffe's objects of them stand in both trees,
  in which they have the same paths, and are read once.
"""

import ast
import logging
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import griffe

from ..faults import SpecError
from ..witness.requests import Request, read_request
from .annotations import Type, read_type
from .constructors import Constructors, annotated

SPEAKER = "sync_detailed"
"""The function that stands for an operation."""

_TOP = "package"
_BASES = {"OpenStrEnum": "str", "OpenIntEnum": "int", "OpenFloatEnum": "float"}

V = TypeVar("V")


class SurfaceError(SpecError):
    """A folder holds no generated package, or one with a module that cannot be read."""


@dataclass(kw_only=True)
class Operation:
    """An operation: the request that it makes, the types of its parameters, and what it returns."""

    request: Request | None = None
    parameters: dict[str, Type] = field(default_factory=dict)
    returns: Type | None = None


@dataclass(kw_only=True)
class Surface:
    """The names of a package below it, and their types."""

    root: griffe.Module
    models: dict[str, griffe.Object] = field(default_factory=dict)
    """The models, enums and aliases."""
    fields: dict[str, dict[str, Type]] = field(default_factory=dict)
    """By model, the type of every field."""
    aliases: dict[str, Type] = field(default_factory=dict)
    enums: dict[str, str] = field(default_factory=dict)
    """The type of the values of every enum."""
    operations: dict[str, Operation] = field(default_factory=dict)
    """By module, such as `api.pets.put_pet`."""
    modules: dict[Path, tuple[bytes, griffe.Module]] = field(default_factory=dict)
    """By path in the package, the bytes of every module and what griffe makes of them."""

    def servers(self) -> dict[str, str]:
        """The servers: address by name."""
        module = self.root.members.get("servers")
        value = None if module is None else getattr(module.members.get("SERVERS"), "value", None)
        if not isinstance(value, griffe.ExprDict):
            return {}
        texts = [[ast.literal_eval(str(part)) for part in side] for side in (value.keys, value.values)]
        return dict(zip(*texts, strict=True))

    def request(self, operation: str) -> str:
        """The request of an operation, such as `PUT /pets/{pet_id}`; its parameters have their names in Python."""
        found = self.operations[operation].request
        if found is None:
            raise SurfaceError(f"{operation}: there is no request that can be read; build the package again")
        filled = ["{" + ",".join(sorted(names)) + "}" for names in found.filled]
        path = "".join(part for pair in zip(found.path, [*filled, ""], strict=True) for part in pair)
        return f"{found.method.upper()} {path}"

    def take(self, older: "Surface", names: Collection[str]) -> None:
        """Take in the types that another surface has of these names."""
        self.fields |= _chosen(older.fields, names)
        self.aliases |= _chosen(older.aliases, names)
        self.enums |= _chosen(older.enums, names)
        self.operations |= _chosen(older.operations, names)


def read_surface(folder: Path, older: Surface | None = None) -> Surface:
    """The surface of the package in the folder; modules that are the same in `older` are taken from there.

    Raises SurfaceError.
    """
    if not (folder / "api").is_dir() or not (folder / "models").is_dir():
        raise SurfaceError(f"{folder}: this is no generated package: it has no api and no models; name its own folder")
    collection = griffe.ModulesCollection()
    root = griffe.Module(_TOP, filepath=folder / "__init__.py", modules_collection=collection)
    collection[_TOP] = root
    surface = Surface(root=root)
    # What griffe cannot make of an annotation is nothing that is missed here.
    logging.getLogger("griffe").setLevel(logging.CRITICAL)
    for path in _counted(folder):
        _add(surface, folder, path.relative_to(folder), older)
    return surface


def relative(path: str) -> str:
    """A path of griffe's, below the package."""
    return path.removeprefix(_TOP).removeprefix(".")


def _chosen(found: Mapping[str, V], names: Collection[str]) -> dict[str, V]:
    return {name: found[name] for name in names if name in found}


def _counted(folder: Path) -> list[Path]:
    """The modules that a document decides, packages before what is in them."""
    found = [*(folder / "api").rglob("*.py"), *(folder / "models").glob("*.py"), *folder.glob("servers.py")]
    return sorted(found, key=lambda path: (path.parent.parts, path.name != "__init__.py", path.name))


def _add(surface: Surface, folder: Path, path: Path, older: Surface | None) -> None:
    is_package = path.name == "__init__.py"
    parts = path.parent.parts if is_package else path.with_suffix("").parts
    parent = surface.root[parts[:-1]] if parts[:-1] else surface.root
    content = (folder / path).read_bytes()
    known = None if older is None or is_package else older.modules.get(path)
    if older is not None and known is not None and known[0] == content:
        module = known[1]
        # What the module imports is another's, and may have changed there.
        own = [name for name, member in module.members.items() if not member.is_alias]
        surface.take(older, (*own, ".".join(parts)))
    else:
        module = _visited(surface, folder / path, parts[-1], content, parent)
    surface.modules[path] = content, module
    if parts[0] != "models" or is_package:
        parent.set_member(parts[-1], module)
        return
    for name, found in module.members.items():
        if name in (parent.exports or ()) and isinstance(found, griffe.Object):
            parent.set_member(name, found)
            surface.models[name] = found


def _visited(surface: Surface, path: Path, name: str, content: bytes, parent: griffe.Module) -> griffe.Module:
    """What griffe makes of a module. Raises SurfaceError."""
    extensions, modules = griffe.Extensions(Constructors(), _Types(surface)), parent.modules_collection
    try:
        code = content.decode("utf-8")
        return griffe.visit(name, path, code, extensions=extensions, parent=parent, modules_collection=modules)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        where = getattr(error, "lineno", None) or 1
        problem = SurfaceError(f"{path}:{where}: this is no Python that can be compared; build the package again")
    raise problem


class _Types(griffe.Extension):
    """Takes down the types while the tree of a module is at hand."""

    def __init__(self, surface: Surface) -> None:
        super().__init__()
        self._surface = surface

    def on_class_members(self, *, node: Any, cls: griffe.Class, **kwargs: Any) -> None:
        base = next((str(base) for base in cls.bases if str(base).endswith("Enum")), None)
        if base is not None:
            self._surface.enums[cls.name] = _BASES.get(base, base)
        else:
            self._surface.fields[cls.name] = {name: read_type(found) for name, found in annotated(node)}

    def on_attribute_instance(self, *, node: Any, attr: griffe.Attribute, **kwargs: Any) -> None:
        if isinstance(node, ast.AnnAssign) and node.value is not None and str(attr.annotation).endswith("TypeAlias"):
            self._surface.aliases[attr.name] = read_type(node.value)

    def on_function_instance(self, *, node: Any, func: griffe.Function, **kwargs: Any) -> None:
        path = relative(func.module.path)
        if path.count(".") != 2 or not path.startswith("api.") or func.name not in ("_get_kwargs", SPEAKER):
            return
        operation = self._surface.operations.setdefault(path, Operation())
        if func.name == "_get_kwargs":
            operation.request = read_request(node)
            return
        arguments = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
        operation.parameters = {
            item.arg: read_type(item.annotation)
            for item in arguments
            if item.arg != "client" and item.annotation is not None
        }
        operation.returns = None if node.returns is None else read_type(node.returns)
