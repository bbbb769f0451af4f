from __future__ import annotations

from sqlalchemy.orm import Mapped, mapped_column

from app.core.model import Model


class MovedClock(Model):
    """How far the demonstration office's time is ahead of the machine's, for all processes. One row."""

    __tablename__ = "moved_clock"

    seconds: Mapped[int] = mapped_column(default=0)
