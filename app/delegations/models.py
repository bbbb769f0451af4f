from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.model import Created, Model
from app.core.references import new_key
from app.core.types import Key

if TYPE_CHECKING:
    from app.accounts.models import Account


class Delegation(Created, Model):
    """That somebody may do one thing as if they had the role of whoever delegated it to them."""

    __tablename__ = "delegation"
    __table_args__ = (
        Index(None, "to_id", "withdrawn_at"),
        Index(None, "giver_id", "withdrawn_at"),
        CheckConstraint("giver_id != to_id", name="to_somebody_else"),
        CheckConstraint("from_on <= until_on", name="begins_before_it_ends"),
    )

    key: Mapped[str] = mapped_column(Key, unique=True, default=new_key)
    permission: Mapped[str] = mapped_column(comment="one of those that policy lets be delegated")
    giver_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    to_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    from_on: Mapped[date]
    until_on: Mapped[date | None] = mapped_column(comment="its last day; null: until it is withdrawn")
    instrument: Mapped[str] = mapped_column(comment="by which paper, or why")
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    withdrawn_because: Mapped[str] = mapped_column(default="")

    giver: Mapped[Account] = relationship(foreign_keys=giver_id)
    to: Mapped[Account] = relationship(foreign_keys=to_id)

    def holds_on(self, day: date) -> bool:
        in_time = self.from_on <= day and (self.until_on is None or day <= self.until_on)
        return in_time and self.withdrawn_at is None

    def overlaps(self, from_on: date, until_on: date | None) -> bool:
        """Whether some day is in its period and also in that one."""
        begins_in_time = until_on is None or self.from_on <= until_on
        return begins_in_time and (self.until_on is None or self.until_on >= from_on)
