from __future__ import annotations

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core.model import Model


class SearchText(Model):
    """What is said in one complaint: as written, to be shown, and as terms, to be found.

    Triggers keep `search_index`, which each database builds in its own way, in step with it.
    """

    __tablename__ = "search_text"

    complaint_id: Mapped[int] = mapped_column(ForeignKey("complaint.id"), unique=True)
    people: Mapped[str] = mapped_column(comment="names, as written")
    narrative: Mapped[str]
    issues: Mapped[str]
    notes: Mapped[str] = mapped_column(comment="of evidence links and initial checks")
    findings: Mapped[str]
    name_terms: Mapped[str] = mapped_column(comment="the terms of the names")
    terms: Mapped[str] = mapped_column(comment="the terms of everything else")


class NameWord(Model):
    """A word that is part of somebody’s name, once for all who bear it."""

    __tablename__ = "name_word"

    word: Mapped[str] = mapped_column(unique=True)


class NameKey(Model):
    """A key under which a word of a name is looked for: how it sounds, or it with a letter left out."""

    __tablename__ = "name_key"
    __table_args__ = (UniqueConstraint("word_id", "key"), Index(None, "key", "word_id"))

    word_id: Mapped[int] = mapped_column(ForeignKey("name_word.id"))
    key: Mapped[str]
