from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.model import Created, Model, Versioned
from app.core.references import new_key
from app.core.terms import Term
from app.core.types import Key

if TYPE_CHECKING:
    from app.accounts.models import Account
    from app.organisations.models import Organisation


class SuccessionKind(Term):
    """What happened to an organisation: its label is what is said between its name and that of the other."""

    MERGED = "merged", "merged into"
    RENAMED = "renamed", "was given another code and became"
    SPLIT = "split", "was split, and a part of it became"
    FUNCTIONS_MOVED = "functions_moved", "handed functions over to"


class Succession(Created, Versioned, Model):
    """That an organisation came from another, on a day. One that was wrong is withdrawn and stays.

    The portal is opened by a decision of its own: from then on the officers of `to` answer for `was` too.
    """

    __tablename__ = "succession"
    __table_args__ = (
        Index(None, "to_id", "withdrawn_at"),
        Index(None, "was_id", "withdrawn_at"),
        CheckConstraint("was_id != to_id", name="of_two_organisations"),
    )

    key: Mapped[str] = mapped_column(Key, unique=True, default=new_key)
    was_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    to_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    kind: Mapped[SuccessionKind]
    happened_on: Mapped[date]
    source: Mapped[str] = mapped_column(comment="where we have it from")
    words: Mapped[str] = mapped_column(default="", comment="which functions, or what else is to be known")
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    withdrawn_at: Mapped[datetime | None]
    withdrawn_because: Mapped[str] = mapped_column(default="")
    opened_at: Mapped[datetime | None] = mapped_column(
        comment="null: the portal is not open to officers of `to`"
    )
    opened_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    opened_because: Mapped[str] = mapped_column(default="")

    was: Mapped[Organisation] = relationship(foreign_keys=was_id)
    to: Mapped[Organisation] = relationship(foreign_keys=to_id)
    recorded_by: Mapped[Account] = relationship(foreign_keys=recorded_by_id)


class Merge(Created, Model):
    """That a record entered by hand was a duplicate of another, and which rows were moved; until undone."""

    __tablename__ = "organisation_merge"

    key: Mapped[str] = mapped_column(Key, unique=True, default=new_key)
    duplicate_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    into_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    reasons: Mapped[str]
    moved: Mapped[dict[str, Any]] = mapped_column(comment="ids of the rows, by table and column")
    merged_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    undone_at: Mapped[datetime | None]
    undone_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    undone_because: Mapped[str] = mapped_column(default="")

    duplicate: Mapped[Organisation] = relationship(foreign_keys=duplicate_id)
    into: Mapped[Organisation] = relationship(foreign_keys=into_id)
