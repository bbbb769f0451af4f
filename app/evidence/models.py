from __future__ import annotations

import re
from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core import clock
from app.core.model import Created, Model
from app.core.references import new_key
from app.core.terms import Term
from app.core.types import Digest, Key

if TYPE_CHECKING:
    from app.accounts.models import Account
    from app.allegations.models import Allegation
    from app.cases.models import Case
    from app.organisations.models import Organisation
    from app.receiving.models import Delivery
    from app.timeline.models import Row


_FIRST_PAGE = re.compile(r"\s*(?:pages?|pp?\.?)?\s*([1-9][0-9]{0,4})(?![0-9])", re.IGNORECASE)


class Supplier(Term):
    """Who gave us a document."""

    COMPLAINANT = "complainant", "The complainant or their representative"
    ORGANISATION = "organisation", "An organisation complained about"
    OFFICE = "office", "This office"
    THIRD_PARTY = "third_party", "Someone else"


class CopyKind(Term):
    ORIGINAL = "original"
    COPY = "copy"


class Way(Term):
    """By which channel something reached us."""

    POST = "post", "By post or courier"
    DISC = "disc", "On a disc or a memory stick"
    EMAIL = "email", "By e-mail"
    TRANSFER = "transfer", "By secure file transfer"
    HAND = "hand", "By hand"
    PORTAL = "portal", "Through this service"


class Following(Term):
    """What a document is to an earlier one. The earlier one stays as it is."""

    ADDENDUM = "addendum", "An addendum to it"
    CORRECTED = "corrected", "A corrected copy of it"
    REDACTED = "redacted", "A redacted copy of it"


class Weight(Term):
    """What a piece of evidence does for an allegation."""

    SUPPORTS = "supports", "Supports the allegation"
    CONTRADICTS = "contradicts", "Speaks against it"
    CONTEXT = "context"


class Document(Created, Model):
    """One document as it was received. Its file is never changed; two documents may have one content."""

    __tablename__ = "document"
    __table_args__ = (
        Index(None, "case_id", "sha256"),
        CheckConstraint(
            "(supplier = 'organisation') = (supplied_by_organisation_id IS NOT NULL)",
            name="organisation_when_supplier",
        ),
    )

    key: Mapped[str] = mapped_column(Key, unique=True, default=new_key)
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"))
    title: Mapped[str]
    filename: Mapped[str]
    media_type: Mapped[str] = mapped_column(comment="as the sender declared it: not to be trusted")
    sha256: Mapped[str] = mapped_column(Digest, index=True)
    size: Mapped[int] = mapped_column(comment="bytes")
    supplier: Mapped[Supplier]
    supplied_by_organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    supplied_on: Mapped[date] = mapped_column(comment="the day it reached the office")
    copy_kind: Mapped[CopyKind]
    document_on: Mapped[date | None] = mapped_column(comment="the date it bears")
    pages: Mapped[int | None]
    added_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    way: Mapped[Way | None] = mapped_column(comment="the channel it came by; null: nobody said")
    delivery_id: Mapped[int | None] = mapped_column(ForeignKey("delivery.id"), index=True)
    path: Mapped[str] = mapped_column(
        default="", comment="the folders it lay in, on the disc or in the archive"
    )
    unpacked_from_id: Mapped[int | None] = mapped_column(ForeignKey("document.id"), index=True)
    follows_id: Mapped[int | None] = mapped_column(ForeignKey("document.id"), index=True)
    following: Mapped[Following | None] = mapped_column(comment="what it is to the one it follows")
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    withdrawn_because: Mapped[str] = mapped_column(default="")

    case: Mapped[Case] = relationship(back_populates="documents")
    supplied_by_organisation: Mapped[Organisation | None] = relationship()
    added_by: Mapped[Account] = relationship(foreign_keys=added_by_id)
    withdrawn_by: Mapped[Account | None] = relationship(foreign_keys=withdrawn_by_id)
    delivery: Mapped[Delivery | None] = relationship(back_populates="documents")
    unpacked_from: Mapped[Document | None] = relationship(
        foreign_keys=unpacked_from_id, remote_side="Document.id"
    )
    follows: Mapped[Document | None] = relationship(
        foreign_keys=follows_id, remote_side="Document.id", back_populates="followed_by"
    )
    followed_by: Mapped[list[Document]] = relationship(foreign_keys=follows_id, back_populates="follows")
    links: Mapped[list[EvidenceLink]] = relationship(back_populates="document", order_by="EvidenceLink.id")
    disclosures: Mapped[list[Disclosure]] = relationship(back_populates="document", order_by="Disclosure.id")
    shown_to_complainant: Mapped[list[ComplainantDisclosure]] = relationship(
        back_populates="document", order_by="ComplainantDisclosure.id"
    )

    @property
    def standing_links(self) -> list[EvidenceLink]:
        """What it bears upon, without what was taken back."""
        return [link for link in self.links if link.struck_at is None]

    @property
    def place(self) -> str:
        """Where it lay, and under which name: as it is told from others of its delivery."""
        return f"{self.path}/{self.filename}" if self.path else self.filename

    @property
    def is_later_than_the_complaint(self) -> bool:
        """Whether it bears a date after the complaint was made: a record may have been changed since."""
        made_on = self.case.complaint.made_on
        return self.document_on is not None and made_on is not None and self.document_on > made_on

    @property
    def redacted_copies(self) -> list[Document]:
        """Those that stand, the latest last."""
        copies = (later for later in self.followed_by if later.following is Following.REDACTED)
        return sorted((copy for copy in copies if copy.withdrawn_at is None), key=lambda copy: copy.id)

    @property
    def is_seen_by_complainant(self) -> bool:
        return any(seen.withdrawn_at is None for seen in self.shown_to_complainant)

    def is_disclosed_to(self, organisation_id: int) -> bool:
        return any(d.organisation_id == organisation_id and d.withdrawn_at is None for d in self.disclosures)


class EvidenceLink(Created, Model):
    """That a document, or a row of the timeline, bears upon an allegation: where in it, how, and why.

    Findings rest on these. A link is struck out, never removed.
    """

    __tablename__ = "evidence_link"
    __table_args__ = (
        CheckConstraint("(document_id IS NULL) != (timeline_row_id IS NULL)", name="of_one_source"),
        CheckConstraint("(struck_at IS NULL) = (struck_by_id IS NULL)", name="struck_by_somebody"),
        Index(None, "document_id", "allegation_id"),
    )

    document_id: Mapped[int | None] = mapped_column(ForeignKey("document.id"))
    timeline_row_id: Mapped[int | None] = mapped_column(ForeignKey("timeline_row.id"), index=True)
    allegation_id: Mapped[int] = mapped_column(ForeignKey("allegation.id"), index=True)
    page: Mapped[str] = mapped_column(default="", comment="a page, a range or an image, as people cite it")
    note: Mapped[str]
    weight: Mapped[Weight] = mapped_column(default=Weight.CONTEXT)
    reason: Mapped[str] = mapped_column(default="", comment="why it has that weight; empty: nobody said")
    added_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    struck_at: Mapped[datetime | None]
    struck_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    struck_because: Mapped[str] = mapped_column(default="")

    document: Mapped[Document | None] = relationship(back_populates="links")
    timeline_row: Mapped[Row | None] = relationship()
    allegation: Mapped[Allegation] = relationship(back_populates="links")
    added_by: Mapped[Account] = relationship(foreign_keys=added_by_id)
    struck_by: Mapped[Account | None] = relationship(foreign_keys=struck_by_id)

    @property
    def source(self) -> Document | Row:
        """What bears upon the allegation: one of the two, as the table requires."""
        source = self.document or self.timeline_row
        assert source is not None
        return source

    @property
    def rests_in(self) -> Document | None:
        """The document in which it is to be read: of a row, its source, if it has one."""
        return self.document or (self.timeline_row.document if self.timeline_row else None)

    @property
    def called(self) -> str:
        """The title of the document, or what the row says."""
        return self.document.title if self.document else self.timeline_row.cited if self.timeline_row else ""

    @property
    def first_page(self) -> int | None:
        """The page to lead to, if what is cited begins with one: “3”, “12–14”, “p. 5”. An image is none."""
        of = self.timeline_row.page if self.timeline_row else self.page
        found = _FIRST_PAGE.match(of)
        return int(found[1]) if found else None

    @property
    def cited(self) -> str:
        """What it is, with its page."""
        return f"{self.called}, {self.at}" if self.page else self.called

    @property
    def at(self) -> str:
        """The page in words: “page 3”, “pages 12–14”; what is cited in words already, as it is."""
        if not self.page[:1].isdigit():
            return self.page
        return f"page {self.page}" if self.page.isdigit() else f"pages {self.page}"


class Disclosure(Model):
    """That an organisation may see a document, from one instant until it is withdrawn."""

    __tablename__ = "disclosure"
    __table_args__ = (Index(None, "organisation_id", "document_id"),)

    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"), index=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    disclosed_at: Mapped[datetime] = mapped_column(default=clock.now)
    disclosed_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    withdrawn_at: Mapped[datetime | None]

    document: Mapped[Document] = relationship(back_populates="disclosures")
    organisation: Mapped[Organisation] = relationship()


class ComplainantDisclosure(Model):
    """That the complainant may see a document, from one instant until it is withdrawn."""

    __tablename__ = "complainant_disclosure"

    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"), index=True)
    disclosed_at: Mapped[datetime] = mapped_column(default=clock.now)
    disclosed_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    withdrawn_at: Mapped[datetime | None]

    document: Mapped[Document] = relationship(back_populates="shown_to_complainant")
