"""What is set in type: the index of a bundle, and documents that are words alone.

What is said is handed over as values, and never read as markup.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

TEMPLATES = Path(__file__).parent / "typeset"


@dataclass(frozen=True)
class Index:
    """What the index of a bundle says. A row: number, title, date, from whom, pages of the bundle."""

    title: str
    about: Sequence[str]
    rows: Sequence[Sequence[str]]
    #: What is supplied separately: title, date, from whom.
    apart: Sequence[Sequence[str]] = field(default_factory=list)
    notes: Sequence[str] = field(default_factory=list)


def set_index(index: Index) -> bytes:
    """The index as a tagged PDF."""
    return _set("index.typ", asdict(index))


def set_words(title: str, pages: Sequence[str]) -> bytes:
    """Words as a tagged PDF, with the title above them."""
    return _set("words.typ", {"title": title, "pages": list(pages)})


def _set(template: str, said: dict[str, object]) -> bytes:
    import typst  # 7 MB, and what serves pages sets nothing

    made = typst.compile(
        TEMPLATES / template,
        root=TEMPLATES,
        format="pdf",
        sys_inputs={"data": json.dumps(said)},
        ignore_system_fonts=True,
        pdf_tags=True,
    )
    assert isinstance(made, bytes)
    return made
