from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.model import Created, Model
from app.core.references import new_key
from app.core.terms import Term
from app.core.types import Key
from app.core.work import Work
from app.reading.models import IN_ORDER

if TYPE_CHECKING:
    from app.accounts.models import Account
    from app.evidence.models import Document


class Reason(Term):
    """Why something is blacked out."""

    ANOTHER = "another", "It is about somebody else"
    STAFF = "staff", "It identifies a member of staff or an adviser"
    CONFIDENCE = "confidence", "It was given in confidence"
    HARM = "harm", "Knowing it could harm somebody"
    PRIVILEGE = "privilege", "It is legal advice"
    OTHER = "other", "For another reason"


class RedactionMark(Created, Model):
    """One place of a page that is to be blacked out. It is struck out when it is not, and stays."""

    __tablename__ = "redaction_mark"
    __table_args__ = (
        CheckConstraint(IN_ORDER.format('"left"', '"right"'), name="from_left_to_right"),
        CheckConstraint(IN_ORDER.format("top", "bottom"), name="from_top_to_bottom"),
        CheckConstraint("(struck_at IS NULL) = (struck_by_id IS NULL)", name="struck_by_somebody"),
        Index(None, "document_id", "page"),
    )

    key: Mapped[str] = mapped_column(Key, unique=True, default=new_key)
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"))
    page: Mapped[int] = mapped_column(comment="from 1")
    left: Mapped[int] = mapped_column(comment="in thousandths of the page, as are the other three")
    top: Mapped[int]
    right: Mapped[int]
    bottom: Mapped[int]
    reason: Mapped[Reason]
    words: Mapped[str] = mapped_column(default="", comment="the reason in words")
    is_proposed: Mapped[bool] = mapped_column(
        default=False, comment="found by its words, and looked at by nobody yet"
    )
    added_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    struck_at: Mapped[datetime | None]
    struck_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))

    document: Mapped[Document] = relationship()
    added_by: Mapped[Account] = relationship(foreign_keys=added_by_id)
    struck_by: Mapped[Account | None] = relationship(foreign_keys=struck_by_id)

    @property
    def box(self) -> list[int]:
        return [self.left, self.top, self.right, self.bottom]


class Aim(Term):
    """What the worker is asked to do for a redaction."""

    FIND = "find", "Find where words stand"
    COPY = "copy", "Make a redacted copy"


class Redacting(Work, Created, Model):
    """One thing the worker is asked to do with a document and its marks, and what came of it."""

    __tablename__ = "redacting"
    __table_args__ = (Index(None, "state", "not_before"),)

    key: Mapped[str] = mapped_column(Key, unique=True, default=new_key)
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"), index=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    aim: Mapped[Aim]
    words: Mapped[str] = mapped_column(default="", comment="the words to find, or what the copy is called")
    reason: Mapped[Reason | None] = mapped_column(comment="of the marks that are proposed")
    marks: Mapped[list[Any]] = mapped_column(default=list, comment="as they were when the copy was asked for")
    pages_in_all: Mapped[int | None]
    pages_done: Mapped[int] = mapped_column(default=0)
    found: Mapped[int | None] = mapped_column(comment="how many places were proposed")
    copy_id: Mapped[int | None] = mapped_column(ForeignKey("document.id"), unique=True)

    document: Mapped[Document] = relationship(foreign_keys=document_id)
    account: Mapped[Account] = relationship()
    copy: Mapped[Document | None] = relationship(foreign_keys=copy_id)
