"""A generated package made whole. Owns the files that are the same for every document (client, errors, types, replies,
reading, sending, enums, lazy), those that follow from it (servers, enums, aliases, the two lazy `__init__`), the marker
`py.typed`, and the formatting. Refuses a package in which a marked name is left.

Facts
- The generator's enum modules are written anew, and the class that carries the types of aliases goes.
"""

import re
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import httpx

from .. import yamlio
from ..document import Document
from ..faults import FinishError, GenerationError
from ..generate import Model
from ..lower import Lowered
from ..lower.names import identifier, normal
from .aliases import alias_modules
from .enums import enum_module
from .models import Class, finish_model
from .operations import Operations
from .shown import Shown

STATIC = Path(__file__).parent.parent / "static"
_SAME_FOR_ALL = (
    "client.py",
    "enums.py",
    "errors.py",
    "lazy.py",
    "reading.py",
    "replies.py",
    "sending.py",
    "types.py",
)
_RUFF = ("--isolated", "--no-cache", "--quiet", "--line-length=120", "--target-version=py311")


@dataclass(frozen=True, kw_only=True)
class Finished:
    """What finishing did: modules of operations, models, enums, aliases, and masked fields."""

    operations: int
    models: int
    enums: int
    aliases: int
    masked: int


def finish(folder: Path, document: Document, models: Sequence[Model], *, title: str, lowered: Lowered) -> Finished:
    """Finish the generated package in the folder in place; `document` is the one that it carries as openapi.yaml.

    Raises FinishError when the generated code is not of the expected shape, GenerationError when ruff fails.
    """
    shown = Shown(lowered)
    kept = [model for model in models if model.class_name != lowered.carrier]
    enums = [name for name in shown.components if shown.is_enum(name)]
    aliases = _write_aliases(folder, models, lowered)
    modules = {model.class_name: model.module_name for model in kept} | {name: identifier(name) for name in enums}
    masked = sum(_finish_model(folder, model, modules, shown) for model in kept)
    for name in enums:
        _write(folder / "models" / f"{modules[name]}.py", enum_module(name, shown.components[name]), shown)
    operations = Operations(shown, modules)
    paths = [path for path in sorted((folder / "api").glob("*/*.py")) if path.name != "__init__.py"]
    for path in paths:
        name = f"api/{path.parent.name}/{path.name}"
        _write(path, operations.finish(path.read_text("utf-8"), name=name), shown)
    _write_package_files(folder, document, modules | aliases, title)
    _format(folder)
    return Finished(operations=len(paths), models=len(kept), enums=len(enums), aliases=len(aliases), masked=masked)


def _finish_model(folder: Path, model: Model, modules: dict[str, str], shown: Shown) -> int:
    path = folder / "models" / f"{model.module_name}.py"
    if model.class_name not in shown.components:
        raise FinishError(f"models/{path.name}: the document has no class {model.class_name}")
    # Python compares names in one normal form, and so does the syntax tree of what the generator wrote.
    fields = {name: normal(field) for name, field in model.fields.items()}
    owner = Class(name=model.class_name, fields=fields, modules=modules, shown=shown)
    text, masked = finish_model(path.read_text("utf-8"), owner, name=f"models/{path.name}")
    _write(path, text, shown)
    return masked


def _write_aliases(folder: Path, models: Sequence[Model], lowered: Lowered) -> dict[str, str]:
    """Write the modules of the aliases in the place of their carrier's, and tell which they are."""
    carrier = next((model for model in models if model.class_name == lowered.carrier), None)
    if carrier is None:
        return {}
    path = folder / "models" / f"{carrier.module_name}.py"
    written = alias_modules(path.read_text("utf-8"), lowered.aliases, name=f"models/{path.name}")
    path.unlink()
    modules = {name: identifier(name) for name in written}
    for name, text in written.items():
        (folder / "models" / f"{modules[name]}.py").write_text(text, "utf-8")
    return modules


def _write(path: Path, text: str, shown: Shown) -> None:
    left = shown.leftover(text)
    if left is not None:
        raise FinishError(f"{path.parent.name}/{path.name}: the marked name {left!r} is left")
    path.write_text(text, "utf-8")


def _write_package_files(folder: Path, document: Document, modules: dict[str, str], title: str) -> None:
    for name in _SAME_FOR_ALL:
        (folder / name).write_bytes((STATIC / name).read_bytes())
    (folder / "servers.py").write_text(_servers_module(document), "utf-8")
    models = _lazy_init(f"The models of {title}, each loaded when it is first asked for.", modules, "..lazy")
    (folder / "models" / "__init__.py").write_text(models, "utf-8")
    (folder / "__init__.py").write_text(_package_init(title), "utf-8")
    (folder / "py.typed").write_text("", "utf-8")
    (folder / "openapi.yaml").write_text(yamlio.dump(document), "utf-8")


def servers(document: Document) -> dict[str, str]:
    """The addresses of the document's servers by name.

    The name is the server's `x-name`, else the first label of its host; a name that is taken gets a number. Variables
    stand at their defaults. An address that Client refuses is left out, such as a relative one, which means nothing
    apart from the document.
    """
    found: dict[str, str] = {}
    for server in document.get("servers", ()):
        url = str(server["url"])
        for variable, definition in (server.get("variables") or {}).items():
            url = url.replace(f"{{{variable}}}", str(definition["default"]))
        host = _host(url)
        if host is None:
            continue
        stated = server.get("x-name")
        label = re.sub(r"[^a-z0-9]+", "-", host.split(".")[0].lower()).strip("-")
        base = stated if isinstance(stated, str) and stated else label or "server"
        name, number = base, 2
        while name in found:
            name, number = f"{base}-{number}", number + 1
        found[name] = url.rstrip("/")
    return found


def _host(address: str) -> str | None:
    """The host of an address that Client takes; None for any other."""
    try:
        url = httpx.URL(address)
    except httpx.InvalidURL:
        return None
    is_plain = url.scheme in ("http", "https") and not (url.userinfo or url.query or url.fragment)
    return url.host or None if is_plain else None


def _servers_module(document: Document) -> str:
    text = (STATIC / "servers.py").read_text("utf-8")
    empty = "SERVERS: dict[str, str] = {}"
    if text.count(empty) != 1:
        raise FinishError("static/servers.py: the empty SERVERS is not there")
    return text.replace(empty, f"SERVERS: dict[str, str] = {servers(document)!r}")


def _package_init(title: str) -> str:
    modules = {"Client": "client", "SERVERS": "servers"}
    return _lazy_init(f"A typed client for {title}, generated from its OpenAPI document.", modules, ".lazy")


def _lazy_init(docstring: str, modules: dict[str, str], lazy: str) -> str:
    imports = "".join(f"    from .{module} import {name}\n" for name, module in sorted(modules.items()))
    lines = [
        f'"""{_plain(docstring)}"""\n',
        "from typing import TYPE_CHECKING\n",
        f"__all__ = {sorted(modules)!r}\n",
        "if TYPE_CHECKING:",
        imports or "    pass\n",
        "else:",
        f"    from {lazy} import on_demand\n",
        f"    __getattr__, __dir__ = on_demand(__name__, {dict(sorted(modules.items()))!r})\n",
    ]
    return "\n".join(lines)


def _plain(text: str) -> str:
    # The title comes from a document, so it may end the docstring, start an escape, or be no text that a file can hold.
    return re.sub(r"[\"\\\s]+", " ", "".join(char if char.isprintable() else " " for char in text))


def _format(folder: Path) -> None:
    # Once over the whole package; ruff of this interpreter's environment, no configuration but this one.
    for command in (["check", "--fix", "--select=F401,F811,I,RUF022"], ["format"]):
        done = subprocess.run(
            [sys.executable, "-m", "ruff", *command, *_RUFF, str(folder)], capture_output=True, text=True, check=False
        )
        if done.returncode != 0:
            raise GenerationError(f"{folder.name}: ruff {command[0]} failed: {(done.stdout + done.stderr).strip()}")
