from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core import clock
from app.core.model import Created, Model, Versioned
from app.core.terms import Term

if TYPE_CHECKING:
    from app.accounts.models import Account
    from app.cases.models import Case
    from app.complaints.models import Complaint


class Note(Created, Model):
    """Something written down beside a complaint. It is never edited: it is followed up, or struck out."""

    __tablename__ = "note"
    __table_args__ = (
        UniqueConstraint("complaint_id", "number"),
        CheckConstraint("(struck_at IS NULL) = (struck_by_id IS NULL)", name="struck_by_somebody"),
    )

    complaint_id: Mapped[int] = mapped_column(ForeignKey("complaint.id"))
    number: Mapped[int] = mapped_column(comment="in the complaint")
    words: Mapped[str]
    corrects_id: Mapped[int | None] = mapped_column(ForeignKey("note.id"))
    author_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    struck_at: Mapped[datetime | None]
    struck_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    struck_because: Mapped[str] = mapped_column(default="")

    complaint: Mapped[Complaint] = relationship()
    corrects: Mapped[Note | None] = relationship(remote_side="Note.id")
    author: Mapped[Account] = relationship(foreign_keys=author_id)
    struck_by: Mapped[Account | None] = relationship(foreign_keys=struck_by_id)

    @property
    def is_struck(self) -> bool:
        return self.struck_at is not None


class LinkKind(Term):
    """What two complaints have to do with each other, as said from the one that was linked."""

    SAME_PERSON = "same_person"
    SAME_EVENT = "same_event"
    FOLLOWS_ON = "follows_on", "Follows on from"
    RELATED_THEME = "related_theme"

    @property
    def from_the_other_side(self) -> str:
        """The words for it as the other complaint sees it."""
        return "Is followed by" if self is LinkKind.FOLLOWS_ON else self.label


class Link(Created, Model):
    """That two complaints have to do with each other. Kept once, told on both sides, ended but not removed."""

    __tablename__ = "complaint_link"
    __table_args__ = (
        UniqueConstraint("complaint_id", "number"),
        CheckConstraint("complaint_id != other_id", name="to_another"),
    )

    complaint_id: Mapped[int] = mapped_column(ForeignKey("complaint.id"))
    number: Mapped[int] = mapped_column(comment="in the complaint it was made from")
    other_id: Mapped[int] = mapped_column(ForeignKey("complaint.id"), index=True)
    kind: Mapped[LinkKind]
    words: Mapped[str] = mapped_column(default="", comment="what they have to do with each other")
    made_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    ended_at: Mapped[datetime | None]
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    ended_because: Mapped[str] = mapped_column(default="")

    complaint: Mapped[Complaint] = relationship(foreign_keys=complaint_id)
    other: Mapped[Complaint] = relationship(foreign_keys=other_id)
    made_by: Mapped[Account] = relationship(foreign_keys=made_by_id)

    def across_from(self, complaint: Complaint) -> Complaint:
        """The complaint at the other end."""
        return self.other if self.complaint_id == complaint.id else self.complaint

    def said_from(self, complaint: Complaint) -> str:
        """What the link says, as seen from this complaint."""
        return self.kind.label if self.complaint_id == complaint.id else self.kind.from_the_other_side


class ProceedingKind(Term):
    """What else goes on about the same events, elsewhere."""

    INQUEST = "inquest"
    CLAIM = "claim", "Legal claim"
    REGULATOR = "regulator", "Regulator of a profession or a service (GMC, NMC, CQC …)"
    SAFETY_INVESTIGATION = "safety_investigation", "Patient safety investigation (HSSIB, MNSI, PSII)"
    POLICE = "police", "Police or prosecution"
    OTHER = "other", "Something else"


class Proceeding(Created, Versioned, Model):
    """A proceeding elsewhere about what a complaint is about."""

    __tablename__ = "proceeding"
    __table_args__ = (UniqueConstraint("complaint_id", "number"),)

    complaint_id: Mapped[int] = mapped_column(ForeignKey("complaint.id"))
    number: Mapped[int] = mapped_column(comment="in the complaint")
    kind: Mapped[ProceedingKind]
    body: Mapped[str] = mapped_column(comment="before whom")
    their_reference: Mapped[str] = mapped_column(default="")
    began_on: Mapped[date | None]
    expected_on: Mapped[date | None] = mapped_column(comment="when something is expected next")
    ended_on: Mapped[date | None]
    words: Mapped[str] = mapped_column(default="")
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))

    complaint: Mapped[Complaint] = relationship(back_populates="proceedings")
    recorded_by: Mapped[Account] = relationship()

    @property
    def is_a_claim(self) -> bool:
        """Whether it opens the question of another remedy again: s.4(1) of the 1993 Act."""
        return self.kind is ProceedingKind.CLAIM

    @property
    def called(self) -> str:
        return f"{self.kind.label.split(' (')[0]}: {self.body}"


class Stay(Model):
    """That a case waits because of a proceeding. Its clocks do not wait."""

    __tablename__ = "stay"
    __table_args__ = (Index(None, "case_id", "ended_at"), Index(None, "ended_at", "review_on"))

    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"))
    proceeding_id: Mapped[int] = mapped_column(ForeignKey("proceeding.id"))
    reasons: Mapped[str]
    review_on: Mapped[date] = mapped_column(comment="when somebody looks whether it still has to wait")
    stayed_at: Mapped[datetime] = mapped_column(default=clock.now)
    stayed_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    ended_at: Mapped[datetime | None]
    ended_because: Mapped[str] = mapped_column(default="")

    case: Mapped[Case] = relationship()
    proceeding: Mapped[Proceeding] = relationship()
    stayed_by: Mapped[Account] = relationship()


class OpeningKind(Term):
    """Why somebody opens what is not theirs."""

    SUPERVISION = "supervision", "I supervise or support whoever has it"
    APPROVAL = "approval", "I am to check or approve something in it"
    CALL = "call", "Somebody called or wrote about it"
    LINKED = "linked", "It has to do with a case of mine"
    AUDIT = "audit", "Quality, audit or a request for information"
    OTHER = "other", "Something else"


class OpeningReason(Created, Model):
    """Why somebody opened a complaint that is not theirs: asked once in a sign-in."""

    __tablename__ = "opening_reason"
    __table_args__ = (UniqueConstraint("session_id", "complaint_id"),)

    complaint_id: Mapped[int] = mapped_column(ForeignKey("complaint.id"), index=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    session_id: Mapped[int] = mapped_column(ForeignKey("account_session.id"))
    kind: Mapped[OpeningKind]
    words: Mapped[str] = mapped_column(default="")
