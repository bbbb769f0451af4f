from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.model import Created, Model
from app.core.references import new_key
from app.core.terms import Term
from app.core.types import Key

if TYPE_CHECKING:
    from app.accounts.models import Account
    from app.complaints.models import Complaint
    from app.organisations.models import Organisation
    from app.people.models import Person


class ConflictKind(Term):
    """What makes somebody not impartial, or look it."""

    FAMILY_OR_FRIEND = "family_or_friend", "Family, a friend or a neighbour"
    WORKED_THERE = "worked_there", "Works or worked there, or with them"
    TREATED_THERE = "treated_there", "Was treated there, or somebody close was"
    MONEY = "money", "Money or another interest"
    TOOK_PART = "took_part", "Took part in what happened, or advised on it"
    OTHER = "other", "Something else"


class Conflict(Created, Model):
    """That a member of staff is not to decide about a complaint, an organisation or a person."""

    __tablename__ = "conflict"
    __table_args__ = (
        Index(None, "account_id", "lifted_at"),
        CheckConstraint(
            "(CASE WHEN complaint_id IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN organisation_id IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN person_id IS NULL THEN 0 ELSE 1 END) = 1",
            name="with_one_thing",
        ),
    )

    key: Mapped[str] = mapped_column(Key, unique=True, default=new_key)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    complaint_id: Mapped[int | None] = mapped_column(ForeignKey("complaint.id"), index=True)
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    kind: Mapped[ConflictKind]
    words: Mapped[str]
    since: Mapped[date]
    declared_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    lifted_at: Mapped[datetime | None]
    lifted_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    lifted_because: Mapped[str] = mapped_column(default="")

    account: Mapped[Account] = relationship(foreign_keys=account_id)
    complaint: Mapped[Complaint | None] = relationship()
    organisation: Mapped[Organisation | None] = relationship()
    person: Mapped[Person | None] = relationship()

    @property
    def with_what(self) -> str:
        """What it is with, in words."""
        if self.complaint:
            return f"case {self.complaint.reference}" if self.complaint.case else self.complaint.reference
        named = self.organisation or self.person
        return named.name if named else ""

    def touches(self, complaint: Complaint) -> bool:
        """Whether it is with this complaint, a person in it, or an organisation in it or asked to do something."""
        if self.organisation_id is not None:
            asked = complaint.case.recommendations if complaint.case else ()
            return any(
                one.organisation_id == self.organisation_id for one in (*complaint.allegations, *asked)
            )
        if self.person_id is not None:
            return any(party.person_id == self.person_id for party in complaint.parties)
        return self.complaint_id == complaint.id


class Absence(Created, Model):
    """That somebody is away from a day to a day, both counted, and who does their work meanwhile."""

    __tablename__ = "absence"
    __table_args__ = (
        Index(None, "account_id", "to_on"),
        Index(None, "cover_id", "to_on"),
        CheckConstraint("from_on <= to_on", name="begins_before_it_ends"),
        CheckConstraint("account_id != cover_id", name="covered_by_another"),
    )

    key: Mapped[str] = mapped_column(Key, unique=True, default=new_key)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    cover_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    from_on: Mapped[date]
    to_on: Mapped[date]
    arranged_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    ended_at: Mapped[datetime | None] = mapped_column(comment="null: as arranged")

    account: Mapped[Account] = relationship(foreign_keys=account_id)
    cover: Mapped[Account] = relationship(foreign_keys=cover_id)

    @property
    def opens_restricted(self) -> bool:
        """Whether the cover opens what is restricted too: nobody lets themselves in."""
        return self.arranged_by_id != self.cover_id

    def holds_on(self, day: date) -> bool:
        return self.ended_at is None and self.from_on <= day <= self.to_on


class Restriction(Created, Model):
    """That only those who are named may know of a complaint; who said so, and why."""

    __tablename__ = "restriction"

    complaint_id: Mapped[int] = mapped_column(ForeignKey("complaint.id"), index=True)
    reasons: Mapped[str]
    made_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    ended_at: Mapped[datetime | None]
    ended_because: Mapped[str] = mapped_column(default="")

    made_by: Mapped[Account] = relationship()


class NamedAccess(Created, Model):
    """That somebody is named among those who may know of a restricted complaint."""

    __tablename__ = "named_access"
    __table_args__ = (Index(None, "account_id", "ended_at", "complaint_id"), Index(None, "complaint_id"))

    complaint_id: Mapped[int] = mapped_column(ForeignKey("complaint.id"))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    named_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    ended_at: Mapped[datetime | None]

    account: Mapped[Account] = relationship(foreign_keys=account_id)
