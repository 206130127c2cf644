"""Every operation is shown, under a name and in a folder of its own, with the document's path on the wire."""

from __future__ import annotations

import copy
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from specpipe.lower import lower

from tests.specpipe.lower.calls import ENUM, PET, STRING, Package, content, document, only, operation, parameter

ROOT = Path(__file__).resolve().parents[3]


def places(paths: dict[str, Any]) -> list[tuple[str, str]]:
    shown = lower(document(paths)).document["paths"]
    return [(one["tags"][0], one["operationId"]) for item in shown.values() for one in item.values()]


def named(*names: str, tag: str = "pets") -> list[str]:
    paths = {f"/{n}": {"get": operation(operationId=name, tags=[tag])} for n, name in enumerate(names)}
    return [name for _, name in places(paths)]


def test_a_name_becomes_the_module_name() -> None:
    """It is the generator's own spelling."""
    assert named("listPets", "get-pet.v2") == ["list_pets", "get_pet_v2"]


def test_names_that_differ_in_case_or_punctuation_get_a_number() -> None:
    """One module cannot hold two operations."""
    assert named("getPet", "get-pet", "GetPet", "get_pet") == ["get_pet", "get_pet2", "get_pet3", "get_pet4"]


def test_a_number_is_not_one_that_another_operation_has_as_its_name() -> None:
    """The second `pet` may not take the place of `pet2`."""
    assert named("pet", "Pet", "pet2") == ["pet", "pet3", "pet2"]


def test_names_in_different_folders_may_be_alike() -> None:
    """A folder is a namespace."""
    paths = {
        "/a": {"get": operation(operationId="x", tags=["a"])},
        "/b": {"get": operation(operationId="x", tags=["b"])},
    }
    assert places(paths) == [("a", "x"), ("b", "x")]


def test_two_tags_of_one_identifier_share_a_folder() -> None:
    """So their operations' names are told apart."""
    paths = {
        "/a": {"get": operation(operationId="x", tags=["My Pets"])},
        "/b": {"get": operation(operationId="x", tags=["my-pets"])},
    }
    assert places(paths) == [("my_pets", "x"), ("my_pets", "x2")]


@pytest.mark.parametrize(
    ("tag", "folder"),
    [("", "tag"), ("😀", "tag"), ("1", "tag1"), ("import", "import_"), ("a/../b", "a_b"), ("ﬁsh", "fish")],
    ids=["empty", "emoji", "digit", "keyword", "way_up", "ligature"],
)
def test_a_folder_is_an_identifier(tag: str, folder: str) -> None:
    """Whatever the tag is."""
    assert places({"/": {"get": operation(operationId="x", tags=[tag])}}) == [(folder, "x")]


def test_only_the_first_tag_counts() -> None:
    """Without one it is `default`."""
    paths = {"/a": {"get": operation(tags=["cats", "dogs"])}, "/b": {"get": operation(tags=[])}}
    assert [folder for folder, _ in places(paths)] == ["cats", "default"]


def test_long_names_are_shortened_and_stay_apart() -> None:
    """A file's name has a limit, and the digest tells which is which."""
    first, second = named("a" * 300 + "b", "a" * 300 + "c")
    assert first != second
    assert {len(first), len(second)} == {80}
    (folder, _), *_ = places({"/": {"get": operation(operationId="x", tags=["t" * 300])}})
    assert len(folder) == 60


@pytest.mark.parametrize("given", [None, "", "  "], ids=["absent", "empty", "blank"])
def test_an_operation_without_a_name_is_called_after_its_path(given: str | None) -> None:
    """Method and path make the name."""
    stated = {} if given is None else {"operationId": given}
    assert [n for _, n in places({"/pets/{petId}/toys.all": {"get": operation(**stated)}})] == [
        "get_pets_pet_id_toys_all"
    ]


@pytest.mark.parametrize("name", ["class", "__init__", "😀", "import", "1st", "../../etc", "日本"])
def test_any_name_makes_a_module(name: str, tmp_path: Path) -> None:
    """The generator writes it, and Python imports it."""
    package = Package({"/pets": {"get": operation(operationId=name)}}, tmp_path)
    assert package.request(only(package.lowered)["operationId"]).url.path == "/v1/pets"


def test_only_what_the_generator_reads_is_shown() -> None:
    """No security, no servers, no examples."""
    more = {"security": [{"key": []}], "callbacks": {}, "x-note": 1, "externalDocs": {"url": "https://pets.test"}}
    shown = only(lower(document({"/pets": {"get": operation(summary="S", description="D", **more)}})))
    assert set(shown) == {"operationId", "tags", "summary", "description", "responses"}


def test_an_operation_with_servers_of_its_own_says_so() -> None:
    """The client knows only its own base address."""
    lowered = lower(document({"/pets": {"get": operation(servers=[{"url": "https://other.test"}])}}))
    assert "served at https://other.test" in only(lowered)["description"]
    assert lowered.repairs["operation_servers"] == 1


def test_texts_that_look_like_code_stay_texts(tmp_path: Path) -> None:
    """Quotes, backslashes and line ends in a summary end no docstring."""
    hostile = '"""\nimport os\n\\" \\N{x} {body} %s \x00 \\'
    package = Package({"/pets": {"get": operation(operationId="x", summary=hostile, description=hostile)}}, tmp_path)
    assert package.request("x").method == "GET"


PATHS: dict[str, tuple[str, dict[str, Any], str]] = {
    "dots": ("/a/{id.x}/{id_x}", {"id_x": "1", "id_x_2": "2"}, "/a/1/2"),
    "twice": ("/a/{id}/b/{id}", {"id": "1", "id_2": "1"}, "/a/1/b/1"),
    "greedy": ("/a/{proxy+}", {"proxy": "p"}, "/a/p"),
    "digit": ("/a/{1st}", {"field_1st": "1"}, "/a/1"),
    "nameless": ("/a/{}", {"value": "1"}, "/a/1"),
    "keyword": ("/a/{class}", {"class_": "1"}, "/a/1"),
    "unicode": ("/a/{größe}", {"groe": "1"}, "/a/1"),
    "client": ("/a/{client}/{body}", {"client_path": "1", "body_path": "2"}, "/a/1/2"),
    "custom_verb": ("/a/{id}:stop", {"id": "1"}, "/a/1:stop"),
    "percent": ("/100%25/{id}", {"id": "1"}, "/100%25/1"),
    "brace": ("/{open/{id}", {"id": "1"}, "/%7Bopen/1"),
    "double_brace": ("/{{id}}", {"id": "1"}, "/%7B1%7D"),
    "lone_brace": ("/open}", {}, "/open%7D"),
    "space": ("/a b/{id}", {"id": "1"}, "/a%20b/1"),
    "quote": ('/"x\\', {}, "/%22x\\"),
    "fragment": ("/a#b", {}, "/a"),
}


@pytest.mark.parametrize(("path", "arguments", "sent"), PATHS.values(), ids=PATHS)
def test_the_path_that_is_sent_is_the_documents(
    path: str, arguments: dict[str, Any], sent: str, tmp_path: Path
) -> None:
    """Whatever its templates are called, and whatever stands between them."""
    names = {name for name in path.replace("{{", "{").split("{")[1:] if "}" in name}
    parameters = [parameter(name.split("}")[0], "path") for name in sorted(names)]
    package = Package({path: {"get": operation(operationId="x", parameters=parameters)}}, tmp_path)
    assert package.request("x", **arguments).url.raw_path.decode() == f"/v1{sent}"


def test_paths_that_look_alike_stay_two(tmp_path: Path) -> None:
    """Two templates may have the same Python name."""
    paths = {"/a/{x.y}": {"get": operation(operationId="one")}, "/a/{x_y}": {"get": operation(operationId="two")}}
    package = Package(paths, tmp_path)
    assert [package.request(name, x_y="1").url.path for name in ("one", "two")] == ["/v1/a/1", "/v1/a/1"]


def test_a_literal_query_is_sent(tmp_path: Path) -> None:
    """Of an operation without query parameters it stays in the URL."""
    paths = {f"/rest?method={name}": {"get": operation(operationId=name)} for name in ("one", "two")}
    package = Package(paths, tmp_path)
    assert [str(package.request(name).url.query, "ascii") for name in ("one", "two")] == ["method=one", "method=two"]


def test_a_literal_query_beside_parameters_becomes_one_of_them(tmp_path: Path) -> None:
    """httpx would replace it otherwise."""
    parameters = [parameter("page"), parameter("id", "path", {"type": "integer"}), parameter("kind", schema=ENUM)]
    path = "/rest/{who}?method=get&kind=red&id={id}&free={free}"
    package = Package({path: {"get": operation(operationId="x", parameters=parameters)}}, tmp_path)
    url = package.request("x", who="me", id=7, free="f", page="2").url
    assert url.path == "/v1/rest/me"
    assert dict(url.params) == {"method": "get", "kind": "red", "id": "7", "free": "f", "page": "2"}
    assert "literal_query" in package.lowered.repairs


def test_a_template_for_a_query_becomes_parameters(tmp_path: Path) -> None:
    """`{?page}` stands for no part of the path."""
    package = Package({"/pets{?page,size*}": {"get": operation(operationId="x")}}, tmp_path)
    assert str(package.request("x", page="1", size="2").url) == "https://pets.test/v1/pets?page=1&size=2"


@pytest.mark.parametrize("path", ["//evil.test/pets", "https://evil.test/pets"], ids=["slashes", "scheme"])
def test_a_path_to_another_host_is_a_fault(path: str) -> None:
    """The client would send its credentials there."""
    lowered = lower(document({path: {"get": operation()}}))
    assert lowered.document["paths"] == {}
    assert "another host" in lowered.faults[0].problem


def test_what_no_call_uses_is_lowered_all_the_same() -> None:
    """Callbacks, webhooks, response headers and components nobody refers to bring their classes and enums."""
    inline = {"type": "object", "properties": {"kind": ENUM}}
    event = {"post": {"requestBody": content(json=inline), "responses": {}}}
    pets = operation(operationId="x", callbacks={"done": {"{$url}": event}})
    pets["responses"] = {"204": {"description": "", "headers": {"X-Kind": {"schema": {"type": "object"}}}}}
    found = document({"/pets": {"get": pets}}, parameters={"Filter": parameter("filter", schema={"type": "object"})})
    found["webhooks"] = {"born": copy.deepcopy(event)}
    names = set(lower(found).document["components"]["schemas"])
    assert {"XDonePostBody", "BornPostBody", "XResponse204XKind", "FilterParameter"} <= names


def test_callbacks_that_lead_in_a_circle_end() -> None:
    """An operation may call itself back."""
    item = {"post": operation(callbacks={"again": {"$ref": "#/components/callbacks/Again"}})}
    lowered = lower(document({"/pets": item}, callbacks={"Again": {"{$url}": item}}))
    assert only(lowered)["operationId"] == "post_pets"


def test_a_path_item_may_be_a_reference() -> None:
    """Its operations are shown where it is referred to."""
    found = document({"/pets": {"$ref": "#/components/pathItems/Pets"}}, pathItems={"Pets": {"get": operation()}})
    assert only(lower(found))["operationId"] == "get_pets"


def test_the_lowering_is_linear_in_operations_of_one_name() -> None:
    """Thousands of operations that want one name get theirs at once."""
    paths = {f"/{n}": {"get": operation(operationId="x")} for n in range(3000)}
    assert len({name for _, name in places(paths)}) == 3000


def test_what_is_generated_is_typed(tmp_path: Path) -> None:
    """mypy --strict has nothing to say of any kind of schema in any place."""
    kinds: dict[str, Any] = {
        "s": STRING,
        "n": {"type": "number"},
        "b": {"type": "boolean"},
        "d": {"type": "string", "format": "date"},
        "dt": {"type": "string", "format": "date-time"},
        "u": {"type": "string", "format": "uuid"},
        "f": {"type": "string", "format": "binary"},
        "e": ENUM,
        "ie": {"type": "integer", "enum": [1, 2]},
        "c": {"const": "x"},
        "any": {},
        "l": {"type": "array", "items": {"type": "string", "format": "date-time"}},
        "le": {"type": "array", "items": ENUM},
        "lo": {"type": "array", "items": PET},
        "o": PET,
        "si": {"anyOf": [STRING, {"type": "integer"}]},
        "nl": {"anyOf": [{"type": "array", "items": STRING}, {"type": "null"}]},
        "no": {"anyOf": [PET, {"type": "null"}]},
        "os": {"anyOf": [PET, STRING]},
        "el": {"anyOf": [ENUM, {"type": "array", "items": ENUM}]},
        "nul": {"type": "null"},
        "ne": {"anyOf": [ENUM, {"type": "null"}], "default": "red"},
    }
    paths: dict[str, Any] = {}
    for required in (True, False):
        everywhere = [
            parameter(f"{place}-{name}", place, schema) | {"required": required}
            for place in ("query", "header", "cookie")
            for name, schema in kinds.items()
        ]
        paths[f"/everywhere/{required}"] = {"get": operation(parameters=everywhere)}
        bodies = {name: content(json=schema) for name, schema in kinds.items()}
        bodies |= {name: content(**{name: PET}) for name in ("form", "files", "pdf")}
        bodies |= {
            "two": content(json=PET, form=PET, files=PET, pdf=None),
            "list": content(form=kinds["l"], files=STRING),
        }
        for name, body in bodies.items():
            paths[f"/{required}/{name}"] = {
                "post": {
                    "requestBody": {**body, "required": required},
                    "responses": {"200": {"description": "", **body}, "default": {"description": ""}},
                }
            }
    path = "/".join(f"{{{name}}}" for name in kinds)
    paths[f"/{path}"] = {"get": operation(parameters=[parameter(name, "path", kinds[name]) for name in kinds])}
    package = Package(paths, tmp_path)
    cache = f"--cache-dir={ROOT / '.mypy_cache' / 'lowered'}"
    command = [sys.executable, "-m", "mypy", "--strict", "--config-file=", cache, package.folder.name]
    found = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False).stdout
    assert found.startswith("Success"), found
