from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.model import Created, Model
from app.core.references import new_key
from app.core.types import Digest, Key
from app.core.work import Work

if TYPE_CHECKING:
    from app.accounts.models import Account


class Export(Work, Created, Model):
    """A list that somebody asked for as a spreadsheet: the question, how far it is, and the file once made."""

    __tablename__ = "export"
    __table_args__ = (Index(None, "state", "not_before"), Index(None, "account_id", "created_at"))

    key: Mapped[str] = mapped_column(Key, unique=True, default=new_key)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    sheet: Mapped[str] = mapped_column(comment="which list: see app.exports.sheets")
    query: Mapped[str] = mapped_column(comment="as it stands in an address after the question mark")
    lines_in_all: Mapped[int | None] = mapped_column(comment="null: not counted yet")
    lines_done: Mapped[int] = mapped_column(default=0)
    sha256: Mapped[str | None] = mapped_column(Digest, index=True)
    size: Mapped[int | None] = mapped_column(comment="in bytes")
    expires_at: Mapped[datetime | None] = mapped_column(index=True)

    account: Mapped[Account] = relationship()

    @property
    def is_there(self) -> bool:
        """Whether its file can be downloaded."""
        return self.sha256 is not None

    @property
    def has_expired(self) -> bool:
        return self.expires_at is not None and not self.is_there
