"""The Python of a provider's adapter and of the modules that it shares with others, parsed and never imported. Owns
what its names stand for: something of the generated package, of another module, or of its own; refuses an adapter that
is no Python, or names no class of its own as the adapter.

Facts
- An import inside a function counts for the whole module, as no adapter gives one name two meanings.
- A module of the adapter's own may lead to others that use the package; one of another's that does not name it uses
  nothing of it, and is not read.
"""

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from ..faults import SpecError

Function = ast.FunctionDef | ast.AsyncFunctionDef


class AdapterError(SpecError):
    """A provider's adapter is not of the shape that adapters have."""


@dataclass(frozen=True, kw_only=True)
class Definition:
    """A name that a module defines, at its top or, as `Class.method`, in a class."""

    module: str
    name: str


@dataclass(kw_only=True)
class Source:
    """A module: what its names stand for in the package and in other modules, and the statements that define them.

    `modules` are the names that stand for whole modules of ours, with the names of those.
    """

    name: str
    path: Path
    tree: ast.Module
    bindings: dict[str, str] = field(default_factory=dict)
    imported: dict[str, Definition] = field(default_factory=dict)
    modules: dict[str, str] = field(default_factory=dict)
    defined: dict[str, list[ast.stmt]] = field(default_factory=dict)

    def methods(self, name: str) -> Mapping[str, Function]:
        """The methods of a class of the module, with those of its bases in it."""
        found: dict[str, Function] = {}
        for node in self.defined.get(name, ()):
            if isinstance(node, ast.ClassDef):
                for base in node.bases:
                    found |= self.methods(base.id) if isinstance(base, ast.Name) and base.id != name else {}
                found |= {item.name: item for item in node.body if isinstance(item, Function)}
        return found

    def adapter(self) -> str:
        """The class that PROVIDER names as its adapter. Raises AdapterError."""
        for node in self.defined.get("PROVIDER", ()):
            for item in ast.walk(node):
                if isinstance(item, ast.keyword) and item.arg == "adapter":
                    names = [found.id for found in ast.walk(item.value) if isinstance(found, ast.Name)]
                    classes = [name for name in names if self.methods(name)]
                    if classes:
                        return classes[0]
        raise AdapterError(f"{self.path}: PROVIDER names no class of this module as its adapter; give it as `adapter=`")


class Sources:
    """The modules below a folder, such as `overlay`, that use a package, and all of the adapter's own, which is the
    module or package `adapter`; each is parsed once.
    """

    def __init__(self, folder: Path, package: str, adapter: str) -> None:
        self._folder = folder
        self._package = package
        self._adapter = adapter
        self._found: dict[str, Source | None] = {}

    def find(self, name: str) -> Source | None:
        """The module of that name; None where there is none that uses the package. Raises AdapterError."""
        if name not in self._found:
            self._found[name] = self._read(name)
        return self._found[name]

    def loaded_with(self, source: Source) -> list[Source]:
        """The module, and those that it imports by itself or through others."""
        found = [source]
        for each in found:
            names = {*each.modules.values(), *(definition.module for definition in each.imported.values())}
            others = (self.find(name) for name in sorted(names))
            found += [other for other in others if other is not None and not any(other is one for one in found)]
        return found

    def bound(self, node: ast.AST) -> dict[str, str]:
        """The names that an import binds to something of the package, with its path there."""
        found = {}
        if isinstance(node, ast.ImportFrom) and not node.level and self._holds(node.module or ""):
            inside = (node.module or "")[len(self._package) + 1 :]
            for alias in node.names:
                found[alias.asname or alias.name] = f"{inside}.{alias.name}".strip(".")
        elif isinstance(node, ast.Import):
            for alias in node.names:
                if self._holds(alias.name):
                    found[alias.asname or self._package] = alias.name[len(self._package) + 1 :] if alias.asname else ""
        return found

    def _holds(self, name: str) -> bool:
        return name.split(".")[0] == self._package

    def _path(self, name: str) -> Path | None:
        folder = self._folder.joinpath(*name.split("."))
        return next((path for path in (folder.with_suffix(".py"), folder / "__init__.py") if path.is_file()), None)

    def _read(self, name: str) -> Source | None:
        path = self._path(name)
        content = b"" if path is None else path.read_bytes()
        is_own = name.startswith(f"{self._adapter}.")
        if path is None or not (is_own or self._package.encode() in content):
            return None
        try:
            source = Source(name=name, path=path, tree=ast.parse(content))
        except (SyntaxError, ValueError) as error:
            problem = AdapterError(f"{path}:{getattr(error, 'lineno', None) or 1}: this is no Python; mend it first")
        else:
            self._bind(source)
            return source
        raise problem

    def _bind(self, source: Source) -> None:
        for node in ast.walk(source.tree):
            source.bindings |= self.bound(node)
            if isinstance(node, ast.ImportFrom) and node.module and not node.level and not self._holds(node.module):
                for alias in node.names:
                    name, whole = alias.asname or alias.name, f"{node.module}.{alias.name}"
                    if self._path(whole) is not None:
                        source.modules[name] = whole
                    else:
                        source.imported[name] = Definition(module=node.module, name=alias.name)
        for statement in source.tree.body:
            for name in _defined(statement):
                source.defined.setdefault(name, []).append(statement)


def _defined(statement: ast.stmt) -> Iterator[str]:
    if isinstance(statement, ast.ClassDef | Function):
        yield statement.name
    else:
        for node in ast.walk(statement):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                yield node.id
