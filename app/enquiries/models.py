from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from app.core import clock
from app.core.model import Created, Model, Versioned
from app.core.references import new_reference
from app.core.terms import Term
from app.core.text import digest_of
from app.core.types import Digest, Reference

if TYPE_CHECKING:
    from app.accounts.models import Account
    from app.complaints.models import Complaint
    from app.people.models import Person


class EnquiryState(Term):
    """How far a contact has come on its way to being a complaint in writing."""

    TAKEN = "taken", "Taken: nothing offered yet"
    OFFERED = "offered", "Waiting: we offered to write it down"
    WRITTEN = "written", "Waiting: written down and sent to be confirmed"
    CONFIRMED = "confirmed", "Confirmed in writing: to be logged"
    COMPLAINT = "complaint", "Became a complaint"
    CLOSED = "closed", "Closed without a complaint"


class Way(Term):
    """How a contact reached us."""

    TELEPHONE = "telephone", "Telephone"
    IN_PERSON = "in_person", "In person"
    EMAIL = "email", "E-mail"
    POST = "post", "Post"
    WEB = "web", "Web form"


#: Where an enquiry waits for whoever made it.
WAITING = frozenset({EnquiryState.OFFERED, EnquiryState.WRITTEN})
#: Where something is to be done still.
OPEN = WAITING | {EnquiryState.TAKEN, EnquiryState.CONFIRMED}
#: Where nothing more is done with it as an enquiry.
OVER = frozenset({EnquiryState.COMPLAINT, EnquiryState.CLOSED})


class Enquiry(Created, Versioned, Model):
    """A contact with the office that is not, or not yet, a complaint in writing."""

    __tablename__ = "enquiry"
    __table_args__ = (
        Index(None, "state", "id"),
        Index(None, "state", "diary_on", "id"),
        CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name="closed_at_when_closed"),
    )

    reference: Mapped[str] = mapped_column(Reference, unique=True, default=new_reference)
    state: Mapped[EnquiryState] = mapped_column(default=EnquiryState.TAKEN)
    way: Mapped[Way]
    received_at: Mapped[datetime]
    taken_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    is_identity_checked: Mapped[bool] = mapped_column(default=False)
    said: Mapped[str] = mapped_column(comment="what was said, as the one who took it wrote it down")
    digest: Mapped[str] = mapped_column(
        Digest, default="", index=True, comment="of what was said, to find the same words again"
    )
    about: Mapped[str] = mapped_column(default="", comment="the organisation, in their words")
    offered_on: Mapped[date | None] = mapped_column(comment="when we offered to write it down for them")
    offered_how: Mapped[str] = mapped_column(default="")
    written: Mapped[str] = mapped_column(default="", comment="what we wrote down for them, as sent")
    written_sent_on: Mapped[date | None]
    confirmed_on: Mapped[date | None] = mapped_column(comment="when they confirmed it in writing: s.9(2)")
    confirmed_how: Mapped[str] = mapped_column(default="")
    back_on: Mapped[date | None] = mapped_column(comment="what they were told: they may come back from then")
    diary_on: Mapped[date | None] = mapped_column(
        comment="when somebody looks whether they came back; null: nobody needs to"
    )
    closed_at: Mapped[datetime | None]
    closing: Mapped[str] = mapped_column(default="", comment="what they were told, and who can help them")

    taken_by: Mapped[Account] = relationship()
    person: Mapped[Person | None] = relationship()
    complaint: Mapped[Complaint | None] = relationship(back_populates="enquiry")

    @validates("said")
    def _digest(self, _name: str, said: str) -> str:
        self.digest = digest_of(said)
        return said

    @property
    def received_on(self) -> date:
        return clock.day_of(self.received_at)

    @property
    def whose(self) -> str:
        return self.person.name if self.person else "Somebody who gave no name"
