"""Every setting of a run as a command-line option, made from the configuration's own table."""

from __future__ import annotations

import argparse
import json
import re
import types
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Annotated, Any, Literal, get_args, get_origin, get_type_hints

import msgspec

from rnnviz.session.config import InitOptions, ModelOptions, RunConfig, TrainingOptions
from rnnviz.session.config_file import merge, parse_config, read_config
from rnnviz.trace.errors import UserError
from rnnviz.trace.suggestion import did_you_mean

SECTIONS: dict[str, tuple[str, type[msgspec.Struct]]] = {
    "model": ("the model (left out: as the task suggests)", ModelOptions),
    "init": ("how the weights start", InitOptions),
    "training": ("training", TrainingOptions),
}


def add_config_arguments(parser: argparse.ArgumentParser) -> None:
    """``--config``, ``--seed``, ``--dtype``, ``--set`` and one option for every setting."""
    parser.add_argument("--config", metavar="FILE", help="a .toml or .json file of settings")
    parser.add_argument("--seed", type=int, help="start of the random numbers (0)")
    parser.add_argument(
        "--dtype", type=one_of("float32", "float64"), metavar="{float32,float64}",
        help="precision of every number (float32)",
    )  # fmt: skip
    parser.add_argument(
        "--set", action="append", default=[], metavar="NAME=VALUE", dest="task_options",
        help="a setting of the task itself, for example --set path=book.txt; may be repeated",
    )  # fmt: skip
    for section, (title, kind) in SECTIONS.items():
        group = parser.add_argument_group(title)
        hints = get_type_hints(kind, include_extras=True)
        for name in kind.__struct_fields__:
            _add_option(group, section, name, hints[name])


def config_from(args: argparse.Namespace, task: str | None = None) -> RunConfig:
    """The configuration file, if there is one, with the options of the command line on top.

    Raises:
        UserError: if a key or a value cannot be.
    """
    config = read_config(args.config) if args.config is not None else parse_config({})
    return merge(config, {**changes_from(args), **({} if task is None else {"task": task})})


@contextmanager
def named_as_typed(args: argparse.Namespace) -> Iterator[None]:
    """What is wrong with a setting of the command line is said of the option, as it was typed, and
    not of the key that it has in a configuration file.

    Raises:
        UserError: the same, in those words.
    """
    changes = changes_from(args)
    try:
        yield
    except UserError as error:
        raise UserError(_as_typed(str(error), changes)) from None


def _as_typed(problem: str, changes: Mapping[str, Any]) -> str:
    for section, given in changes.items():
        if section in SECTIONS:
            for name in given:
                problem = re.sub(rf"\b{section}\.{name}\b", flag_of(name), problem)
        elif problem.startswith(f"{section} is "):
            problem = f"--{problem}"
    return problem


def flag_of(name: str) -> str:
    """``--hidden-size`` for ``hidden_size``."""
    return name if name.startswith("--") else f"--{name.replace('_', '-')}"


def check_values(args: argparse.Namespace) -> None:
    """Whether every setting given on the command line can be, whatever comes of it.

    Raises:
        UserError: if not.
    """
    with named_as_typed(args):
        merge(parse_config({}), changes_from(args))


def changes_from(args: argparse.Namespace) -> dict[str, Any]:
    """The settings given on the command line, as nested tables."""
    changes: dict[str, Any] = {}
    for name in ("seed", "dtype"):
        if getattr(args, name) is not None:
            changes[name] = getattr(args, name)
    for section, (_, kind) in SECTIONS.items():
        given = {
            name: value
            for name in kind.__struct_fields__
            if (value := getattr(args, f"{section}.{name}")) is not None
        }
        if given:
            changes[section] = given
    if args.task_options:
        changes["options"] = dict(_assignment(text) for text in args.task_options)
    return changes


def one_of(*choices: str) -> Callable[[str], str]:
    """A converter that accepts some words and suggests the nearest for any other."""

    def convert(text: str) -> str:
        if text not in choices:
            hint = did_you_mean(text, choices)
            raise argparse.ArgumentTypeError(f"{text!r} is none of {', '.join(choices)}{hint}")
        return text

    return convert


def _add_option(group: Any, section: str, name: str, hint: Any) -> None:
    inner = next(kind for kind in get_args(hint) if kind is not types.NoneType)
    description = ""
    if get_origin(inner) is Annotated:
        inner, *metas = get_args(inner)
        description = " ".join(m.description or "" for m in metas if isinstance(m, msgspec.Meta))
    settings: dict[str, Any] = {"dest": f"{section}.{name}", "help": description, "default": None}
    flag = flag_of(name)
    if inner is bool:
        group.add_argument(flag, action=argparse.BooleanOptionalAction, **settings)
    elif get_origin(inner) is Literal:
        choices = get_args(inner)
        settings["metavar"] = "{" + ",".join(choices) + "}"
        group.add_argument(flag, type=one_of(*choices), **settings)
    else:
        kinds: dict[Any, tuple[Any, str]] = {int: (int, "N"), float: (float, "X"), str: (str, "S")}
        kind, metavar = kinds[inner]
        group.add_argument(flag, type=kind, metavar=metavar, **settings)


def _assignment(text: str) -> tuple[str, Any]:
    name, equals, value = text.partition("=")
    if not equals or not name.isidentifier():
        raise UserError(f"--set {text}: write it as NAME=VALUE")
    try:
        return name, json.loads(value)
    except ValueError:
        return name, value
