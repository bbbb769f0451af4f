from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.model import Model
from app.core.references import new_key
from app.core.terms import Term
from app.core.types import Key

if TYPE_CHECKING:
    from app.accounts.models import Account


class Outcome(Term):
    """What a stored file was found to be."""

    INTACT = "intact", "what was received"
    CHANGED = "changed", "not what was received"
    MISSING = "missing", "missing"
    UNREADABLE = "unreadable", "there, but the disk cannot read it"
    STRANGER = "stranger", "nothing that was received"


class FileCheck(Model):
    """When a file of the store was last hashed again, and what was found.

    What was found stays until somebody says what was done about it, though the file be well again.
    """

    __tablename__ = "file_check"
    __table_args__ = (
        CheckConstraint("(settled_at IS NULL) = (settled_by_id IS NULL)", name="settled_by_somebody"),
        Index(None, "outcome", "settled_at"),
    )

    key: Mapped[str] = mapped_column(Key, unique=True, default=new_key)
    # Not called after a hash: what is so called holds on to the file, and this must not.
    name: Mapped[str] = mapped_column(unique=True, comment="its SHA-256; of a stranger what it is called")
    checked_at: Mapped[datetime] = mapped_column(index=True, comment="by the machine's clock")
    outcome: Mapped[Outcome] = mapped_column(default=Outcome.INTACT)
    found_at: Mapped[datetime | None] = mapped_column(comment="when it was first found not to be intact")
    settled_at: Mapped[datetime | None]
    settled_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    settlement: Mapped[str] = mapped_column(default="", comment="what was done, and why it is enough")

    settled_by: Mapped[Account | None] = relationship()

    @property
    def waits(self) -> bool:
        """Whether something was found of which nobody has said what was done."""
        return self.found_at is not None and self.settled_at is None
