"""Configurations from TOML, JSON or a mapping: strict, with one clear sentence for a mistake."""

from __future__ import annotations

import json
import math
import os
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from rnnviz.session.config import RunConfig
from rnnviz.session.mistakes import in_words
from rnnviz.trace import UserError
from rnnviz.trace.json_pairs import unique
from rnnviz.trace.opening import open_file
from rnnviz.trace.suggestion import did_you_mean

LIMIT_BYTES = 1 << 20
_TOO_DEEP = "it is nested too deeply to be a configuration"
_ENDLESS_KEY = re.compile(r"""(?<![\w-])(?:(?:[\w-]+|"[^"\n]*"|'[^'\n]*')[ \t]*\.[ \t]*){100}""")
"""A dotted key so long that tomllib, which keeps every part with all before it, needs gigabytes."""
_UNKNOWN = re.compile(
    r"Object contains unknown field `(?P<key>[^`]*)`(?: - at `\$?(?P<path>[^`]*)`)?"
)


def read_config(path: str | os.PathLike[str]) -> RunConfig:
    """The configuration in a ``.toml`` or ``.json`` file.

    Raises:
        UserError: if the file cannot be read, has an unknown key or a value of the wrong type.
    """
    shown = os.fspath(path)
    suffix = Path(shown).suffix.lower()
    if suffix not in (".toml", ".json"):
        raise UserError(f"cannot read {shown!r}: a configuration is a .toml or a .json file")
    try:
        with open_file(shown, LIMIT_BYTES) as file:
            text = file.read().decode("utf-8-sig")
    except OSError as error:
        raise UserError(f"cannot read {shown!r}: {error.strerror or error}") from None
    except UnicodeDecodeError:
        raise UserError(f"cannot read {shown!r}: it is not UTF-8 text") from None
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if suffix == ".toml" and _ENDLESS_KEY.search(text):
        raise UserError(f"{shown}: {_TOO_DEEP}")
    try:
        values = (
            tomllib.loads(text) if suffix == ".toml" else json.loads(text, object_pairs_hook=unique)
        )
        return parse_config(values)
    except (ValueError, UserError) as error:
        raise UserError(f"{shown}: {error}") from None
    except RecursionError:
        raise UserError(f"{shown}: {_TOO_DEEP}") from None


def parse_config(values: Any) -> RunConfig:
    """A configuration from plain values (tables as mappings).

    Raises:
        UserError: naming the key that is unknown or has a value that cannot be.
    """
    if not isinstance(values, Mapping):
        raise UserError("a configuration is a table of settings")
    _check_finite(values, "")
    try:
        return msgspec.convert(values, RunConfig, strict=True)
    except msgspec.ValidationError as error:
        raise UserError(_in_words(str(error), values)) from None


def checked(config: RunConfig) -> RunConfig:
    """A configuration made in Python, held against the same rules as one from a file.

    Raises:
        UserError: as `parse_config`.
    """
    try:
        return parse_config(msgspec.to_builtins(config, enc_hook=_as_in_a_file))
    except TypeError as error:
        raise UserError(f"the configuration cannot be used: {error}") from None


def _as_in_a_file(value: object) -> object:
    """What Python has other words for: paths, NumPy's numbers and types."""
    if isinstance(value, os.PathLike):
        return os.fspath(value)
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, np.dtype) or (isinstance(value, type) and issubclass(value, np.generic)):
        return np.dtype(value).name
    raise TypeError(f"{value!r} could not stand in a file")


def _check_finite(values: Mapping[str, Any], where: str) -> None:
    for key, value in values.items():
        if isinstance(value, Mapping):
            _check_finite(value, f"{where}{key}.")
        elif isinstance(value, float) and not math.isfinite(value):
            raise UserError(f"{where}{key} is {value}: use a finite number")


def merge(config: RunConfig, changes: Mapping[str, Any]) -> RunConfig:
    """The configuration with some settings replaced; tables are merged key by key.

    Raises:
        UserError: as `parse_config`.
    """
    values: dict[str, Any] = msgspec.to_builtins(config)
    for key, value in changes.items():
        if isinstance(value, Mapping) and isinstance(values.get(key, {}), Mapping):
            values[key] = {**values.get(key, {}), **value}
        else:
            values[key] = value
    return parse_config(values)


def _in_words(problem: str, values: Mapping[str, Any]) -> str:
    match = _UNKNOWN.fullmatch(problem)
    if match is None:
        return in_words(problem, values, RunConfig)
    section = (match["path"] or "").lstrip(".")
    known = _section_fields(section)
    where = f" in [{section}]" if section else ""
    home = next((s for s in _SECTIONS if match["key"] in _section_fields(s) and s != section), "")
    hint = f" (it belongs in [{home}])" if home else did_you_mean(match["key"], known)
    if not home and not section and match["key"] in RunConfig.__struct_fields__:
        hint = " (it belongs above the tables)"
    return f"unknown setting {match['key']!r}{where}{hint}; known are {', '.join(known)}"


_SECTIONS = ("model", "init", "training")


def _section_fields(section: str) -> tuple[str, ...]:
    fields = {field.name: field.type for field in msgspec.structs.fields(RunConfig)}
    kind = fields.get(section, RunConfig)
    return getattr(kind, "__struct_fields__", ())
