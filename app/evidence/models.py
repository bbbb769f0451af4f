from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
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
    """That a document bears upon an allegation, at this page, for this reason. Findings rest on these."""

    __tablename__ = "evidence_link"
    __table_args__ = (UniqueConstraint("document_id", "allegation_id", "page"),)

    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"))
    allegation_id: Mapped[int] = mapped_column(ForeignKey("allegation.id"), index=True)
    page: Mapped[str] = mapped_column(default="", comment="a page, a range or an image, as people cite it")
    note: Mapped[str]
    added_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))

    document: Mapped[Document] = relationship(back_populates="links")
    allegation: Mapped[Allegation] = relationship(back_populates="links")


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
