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
    from app.evidence.models import Document
    from app.findings.models import Finding
    from app.organisations.models import Organisation


class RecommendationKind(Term):
    APOLOGY = "apology", "Personal: an apology"
    PAYMENT = "payment", "Personal: a payment"
    SERVICE_IMPROVEMENT = "service_improvement"
    AUDIT = "audit", "Review or audit of what was changed"
    COMPLAINT_HANDLING = "complaint_handling"
    OTHER = "other"


class RecommendationState(Term):
    """Where a recommendation stands."""

    DRAFT = "draft"
    ISSUED = "issued", "Issued: waiting for the organisation"
    AGREED = "agreed", "Agreed: to be done"
    DISPUTED = "disputed"
    SUBMITTED = "submitted", "Evidence submitted: waiting for us"
    COMPLIED = "complied", "Complied with"
    NOT_COMPLIED = "not_complied", "Not complied with"
    WITHDRAWN = "withdrawn"


JUDGED = frozenset(
    {RecommendationState.COMPLIED, RecommendationState.NOT_COMPLIED, RecommendationState.WITHDRAWN}
)
WITH_THE_ORGANISATION = frozenset(
    {RecommendationState.ISSUED, RecommendationState.AGREED, RecommendationState.DISPUTED}
)


class Recommendation(Created, Versioned, Model):
    """One thing asked of one organisation. Three days are kept apart: when it was done, as the
    evidence shows; when the evidence reached us; and when we judged it."""

    __tablename__ = "recommendation"
    __table_args__ = (
        UniqueConstraint("case_id", "number"),
        Index(None, "state", "due_on", "id"),
        Index(None, "organisation_id", "state", "due_on", "id"),
        CheckConstraint("(state = 'complied') = (done_on IS NOT NULL)", name="done_when_complied"),
        CheckConstraint(
            "(state IN ('complied', 'not_complied', 'withdrawn')) = (judged_at IS NOT NULL)",
            name="judged_when_judged",
        ),
    )

    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    finding_id: Mapped[int] = mapped_column(ForeignKey("finding.id"), index=True)
    number: Mapped[int] = mapped_column(comment="within the case")
    kind: Mapped[RecommendationKind]
    action: Mapped[str]
    evidence_wanted: Mapped[str] = mapped_column(comment="what will show that it was done")
    due_on: Mapped[date]
    public_text: Mapped[str] = mapped_column(comment="no personal data, no dates")
    private_text: Mapped[str] = mapped_column(default="", comment="between us and the organisation")
    state: Mapped[RecommendationState] = mapped_column(default=RecommendationState.DRAFT)
    issued_at: Mapped[datetime | None]
    done_on: Mapped[date | None] = mapped_column(comment="as evidenced")
    evidenced_at: Mapped[datetime | None] = mapped_column(comment="when the accepted evidence reached us")
    judged_at: Mapped[datetime | None]
    judged_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    judgement: Mapped[str] = mapped_column(default="", comment="the reasons")

    case: Mapped[Case] = relationship(back_populates="recommendations")
    organisation: Mapped[Organisation] = relationship()
    finding: Mapped[Finding] = relationship()
    judged_by: Mapped[Account | None] = relationship()
    responses: Mapped[list[Response]] = relationship(back_populates="recommendation", order_by="Response.id")
    submissions: Mapped[list[Submission]] = relationship(
        back_populates="recommendation", order_by="Submission.id"
    )

    @property
    def is_judged(self) -> bool:
        return self.state in JUDGED

    @property
    def was_on_time(self) -> bool | None:
        """Whether it was *done* by the due day, as evidenced. None until it is complied with."""
        return None if self.done_on is None else self.done_on <= self.due_on

    def is_overdue(self, day: date) -> bool:
        return self.state in WITH_THE_ORGANISATION and self.due_on < day


class Answer(Term):
    """What an organisation may say of a recommendation."""

    AGREES = "agrees"
    DISPUTES = "disputes"
    REPORTS_PROGRESS = "reports_progress"


class Response(Created, Model):
    """Something the organisation said of a recommendation."""

    __tablename__ = "response"

    recommendation_id: Mapped[int] = mapped_column(ForeignKey("recommendation.id"), index=True)
    answer: Mapped[Answer]
    words: Mapped[str]
    by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))

    recommendation: Mapped[Recommendation] = relationship(back_populates="responses")
    by: Mapped[Account] = relationship()


class Verdict(Term):
    ACCEPTED = "accepted"
    REJECTED = "rejected"


class Submission(Model):
    """Evidence of compliance that an organisation handed in at one time, and our verdict on it."""

    __tablename__ = "submission"
    __table_args__ = (CheckConstraint("(verdict IS NULL) = (judged_at IS NULL)", name="judged_with_verdict"),)

    recommendation_id: Mapped[int] = mapped_column(ForeignKey("recommendation.id"), index=True)
    claimed_done_on: Mapped[date] = mapped_column(comment="the day the organisation says it was done")
    words: Mapped[str]
    submitted_at: Mapped[datetime] = mapped_column(default=clock.now)
    submitted_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    verdict: Mapped[Verdict | None]
    reasons: Mapped[str] = mapped_column(default="")
    judged_at: Mapped[datetime | None]
    judged_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))

    recommendation: Mapped[Recommendation] = relationship(back_populates="submissions")
    submitted_by: Mapped[Account] = relationship(foreign_keys=submitted_by_id)
    judged_by: Mapped[Account | None] = relationship(foreign_keys=judged_by_id)
    documents: Mapped[list[SubmittedDocument]] = relationship(
        back_populates="submission", order_by="SubmittedDocument.id"
    )


class SubmittedDocument(Model):
    """A document that was part of a submission."""

    __tablename__ = "submitted_document"
    __table_args__ = (UniqueConstraint("submission_id", "document_id"),)

    submission_id: Mapped[int] = mapped_column(ForeignKey("submission.id"))
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"), index=True)

    submission: Mapped[Submission] = relationship(back_populates="documents")
    document: Mapped[Document] = relationship()
