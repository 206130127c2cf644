"""Small OpenAPI documents to test the pipeline with, and a small project around one."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

from specpipe import yamlio

PROJECT = Path(__file__).resolve().parents[2]

_PETS: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {"title": "FastAPI", "version": "1.2.3"},
    "servers": [{"url": "https://api.pets.example/v1"}, {"url": "https://test-api.pets.example/v1"}],
    "security": [{"Key": []}],
    "tags": [{"name": "Pets"}],
    "paths": {
        "/pets/{pet_id}": {
            "put": {
                "tags": ["Pets"],
                "operationId": "Pets_PutPet",
                "parameters": [{"name": "pet_id", "in": "path", "required": True, "schema": {"type": "string"}}],
                "requestBody": {
                    "required": True,
                    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Pet"}}},
                },
                "responses": {
                    "200": {
                        "description": "The pet.",
                        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Pet"}}},
                    },
                    "5XX": {
                        "description": "Broken.",
                        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
                    },
                },
            },
            "get": {
                "tags": ["Pets"],
                "operationId": "Pets_GetPet",
                "parameters": [{"name": "pet_id", "in": "path", "required": True, "schema": {"type": "string"}}],
                "responses": {"204": {"description": "Nothing."}},
            },
        }
    },
    "components": {
        "schemas": {
            "Pet": {
                "type": "object",
                "required": ["id", "name", "tag"],
                "properties": {
                    "id": {"type": "string", "readOnly": True},
                    "name": {"type": "string"},
                    "kind": {"$ref": "#/components/schemas/Kind"},
                    "tag": {"type": "string", "writeOnly": True},
                    "chip": {"type": "object", "properties": {"pin": {"type": "string", "format": "password"}}},
                },
            },
            "Kind": {"type": "string", "enum": ["cat", "dog"]},
            "Problem": {"type": "object", "required": ["message"], "properties": {"message": {"type": "string"}}},
            "Unused": {"type": "object"},
        },
        "securitySchemes": {"Key": {"type": "apiKey", "in": "header", "name": "X-Key"}},
    },
}

OVERLAY: dict[str, Any] = {
    "overlay": "1.1.0",
    "info": {"title": "What the page leaves out", "version": "1.0.0"},
    "actions": [
        {
            "target": "$.servers[0]",
            "update": {"x-name": "production"},
            "x-reason": "The document names no server.",
            "x-source": "A test.",
        }
    ],
}


def pets() -> dict[str, Any]:
    """A valid document with a read-only, a write-only and a nested secret property; every call makes a new one."""
    return copy.deepcopy(_PETS)


def page(document: dict[str, Any], info: str = "yaml put /pets/{pet_id}") -> str:
    """A documentation page that holds the document."""
    return f"# Put a pet\n\nText.\n\n````{info}\n{yamlio.dump(document)}\n````\n"


def write_project(root: Path) -> None:
    """A project with one provider, its page, its overlay and the pins of this one."""
    files = {
        "specs/providers.toml": (
            '[pets]\npackage = "pets_client"\ntitle = "Pets"\n'
            'operations = ["PUT /pets/{pet_id}", "GET /pets/{pet_id}"]\n'
            'pages = [{ file = "put-pet.md", url = "https://docs.pets.example/put-pet" }]\n'
        ),
        "specs/pets/put-pet.md": page(pets()),
        "overlay/specs/pets.overlay.yaml": yamlio.dump(OVERLAY),
        "scripts/constraints.txt": (PROJECT / "scripts/constraints.txt").read_text("utf-8"),
    }
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")


def snapshot(root: Path) -> dict[str, bytes]:
    """Every file below the folder with its bytes."""
    return {str(path.relative_to(root)): path.read_bytes() for path in sorted(root.rglob("*")) if path.is_file()}
