from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.model import Created, Model, Versioned
from app.core.references import new_key
from app.core.terms import Term
from app.core.types import Key

if TYPE_CHECKING:
    from app.accounts.models import Account
    from app.complaints.models import Complaint
    from app.organisations.models import Organisation


class ConcernState(Term):
    """How far a concern has come."""

    RECORDED = "recorded", "Waits for a manager"
    CONSIDERED = "considered", "Considered by a manager"
    PASSED_ON = "passed_on"
    NO_ACTION = "no_action", "No further action"


class Concern(Created, Versioned, Model):
    """Something serious that came to our knowledge and is not ours to look into. Its words are never changed."""

    __tablename__ = "concern"
    __table_args__ = (
        CheckConstraint(
            "(considered_at IS NULL) = (considered_by_id IS NULL)", name="considered_by_somebody"
        ),
        CheckConstraint("(settled_at IS NULL) = (settled_by_id IS NULL)", name="settled_by_somebody"),
        Index(None, "state", "id"),
    )

    key: Mapped[str] = mapped_column(Key, unique=True, default=new_key)
    state: Mapped[ConcernState] = mapped_column(default=ConcernState.RECORDED)
    about: Mapped[str]
    why_outside: Mapped[str] = mapped_column(comment="why it is not ours to look into")
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    complaint_id: Mapped[int | None] = mapped_column(
        ForeignKey("complaint.id"), comment="in which it came up"
    )
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    considered_at: Mapped[datetime | None]
    considered_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    consideration: Mapped[str] = mapped_column(default="")
    settled_at: Mapped[datetime | None]
    settled_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    passed_to: Mapped[str] = mapped_column(default="")
    reasons: Mapped[str] = mapped_column(default="", comment="why it was passed on, or why nothing is done")

    organisation: Mapped[Organisation | None] = relationship()
    complaint: Mapped[Complaint | None] = relationship()
    recorded_by: Mapped[Account] = relationship(foreign_keys=recorded_by_id)
    considered_by: Mapped[Account | None] = relationship(foreign_keys=considered_by_id)
    settled_by: Mapped[Account | None] = relationship(foreign_keys=settled_by_id)
    readers: Mapped[list[ConcernReader]] = relationship(back_populates="concern", order_by="ConcernReader.id")

    @property
    def named(self) -> list[ConcernReader]:
        """Who is named among those who may know of it."""
        return [reader for reader in self.readers if reader.ended_at is None]


class ConcernReader(Created, Model):
    """That somebody is named among those who may know of a concern."""

    __tablename__ = "concern_reader"
    __table_args__ = (Index(None, "account_id", "ended_at", "concern_id"),)

    concern_id: Mapped[int] = mapped_column(ForeignKey("concern.id"), index=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    named_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    ended_at: Mapped[datetime | None]

    concern: Mapped[Concern] = relationship(back_populates="readers")
    account: Mapped[Account] = relationship(foreign_keys=account_id)
