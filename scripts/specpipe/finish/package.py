"""A generated package made whole. Owns the files that are the same for every document (client, errors, types, replies,
lazy), those that follow from it (servers, the two lazy `__init__`), the marker `py.typed`, and the formatting. Refuses
a package in which another number of fields was masked than the document has secrets.
"""

import ast
import re
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from .. import yamlio
from ..document import Document
from ..faults import FinishError, GenerationError
from ..generate import Model
from ..secret_fields import secret_properties
from .demand import load_on_demand
from .models import finish_model
from .operations import finish_operation

STATIC = Path(__file__).parent.parent / "static"
_SAME_FOR_ALL = ("client.py", "errors.py", "lazy.py", "replies.py", "types.py")
_RUFF = ("--isolated", "--no-cache", "--quiet", "--line-length=120", "--target-version=py311")


@dataclass(frozen=True, kw_only=True)
class Finished:
    """What finishing did: modules of operations, models, and masked fields."""

    operations: int
    models: int
    masked: int


def finish(folder: Path, document: Document, models: Sequence[Model], *, title: str) -> Finished:
    """Finish the generated package in the folder in place.

    Raises FinishError when the generated code is not of the expected shape, GenerationError when ruff fails.
    """
    masked = 0
    for model in models:
        path = folder / "models" / f"{model.module_name}.py"
        secret = _secret_fields(document, model)
        text, count = finish_model(
            path.read_text("utf-8"), class_name=model.class_name, secret=secret, name=f"models/{path.name}"
        )
        path.write_text(text, "utf-8")
        masked += count
    operations = [path for path in sorted((folder / "api").glob("*/*.py")) if path.name != "__init__.py"]
    for path in operations:
        name = f"api/{path.parent.name}/{path.name}"
        text = finish_operation(path.read_text("utf-8"), name=name)
        path.write_text(load_on_demand(text, name=name), "utf-8")
    for name in _SAME_FOR_ALL:
        (folder / name).write_bytes((STATIC / name).read_bytes())
    (folder / "servers.py").write_text(_servers_module(document), "utf-8")
    (folder / "models" / "__init__.py").write_text(_models_init(folder / "models", title), "utf-8")
    (folder / "__init__.py").write_text(_package_init(title), "utf-8")
    (folder / "py.typed").write_text("", "utf-8")
    (folder / "openapi.yaml").write_text(yamlio.dump(document), "utf-8")
    _format(folder)
    return Finished(operations=len(operations), models=len(models), masked=masked)


def _secret_fields(document: Document, model: Model) -> set[str]:
    secret = secret_properties(document, model.schema)
    lost = secret - model.fields.keys()
    if lost:
        raise FinishError(
            f"models/{model.module_name}.py: the secret property {sorted(lost)[0]!r} has no field to mask"
        )
    return {model.fields[name] for name in secret}


def servers(document: Document) -> dict[str, str]:
    """The addresses of the document's servers by name.

    The name is the server's `x-name`, else the first label of its host; a name that is taken gets a number. Variables
    stand at their defaults. A relative address, which means nothing apart from the document, is left out.
    """
    found: dict[str, str] = {}
    for server in document.get("servers", ()):
        url = str(server["url"])
        for variable, definition in (server.get("variables") or {}).items():
            url = url.replace(f"{{{variable}}}", str(definition["default"]))
        host = urlsplit(url).hostname
        if host is None:
            continue
        base = server.get("x-name") or re.sub(r"[^a-z0-9]+", "-", host.split(".")[0].lower()).strip("-")
        name, number = base, 2
        while name in found:
            name, number = f"{base}-{number}", number + 1
        found[name] = url.rstrip("/")
    return found


def _servers_module(document: Document) -> str:
    text = (STATIC / "servers.py").read_text("utf-8")
    empty = "SERVERS: dict[str, str] = {}"
    if text.count(empty) != 1:
        raise FinishError("static/servers.py: the empty SERVERS is not there")
    return text.replace(empty, f"SERVERS: dict[str, str] = {servers(document)!r}")


def _models_init(folder: Path, title: str) -> str:
    modules = {
        node.name: path.stem
        for path in sorted(folder.glob("*.py"))
        if path.name != "__init__.py"
        for node in ast.parse(path.read_text("utf-8")).body
        if isinstance(node, ast.ClassDef)
    }
    return _lazy_init(f"The models of {title}, each loaded when it is first asked for.", modules, "..lazy")


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
    # The title comes from a document, so it may end the docstring or start an escape.
    return re.sub(r"[\"\\\s]+", " ", text)


def _format(folder: Path) -> None:
    # Once over the whole package; ruff of this interpreter's environment, no configuration but this one.
    for command in (["check", "--fix", "--select=F401,F811,I,RUF022"], ["format"]):
        done = subprocess.run(
            [sys.executable, "-m", "ruff", *command, *_RUFF, str(folder)], capture_output=True, text=True, check=False
        )
        if done.returncode != 0:
            raise GenerationError(f"{folder.name}: ruff {command[0]} failed: {(done.stdout + done.stderr).strip()}")
