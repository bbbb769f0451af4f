from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core import calendar, clock
from app.core.model import Created, Model, Versioned
from app.core.terms import Term

if TYPE_CHECKING:
    from app.accounts.models import Account
    from app.checks.models import Discretion, TestAnswer
    from app.complaints.models import Complaint
    from app.evidence.models import EvidenceLink
    from app.findings.models import Finding
    from app.organisations.models import Organisation


class Precision(Term):
    """How exactly a date is known. The day kept is the first of its month or year."""

    DAY = "day", "To the day"
    MONTH = "month", "Month only"
    YEAR = "year", "Year only"
    ABOUT = "about", "On or about this day"


#: How many days before and after it “on or about this day” may mean, where a period is asked for.
ABOUT = timedelta(days=14)


class KnowledgeSource(Term):
    """How we know when the person first had notice. The year of s.9(4) runs from that day."""

    COMPLAINANT = "complainant", "The complainant’s own account"
    LETTER = "letter", "A letter or message to them"
    RECORD = "record", "A clinical record"
    MEETING = "meeting", "A meeting or call that is on record"
    INFERRED = "inferred", "Inferred by us from the events"


class Kind(Term):
    """Which test applies: clinical judgment may be questioned on its merits (s.3(7))."""

    CLINICAL = "clinical", "Clinical care or judgment"
    ADMINISTRATIVE = "administrative", "Administration and communication"
    COMPLAINT_HANDLING = "complaint_handling", "How the complaint was handled"


class Issue(Created, Versioned, Model):
    """What is said to have gone wrong, whoever is said to have done it."""

    __tablename__ = "issue"
    __table_args__ = (UniqueConstraint("complaint_id", "number"),)

    complaint_id: Mapped[int] = mapped_column(ForeignKey("complaint.id"))
    number: Mapped[int]
    kind: Mapped[Kind]
    words: Mapped[str]

    complaint: Mapped[Complaint] = relationship(back_populates="issues")
    allegations: Mapped[list[Allegation]] = relationship(back_populates="issue", order_by="Allegation.number")


class Allegation(Created, Versioned, Model):
    """One issue against one organisation: tested, decided and found upon by itself."""

    __tablename__ = "allegation"
    __table_args__ = (
        UniqueConstraint("complaint_id", "number"),
        Index(None, "organisation_id", "complaint_id"),
        Index(None, "organisation_id", "id"),
        CheckConstraint("(event_on IS NULL) = (event_precision IS NULL)", name="event_precision_with_date"),
        CheckConstraint("(knowledge_on IS NULL) = (knowledge_source IS NULL)", name="knowledge_has_source"),
    )

    complaint_id: Mapped[int] = mapped_column(ForeignKey("complaint.id"))
    issue_id: Mapped[int] = mapped_column(ForeignKey("issue.id"), index=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    number: Mapped[int] = mapped_column(comment="within the complaint")
    event_on: Mapped[date | None]
    event_precision: Mapped[Precision | None]
    event_disputed: Mapped[bool] = mapped_column(default=False)
    knowledge_on: Mapped[date | None] = mapped_column(comment="when the aggrieved first had notice")
    knowledge_source: Mapped[KnowledgeSource | None]
    knowledge_note: Mapped[str] = mapped_column(default="")
    knowledge_reason: Mapped[str] = mapped_column(default="", comment="why this day, where there are several")
    complained_locally_on: Mapped[date | None] = mapped_column(comment="to the organisation itself")
    answered_locally_on: Mapped[date | None] = mapped_column(comment="its final response")
    organisation_reference: Mapped[str] = mapped_column(
        default="", index=True, comment="the organisation’s own for the complaint, in capitals"
    )
    modality: Mapped[str] = mapped_column(default="", comment="DICOM modality code; empty: not known")

    complaint: Mapped[Complaint] = relationship(back_populates="allegations")
    issue: Mapped[Issue] = relationship(back_populates="allegations")
    organisation: Mapped[Organisation] = relationship()
    codings: Mapped[list[Coding]] = relationship(back_populates="allegation", order_by="Coding.code")
    checks: Mapped[list[InitialCheck]] = relationship(back_populates="allegation", order_by="InitialCheck.id")
    known_dates: Mapped[list[KnowledgeDate]] = relationship(
        back_populates="allegation", order_by="KnowledgeDate.known_on, KnowledgeDate.id"
    )
    test_answers: Mapped[list[TestAnswer]] = relationship(
        back_populates="allegation", order_by="TestAnswer.id"
    )
    discretions: Mapped[list[Discretion]] = relationship(
        back_populates="allegation", order_by="Discretion.id"
    )
    links: Mapped[list[EvidenceLink]] = relationship(back_populates="allegation", order_by="EvidenceLink.id")
    finding: Mapped[Finding | None] = relationship(back_populates="allegation")

    @property
    def check(self) -> InitialCheck | None:
        """The initial check that stands: the last one made."""
        return self.checks[-1] if self.checks else None

    @property
    def standing_links(self) -> list[EvidenceLink]:
        """The evidence that bears upon it, without what was taken back."""
        return [link for link in self.links if link.struck_at is None]

    @property
    def is_accepted(self) -> bool:
        return self.check is not None and self.check.outcome is CheckOutcome.ACCEPT

    @property
    def event_period(self) -> tuple[date, date] | None:
        """The first and the last day on which the event may have been, as exactly as it is known."""
        day = self.event_on
        if day is None:
            return None
        match self.event_precision:
            case Precision.YEAR:
                return day, calendar.months_after(day, 12) - timedelta(days=1)
            case Precision.MONTH:
                return day, calendar.months_after(day, 1) - timedelta(days=1)
            case Precision.ABOUT:
                return day - ABOUT, day + ABOUT
        return day, day

    @property
    def known(self) -> tuple[date | None, KnowledgeSource | None, str]:
        """The day the year is counted from, what says so, and where."""
        return self.knowledge_on, self.knowledge_source, self.knowledge_note

    def codes(self, standing: CodingStanding) -> list[Coding]:
        return [c for c in self.codings if c.standing is standing and c.removed_at is None]

    @property
    def provisional_codes(self) -> list[Coding]:
        return self.codes(CodingStanding.PROVISIONAL)

    @property
    def ever_confirmed(self) -> list[Coding]:
        """Every confirmed code it ever bore, those taken away included."""
        return [coding for coding in self.codings if coding.standing is CodingStanding.CONFIRMED]

    @property
    def confirmed_codes(self) -> list[Coding]:
        return self.codes(CodingStanding.CONFIRMED)


class KnowledgeDate(Created, Model):
    """A day on which the person aggrieved may first have had notice, and who or what says so.

    One of an allegation’s may be chosen: it is then `Allegation.knowledge_on`, from which the year runs.
    """

    __tablename__ = "knowledge_date"

    allegation_id: Mapped[int] = mapped_column(ForeignKey("allegation.id"), index=True)
    known_on: Mapped[date]
    source: Mapped[KnowledgeSource]
    note: Mapped[str] = mapped_column(default="", comment="where it says so")
    is_disputed: Mapped[bool] = mapped_column(default=False)
    added_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))

    allegation: Mapped[Allegation] = relationship(back_populates="known_dates")
    added_by: Mapped[Account | None] = relationship()

    @property
    def is_chosen(self) -> bool:
        return (self.known_on, self.source, self.note) == self.allegation.known


class CodingStanding(Term):
    PROVISIONAL = "provisional"
    CONFIRMED = "confirmed"


class Coding(Created, Model):
    """That an allegation bears a failure code. Taking a code away leaves this row, marked as removed."""

    __tablename__ = "coding"
    __table_args__ = (Index(None, "allegation_id", "standing"), Index(None, "code", "standing"))

    allegation_id: Mapped[int] = mapped_column(ForeignKey("allegation.id"))
    standing: Mapped[CodingStanding]
    code: Mapped[str]
    list_version: Mapped[str] = mapped_column(comment="the version of the taxonomy it was chosen from")
    added_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    removed_at: Mapped[datetime | None]

    allegation: Mapped[Allegation] = relationship(back_populates="codings")


class CheckOutcome(Term):
    """What a person decided at the initial check of an allegation."""

    ACCEPT = "accept", "Accept for investigation"
    SIGNPOST = "signpost", "Signpost: someone else can help, or it is too early for us"
    DECLINE = "decline", "Decline, with reasons"
    JOIN = "join", "Join to another complaint about the same thing"
    WITHDRAWN = "withdrawn", "Withdrawn by the complainant"


class InitialCheck(Model):
    """The decision on one allegation, with the facts as they were computed when it was taken.

    A later check stands instead of an earlier one; the earlier stays.
    """

    __tablename__ = "initial_check"

    allegation_id: Mapped[int] = mapped_column(ForeignKey("allegation.id"), index=True)
    outcome: Mapped[CheckOutcome]
    reasons: Mapped[str]
    signposted_to: Mapped[str] = mapped_column(default="")
    back_on: Mapped[date | None] = mapped_column(
        comment="what they were told: from here on they may come back"
    )
    diary_on: Mapped[date | None] = mapped_column(
        index=True, comment="when somebody looks whether they came back; null: nobody needs to"
    )
    joined_to_id: Mapped[int | None] = mapped_column(ForeignKey("complaint.id"), index=True)
    facts: Mapped[dict[str, Any]] = mapped_column(comment="what the rules computed, with rule and calendar")
    decided_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    decided_at: Mapped[datetime] = mapped_column(default=clock.now)
    sent_on: Mapped[date | None] = mapped_column(comment="the day the reasons went to the complainant")

    allegation: Mapped[Allegation] = relationship(back_populates="checks")
    decided_by: Mapped[Account] = relationship()
    joined_to: Mapped[Complaint | None] = relationship()

    @property
    def is_for_lateness(self) -> bool:
        """Whether the time limit was among the tests that were not met when it was decided."""
        return bool(self.facts.get("tests", {}).get("time", {}).get("answer") == "not_met")
