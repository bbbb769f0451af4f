from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core import clock
from app.core.model import Model, Versioned
from app.core.terms import Term
from app.reference.lists import stages

if TYPE_CHECKING:
    from app.accounts.models import Account
    from app.allegations.models import Allegation
    from app.casefile.models import Stay
    from app.complaints.models import Complaint
    from app.decisions.models import Comment, FinalDecision, ProvisionalViews
    from app.evidence.models import Document
    from app.recommendations.models import Recommendation


def _called(key: str) -> tuple[str, str]:
    """A stage with the words this office has for it: see the list of stages."""
    return key, stages()[key].name


class CaseStage(Term):
    """Where a case stands. The order is the order of a case that goes all the way."""

    PRIMARY_INVESTIGATION = _called("primary_investigation")
    MEDIATION = _called("mediation")
    DETAILED_INVESTIGATION = _called("detailed_investigation")
    PROVISIONAL_VIEWS = _called("provisional_views")
    APPROVAL = _called("approval")
    COMPLIANCE = _called("compliance")
    CLOSED = _called("closed")


class Closure(Term):
    """Why a case is closed. `DECIDED` is the only one that follows a final decision."""

    DECIDED = "decided", "Decided, and every recommendation judged"
    NO_FURTHER_ACTION = "no_further_action", "No further action after primary investigation"
    RESOLVED = "resolved", "Resolved by agreement"
    MEDIATED = "mediated", "Resolved by mediation"
    DISCONTINUED = "discontinued", "Discontinued (s.3(2))"
    DUPLICATE = "duplicate", "Duplicate of another case"


#: What can be closed in error, or too early, before anything was decided. A decision is reviewed instead.
UNDECIDED = frozenset(Closure) - {Closure.DECIDED, Closure.DISCONTINUED}

#: From here on a decision is being approved or stands: what it rests on is not changed any more.
FROZEN = frozenset({CaseStage.APPROVAL, CaseStage.COMPLIANCE, CaseStage.CLOSED})


class Case(Versioned, Model):
    """A complaint taken on, from primary investigation to closure."""

    __tablename__ = "case_file"
    __table_args__ = (
        Index(None, "stage", "owner_id"),
        CheckConstraint("(stage = 'closed') = (closed_at IS NOT NULL)", name="closed_at_when_closed"),
        CheckConstraint("(stage = 'closed') = (closure IS NOT NULL)", name="closure_when_closed"),
    )

    complaint_id: Mapped[int] = mapped_column(ForeignKey("complaint.id"), unique=True)
    stage: Mapped[CaseStage] = mapped_column(default=CaseStage.PRIMARY_INVESTIGATION)
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    opened_at: Mapped[datetime] = mapped_column(default=clock.now)
    put_to_parties_at: Mapped[datetime | None] = mapped_column(
        comment="when the organisations were given the chance to comment: s.11(1)"
    )
    closed_at: Mapped[datetime | None]
    closure: Mapped[Closure | None]
    closure_reasons: Mapped[str] = mapped_column(default="")
    duplicate_of_id: Mapped[int | None] = mapped_column(ForeignKey("case_file.id"))

    # SQLite would put together all cases with their complaints where a case comes by an outer join itself
    complaint: Mapped[Complaint] = relationship(
        back_populates="case",
        lazy="joined",
        innerjoin="unnested",  # type: ignore[arg-type]
    )
    owner: Mapped[Account | None] = relationship()
    duplicate_of: Mapped[Case | None] = relationship(remote_side="Case.id")
    stay: Mapped[Stay | None] = relationship(
        primaryjoin="and_(Stay.case_id == Case.id, Stay.ended_at.is_(None))", viewonly=True, lazy="joined"
    )
    mediation: Mapped[Mediation | None] = relationship(
        primaryjoin="and_(Mediation.case_id == Case.id, Mediation.ended_at.is_(None))", viewonly=True
    )
    documents: Mapped[list[Document]] = relationship(back_populates="case", order_by="Document.id")
    provisional_views: Mapped[list[ProvisionalViews]] = relationship(
        back_populates="case", order_by="ProvisionalViews.id"
    )
    final_decision: Mapped[FinalDecision | None] = relationship(back_populates="case")
    recommendations: Mapped[list[Recommendation]] = relationship(
        back_populates="case", order_by="Recommendation.number"
    )

    @property
    def reference(self) -> str:
        return self.complaint.reference

    @property
    def is_open(self) -> bool:
        return self.stage is not CaseStage.CLOSED

    @property
    def comments(self) -> list[Comment]:
        """What the parties said of all provisional views that were shared, the earliest first."""
        return [comment for views in self.provisional_views for comment in views.comments]

    @property
    def is_frozen(self) -> bool:
        return self.stage in FROZEN

    @property
    def allegations(self) -> list[Allegation]:
        """The allegations that were accepted for investigation."""
        return [allegation for allegation in self.complaint.allegations if allegation.is_accepted]


class Mediation(Model):
    """That the parties try to agree with the help of a mediator. The clocks of the case go on running."""

    __tablename__ = "mediation"
    __table_args__ = (Index(None, "case_id", "ended_at"),)

    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"))
    mediator: Mapped[str] = mapped_column(comment="who helps them to agree")
    until_on: Mapped[date] = mapped_column(comment="until when they have")
    began_at: Mapped[datetime] = mapped_column(default=clock.now)
    ended_at: Mapped[datetime | None]

    case: Mapped[Case] = relationship()
