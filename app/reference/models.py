from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.model import Created, Model, Versioned
from app.core.references import new_key
from app.core.types import Key

if TYPE_CHECKING:
    from app.accounts.models import Account


class ListVersion(Created, Model):
    """A version of a list that this office put in force. The database refuses to change or remove it.

    The list as it is shipped comes before all of them, and counts as number 0.
    """

    __tablename__ = "list_version"
    __table_args__ = (
        UniqueConstraint("list_key", "number"),
        Index(None, "list_key", "in_force_from", "number"),
        CheckConstraint("number > 0", name="after_what_is_shipped"),
    )

    key: Mapped[str] = mapped_column(
        Key, unique=True, default=new_key, comment="by which a process sees it is new"
    )
    list_key: Mapped[str]
    number: Mapped[int]
    in_force_from: Mapped[date]
    content: Mapped[list[Any]] = mapped_column(comment="its rows, in order")
    based_on: Mapped[str] = mapped_column(comment="the name of the version it was drawn up from")
    reasons: Mapped[str]
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), comment="null: the operator")

    made_by: Mapped[Account | None] = relationship()

    @property
    def name(self) -> str:
        """What rows keep that were chosen from it."""
        return f"office {self.number}"


class ListDraft(Versioned, Created, Model):
    """What is to become the next version of a list: one draft of a list at a time, which concerns nobody yet."""

    __tablename__ = "list_draft"

    list_key: Mapped[str] = mapped_column(unique=True)
    content: Mapped[list[Any]]
    based_on: Mapped[str] = mapped_column(comment="the name of the version it follows")
    goes_back_to: Mapped[str] = mapped_column(
        default="", comment="the name of the version it copies, if it copies one"
    )
    begun_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))

    begun_by: Mapped[Account | None] = relationship()
