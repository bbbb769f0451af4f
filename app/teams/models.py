from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.model import Created, Model, Versioned
from app.core.references import new_key
from app.core.types import Key

if TYPE_CHECKING:
    from app.accounts.models import Account


class Team(Created, Versioned, Model):
    """Some of the staff, who see each other’s cases together. One that is no more stays, with who was in it."""

    __tablename__ = "team"

    key: Mapped[str] = mapped_column(Key, unique=True, default=new_key)
    name: Mapped[str] = mapped_column(unique=True)
    leader_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    ended_at: Mapped[datetime | None]

    leader: Mapped[Account | None] = relationship()
    members: Mapped[list[Membership]] = relationship(
        back_populates="team", order_by="Membership.from_on, Membership.id"
    )

    @property
    def present(self) -> list[Membership]:
        """Those in it now."""
        return [one for one in self.members if one.until_on is None]


class Membership(Created, Model):
    """That somebody is or was in a team, from one day to another."""

    __tablename__ = "team_membership"
    __table_args__ = (
        Index(None, "account_id", "until_on"),
        Index(None, "team_id", "until_on"),
        CheckConstraint("from_on <= until_on", name="begins_before_it_ends"),
    )

    team_id: Mapped[int] = mapped_column(ForeignKey("team.id"))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    from_on: Mapped[date]
    until_on: Mapped[date | None] = mapped_column(comment="their last day; null: they are in it")

    team: Mapped[Team] = relationship(back_populates="members")
    account: Mapped[Account] = relationship()
