"""The two indexes of words, which each database builds in its own way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import (
    ColumnElement,
    Float,
    String,
    bindparam,
    cast,
    column,
    func,
    literal_column,
    table,
)
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Session

#: The full-text index, which each database builds in its own way: see migration 0005. A word of it is a
#: term, or one that counts only in a name.
_INDEX = table("search_index", column("rowid"), column("complaint_id"), column("terms"))


@dataclass(frozen=True)
class Looked:
    """A word that is looked for: any of `terms` anywhere, or any of `in_names` in a name."""

    terms: tuple[str, ...]
    in_names: tuple[str, ...] = ()


class FullText:
    """Where all the words that are looked for stand, as this session's database finds it."""

    def __init__(self, session: Session, words: Sequence[Looked]) -> None:
        is_sqlite = session.get_bind().dialect.name == "sqlite"
        self.table = _INDEX
        self.complaint_id: ColumnElement[int] = _INDEX.c.rowid if is_sqlite else _INDEX.c.complaint_id
        if is_sqlite:
            fts5 = bindparam("asked", " AND ".join(map(_for_fts5, words)), String)
            self.matches: ColumnElement[bool] = literal_column("search_index").op(
                "MATCH", is_comparison=True
            )(fts5)
            self.rank: ColumnElement[float] = -literal_column("bm25(search_index, 5.0, 1.0)", Float)
        else:
            asked = func.to_tsquery("simple", " & ".join(map(_for_tsquery, words)))
            self.matches = _INDEX.c.terms.op("@@", is_comparison=True)(asked)
            self.rank = func.ts_rank(_INDEX.c.terms, asked)


#: The index of what was read from documents: see migration 0042. Its terms are no words of a language to the database.
_PAGES = table("search_index_of_pages", column("rowid"), column("page_id"), column("terms"))


class PagesWith:
    """The pages on which all of these terms stand, as this session's database finds them."""

    def __init__(self, session: Session, terms: Sequence[str]) -> None:
        is_sqlite = session.get_bind().dialect.name == "sqlite"
        self.table = _PAGES
        self.page_id: ColumnElement[int] = _PAGES.c.rowid if is_sqlite else _PAGES.c.page_id
        if is_sqlite:
            asked = bindparam("asked", " AND ".join(f'"{term}"' for term in terms), String)
            self.matches: ColumnElement[bool] = literal_column("search_index_of_pages").op(
                "MATCH", is_comparison=True
            )(asked)
        else:
            lexemes = bindparam("asked", " & ".join(f"'{term}'" for term in terms), String)
            self.matches = _PAGES.c.terms.op("@@", is_comparison=True)(cast(lexemes, postgresql.TSQUERY))


def _for_fts5(word: Looked) -> str:
    anywhere = " OR ".join(f'"{term}"' for term in word.terms)
    names = " OR ".join(f'"{term}"' for term in word.in_names)
    return f"({anywhere}{' OR ' if anywhere and names else ''}{f'name_terms : ({names})' if names else ''})"


def _for_tsquery(word: Looked) -> str:
    return f"({' | '.join([*word.terms, *(f'{term}:A' for term in word.in_names)])})"
