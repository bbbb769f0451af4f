"""What reads files, in the child alone. A reader is a function of a module here, marked with `reader`.

It is called by the name `module.function` with a path and options, and returns what JSON can say. What it cannot
read it refuses with `Unreadable` and a sentence. It imports nothing of the service: see `app.examining.child`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from importlib import import_module
from typing import Any

Reader = Callable[..., dict[str, Any]]
_MARK = "_reads_files"


class Unreadable(Exception):
    """This file cannot be read, for the reason given as a sentence."""


def reader(function: Reader) -> Reader:
    """Mark a function as one that the worker may call by name."""
    setattr(function, _MARK, True)
    return function


def named(name: str) -> Reader:
    """The reader of that name, its module imported now. Raises LookupError."""
    module, _, function = name.partition(".")
    if not re.fullmatch(r"[a-z_]+", module):
        raise LookupError(name)
    try:
        found = getattr(import_module(f".{module}", __package__), function, None)
    except ModuleNotFoundError as missing:
        raise LookupError(name) from missing
    if not getattr(found, _MARK, False):
        raise LookupError(name)
    return found  # type: ignore[return-value]
