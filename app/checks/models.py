from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core import clock
from app.core.model import Created, Model, Versioned
from app.core.terms import Term

if TYPE_CHECKING:
    from app.accounts.models import Account
    from app.allegations.models import Allegation


class Answer(Term):
    """What a person answered to a test of the law. How it reads depends on the test."""

    MET = "met"
    EXCEPTION = "exception", "Not met, and an exception is made"
    NOT_MET = "not_met"


class TestAnswer(Model):
    """An answer to one test for one allegation. A later answer stands instead of an earlier one, which stays."""

    __tablename__ = "test_answer"
    __test__ = False  # pytest takes every name like this for its own

    allegation_id: Mapped[int] = mapped_column(ForeignKey("allegation.id"), index=True)
    test: Mapped[str] = mapped_column(comment="its id in the list of legal tests")
    answer: Mapped[Answer]
    option: Mapped[str] = mapped_column(default="", comment="the ground of remit, or the level of severity")
    note: Mapped[str] = mapped_column(default="")
    list_version: Mapped[str]
    facts: Mapped[dict[str, Any]] = mapped_column(comment="what the rules computed when it was answered")
    answered_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    answered_at: Mapped[datetime] = mapped_column(default=clock.now)

    allegation: Mapped[Allegation] = relationship(back_populates="test_answers")
    answered_by: Mapped[Account] = relationship()


class Discretion(Created, Versioned, Model):
    """Whether to look into an allegation that is late: s.9(4). A named person decides, on stated facts."""

    __tablename__ = "discretion"
    __table_args__ = (
        CheckConstraint("(decided_at IS NULL) = (is_exercised IS NULL)", name="decided_one_way"),
        Index(None, "decider_id", "decided_at"),
    )

    allegation_id: Mapped[int] = mapped_column(ForeignKey("allegation.id"), index=True)
    facts: Mapped[dict[str, Any]] = mapped_column(comment="as computed when it was opened")
    for_looking: Mapped[str] = mapped_column(comment="what speaks for looking into it all the same")
    against_looking: Mapped[str] = mapped_column(comment="what speaks against")
    decider_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    opened_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    is_exercised: Mapped[bool | None]
    reasons: Mapped[str] = mapped_column(default="")
    decided_at: Mapped[datetime | None]

    allegation: Mapped[Allegation] = relationship(back_populates="discretions")
    decider: Mapped[Account] = relationship(foreign_keys=[decider_id])
    opened_by: Mapped[Account] = relationship(foreign_keys=[opened_by_id])

    @property
    def is_decided(self) -> bool:
        return self.decided_at is not None
