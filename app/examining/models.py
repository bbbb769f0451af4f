from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, select
from sqlalchemy.engine.default import DefaultExecutionContext
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.model import Created, Model
from app.core.terms import Term
from app.core.types import Digest
from app.core.work import Work, WorkState
from app.evidence.models import Document
from app.search.words import terms_of_page

if TYPE_CHECKING:
    from app.accounts.models import Account


class Safety(Term):
    """What the scanner said of a file. Only what is clean goes out, or what a named person has released."""

    RECEIVED = "received", "Received, and not scanned yet"
    SCANNING = "scanning", "Being scanned"
    CLEAN = "clean", "Scanned, and clean"
    INFECTED = "infected", "Infected: it is given to nobody"
    NOT_SCANNED = "not_scanned", "Not scanned"
    UNREADABLE = "unreadable", "Its stored file could not be read"


class Quarantine(Created, Model):
    """What is known of the safety of one document's file. Nobody from outside is given it until that is known."""

    __tablename__ = "quarantine"
    __table_args__ = (
        CheckConstraint("(released_at IS NULL) = (released_by_id IS NULL)", name="released_by_somebody"),
        Index(None, "state", "document_id"),
    )

    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"), unique=True)
    state: Mapped[Safety] = mapped_column(default=Safety.RECEIVED)
    infection: Mapped[str] = mapped_column(default="", comment="as the scanner calls it")
    media_type: Mapped[str] = mapped_column(default="", comment="as we found it; empty: nothing we know")
    mismatch: Mapped[str] = mapped_column(default="", comment="how it is not what its name says")
    scanned_at: Mapped[datetime | None]
    released_at: Mapped[datetime | None]
    released_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    release_reasons: Mapped[str] = mapped_column(default="")

    document: Mapped[Document] = relationship()
    released_by: Mapped[Account | None] = relationship()

    @property
    def may_go_out(self) -> bool:
        """Whether somebody outside the office may be given the file. What is infected never may."""
        if self.state is Safety.INFECTED:
            return False
        return self.state is Safety.CLEAN or self.released_at is not None

    @property
    def may_be_released(self) -> bool:
        return self.state is Safety.NOT_SCANNED and not self.may_go_out


class Examination(Work, Created, Model):
    """One thing to be done with one document's file, and what came of it: see `app.examining.kinds`."""

    __tablename__ = "examination"
    __table_args__ = (UniqueConstraint("document_id", "kind"), Index(None, "state", "not_before"))

    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"))
    kind: Mapped[str] = mapped_column(comment="its name in app.examining.kinds")
    result: Mapped[dict[str, Any]] = mapped_column(default=dict)

    document: Mapped[Document] = relationship()

    @property
    def found_no_scanner(self) -> bool:
        """Whether it was to be scanned, and all that could be done was to say that there is no scanner."""
        was_not = self.kind == "scan" and self.result.get("state") == Safety.NOT_SCANNED
        return was_not and self.state is WorkState.DONE

    @property
    def may_be_tried_again(self) -> bool:
        """Whether it failed, or no scanner was there to be asked."""
        return self.state is WorkState.FAILED or self.found_no_scanner


def _terms_of(context: DefaultExecutionContext) -> str:
    """The terms of a page that is kept, however it is inserted."""
    page = context.get_current_parameters()
    of = select(Document.case_id).where(Document.id == page["document_id"])
    return terms_of_page(page["words"], context.connection.scalar(of))


class PageText(Model):
    """The words of one page of a document, as they were read from its file. Replaced, never changed.

    Triggers keep `search_index_of_pages`, which each database builds in its own way, in step with it.
    """

    __tablename__ = "page_text"
    __table_args__ = (UniqueConstraint("document_id", "page"),)

    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"))
    page: Mapped[int] = mapped_column(comment="from 1")
    words: Mapped[str]
    recognised: Mapped[bool] = mapped_column(
        default=False, comment="whether a machine recognised them in a picture, and may be wrong"
    )
    terms: Mapped[str] = mapped_column(
        default=_terms_of, comment="what it is looked for by; empty: it is not indexed yet"
    )

    document: Mapped[Document] = relationship()


class Rendition(Created, Model):
    """A picture made of a page of a document, kept in the store of renditions. It can be made again."""

    __tablename__ = "rendition"
    __table_args__ = (UniqueConstraint("document_id", "kind", "page"),)

    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"))
    kind: Mapped[str]
    page: Mapped[int] = mapped_column(comment="from 1")
    sha256: Mapped[str] = mapped_column(Digest)
    size: Mapped[int] = mapped_column(comment="bytes")
    width: Mapped[int]
    height: Mapped[int]
