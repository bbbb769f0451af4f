from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core import clock
from app.core.model import Created, Model, Versioned
from app.core.types import Digest
from app.findings.models import Outcome

if TYPE_CHECKING:
    from app.accounts.models import Account
    from app.cases.models import Case
    from app.organisations.models import Organisation


class ProvisionalViews(Versioned, Model):
    """What we were minded to find, as shared with the parties, and until when they could comment."""

    __tablename__ = "provisional_views"
    __table_args__ = (Index(None, "case_id", "shared_at"), Index(None, "comments_due_on"))

    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"))
    content: Mapped[dict[str, Any]] = mapped_column(comment="as it stood when it was shared")
    shared_at: Mapped[datetime] = mapped_column(default=clock.now)
    shared_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    window_days: Mapped[int] = mapped_column(comment="working days")
    comments_due_on: Mapped[date]
    extended_because: Mapped[str] = mapped_column(
        default="", comment="why somebody set the day by hand; empty: it is as it was counted"
    )

    case: Mapped[Case] = relationship(back_populates="provisional_views")
    shared_by: Mapped[Account] = relationship()
    comments: Mapped[list[Comment]] = relationship(back_populates="views", order_by="Comment.id")


class Comment(Created, Versioned, Model):
    """What a party said of the provisional views, and how we answered."""

    __tablename__ = "comment"
    __table_args__ = (
        CheckConstraint("(answered_at IS NULL) = (answered_by_id IS NULL)", name="answered_by_someone"),
    )

    views_id: Mapped[int] = mapped_column(ForeignKey("provisional_views.id"), index=True)
    organisation_id: Mapped[int | None] = mapped_column(
        ForeignKey("organisation.id"), comment="null: the complainant"
    )
    received_on: Mapped[date]
    words: Mapped[str]
    answer: Mapped[str] = mapped_column(default="", comment="what we made of it, and what changed")
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    answered_at: Mapped[datetime | None]

    views: Mapped[ProvisionalViews] = relationship(back_populates="comments")
    organisation: Mapped[Organisation | None] = relationship()


class FinalDecision(Model):
    """The decision on a case: proposed by one person, approved by another, then frozen with its hash."""

    __tablename__ = "final_decision"

    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"), unique=True)
    proposed_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    proposed_at: Mapped[datetime] = mapped_column(default=clock.now)
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    approved_at: Mapped[datetime | None]
    outcome: Mapped[Outcome | None]
    content: Mapped[dict[str, Any] | None]
    sha256: Mapped[str | None] = mapped_column(Digest, comment="of the content in canonical form")

    __table_args__ = (
        CheckConstraint("(approved_at IS NULL) = (sha256 IS NULL)", name="hash_when_approved"),
        CheckConstraint("approved_by_id != proposed_by_id", name="approved_by_another"),
    )

    case: Mapped[Case] = relationship(back_populates="final_decision")
    proposed_by: Mapped[Account] = relationship(foreign_keys=proposed_by_id)
    approved_by: Mapped[Account | None] = relationship(foreign_keys=approved_by_id)
