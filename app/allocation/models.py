from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.model import Created, Model
from app.core.references import new_key
from app.core.types import Key

if TYPE_CHECKING:
    from app.accounts.models import Account
    from app.cases.models import Case

#: How many cases can be given at once, and for how long that can be undone.
MOST = 40
UNDONE_WITHIN = timedelta(hours=24)


class BulkAllocation(Created, Model):
    """That somebody gave several cases at once. Each is a row of `given`."""

    __tablename__ = "bulk_allocation"

    key: Mapped[str] = mapped_column(Key, unique=True, default=new_key)
    made_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    missing: Mapped[int] = mapped_column(
        default=0, comment="cases that had become closed to whoever confirmed it"
    )

    made_by: Mapped[Account] = relationship()
    given: Mapped[list[GivenCase]] = relationship(back_populates="bulk", order_by="GivenCase.id")


class GivenCase(Model):
    """One case of them: given, with the entry of the record that says so, or left out, and why."""

    __tablename__ = "given_case"
    __table_args__ = (
        UniqueConstraint("bulk_id", "case_id"),
        CheckConstraint("(entry_id IS NULL) = (left_out != '')", name="given_or_left_out"),
    )

    bulk_id: Mapped[int] = mapped_column(ForeignKey("bulk_allocation.id"))
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"), index=True)
    from_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    to_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    entry_id: Mapped[int | None] = mapped_column(ForeignKey("audit_entry.id"))
    left_out: Mapped[str] = mapped_column(default="", comment="why it was not given")
    undone_at: Mapped[datetime | None]

    bulk: Mapped[BulkAllocation] = relationship(back_populates="given")
    case: Mapped[Case] = relationship()
    was: Mapped[Account | None] = relationship(foreign_keys=from_id)
    to: Mapped[Account] = relationship(foreign_keys=to_id)

    @property
    def stands(self) -> bool:
        """Whether it was given and that has not been undone."""
        return self.entry_id is not None and self.undone_at is None
