"""The lists as they are shipped: readable files in `lists/`, each with a version of its own."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "lists"


@cache
def shipped(name: str) -> dict[str, Any]:
    """What stands in the file of that name."""
    return tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))
