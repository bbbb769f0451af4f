from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from app.core.model import Created, Model
from app.core.references import new_key
from app.core.types import Key
from app.core.work import Work


class Message(Work, Created, Model):
    """One message to one address. It says that something waits, never what, nor about whom."""

    __tablename__ = "message"
    __table_args__ = (Index(None, "state", "not_before"),)

    key: Mapped[str] = mapped_column(Key, unique=True, default=new_key)
    address: Mapped[str]
    subject: Mapped[str]
    body: Mapped[str]
    leads_to: Mapped[str] = mapped_column(comment="the path of the page it is about")
    seal: Mapped[str | None] = mapped_column(
        comment="what the secret end of its address is made of when it is sent: see app.core.sealing"
    )
    sent_at: Mapped[datetime | None]
