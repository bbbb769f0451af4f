from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.model import Created, Model
from app.core.terms import Term

if TYPE_CHECKING:
    from app.accounts.models import Account
    from app.complaints.models import Complaint
    from app.outbox.models import Message


class NoticeKind(Term):
    """What waits, in words that tell nothing of anybody."""

    URGENT = "urgent", "urgent health risk, to be acknowledged"
    DISCRETION = "discretion", "late complaint, for you to decide whether it is looked into"
    APPROVAL = "approval", "decision to be approved"
    DISAGREEMENT = "disagreement", "disagreement between people in a complaint, to be decided"
    CONCERN = "concern", "serious concern, to be considered"
    SENT_IN = "sent_in", "complaint that came by the form for the public, to be checked"
    ALLOCATED = "allocated", "case given to you"
    ARRIVED = "arrived", "comment, answer or evidence that came in"
    DAMAGED = "damaged", "stored file that is not what was received"
    RETURNING = "returning", "in the diary, to be looked at again"
    ISSUED = "issued", "recommendation issued to your organisation"
    ASKED = "asked", "request for evidence to your organisation"
    DUE = "due", "recommendation due today or soon"
    OVERDUE = "overdue", "recommendation overdue"


#: What goes out at once, whatever somebody has chosen.
AT_ONCE = frozenset({NoticeKind.URGENT})


class Choice(Term):
    """How often somebody wants to be told."""

    IMMEDIATELY = "immediately", "At once, each time something waits"
    DAILY = "daily", "Once a day, in the morning"
    URGENT_ONLY = "urgent_only", "Never, except for what is urgent"


class NoticeChoice(Model):
    """What somebody has chosen. Whoever has chosen nothing is told once a day."""

    __tablename__ = "notice_choice"

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), unique=True)
    choice: Mapped[Choice]


class Notice(Created, Model):
    """That something waits for somebody. The complaint only decides whether they may still be told."""

    __tablename__ = "notice"
    __table_args__ = (Index(None, "account_id", "told_at"),)

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    kind: Mapped[NoticeKind]
    complaint_id: Mapped[int | None] = mapped_column(ForeignKey("complaint.id"))
    message_id: Mapped[int | None] = mapped_column(ForeignKey("message.id"), index=True)
    told_at: Mapped[datetime | None] = mapped_column(comment="null: it waits for the next digest")

    account: Mapped[Account] = relationship()
    complaint: Mapped[Complaint | None] = relationship()
    message: Mapped[Message | None] = relationship()


class Digest(Created, Model):
    """That somebody has had their digest of a day, or that there was nothing to put into it."""

    __tablename__ = "digest"
    __table_args__ = (UniqueConstraint("account_id", "day"), Index(None, "day"))

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    day: Mapped[date]
