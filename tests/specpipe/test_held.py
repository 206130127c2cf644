"""What a package holds is read from its Python, in any of the shapes that generated and finished code has."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from specpipe.witness.held import Mentions, held
from specpipe.witness.modules import modules
from specpipe.witness.requests import read_request
from specpipe.witness.statuses import read_statuses
from specpipe.witness.values import value_of, values_of

from tests.specpipe.small_package import edit, write_small_package


def _function(text: str) -> ast.FunctionDef:
    node = ast.parse(text).body[0]
    assert isinstance(node, ast.FunctionDef)
    return node


def _statuses(*lines: str) -> dict[str, bool]:
    return read_statuses(
        _function("def _parse_response(*, client, response):\n" + "".join(f"    {line}\n" for line in lines))
    )


RAISES = ("if client.raise_on_unexpected_status:", "    raise ValueError", "else:", "    return None")


@pytest.mark.parametrize(
    ("lines", "is_read"),
    [
        pytest.param(["return response.json()"], True, id="at-once"),
        pytest.param(["found = Pet.from_dict(response.json())", "return found"], True, id="model"),
        pytest.param(["found = cast(str, response.text)", "return found"], True, id="cast"),
        pytest.param(["found: Any = _one_of(response.json())", "return found"], True, id="annotated"),
        pytest.param(["return _json_or_content(response, {})"], True, id="helper"),
        pytest.param(["found = File(payload=BytesIO(response.content))", "return found"], True, id="file"),
        pytest.param(
            [
                "found = []",
                "for data in response.json():",
                "    item = Pet(data)",
                "    found.append(item)",
                "return found",
            ],
            True,
            id="list",
        ),
        pytest.param(
            ["def inner(data):", "    return Pet(data)", "found = inner(response.json())", "return found"],
            True,
            id="union",
        ),
        pytest.param(
            ["if response.text:", "    return Pet(response.json())", "return None"], True, id="where-there-is-any"
        ),
        pytest.param(
            ["try:", "    found = response.json()", "except E:", "    found = 1", "return found"], True, id="try"
        ),
        pytest.param(["return None"], False, id="none"),
        pytest.param(["found = cast(Any, None)", "return found"], False, id="cast-of-none"),
        pytest.param(["response.json()", "return None"], False, id="thrown-away"),
        pytest.param(["found = response.json()", "return None"], False, id="left-lying"),
        pytest.param(["return response.status_code"], False, id="status-alone"),
        pytest.param(
            ["def inner():", "    return response.json()", "return None"], False, id="function-that-is-not-called"
        ),
        pytest.param(
            ["found = []", "for data in response.json():", "    pass", "return found"], False, id="empty-list"
        ),
    ],
)
def test_a_reply_is_read_when_its_content_is_returned(lines: list[str], is_read: bool) -> None:
    """By whatever way it gets there; the same for a status and for all others."""
    branch = ["if response.status_code == 200:", *(f"    {line}" for line in lines)]
    assert _statuses(*branch, *RAISES) == {"200": is_read}
    assert _statuses(*lines) == {"default": is_read}


@pytest.mark.parametrize(
    ("test", "status"),
    [
        pytest.param("response.status_code == 404", "404", id="one"),
        pytest.param("400 <= response.status_code <= 499", "4XX", id="range"),
        pytest.param("400 <= response.status_code <= 498", None, id="short-range"),
        pytest.param("400 < response.status_code <= 499", None, id="open-range"),
        pytest.param("response.status_code != 404", None, id="any-other"),
        pytest.param("response.text == 404", None, id="something-else"),
    ],
)
def test_a_status_is_what_the_branch_compares_with(test: str, status: str | None) -> None:
    """Exactly that."""
    found = _statuses(f"if {test}:", "    return response.json()", *RAISES)
    assert found == ({} if status is None else {status: True})


def test_the_first_branch_for_a_status_is_the_one_that_is_taken() -> None:
    """What a second one reads, nobody gets."""
    first = ["if response.status_code == 200:", "    return None"]
    second = ["if response.status_code == 200:", "    return response.json()"]
    assert _statuses(*first, *second, *RAISES) == {"200": False}


BODY = """def _get_kwargs(*, body):
    headers = {}
    _kwargs = {"method": "POST", "url": "/a/{b}/c{{d}}".format(b=path(b))}
    if not isinstance(body, Unset):
        _kwargs["files"] = body.to_multipart()
        headers["Content-Type"] = multipart_type("multipart/form-data")
    _kwargs["headers"] = headers
    return _kwargs
"""


def test_a_request_is_its_method_path_and_content_types() -> None:
    """The path without the parameters' names, and as it goes out."""
    request = read_request(_function(BODY))
    assert request is not None
    assert (request.method, request.path) == ("post", ("/a/", "/c{d}"))
    assert request.content_types == ("multipart/form-data",)


def test_a_request_tells_which_arguments_go_where() -> None:
    """Of a mapping that goes out, and of arguments alone; case does not matter in the name of a header."""
    text = """def _get_kwargs(a, *, b, c, d):
    headers = _headers({"X-B": b, **more, name: b})
    headers |= _cookies({"c": str(c)})
    other = _headers({"d": d})
    _kwargs = {"method": "get", "url": "/{x}/{y}".format(x=path(a), y=other), "params": query({"d": d, "e": e})}
    _kwargs["headers"] = headers
    return _kwargs
"""
    request = read_request(_function(text))
    assert request is not None
    assert request.filled == (frozenset({"a"}), frozenset())
    sent = {("header", "x-b"): {"b"}, ("cookie", "c"): {"c"}, ("query", "d"): {"d"}, ("query", "e"): set()}
    assert request.sent == sent
    without = read_request(_function(text.replace('_kwargs["headers"]', "more")))
    assert without is not None
    assert without.sent.keys() == {("query", "d"), ("query", "e")}


@pytest.mark.parametrize(
    ("tests", "types"),
    [
        pytest.param(["if isinstance(body, A)", "elif isinstance(body, B)"], ["a/0", "a/1"], id="elif"),
        pytest.param(["if isinstance(body, A)", "elif isinstance(body, A)"], ["a/0"], id="elif-that-is-not-reached"),
        pytest.param(["if isinstance(body, A)", "else"], ["a/0", "a/1"], id="else"),
        pytest.param(["if isinstance(body, A)", "if isinstance(body, A)"], ["a/1"], id="overwritten"),
    ],
)
def test_a_branch_passes_its_body_on(tests: list[str], types: list[str]) -> None:
    """Also below a test whether there is any body."""
    lines = ["def _get_kwargs(body):", "  _kwargs = {'method': 'get', 'url': '/'}", "  if body is not UNSET:"]
    for index, test in enumerate(tests):
        lines += [f"    {test}:", "      _kwargs['json'] = body", f"      headers['Content-Type'] = 'a/{index}'"]
    request = read_request(_function("\n".join(lines)))
    assert request is not None
    assert list(request.content_types) == types


def test_no_request_is_made_without_a_url() -> None:
    """Such a function is no operation's."""
    assert read_request(_function("def f():\n    return {'method': 'post', 'url': made()}\n")) is None
    assert read_request(_function("def f():\n    return {}\n")) is None


def test_enums_hold_the_values_of_their_members(tmp_path: Path) -> None:
    """Names with underscores in front are the class's own, and what is no literal is no value."""
    (tmp_path / "models").mkdir()
    text = "class {}({}):\n    A = {}\n    B = {}\n    _ignore_ = []\n    def __str__(self): ...\n"
    for name, base, first, second in [
        ("Text", "StrEnum", r"'it\'s\n'", r"'\ud800'"),
        ("Number", "OpenIntEnum", "-1", "True"),
        ("Float", "OpenFloatEnum", "1.5", "made()"),
    ]:
        (tmp_path / f"models/{name.lower()}.py").write_text(text.format(name, base, first, second), "utf-8")
    assert held(tmp_path).enums == {
        "Text": frozenset(values_of(["it's\n", "\ud800"])),
        "Number": frozenset(values_of([-1, True])),
        "Float": frozenset(values_of([1.5])),
    }


def test_a_type_leads_through_aliases_to_members(tmp_path: Path) -> None:
    """Quoted or not, and though they lead into themselves."""
    (tmp_path / "models").mkdir()
    for name, text in {
        "a": 'A: TypeAlias = "list[B] | Literal[1]"\n',
        "b": "B: TypeAlias = A | C | bool | Literal['x', 'y'] | None\n",
        "c": "class C(StrEnum):\n    Z = 'z'\n",
        "broken": 'D: TypeAlias = "list[\'"\n',
    }.items():
        (tmp_path / f"models/{name}.py").write_text(text, "utf-8")
    found = held(tmp_path)
    assert found.members(Mentions(names={"A"})) == set(values_of([1, True, False, "x", "y", "z"]))
    assert found.classes(Mentions(names={"A"})) >= {"A", "B", "C"}
    assert found.members(Mentions(names={"D", "Unknown"})) == set()


def test_a_class_knows_the_type_of_each_property(tmp_path: Path) -> None:
    """By the attribute that it writes it from, in the shapes of the generator and of finished code."""
    package = write_small_package(tmp_path / "package")
    pet = held(package).models["Pet"]
    assert pet.properties["owner's name"] == "owners_name"
    assert pet.types["fixed"].literals == {frozenset({value_of("yes")})}
    edit(package, "models/pet.py", '"name": self.name,', '"name": name,')
    edit(package, "models/pet.py", '"kind": self.kind,', '"kind": str(self.kind),')
    pet = held(package).models["Pet"]
    assert (pet.properties["name"], pet.properties["kind"]) == ("name", None)


def test_a_module_that_is_no_operation_holds_none(tmp_path: Path) -> None:
    """Such as one that lost its function to call."""
    package = write_small_package(tmp_path / "package")
    assert len(held(package).operations) == 1
    edit(package, "api/pets/put_pet.py", "def sync_detailed", "def other")
    assert held(package).operations == []


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        pytest.param(b"a = (\n", "1: '(' was never closed", id="syntax"),
        pytest.param(b"a = '\x00'\n", "1: ", id="nul"),
        pytest.param(b"\xff", "1: UnicodeDecodeError", id="not-utf-8"),
        pytest.param(b"a = '\\d'\n", "1: invalid escape sequence '\\d'", id="warning"),
        pytest.param(b"a = " + b"(" * 50_000, "1: ", id="too-deep"),
    ],
)
def test_a_module_comes_with_what_is_wrong_with_it(tmp_path: Path, content: bytes, problem: str) -> None:
    """And the next one is read all the same."""
    (tmp_path / "a.py").write_bytes(content)
    (tmp_path / "b.py").write_bytes(b"b = 1\n")
    first, second = modules(tmp_path)
    assert len(first.problems) == 1
    assert first.problems[0].startswith(problem)
    assert (second.name, second.problems, len(second.tree.body)) == ("b.py", (), 1)
