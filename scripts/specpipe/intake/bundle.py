"""One document of several files. Owns where references to other files lead and what becomes of it: a schema, parameter,
response, request body, header, example, link or callback becomes a component, everything else stands where it was
referred to. Refuses, by leaving the reference and saying why, every address and every file outside of the document's
folder; what it refuses it never opens.

Facts
- A reference is relative to the file that it stands in, and names a place of that file where it begins with `#`.
- A symbolic link below the folder may lead out of it, so what counts is where a path really leads.
- The usual way to split a document is a component that is nothing but a reference to a file: the component's name is
  then the name of what the file holds.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from .. import limits
from ..document import Document, Pointer, component_ref, holds, lookup, parse_ref, show
from ..faults import DocumentError
from ..structure.objects import PRIMITIVES, SECTIONS, Rule, rule_of

Load = Callable[[Path], Any]
"""Reads a file as data; the limits hold over all files together."""

_SUFFIXES = (".json", ".yaml", ".yml")
_Target = tuple[Path, Pointer]


@dataclass(frozen=True, kw_only=True)
class Bundled:
    """A document with local references alone, apart from those at the pointers in `refused`, each with the reason."""

    document: Document
    refused: dict[Pointer, str]
    files: int


def leads_out(document: Any) -> bool:
    """Whether the data holds what looks like a reference to another document."""
    waiting = [document]
    while waiting:
        node = waiting.pop()
        if isinstance(node, dict):
            ref = node.get("$ref")
            if isinstance(ref, str) and not ref.startswith("#"):
                return True
            mapping = node.get("mapping")
            if isinstance(mapping, dict) and any(names_file(target) for target in mapping.values()):
                return True
            waiting.extend(value for value in node.values() if isinstance(value, dict | list))
        else:
            waiting.extend(value for value in node if isinstance(value, dict | list))
    return False


def bundle(document: Document, path: Path, load: Load) -> Bundled:
    """The document, which stands at the path, with what it refers to in the files below its folder.

    Raises PageError when a file cannot be read, DocumentError when files lead into each other without an end.
    """
    here = path.resolve()
    run = _Bundling(home=here, files={here: document}, load=load)
    return Bundled(document=run.whole(document), refused=run.refused, files=len(run.files))


@dataclass(kw_only=True)
class _Bundling:
    home: Path
    files: dict[Path, Any]
    load: Load
    refused: dict[Pointer, str] = field(default_factory=dict)
    names: dict[tuple[_Target, str], str] = field(default_factory=dict)
    taken: dict[str, dict[str, Any]] = field(default_factory=dict)
    waiting: deque[tuple[str, str, _Target]] = field(default_factory=deque)
    inlining: list[_Target] = field(default_factory=list)
    objects: int = 0

    def whole(self, document: Document) -> Document:
        """The bundled document."""
        components = document.get("components")
        sections: dict[str, Any] = components if isinstance(components, dict) else {}
        self.taken = {section: dict(named) for section, named in sections.items() if isinstance(named, dict)}
        self.name_after_components(sections)
        result: Document = self.object(document, "document", self.home, ())
        while self.waiting:
            section, name, (file, pointer) = self.waiting.popleft()
            kind = next(kind for kind, known in SECTIONS.items() if known == section)
            value = self.object(lookup(self.files[file], pointer), kind, file, ("components", section, name))
            held = result.setdefault("components", {})
            held.setdefault(section, {})[name] = value
        return result

    def name_after_components(self, sections: dict[str, Any]) -> None:
        """A component that is only a reference to a file gives its name to what the file holds."""
        for section in SECTIONS.values():
            named = sections.get(section)
            for name, value in named.items() if isinstance(named, dict) else ():
                if not isinstance(value, dict) or list(value) != ["$ref"] or not isinstance(value["$ref"], str):
                    continue
                target = self.target(value["$ref"], self.home)
                if isinstance(target, tuple) and target[0] != self.home:
                    self.names.setdefault((target, section), name)

    # The walk, by kind, over one file.

    def object(self, value: Any, kind: str, file: Path, at: Pointer) -> Any:
        """A copy of the object, its references local."""
        self.objects += 1
        if self.objects > limits.NODES or len(at) > limits.DEPTH or len(self.inlining) > limits.DEPTH:
            raise DocumentError(f"{show(at)}: the files grow beyond reason by what they refer to")
        if not isinstance(value, dict):
            return value
        if isinstance(value.get("$ref"), str):
            moved = self.reference(value, kind, file, at, lambda inner, there: self.object(inner, kind, there, at))
            if moved is not None:
                return moved
        found: dict[str, Any] = {}
        for key, inner in value.items():
            rule = rule_of(kind, key)
            if rule is not None:
                found[key] = self.field(inner, rule, file, (*at, key))
            elif file == self.home or key.startswith("x-") or not isinstance(inner, dict | list):
                # What a file keeps beside an object, for its own references, stays there.
                found[key] = inner
        if kind == "discriminator" and isinstance(value.get("mapping"), dict):
            here = (*at, "mapping")
            found["mapping"] = {
                tag: self.mapped(target, file, (*here, tag)) for tag, target in value["mapping"].items()
            }
        return found

    def field(self, value: Any, rule: Rule, file: Path, at: Pointer) -> Any:
        """A copy of what a field holds."""
        kind = "schema" if rule.kind in ("items", "additional") else rule.kind
        if kind in PRIMITIVES:
            return value
        if rule.is_map and isinstance(value, dict):
            if isinstance(value.get("$ref"), str):
                moved = self.reference(value, "", file, at, lambda inner, there: self.field(inner, rule, there, at))
                if moved is not None:
                    return moved
            return {key: self.object(inner, kind, file, (*at, key)) for key, inner in value.items()}
        if isinstance(value, list):
            return [self.object(inner, kind, file, (*at, str(index))) for index, inner in enumerate(value)]
        return self.object(value, kind, file, at)

    # References.

    def reference(
        self, value: dict[str, Any], kind: str, file: Path, at: Pointer, make: Callable[[Any, Path], Any]
    ) -> Any:
        """What the object with a reference becomes; None when it can stay as it is."""
        ref = value["$ref"]
        if file == self.home and ref.startswith("#"):
            return None
        beside = {key: inner for key, inner in value.items() if key != "$ref"}
        target = self.target(ref, file)
        if isinstance(target, str):
            self.refused[at] = f"the reference {ref[:200]!r} {target}"
            return None if kind != "schema" else {"$ref": ref, **self.object(beside, kind, file, at)}
        if target[0] == self.home and (kind in SECTIONS or not target[1]):
            local = show(target[1])
        elif kind in SECTIONS:
            local = self.component(target, kind, at)
        else:
            return self.inlined(target, beside, file, at, make)
        if local == show(at):
            return self.object(lookup(self.files[target[0]], target[1]), kind, target[0], at)
        return {"$ref": local, **self.object(beside, kind, file, at)}

    def inlined(
        self, target: _Target, beside: dict[str, Any], file: Path, at: Pointer, make: Callable[[Any, Path], Any]
    ) -> Any:
        """What the reference leads to, with what stands beside it."""
        if target in self.inlining:
            raise DocumentError(f"{show(at)}: {target[0].name} leads into itself")
        value = lookup(self.files[target[0]], target[1])
        self.inlining.append(target)
        found = make(value, target[0])
        self.inlining.pop()
        return {**found, **make(beside, file)} if beside and isinstance(found, dict) else found

    def mapped(self, target: Any, file: Path, at: Pointer) -> Any:
        """A discriminator's reference to a schema; names stay what they are."""
        if not names_file(target) and not (file != self.home and isinstance(target, str) and target.startswith("#")):
            return target
        found = self.reference({"$ref": target}, "schema", file, at, lambda inner, there: inner)
        return target if found is None else found["$ref"]

    def component(self, target: _Target, kind: str, at: Pointer) -> str:
        """The reference to the component that the target becomes."""
        section = SECTIONS[kind]
        name = self.names.get((target, section))
        if name is None:
            name = self.free_name(target, section)
            self.names[target, section] = name
            self.waiting.append((section, name, target))
        return component_ref(section, name)

    def free_name(self, target: _Target, section: str) -> str:
        """The last part of the pointer or the file's name; with a number, where another component has it."""
        file, pointer = target
        wanted = pointer[-1] if pointer and not pointer[-1].isdigit() else file.name.split(".")[0] or "file"
        taken = self.taken.setdefault(section, {})
        value = lookup(self.files[file], pointer)
        name, number = wanted, 2
        while name in taken and not (taken[name] == value and not _refers(value)):
            name, number = f"{wanted}{number}", number + 1
        taken[name] = value
        return name

    def target(self, ref: str, file: Path) -> _Target | str:
        """The file and the place in it that a reference of the file leads to, or why it is not followed."""
        try:
            parts = urlsplit(ref)
        except ValueError:
            return "cannot be read"
        if parts.scheme or parts.netloc:
            return "is an address; only files below the document's folder are followed"
        to = self.open(file, unquote(parts.path)) if parts.path else file
        if isinstance(to, str):
            return to
        pointer = parse_ref(f"#{parts.fragment}") if parts.fragment.strip("/") else ()
        if pointer is None or not holds(self.files[to], pointer):
            return f"names a place that {to.name} does not have"
        return to, pointer

    def open(self, file: Path, relative: str) -> Path | str:
        """The file that the relative path leads to, read; nothing outside of the document's folder is looked at."""
        try:
            path = (file.parent / relative).resolve()
            is_inside = path.is_relative_to(self.home.parent)
            is_file = is_inside and path.is_file()
        except (OSError, RuntimeError, ValueError):
            return "leads to no file"
        if not is_inside:
            return "leads out of the document's folder; only files below it are followed"
        if not is_file:
            return "leads to no file"
        if path not in self.files:
            self.files[path] = self.load(path)
        return path


def _refers(value: Any) -> bool:
    if isinstance(value, dict):
        return "$ref" in value or any(map(_refers, value.values()))
    return isinstance(value, list) and any(map(_refers, value))


def names_file(target: Any) -> bool:
    """Whether a value of a discriminator's mapping leads to a file, rather than to a schema by name."""
    if not isinstance(target, str) or target.startswith("#"):
        return False
    return "#" in target or target.endswith(_SUFFIXES) or "://" in target
