from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core import clock
from app.core.model import Created, Model, Versioned
from app.core.types import Key


class Draft(Created, Versioned, Model):
    """One form as far as its owner has come with it. It goes when what it became is saved."""

    __tablename__ = "draft"
    __table_args__ = (
        UniqueConstraint("account_id", "key"),
        Index(None, "updated_at"),
        Index(None, "thrown_away_at"),
    )

    key: Mapped[str] = mapped_column(Key)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    form: Mapped[str] = mapped_column(comment="the endpoint of the page it stands on")
    address: Mapped[str] = mapped_column(comment="where it goes on: a path of this service")
    answers: Mapped[list[Any]] = mapped_column(comment="pairs of a field's name and what was typed")
    updated_at: Mapped[datetime] = mapped_column(default=clock.now)
    thrown_away_at: Mapped[datetime | None]

    @property
    def leads_to(self) -> str:
        """The address at which it goes on."""
        return f"{self.address}{'&' if '?' in self.address else '?'}draft={self.key}"

    def first_of(self, *names: str) -> str:
        """The first answer there is to any of these fields, to tell one draft from another."""
        given = dict(reversed(self.answers))
        return next((given[name] for name in names if given.get(name)), "")
