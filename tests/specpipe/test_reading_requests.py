"""What a built package sends: every kind of value in every place of a request, and every kind of body."""

from __future__ import annotations

import asyncio
import datetime
import io
import json
from collections.abc import Iterator
from email import message_from_bytes
from typing import Any
from urllib.parse import parse_qsl
from uuid import UUID

import httpx
import pytest
from specpipe.faults import FinishError
from specpipe.finish.requests import Request, carrier_of
from specpipe.finish.shown import Shown
from specpipe.static import sending

from tests.specpipe.finished import TEXT, Package, document, importable, objects, ref, shown, write, write_lowered

BINARY = {**TEXT, "format": "binary"}
DATE = {**TEXT, "format": "date"}
LIST = {"type": "array", "items": TEXT}
EMPTY = {"204": {"description": "d"}}
SCHEMAS: dict[str, Any] = {
    "Color": {**TEXT, "enum": ["red", "green"]},
    "Level": {"type": "integer", "enum": [1, 2]},
    "Price": {"type": "number", "enum": [1.5]},
    "Inner": objects({"a": {"type": "integer"}, "b": LIST, "flag": {"type": "boolean"}}),
    "Form": objects(
        {
            "text": TEXT,
            "flag": {"type": "boolean"},
            "day": DATE,
            "color": ref("Color"),
            "texts": LIST,
            "inner": ref("Inner"),
            "inners": {"type": "array", "items": ref("Inner")},
            "null": {"anyOf": [TEXT, {"type": "null"}]},
            "file": BINARY,
            "pictures": {"type": "array", "items": BINARY},
            "number": {"type": "number"},
            "id": {**TEXT, "format": "uuid"},
        }
    ),
}


def _operation(name: str, **more: Any) -> dict[str, Any]:
    return {"operationId": name, "responses": EMPTY, **more}


def _parameter(name: str, location: str, schema: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"name": name, "in": location, "required": location == "path", "schema": schema, **more}


def _body(*types: str, required: bool = True, schema: dict[str, Any] | None = None) -> dict[str, Any]:
    return {"required": required, "content": {item: {"schema": schema or ref("Form")} for item in types}}


KINDS: dict[str, dict[str, Any]] = {
    "text": TEXT,
    "flag": {"type": "boolean"},
    "number": {"type": "number"},
    "day": DATE,
    "moment": {**TEXT, "format": "date-time"},
    "id": {**TEXT, "format": "uuid"},
    "color": ref("Color"),
    "level": ref("Level"),
    "price": ref("Price"),
    "texts": LIST,
    "colors": {"type": "array", "items": ref("Color")},
}
SEVERAL = {
    "application/json": {"schema": {"type": "array", "items": ref("Inner")}},
    "application/x-www-form-urlencoded": {"schema": ref("Inner")},
    "multipart/form-data": {"schema": ref("Inner")},
    "text/plain": {"schema": TEXT},
    "application/zip": {"schema": BINARY},
}
PATHS = {
    "/query": {
        "get": _operation(
            "query",
            parameters=[
                *(_parameter(name, "query", schema) for name, schema in KINDS.items()),
                _parameter("joined", "query", LIST, style="form", explode=False),
                _parameter("piped", "query", {"type": "array", "items": ref("Level")}, style="pipeDelimited"),
                _parameter("spread", "query", ref("Inner")),
                _parameter("deep", "query", ref("Inner"), style="deepObject"),
                _parameter("nullable", "query", {"anyOf": [TEXT, {"type": "null"}]}),
            ],
        )
    },
    "/path/{level}/{price}/{color}/{x}": {
        "get": _operation(
            "path",
            parameters=[
                _parameter("level", "path", ref("Level")),
                _parameter("price", "path", ref("Price")),
                _parameter("color", "path", ref("Color")),
                _parameter("x", "path", TEXT),
            ],
        )
    },
    "/headers": {
        "get": _operation(
            "headers",
            parameters=[
                _parameter("X-Flag", "header", {"type": "boolean"}),
                _parameter("X-Color", "header", ref("Color")),
                _parameter("X-Number", "header", {"type": "number"}),
                _parameter("X-Price", "header", ref("Price")),
                _parameter("session", "cookie", TEXT),
                _parameter("level", "cookie", ref("Level")),
            ],
        )
    },
    "/json": {"post": _operation("json", requestBody=_body("application/json"))},
    "/anything": {"post": _operation("anything", requestBody=_body("application/json", schema={"title": "any"}))},
    "/optional": {"post": _operation("optional", requestBody=_body("application/json", required=False))},
    "/form": {"post": _operation("form", requestBody=_body("application/x-www-form-urlencoded"))},
    "/multipart": {"post": _operation("multipart", requestBody=_body("multipart/form-data"))},
    "/text": {"post": _operation("text", requestBody=_body("text/plain", schema=TEXT))},
    "/xml": {"post": _operation("xml", requestBody=_body("application/xml"))},
    "/bytes": {"post": _operation("raw", requestBody=_body("application/octet-stream", schema=BINARY))},
    "/images": {"post": _operation("images", requestBody=_body("image/png", "image/jpeg", schema=BINARY))},
    "/several": {
        "post": _operation("several", requestBody={"content": SEVERAL}),
        "put": _operation("needed", requestBody={"required": True, "content": SEVERAL}),
    },
}


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Package]:
    folder = tmp_path_factory.mktemp("requests") / "requests_client"
    write(document(SCHEMAS, PATHS), folder)
    with importable(folder):
        yield Package("requests_client")


def _query(package: Package, **arguments: Any) -> list[tuple[str, str]]:
    return list(package.request("default.query", **arguments).url.params.multi_items())


def _form(request: httpx.Request) -> list[tuple[str, str]]:
    return parse_qsl(request.content.decode(), keep_blank_values=True)


def _file(package: Package, content: bytes, *names: str) -> Any:
    return package.module("types").File(io.BytesIO(content), *names)


@pytest.mark.parametrize(
    ("name", "value", "sent"),
    [
        pytest.param("text", "a b&c", ["a b&c"], id="text"),
        pytest.param("flag", False, ["false"], id="boolean"),
        pytest.param("number", 1.5, ["1.5"], id="number"),
        pytest.param("day", datetime.date(2020, 1, 2), ["2020-01-02"], id="date"),
        pytest.param(
            "moment", datetime.datetime(2020, 1, 2, tzinfo=datetime.UTC), ["2020-01-02T00:00:00+00:00"], id="moment"
        ),
        pytest.param("id", UUID(int=1), ["00000000-0000-0000-0000-000000000001"], id="uuid"),
        pytest.param("texts", ["a", "b,c"], ["a", "b,c"], id="list"),
        pytest.param("joined", ["a", "b"], ["a,b"], id="joined list"),
        pytest.param("texts", [], [], id="empty list"),
        pytest.param("nullable", None, [], id="null"),
    ],
)
def test_a_query_parameter_is_sent_as_openapi_writes_it(
    package: Package, name: str, value: Any, sent: list[str]
) -> None:
    """A list is its name again and again, unless the document joins it."""
    assert _query(package, **{name: value}) == [(name, item) for item in sent]


def test_enums_are_sent_by_their_values(package: Package) -> None:
    """Unknown ones too, in queries, paths and headers."""
    color, level, price = package.models.Color, package.models.Level, package.models.Price
    assert _query(package, colors=[color.RED, color("blue")], level=level(7), price=price(2.5)) == [
        ("level", "7"),
        ("price", "2.5"),
        ("colors", "red"),
        ("colors", "blue"),
    ]
    assert _query(package, piped=[level(1), level(2)]) == [("piped", "1|2")]
    sent = package.request("default.path", level=level(7), price=price(1.5), color=color("b/c"), x="é ?")
    assert sent.url.raw_path == b"/path/7/1.5/b%2Fc/%C3%A9%20%3F"


def test_an_object_in_a_query_is_spread_or_deep(package: Package) -> None:
    """What the document says."""
    inner = package.models.Inner(a=1, b=["x", "y"], flag=True)
    inner["more"] = {"k": [1]}
    assert _query(package, spread=inner) == [
        ("more", '{"k": [1]}'),
        ("a", "1"),
        ("b", "x"),
        ("b", "y"),
        ("flag", "true"),
    ]
    assert _query(package, deep=inner) == [
        ("deep[more][k]", "1"),
        ("deep[a]", "1"),
        ("deep[b]", "x"),
        ("deep[b]", "y"),
        ("deep[flag]", "true"),
    ]


def test_headers_and_cookies_are_text(package: Package) -> None:
    """httpx takes nothing else, and warns of cookies for one request."""
    models = package.models
    arguments = {
        "x_flag": True,
        "x_color": models.Color("blue"),
        "x_number": 1.5,
        "x_price": models.Price(1.5),
        "session": "s",
        "level": models.Level(2),
    }
    sent = package.request("default.headers", **arguments)
    names = ("x-flag", "x-color", "x-number", "x-price", "cookie")
    assert [sent.headers[name] for name in names] == ["true", "blue", "1.5", "1.5", "session=s; level=2"]
    plain = package.request("default.headers")
    assert not [name for name in names if name in plain.headers]


def test_a_json_body_is_plain_data(package: Package) -> None:
    """Whatever its fields hold; UNSET is left out, null is not."""
    models = package.models
    body = models.Form(
        day=datetime.date(2020, 1, 2),
        color=models.Color("blue"),
        inner=models.Inner(a=1),
        inners=[models.Inner(b=["x"])],
        null=None,
        id=UUID(int=1),
        file=_file(package, b"text"),
    )
    body["more"] = [models.Level(1), datetime.date(2020, 1, 2)]
    sent = package.request("default.json", body=body)
    assert sent.headers["content-type"] == "application/json"
    expected = {
        "more": [1, "2020-01-02"],
        "day": "2020-01-02",
        "color": "blue",
        "inner": {"a": 1},
        "inners": [{"b": ["x"]}],
        "null": None,
        "file": "text",
        "id": "00000000-0000-0000-0000-000000000001",
    }
    assert json.loads(sent.content) == expected
    assert body.to_dict() == expected


@pytest.mark.parametrize("value", [None, [1, "a"], {"a": None}, "text", 0, False], ids=repr)
def test_anything_is_sent_as_json(package: Package, value: Any) -> None:
    """httpx alone would send nothing for None."""
    assert json.loads(package.request("default.anything", body=value).content) == value


def test_an_optional_body_need_not_be_sent(package: Package) -> None:
    """Neither it nor its content type."""
    sent = package.request("default.optional")
    assert sent.content == b""
    assert "content-type" not in sent.headers


def test_a_form_is_sent_as_a_server_reads_it(package: Package) -> None:
    """Objects as JSON, booleans in lower case, lists as repeated names."""
    models = package.models
    body = models.Form(
        text="a&b",
        flag=True,
        day=datetime.date(2020, 1, 2),
        color=models.Color.RED,
        texts=["a", "b"],
        inner=models.Inner(a=1, flag=False),
        inners=[models.Inner(a=2), models.Inner(b=["é"])],
        null=None,
    )
    sent = package.request("default.form", body=body)
    assert sent.headers["content-type"] == "application/x-www-form-urlencoded"
    assert _form(sent) == [
        ("text", "a&b"),
        ("flag", "true"),
        ("day", "2020-01-02"),
        ("color", "red"),
        ("texts", "a"),
        ("texts", "b"),
        ("inner", '{"a": 1, "flag": false}'),
        ("inners", '{"a": 2}'),
        ("inners", '{"b": ["é"]}'),
        ("null", ""),
    ]


def test_a_form_may_be_deep(tmp_path: Any) -> None:
    """Where the document's encoding says so, objects are `name[field]`, at any depth."""
    content = {"schema": ref("Form"), "encoding": {"inner": {"style": "deepObject"}, "inners": {"style": "deepObject"}}}
    form = {
        "type": "object",
        "properties": {"inner": {}, "inners": {"type": "array", "items": {}}, "text": TEXT},
        "additionalProperties": True,
    }
    body = {"required": True, "content": {"application/x-www-form-urlencoded": content}}
    lowered = shown({"Form": form}, {"/f": {"post": _operation("deep", requestBody=body)}})
    write_lowered(lowered, tmp_path / "deep_client")
    with importable(tmp_path / "deep_client"):
        package = Package("deep_client")
        given = package.models.Form(inner={"a": {"b": [1, 2]}, "n": None}, inners=[{"c": True}, {"d": []}], text="t")
        assert _form(package.request("default.deep", body=given)) == [
            ("inner[a][b]", "1"),
            ("inner[a][b]", "2"),
            ("inners[0][c]", "true"),
            ("text", "t"),
        ]


def test_a_multipart_body_has_a_part_for_each_value(package: Package) -> None:
    """Files with their names and types, if they have any, objects as JSON, lists as several parts."""
    models = package.models
    body = models.Form(
        text="té",
        flag=True,
        color=models.Color.RED,
        texts=["a", "b"],
        inner=models.Inner(a=1),
        null=None,
        file=_file(package, b"\x00--+++\r\n", "f.bin", "image/png"),
        pictures=[_file(package, b"1"), _file(package, b"2", "two.txt")],
        number=1.5,
    )
    sent = package.request("default.multipart", body=body)
    head = b"Content-Type: " + sent.headers["content-type"].encode() + b"\r\n\r\n"
    message = message_from_bytes(head + sent.content)
    found = [
        (part.get_param("name", header="content-disposition"), part.get_content_type(), part.get_payload(decode=True))
        for part in message.get_payload()
        if not isinstance(part, str)
    ]
    assert found == [
        ("text", "text/plain", "té".encode()),
        ("flag", "text/plain", b"true"),
        ("color", "text/plain", b"red"),
        ("texts", "text/plain", b"a"),
        ("texts", "text/plain", b"b"),
        ("inner", "application/json", b'{"a": 1}'),
        ("file", "image/png", b"\x00--+++\r\n"),
        ("pictures", "application/octet-stream", b"1"),
        ("pictures", "text/plain", b"2"),
        ("number", "text/plain", b"1.5"),
    ]
    again = package.request("default.multipart", body=models.Form(text="t"))
    assert again.headers["content-type"] != sent.headers["content-type"]


@pytest.mark.parametrize(("operation", "media_type"), [("text", "text/plain"), ("xml", "application/xml")])
def test_text_is_sent_as_it_is(package: Package, operation: str, media_type: str) -> None:
    """Under the type that the document declares."""
    sent = package.request(f"default.{operation}", body="<é/>")
    assert (sent.content.decode(), sent.headers["content-type"]) == ("<é/>", media_type)


def test_bytes_are_sent_sync_and_async(package: Package) -> None:
    """httpx refuses a sync stream in an async request."""
    assert package.request("default.raw", body=_file(package, b"\x00")).content == b"\x00"

    async def send() -> bytes:
        sent: list[bytes] = []

        async def keep(request: httpx.Request) -> httpx.Response:
            sent.append(await request.aread())
            return httpx.Response(204)

        client = package.module("client").Client("https://a.example", async_transport=httpx.MockTransport(keep))
        await package.module("api.default.raw").asyncio_detailed(client=client, body=_file(package, b"\x01"))
        return sent[0]

    assert asyncio.run(send()) == b"\x01"


@pytest.mark.parametrize(
    ("names", "media_type"),
    [
        pytest.param((), "image/png", id="the first that is declared"),
        pytest.param(("f", "image/jpeg"), "image/jpeg", id="the file's own"),
    ],
)
def test_bytes_of_several_types_have_one(package: Package, names: tuple[str, ...], media_type: str) -> None:
    """That of the file, if it has one."""
    sent = package.request("default.images", body=_file(package, b"1", *names))
    assert (sent.content, sent.headers["content-type"]) == (b"1", media_type)


def test_the_type_of_the_body_decides_how_it_is_sent(package: Package) -> None:
    """A list too, which `isinstance` cannot tell from another list."""
    models = package.models
    sent = [
        package.request("default.several", body=body)
        for body in (
            [models.Inner(a=1)],
            models.Inner(a=1),
            models.InnerMultipart(a=1),
            "a",
            _file(package, b"a"),
        )
    ]
    assert [request.headers["content-type"].partition(";")[0] for request in sent] == [
        "application/json",
        "application/x-www-form-urlencoded",
        "multipart/form-data",
        "text/plain",
        "application/zip",
    ]
    assert [request.content for request in (*sent[:2], *sent[3:])] == [b'[{"a":1}]', b"a=1", b"a", b"a"]
    assert b'name="a"' in sent[2].content
    assert package.request("default.several").content == b""


@pytest.mark.parametrize("body", [b"bytes", 5, {"a": 1}, None], ids=repr)
@pytest.mark.parametrize("operation", ["several", "needed"])
def test_a_body_of_none_of_the_types_is_refused(package: Package, operation: str, body: Any) -> None:
    """It would be sent as no body at all; the message names the types and not the value."""
    with pytest.raises(TypeError, match=r"^body is none of list, Inner, InnerMultipart, str, File$"):
        package.request(f"default.{operation}", body=body)


def test_only_an_optional_body_of_several_types_may_be_left_out(package: Package) -> None:
    """UNSET is none of the types."""
    unset = package.module("types").UNSET
    assert package.request("default.several", body=unset).content == b""
    with pytest.raises(TypeError, match="body is none of list"):
        package.request("default.needed", body=unset)


@pytest.mark.parametrize("value", ["", ".", ".."], ids=repr)
def test_a_segment_that_leads_elsewhere_is_refused(package: Package, value: str) -> None:
    """Of a path with two dots in it the segment before them goes."""
    models = package.models
    arguments = {"level": models.Level(1), "price": models.Price(1.5), "color": models.Color("red"), "x": "x"}
    with pytest.raises(ValueError, match=r"^x cannot stand in a path"):
        package.request("default.path", **{**arguments, "x": value})
    with pytest.raises(ValueError, match=r"^color cannot stand in a path"):
        package.request("default.path", **{**arguments, "color": models.Color(value)})


def test_dots_beside_anything_else_are_a_segment(package: Package) -> None:
    """As are escapes, which are escaped."""
    models = package.models
    for value, sent in (("...", b"..."), ("../x", b"..%2Fx"), ("%2e%2e", b"%252e%252e"), (" ", b"%20")):
        request = package.request(
            "default.path", level=models.Level(1), price=models.Price(1.5), color=models.Color("red"), x=value
        )
        assert request.url.raw_path == b"/path/1/1.5/red/" + sent


@pytest.mark.parametrize(
    ("value", "sent"),
    [
        pytest.param("a; admin=1", "a%3B%20admin=1", id="another cookie"),
        pytest.param('d"e,f\\g\r\n', "d%22e%2Cf%5Cg%0D%0A", id="no cookie octets"),
        pytest.param("é", "%C3%A9", id="no ASCII"),
        pytest.param("!#$%&'()*+-./09:<=>?@AZ[]^_`az{|}~", "!#$%&'()*+-./09:<=>?@AZ[]^_`az{|}~", id="octets"),
    ],
)
def test_a_cookie_stays_one_cookie(package: Package, value: str, sent: str) -> None:
    """What may not stand in its value is percent-encoded."""
    assert package.request("default.headers", session=value).headers["cookie"] == f"session={sent}"


def test_the_items_of_a_cookie_are_joined_by_commas() -> None:
    """Those within them are encoded."""
    assert sending.cookies({"c": ["a,b", "c"], "d": {"e": 1}, "f": None}) == {"Cookie": "c=a%2Cb,c; d=e,1"}


@pytest.mark.parametrize("value", ["é", "a\r\nX-Other: b", "\x00", "\x7f", " a", "a\t", "\u20ac"], ids=ascii)
def test_what_no_header_can_carry_is_refused_without_being_shown(package: Package, value: str) -> None:
    """What httpx and h11 raise shows it."""
    with pytest.raises(ValueError, match=r"^the header X-Color cannot carry its value: [a-zA-Z, ]+$") as caught:
        package.request("default.headers", x_color=package.models.Color(value))
    assert type(caught.value) is ValueError
    assert caught.value.__context__ is None


@pytest.mark.parametrize("value", ["", "a b", "a\tb", "a; b=c"], ids=repr)
def test_any_other_text_is_a_header(package: Package, value: str) -> None:
    """Also an empty one."""
    assert package.request("default.headers", x_color=package.models.Color(value)).headers["x-color"] == value


def test_a_cookie_whose_name_is_none_is_refused() -> None:
    """The name is the document's, and is not changed."""
    with pytest.raises(ValueError, match=r"^the header Cookie cannot carry"):
        sending.cookies({"a\nb": "c"})


@pytest.mark.parametrize(
    ("content_type", "carrier"),
    [
        ("application/json", "json"),
        ("application/problem+json; charset=utf-8", "json"),
        ("application/x-www-form-urlencoded", "data"),
        ("Multipart/Form-Data", "files"),
        ("application/octet-stream", "content"),
    ],
)
def test_a_content_type_has_its_carrier(content_type: str, carrier: str) -> None:
    """As the generator chooses it."""
    assert carrier_of(content_type) == carrier


def test_a_parameter_without_an_argument_is_refused() -> None:
    """It would never be sent."""
    with pytest.raises(FinishError, match="op: there is no argument for the parameter 'lost'"):
        Request(Shown(shown({})), {"parameters": [{"name": "lost", "in": "query"}]}, arguments={"kept"}, name="op")
