"""A value of the wrong kind, as msgspec finds it, said in the words of this program."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal, get_args, get_origin, get_type_hints

from rnnviz.trace.suggestion import did_you_mean

_AT = re.compile(r"(?P<what>.*?)(?: - at `\$?\.?(?P<path>[^`]*)`)?", re.DOTALL)
_MISSING = re.compile(r"Object missing required field `(?P<key>[^`]*)`")
_UNKNOWN = re.compile(r"Object contains unknown field `(?P<key>[^`]*)`")
_ENUM = "Invalid enum value"
_LONGEST = 60

_WORDS = {
    "`": "",
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "str": "text",
    "null": "nothing",
    "object": "a table",
    "array": "a list",
    " | nothing": "",
    " | ": ", ",
}


def in_words(problem: str, values: Any, root: type) -> str:
    """One sentence for the message of an `msgspec.ValidationError`.

    Args:
        problem: the message.
        values: what was converted.
        root: the type that it was to become.
    """
    match = _AT.fullmatch(problem)
    assert match is not None  # everything is optional
    what, path = match["what"], match["path"] or ""
    if missing := _MISSING.fullmatch(what):
        return f"{_joined(path, missing['key'])} is missing"
    if unknown := _UNKNOWN.fullmatch(what):
        return f"{_joined(path, unknown['key'])} is unknown here"
    if "[...]" in path:  # somewhere in a table whose keys are free
        return f"one of {path.partition('[')[0]} cannot be: {_plain(what)}"
    if not path:
        return _plain(what)
    value = _value_at(values, path)
    if what.startswith(_ENUM):
        choices = choices_at(root, path)
        hint = did_you_mean(str(value), choices)
        return f"{path} is {_shown(value)}; use one of {', '.join(choices)}{hint}"
    return f"{path} is {_shown(value)}: {_plain(what)}"


def choices_at(root: type, path: str) -> tuple[str, ...]:
    """The words that the setting at a dotted path may be; empty if it is not a choice of words."""
    hint: Any = root
    for name in path.split("."):
        kind = next((part for part in _parts(hint) if isinstance(part, type)), root)
        hint = get_type_hints(kind).get(name)
    return next((get_args(part) for part in _parts(hint) if get_origin(part) is Literal), ())


def _parts(hint: Any) -> tuple[Any, ...]:
    return (hint, *get_args(hint))


def _joined(path: str, key: str) -> str:
    return f"{path}.{key}" if path else key


def _value_at(values: Any, path: str) -> Any:
    for key in _keys(path):
        if isinstance(key, int):
            listed = isinstance(values, Sequence) and key < len(values)
            values = values[key] if listed else None
        else:
            values = values.get(key) if isinstance(values, Mapping) else None
    return values


def _keys(path: str) -> Iterator[str | int]:
    """``layout[0][1]`` as its name and its places."""
    for name, place in re.findall(r"([^.\[\]]+)|\[(\d+)\]", path.replace("].", "]")):
        yield name or int(place)


def _shown(value: Any) -> str:
    words = {"None": "null", "True": "true", "False": "false"}  # as in TOML and JSON
    text = words.get(repr(value), repr(value))
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def _plain(sentence: str) -> str:
    for technical, plain in _WORDS.items():
        boundary = r"\b" if technical.isalpha() else ""
        sentence = re.sub(f"{boundary}{re.escape(technical)}{boundary}", plain, sentence)
    return sentence[:1].lower() + sentence[1:]
