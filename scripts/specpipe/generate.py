"""The call of openapi-python-client, in process. Owns its configuration; tells every warning, since a warning means
that something of the document is missing from the code.

Facts
- An operation that declares security accepts only an AuthenticatedClient; the lowered document declares none.
- It copies every operation three times, with all the classes that the operation leads to, and theirs; nothing changes
  a class there. Where all classes lead to each other this takes minutes and gigabytes, so the copies share them.
- A content type that it does not know is treated as another one that it is told, and still sent as what it is.
"""

import contextlib
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .faults import GenerationError
from .lower import Lowered


@dataclass(frozen=True, kw_only=True)
class Model:
    """A class that the generator makes of an object schema: where it stands, and its fields' names."""

    class_name: str
    module_name: str
    fields: dict[str, str]
    """From a property's name, as the generator is shown it, to the attribute's name."""


@dataclass(frozen=True, kw_only=True)
class Generated:
    """What the generator wrote, and what it says is missing."""

    models: tuple[Model, ...]
    problems: tuple[str, ...]


def generate(lowered: Lowered, folder: Path) -> Generated:
    """Write the package of the lowered document to the folder, which must not exist.

    Raises GenerationError when nothing can be written at all.
    """
    from openapi_python_client import Project  # 0.5 s of pydantic and jinja, needed by no other step
    from openapi_python_client.config import Config, ConfigFile, MetaType
    from openapi_python_client.parser import GeneratorData

    config = Config.from_sources(
        ConfigFile(
            post_hooks=[], package_name_override=folder.name, content_type_overrides=dict(lowered.content_types)
        ),
        meta_type=MetaType.NONE,
        document_source=folder / "openapi.yaml",
        file_encoding="utf-8",
        overwrite=False,
        output_path=folder,
    )
    with _classes_shared():
        data = GeneratorData.from_dict(lowered.document, config=config)
    if not isinstance(data, GeneratorData):
        raise GenerationError(f"{folder.name}: {data.header}: {data.detail}")
    with contextlib.redirect_stdout(io.StringIO()):
        problems = Project(openapi=data, config=config).build()
    return Generated(
        models=tuple(_model(model) for model in data.models),
        problems=tuple(f"{problem.header} {problem.detail or ''}".strip() for problem in problems),
    )


@contextlib.contextmanager
def _classes_shared() -> Iterator[None]:
    from openapi_python_client.parser.properties import ModelProperty

    kind: Any = ModelProperty
    kind.__deepcopy__ = lambda model, _memo: model
    try:
        yield
    finally:
        del kind.__deepcopy__


def _model(model: Any) -> Model:
    properties = [*(model.required_properties or ()), *(model.optional_properties or ())]
    return Model(
        class_name=str(model.class_info.name),
        module_name=str(model.class_info.module_name),
        fields={str(item.name.get_untrusted_value()): str(item.python_name) for item in properties},
    )
