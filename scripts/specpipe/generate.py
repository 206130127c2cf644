"""The call of openapi-python-client, in process. Owns its configuration; refuses every warning, since a warning means
that something of the document is missing from the code.

Facts
- A model's class is named by its schema's title where there is one; inline schemas become classes as well.
- An operation that declares security accepts only an AuthenticatedClient, so the generator is not shown security.
"""

import contextlib
import io
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .document import METHODS, Document
from .faults import GenerationError


@dataclass(frozen=True, kw_only=True)
class Model:
    """A class that the generator makes of an object schema: where it stands, its schema, and its fields' names."""

    class_name: str
    module_name: str
    schema: dict[str, Any]
    fields: dict[str, str]
    """From a property's name in JSON to the attribute's name."""


def generate(document: Document, folder: Path) -> tuple[Model, ...]:
    """Write the package of the document to the folder, which must not exist, and tell its models.

    Raises GenerationError for any error or warning of the generator.
    """
    from openapi_python_client import Project  # 0.5 s of pydantic and jinja, needed by no other step
    from openapi_python_client.config import Config, ConfigFile, MetaType
    from openapi_python_client.parser import GeneratorData

    config = Config.from_sources(
        ConfigFile(post_hooks=[], package_name_override=folder.name),
        meta_type=MetaType.NONE,
        document_source=folder / "openapi.yaml",
        file_encoding="utf-8",
        overwrite=False,
        output_path=folder,
    )
    data = GeneratorData.from_dict(without_security(document), config=config)
    if not isinstance(data, GeneratorData):
        raise GenerationError(f"{folder.name}: {data.header}: {data.detail}")
    with contextlib.redirect_stdout(io.StringIO()):
        problems = Project(openapi=data, config=config).build()
    if problems:
        raise GenerationError(
            "\n".join(f"{folder.name}: {problem.header} {problem.detail or ''}" for problem in problems)
        )
    return tuple(_model(model) for model in data.models)


def without_security(document: Document) -> Document:
    """The document as the generator is shown it: every operation accepts the one Client."""
    result = {key: value for key, value in document.items() if key != "security"}
    result["paths"] = {
        path: {
            key: {name: part for name, part in value.items() if name != "security"} if key in METHODS else value
            for key, value in item.items()
        }
        for path, item in document.get("paths", {}).items()
    }
    return result


def _model(model: Any) -> Model:
    properties = [*(model.required_properties or ()), *(model.optional_properties or ())]
    return Model(
        class_name=str(model.class_info.name),
        module_name=str(model.class_info.module_name),
        schema=model.data.model_dump(mode="json", by_alias=True, exclude_unset=True),
        fields={str(item.name.get_untrusted_value()): str(item.python_name) for item in properties},
    )
