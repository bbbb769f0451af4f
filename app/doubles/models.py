from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.model import Created, Model
from app.core.terms import Term

if TYPE_CHECKING:
    from app.accounts.models import Account
    from app.people.models import Person


class Reason(Term):
    """Why two people may be one, the strongest first."""

    NHS_NUMBER = "nhs_number", "The same NHS number"
    NAME_AND_BIRTH = "name_and_birth", "The same name and date of birth"
    EMAIL = "email", "The same e-mail address"
    TELEPHONE = "telephone", "The same telephone number"
    ALIKE_AND_BIRTH = "alike_and_birth", "A name that is alike, and the same date of birth"
    ALIKE_AND_POSTCODE = "alike_and_postcode", "A name that is alike, and the same postcode"
    NAME = "name", "The same name"
    ALIKE = "alike", "A name that is spelt or sounds alike"


class Whose(Term):
    """For whom among those in a new complaint somebody known was offered."""

    COMPLAINANT = "complainant", "the complainant"
    AFFECTED = "affected", "the person affected"
    ADDED = "added", "somebody who was added to a complaint"
    COMPLAINT = "complaint", "the complaint itself"
    CALLER = "caller", "whoever made the enquiry"


class PersonMerge(Created, Model):
    """That two records were found to be of one person: what moved, so that it can be undone exactly."""

    __tablename__ = "person_merge"
    __table_args__ = (
        Index(None, "survivor_id", "undone_at"),
        CheckConstraint("(undone_at IS NULL) = (undone_by_id IS NULL)", name="undone_by_somebody"),
    )

    survivor_id: Mapped[int] = mapped_column(ForeignKey("person.id"), comment="whose record it is now")
    merged_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    reasons: Mapped[str]
    moved: Mapped[list[Any]] = mapped_column(
        comment="per row: its table, its id, what its columns said before"
    )
    aside: Mapped[list[Any]] = mapped_column(
        comment="rows that would have been there twice: table and columns"
    )
    replaced: Mapped[dict[str, Any]] = mapped_column(comment="of the survivor: before and after, by column")
    merged_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    undone_at: Mapped[datetime | None]
    undone_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    undone_because: Mapped[str] = mapped_column(default="")

    survivor: Mapped[Person] = relationship(foreign_keys=survivor_id)
    merged: Mapped[Person] = relationship(foreign_keys=merged_id)
    merged_by: Mapped[Account] = relationship(foreign_keys=merged_by_id)
