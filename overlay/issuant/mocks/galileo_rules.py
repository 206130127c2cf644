"""What Galileo's rules find wrong with a request. Owns each entry of a 422; knows no user, no key and no credential.

Facts
- Pydantic 2 echoes what was sent as `input`; for a missing field that is the whole object around it.
- A body of another media type is no object, so 422. With no media type at all it is read as JSON.
- Pydantic would take more forms of a time, a UUID or an integer; here they are RFC 3339, hyphenated and plain digits.
  The vendor's own example of a time has a space where RFC 3339 has a T, so that is taken too.
- A page starts at 0 or later and holds from 1 to 1000 items; that there are such bounds is not verified.
- FastAPI takes the last of a parameter that is given several times, and ignores one that it does not know.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from urllib.parse import parse_qs

from .messages import RefusedError, Reply, Request
from .reading import is_uuid, read_instant, read_json

_ROLES = ("owner", "editor", "annotator", "viewer")
_ROLES_TEXT = "'owner', 'editor', 'annotator' or 'viewer'"

Problem = dict[str, object]

# By name: what it is unless given, the least and the most that it may be.
_PAGE = {"starting_token": (0, 0, 2**31 - 1), "limit": (100, 1, 1000)}
_INTEGER = re.compile(r"[+-]?[0-9]{1,18}", re.ASCII)


def unprocessable(problems: list[Problem]) -> RefusedError:
    """Return the refusal that tells these problems."""
    return RefusedError(Reply.json(422, {"detail": problems}))


def read_object(request: Request) -> Mapping[str, object]:
    """Return the JSON object in the body. Raises RefusedError for anything else."""
    if request.media_type not in ("", "application/json"):
        raise unprocessable([_no_object(request.body.decode("utf-8", "replace"))])
    if not request.body:
        raise unprocessable([{"type": "missing", "loc": ["body"], "msg": "Field required", "input": None}])
    try:
        document = read_json(request.body)
    except ValueError as error:
        problem = {"type": "json_invalid", "loc": ["body", 0], "msg": "JSON decode error", "input": {}}
        raise unprocessable([{**problem, "ctx": {"error": str(error)}}]) from None
    if not isinstance(document, dict):
        raise unprocessable([_no_object(document)])
    return document


def read_new_key(request: Request) -> Mapping[str, object]:
    """Return what a new key is asked to be. Raises RefusedError, with all that is wrong at once."""
    wanted = read_object(request)
    problems = [problem for check in _CHECKS if (problem := check(wanted)) is not None]
    if problems:
        raise unprocessable(problems)
    return wanted


def read_key_login(request: Request) -> str:
    """Return the API key that logs in. Raises RefusedError when there is none."""
    given = read_object(request)
    if "api_key" not in given:
        raise unprocessable([_problem("missing", "api_key", "Field required", given)])
    value = given["api_key"]
    if not isinstance(value, str):
        raise unprocessable([_problem("string_type", "api_key", "Input should be a valid string", value)])
    return value


def read_password_login(request: Request) -> tuple[str, str]:
    """Return user name and password of a login's form. Raises RefusedError when one is missing."""
    form: dict[str, list[str]] = {}
    if request.media_type == "application/x-www-form-urlencoded":
        form = parse_qs(request.body.decode("utf-8", "replace"), keep_blank_values=True)
    missing = [
        _problem("missing", name, "Field required", None) for name in ("username", "password") if name not in form
    ]
    grant = form.get("grant_type", ["password"])[-1]
    if grant != "password":
        message = "String should match pattern '^password$'"
        missing.append(_problem("string_pattern_mismatch", "grant_type", message, grant))
    if missing:
        raise unprocessable(missing)
    return form["username"][-1], form["password"][-1]


def read_page(request: Request) -> tuple[int, int]:
    """Return where a page starts and how many items it holds at most. Raises RefusedError for other than that."""
    given = parse_qs(request.query, keep_blank_values=True)
    found: dict[str, int] = {}
    problems: list[Problem] = []
    for name, (default, least, most) in _PAGE.items():
        text = given[name][-1] if name in given else str(default)
        problem = _check_integer(name, text, least, most)
        if problem is None:
            found[name] = int(text)
        else:
            problems.append(problem)
    if problems:
        raise unprocessable(problems)
    return found["starting_token"], found["limit"]


def read_id(parts: Mapping[str, str], name: str) -> str:
    """Return the UUID in the path, in lower case. Raises RefusedError when it is none."""
    given = parts[name]
    if not is_uuid(given):
        problem = {"type": "uuid_parsing", "loc": ["path", name], "msg": "Input should be a valid UUID"}
        raise unprocessable([{**problem, "input": given}])
    return given.lower()


def _check_integer(name: str, text: str, least: int, most: int) -> Problem | None:
    kind, message = "", ""
    if _INTEGER.fullmatch(text) is None:
        kind, message = "int_parsing", "Input should be a valid integer, unable to parse string as an integer"
    elif int(text) < least:
        kind, message = "greater_than_equal", f"Input should be greater than or equal to {least}"
    elif int(text) > most:
        kind, message = "less_than_equal", f"Input should be less than or equal to {most}"
    return {"type": kind, "loc": ["query", name], "msg": message, "input": text} if kind else None


def instant(value: object) -> datetime | None:
    """Return a time as the vendor takes it; None for anything else."""
    return read_instant(value, separators="Tt ")


def _problem(kind: str, field_name: str, message: str, given: object) -> Problem:
    return {"type": kind, "loc": ["body", field_name], "msg": message, "input": given}


def _no_object(given: object) -> Problem:
    message = "Input should be a valid dictionary or object to extract fields from"
    return {"type": "model_attributes_type", "loc": ["body"], "msg": message, "input": given}


def _check_description(wanted: Mapping[str, object]) -> Problem | None:
    if "description" not in wanted:
        return _problem("missing", "description", "Field required", wanted)
    if not isinstance(wanted["description"], str):
        return _problem("string_type", "description", "Input should be a valid string", wanted["description"])
    return None


def _check_expires_at(wanted: Mapping[str, object]) -> Problem | None:
    given = wanted.get("expires_at")
    if given is None or instant(given) is not None:
        return None
    if isinstance(given, str):
        return _problem("datetime_from_date_parsing", "expires_at", "Input should be a valid datetime", given)
    return _problem("datetime_type", "expires_at", "Input should be a valid datetime", given)


def _check_project_id(wanted: Mapping[str, object]) -> Problem | None:
    given = wanted.get("project_id")
    if given is None or is_uuid(given):
        return None
    kind = "uuid_parsing" if isinstance(given, str) else "uuid_type"
    return _problem(kind, "project_id", "Input should be a valid UUID", given)


def _check_project_role(wanted: Mapping[str, object]) -> Problem | None:
    given = wanted.get("project_role")
    if given is None or given in _ROLES:
        return None
    problem = _problem("enum", "project_role", f"Input should be {_ROLES_TEXT}", given)
    return {**problem, "ctx": {"expected": _ROLES_TEXT}}


def _check_api_key(wanted: Mapping[str, object]) -> Problem | None:
    given = wanted.get("api_key")
    if given is None or isinstance(given, str):
        return None
    return _problem("string_type", "api_key", "Input should be a valid string", given)


_CHECKS: tuple[Callable[[Mapping[str, object]], Problem | None], ...] = (
    _check_description,
    _check_expires_at,
    _check_project_id,
    _check_project_role,
    _check_api_key,
)
