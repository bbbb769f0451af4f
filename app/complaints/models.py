from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from app.core import clock
from app.core.model import Created, Model, Versioned
from app.core.terms import Term
from app.core.text import digest_of
from app.core.types import Digest, Reference

if TYPE_CHECKING:
    from app.accounts.models import Account
    from app.allegations.models import Allegation, Issue
    from app.casefile.models import Proceeding
    from app.cases.models import Case
    from app.consents.models import Basis, Consent, Disagreement
    from app.enquiries.models import Enquiry
    from app.people.models import Person


class ComplaintState(Term):
    """Where a complaint stands with us."""

    INITIAL_CHECK = "initial_check"
    ACCEPTED = "accepted", "Accepted: there is a case"
    CLOSED = "closed", "Closed after initial check"


class Channel(Term):
    """How a complaint reached us. A call is none until it is in writing: s.9(2) of the 1993 Act."""

    WEB = "web", "Web form"
    POST = "post", "Post"
    EMAIL = "email", "E-mail"
    TELEPHONE = "telephone", "Telephone, then confirmed in writing"
    REFERRED = "referred", "Referred by the organisation (s.10)"
    LOADED = "loaded", "Loaded from a file"


class Part(Term):
    """What a person is in a complaint."""

    COMPLAINANT = "complainant"
    PERSON_AFFECTED = "person_affected"
    REPRESENTATIVE = "representative"
    PERSONAL_REPRESENTATIVE = "personal_representative", "Personal representative of someone who has died"
    FAMILY_MEMBER = "family_member"
    MP = "mp", "Assisting Member of Parliament"
    CLINICIAN = "clinician", "Named clinician"


class Complaint(Created, Versioned, Model):
    """What somebody brought to us. Time runs from `received_at`, as on a clock in London."""

    __tablename__ = "complaint"
    __table_args__ = (
        Index(None, "state", "received_at"),
        CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name="closed_at_when_closed"),
        UniqueConstraint("source", "source_reference"),
        Index(None, "source_reference"),
    )

    reference: Mapped[str] = mapped_column(Reference, unique=True)
    state: Mapped[ComplaintState] = mapped_column(default=ComplaintState.INITIAL_CHECK)
    channel: Mapped[Channel]
    received_at: Mapped[datetime]
    made_on: Mapped[date] = mapped_column(comment="the day it was made in writing: s.9(2), s.9(4)")
    body_received_on: Mapped[date | None] = mapped_column(
        comment="when the organisation that referred it had received it: s.10(3)"
    )
    narrative: Mapped[str]
    digest: Mapped[str] = mapped_column(
        Digest, default="", index=True, comment="of the narrative, to find the same words again"
    )
    wanted: Mapped[str] = mapped_column(default="", comment="what the complainant wants to happen")
    is_restricted: Mapped[bool] = mapped_column(
        default=False, index=True, comment="only those who are named may know of it"
    )
    is_to_compare: Mapped[bool] = mapped_column(
        default=False, comment="nobody who logged it has said whether it, or who sent it, is here already"
    )
    complainant_known: Mapped[bool] = mapped_column(default=True)
    enquiry_id: Mapped[int | None] = mapped_column(
        ForeignKey("enquiry.id"), unique=True, comment="the contact it began with"
    )
    logged_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    source: Mapped[str | None] = mapped_column(comment="the name of the file's series, when loaded")
    source_reference: Mapped[str | None] = mapped_column(comment="its reference there")
    closed_at: Mapped[datetime | None]

    logged_by: Mapped[Account | None] = relationship()
    enquiry: Mapped[Enquiry | None] = relationship(back_populates="complaint")
    parties: Mapped[list[Party]] = relationship(back_populates="complaint", order_by="Party.id")
    deadlines: Mapped[list[Deadline]] = relationship(back_populates="complaint", order_by="Deadline.due_on")
    to_match: Mapped[list[OrganisationToMatch]] = relationship(
        back_populates="complaint", order_by="OrganisationToMatch.id"
    )
    issues: Mapped[list[Issue]] = relationship(back_populates="complaint", order_by="Issue.number")
    allegations: Mapped[list[Allegation]] = relationship(
        back_populates="complaint", order_by="Allegation.number"
    )
    consents: Mapped[list[Consent]] = relationship(back_populates="complaint", order_by="Consent.number")
    disagreements: Mapped[list[Disagreement]] = relationship(
        back_populates="complaint", order_by="Disagreement.number"
    )
    case: Mapped[Case | None] = relationship(back_populates="complaint")
    proceedings: Mapped[list[Proceeding]] = relationship(
        back_populates="complaint", order_by="Proceeding.number"
    )

    @validates("narrative")
    def _digest(self, _name: str, narrative: str) -> str:
        self.digest = digest_of(narrative)
        return narrative

    @property
    def received_on(self) -> date:
        return clock.day_of(self.received_at)

    @property
    def was_referred(self) -> bool:
        """Whether the organisation brought it to us itself, under s.10."""
        return self.channel is Channel.REFERRED

    def people_as(self, part: Part | str) -> list[Person]:
        return [party.person for party in self.parties if party.part == part]


class Party(Created, Model):
    """That a person is something in a complaint."""

    __tablename__ = "party"
    __table_args__ = (
        UniqueConstraint("complaint_id", "person_id", "part"),
        Index(None, "person_id", "complaint_id"),
    )

    complaint_id: Mapped[int] = mapped_column(ForeignKey("complaint.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    part: Mapped[Part]
    basis: Mapped[str] = mapped_column(default="", comment="by what right they act for another: s.9(3)")

    complaint: Mapped[Complaint] = relationship(back_populates="parties")
    person: Mapped[Person] = relationship()
    bases: Mapped[list[Basis]] = relationship(back_populates="party", order_by="Basis.number")

    @property
    def standing_basis(self) -> Basis | None:
        """The last basis that was said, with its evidence; None where there are only the words of old."""
        return self.bases[-1] if self.bases else None


class Deadline(Created, Model):
    """A day by which something must happen, with the rule and the calendar that gave it."""

    __tablename__ = "deadline"
    __table_args__ = (UniqueConstraint("complaint_id", "rule"), Index(None, "met_on", "due_on"))

    complaint_id: Mapped[int] = mapped_column(ForeignKey("complaint.id"))
    rule: Mapped[str] = mapped_column(comment="its id in the list of clocks")
    calendar: Mapped[str]
    due_on: Mapped[date]
    met_on: Mapped[date | None]

    complaint: Mapped[Complaint] = relationship(back_populates="deadlines")


class OrganisationToMatch(Created, Model):
    """An organisation named in free text, waiting for a person to say which one is meant."""

    __tablename__ = "organisation_to_match"
    __table_args__ = (Index(None, "settled_at"),)

    complaint_id: Mapped[int] = mapped_column(ForeignKey("complaint.id"), index=True)
    words: Mapped[str] = mapped_column(comment="as the source names it")
    settled_at: Mapped[datetime | None]
    settled_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    organisation_id: Mapped[int | None] = mapped_column(
        ForeignKey("organisation.id"), comment="null when settled: none of ours"
    )

    complaint: Mapped[Complaint] = relationship(back_populates="to_match")
