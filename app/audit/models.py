from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import BigInteger, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core import clock
from app.core.model import Created, Model
from app.core.terms import Term
from app.core.types import Digest, Key, Reference

if TYPE_CHECKING:
    from app.accounts.models import Account


class AuditHead(Model):
    """Where the chain stands: how many entries, and the hash of the last. One row, locked to append."""

    __tablename__ = "audit_head"

    length: Mapped[int] = mapped_column(BigInteger)
    hash: Mapped[str] = mapped_column(Digest)


class AuditEntry(Model):
    """One event, a link of the chain. The database refuses to change or remove these rows.

    Its particulars are a row of their own, which the chain covers only by a salted digest: when a
    retention rule, not built yet, asks for particulars to go, the hashes of the chain still hold.
    """

    __tablename__ = "audit_entry"
    __table_args__ = (Index(None, "complaint_id", "number"),)

    number: Mapped[int] = mapped_column(BigInteger, unique=True, comment="1, 2, 3 … with no gap")
    occurred_at: Mapped[datetime] = mapped_column(default=clock.now)
    event: Mapped[str]
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), comment="null: the operator")
    complaint_id: Mapped[int | None] = mapped_column(ForeignKey("complaint.id"))
    request_id: Mapped[str | None]
    detail_digest: Mapped[str] = mapped_column(Digest)
    previous_hash: Mapped[str] = mapped_column(Digest)
    hash: Mapped[str] = mapped_column(Digest, unique=True)

    actor: Mapped[Account | None] = relationship()
    particulars: Mapped[AuditDetail | None] = relationship(back_populates="entry")

    @property
    def detail(self) -> dict[str, Any]:
        return self.particulars.detail if self.particulars else {}


class AuditDetail(Model):
    """The particulars of an entry. Append-only like the entry itself."""

    __tablename__ = "audit_detail"

    entry_id: Mapped[int] = mapped_column(ForeignKey("audit_entry.id"), unique=True)
    salt: Mapped[str] = mapped_column(Key)
    detail: Mapped[dict[str, Any]]

    entry: Mapped[AuditEntry] = relationship(back_populates="particulars")


class Access(Term):
    """What the access log tells of."""

    SIGN_IN = "sign_in", "Signed in"
    SIGN_IN_FAILED = "sign_in_failed", "Tried to sign in"
    SIGN_OUT = "sign_out", "Signed out"
    OPENED = "opened"
    LISTED = "listed", "Searched or listed"
    DOWNLOADED = "downloaded"
    SENT = "sent", "Sent a form"
    REFUSED = "refused", "Was refused"


class AccessEntry(Model):
    """Somebody looked, or tried to. Append-only, beside the chain and not in it."""

    __tablename__ = "access_entry"
    __table_args__ = (
        Index(None, "account_id", "occurred_at"),
        Index(None, "subject", "occurred_at"),
        Index(None, "reference", "id"),
    )

    occurred_at: Mapped[datetime] = mapped_column(default=clock.now)
    kind: Mapped[Access]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    roles: Mapped[str] = mapped_column(default="", comment="as held at that moment")
    session_id: Mapped[int | None] = mapped_column(ForeignKey("account_session.id"))
    subject: Mapped[str] = mapped_column(comment="what it was about, e.g. a reference or a document's key")
    reference: Mapped[str | None] = mapped_column(Reference, comment="of the complaint it was about")
    page: Mapped[str] = mapped_column(comment="the name of the page, e.g. cases.show")
    address: Mapped[str | None] = mapped_column(comment="the network address it came from")
    request_id: Mapped[str | None]


class Receipt(Created, Model):
    """That a creating form has been answered, and by which row: a second answer makes no second row."""

    __tablename__ = "receipt"

    submission: Mapped[str] = mapped_column(Key, unique=True, comment="made when the form was drawn")
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    answers: Mapped[str] = mapped_column(Digest, comment="a hash of what was answered")
    made: Mapped[str] = mapped_column(default="", comment="the table of the row that was made")
    made_id: Mapped[int] = mapped_column(default=0)
