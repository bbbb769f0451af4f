from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.model import Created, Model, Versioned
from app.core.references import new_key
from app.core.types import Key

if TYPE_CHECKING:
    from app.accounts.models import Account
    from app.complaints.models import Complaint
    from app.enquiries.models import Enquiry


class Alert(Created, Versioned, Model):
    """That somebody’s health may be at urgent risk, told by a complaint or an enquiry."""

    __tablename__ = "alert"
    __table_args__ = (
        CheckConstraint("(complaint_id IS NULL) != (enquiry_id IS NULL)", name="told_by_one"),
        CheckConstraint(
            "(acknowledged_at IS NULL) = (acknowledged_by_id IS NULL)", name="acknowledged_by_somebody"
        ),
        Index(None, "acknowledged_at", "id"),
    )

    key: Mapped[str] = mapped_column(Key, unique=True, default=new_key)
    complaint_id: Mapped[int | None] = mapped_column(ForeignKey("complaint.id"), index=True)
    enquiry_id: Mapped[int | None] = mapped_column(ForeignKey("enquiry.id"), index=True)
    raised_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    acknowledged_at: Mapped[datetime | None]
    acknowledged_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    acknowledgement: Mapped[str] = mapped_column(default="", comment="what the manager does about it")

    complaint: Mapped[Complaint | None] = relationship()
    enquiry: Mapped[Enquiry | None] = relationship()
    raised_by: Mapped[Account] = relationship(foreign_keys=[raised_by_id])
    acknowledged_by: Mapped[Account | None] = relationship(foreign_keys=[acknowledged_by_id])

    @property
    def reference(self) -> str:
        """Of the complaint or the enquiry that tells of it."""
        told_by = self.complaint or self.enquiry
        return told_by.reference if told_by else ""
