from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.model import Created, Model, Versioned
from app.core.references import new_key
from app.core.terms import Term
from app.core.types import Key

if TYPE_CHECKING:
    from app.organisations.models import Organisation


class ContactKind(Term):
    """What somebody is to us at an organisation."""

    LINK_OFFICER = "link_officer"
    CHIEF_EXECUTIVE = "chief_executive"
    COMPLAINTS_MANAGER = "complaints_manager"
    MEDICAL_DIRECTOR = "medical_director"
    RADIOLOGY_LEAD = "radiology_lead", "Radiology governance lead"
    LEGAL = "legal", "Legal services"
    OTHER = "other"


class Contact(Created, Versioned, Model):
    """An official of an organisation, for as long as they are. Past ones remain."""

    __tablename__ = "organisation_contact"
    __table_args__ = (
        Index(None, "organisation_id", "until_on"),
        CheckConstraint("from_on <= until_on", name="begins_before_it_ends"),
    )

    key: Mapped[str] = mapped_column(Key, unique=True, default=new_key)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    kind: Mapped[ContactKind]
    name: Mapped[str]
    post: Mapped[str] = mapped_column(default="", comment="as they call it themselves")
    email: Mapped[str] = mapped_column(default="", index=True, comment="lower case")
    telephone: Mapped[str] = mapped_column(default="")
    address: Mapped[str] = mapped_column(default="")
    note: Mapped[str] = mapped_column(default="")
    from_on: Mapped[date]
    until_on: Mapped[date | None] = mapped_column(comment="their last day; null: it goes on")

    organisation: Mapped[Organisation] = relationship()

    def holds_on(self, day: date) -> bool:
        return self.from_on <= day and (self.until_on is None or day <= self.until_on)

    def overlaps(self, from_on: date, until_on: date | None) -> bool:
        """Whether some day is theirs and also lies in that period."""
        begins_in_time = until_on is None or self.from_on <= until_on
        return begins_in_time and (self.until_on is None or self.until_on >= from_on)
