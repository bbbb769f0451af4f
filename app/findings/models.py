from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.model import Created, Model, Versioned
from app.core.terms import Term
from app.reference.lists import standards

if TYPE_CHECKING:
    from app.allegations.models import Allegation
    from app.evidence.models import EvidenceLink


class Failing(Term):
    """Whether what happened fell so far short of what should have happened that it is a failing."""

    NONE = "none", "No failing"
    IN_PART = "in_part", "A failing in part of what is alleged"
    IN_FULL = "in_full", "A failing in all of what is alleged"


class Injustice(Term):
    """What followed from a failing. Without a failing there is none to assess."""

    NONE = "none", "No injustice followed"
    NOT_PUT_RIGHT = "not_put_right", "Injustice, not yet put right"
    PUT_RIGHT = "put_right", "Injustice, already put right"


class Outcome(Term):
    """What became of an allegation, or of a case. Always derived, see app.findings.outcomes."""

    UPHELD = "upheld"
    PARTLY_UPHELD = "partly_upheld"
    NOT_UPHELD = "not_upheld"
    FAILING_WITHOUT_INJUSTICE = "failing_without_injustice", "Failing without injustice: not upheld"


class Finding(Created, Versioned, Model):
    """Our finding on one allegation, whole or still being written; see app.findings.outcomes.

    It may be rewritten until the decision is sent for approval.
    """

    __tablename__ = "finding"
    __table_args__ = (
        CheckConstraint("failing != 'none' OR injustice IS NULL", name="injustice_follows_failing"),
    )

    allegation_id: Mapped[int] = mapped_column(ForeignKey("allegation.id"), unique=True)
    happened: Mapped[str]
    should_have_happened: Mapped[str]
    no_standard_because: Mapped[str] = mapped_column(default="")
    gap: Mapped[str]
    failing: Mapped[Failing | None] = mapped_column(comment="null: not yet said")
    injustice: Mapped[Injustice | None]
    injustice_reasons: Mapped[str] = mapped_column(default="", comment="what it led to, and how we know")
    severity: Mapped[int | None] = mapped_column(comment="level in the list of severity bands")

    allegation: Mapped[Allegation] = relationship(back_populates="finding")
    standards: Mapped[list[CitedStandard]] = relationship(
        back_populates="finding", cascade="all, delete-orphan", order_by="CitedStandard.id"
    )
    rests_on: Mapped[list[FindingEvidence]] = relationship(
        back_populates="finding", cascade="all, delete-orphan", order_by="FindingEvidence.id"
    )
    authors: Mapped[list[FindingAuthor]] = relationship(back_populates="finding", order_by="FindingAuthor.id")

    @property
    def is_failing(self) -> bool:
        return self.failing in {Failing.IN_PART, Failing.IN_FULL}

    @property
    def missing(self) -> list[str]:
        """What a whole finding has and this one has not yet, in words for its author."""
        wanted: dict[str, object] = {
            "what happened": self.happened,
            "what should have happened": self.should_have_happened,
            "a standard, or why none applies": self.standards or self.no_standard_because,
            "the gap between the two": self.gap,
            "whether it is a failing": self.failing,
            "at least one piece of evidence it rests on": self.rests_on,
        }
        wanted["why a standard that was not in force is cited"] = all(map(self._may_be_cited, self.standards))
        if self.is_failing:
            wanted["whether injustice followed"] = self.injustice
            wanted["the reasons about injustice"] = self.injustice_reasons
        return [words for words, answer in wanted.items() if not answer]

    def _may_be_cited(self, cited: CitedStandard) -> bool:
        event_on, standard = self.allegation.event_on, standards().get(cited.key)
        in_force = event_on is None or standard is None or standard.was_in_force_on(event_on)
        return in_force or bool(cited.out_of_force_because)

    @property
    def outcome(self) -> Outcome | None:
        """What becomes of the allegation. Injustice must follow *from* a failing: s.3(1) of the Act."""
        if self.missing:
            return None
        if self.failing is Failing.NONE:
            return Outcome.NOT_UPHELD
        if self.injustice is Injustice.NONE:
            return Outcome.FAILING_WITHOUT_INJUSTICE
        return Outcome.UPHELD if self.failing is Failing.IN_FULL else Outcome.PARTLY_UPHELD

    @property
    def is_upheld(self) -> bool:
        return self.outcome in {Outcome.UPHELD, Outcome.PARTLY_UPHELD}


class CitedStandard(Model):
    """A standard a finding measures against. One later than the event needs a reason."""

    __tablename__ = "cited_standard"
    __table_args__ = (UniqueConstraint("finding_id", "key"),)

    finding_id: Mapped[int] = mapped_column(ForeignKey("finding.id"))
    key: Mapped[str] = mapped_column(comment="its key in the standards library")
    list_version: Mapped[str]
    clause: Mapped[str] = mapped_column(default="")
    out_of_force_because: Mapped[str] = mapped_column(default="")

    finding: Mapped[Finding] = relationship(back_populates="standards")


class FindingEvidence(Model):
    """That a finding rests on this piece of evidence."""

    __tablename__ = "finding_evidence"
    __table_args__ = (UniqueConstraint("finding_id", "link_id"),)

    finding_id: Mapped[int] = mapped_column(ForeignKey("finding.id"))
    link_id: Mapped[int] = mapped_column(ForeignKey("evidence_link.id"), index=True)

    finding: Mapped[Finding] = relationship(back_populates="rests_on")
    link: Mapped[EvidenceLink] = relationship()


class FindingAuthor(Model):
    """Somebody who wrote in a finding: for good, so that they can never approve it."""

    __tablename__ = "finding_author"
    __table_args__ = (UniqueConstraint("finding_id", "account_id"),)

    finding_id: Mapped[int] = mapped_column(ForeignKey("finding.id"))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))

    finding: Mapped[Finding] = relationship(back_populates="authors")
