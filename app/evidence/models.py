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


class Supplier(Term):
    """Who gave us a document."""

    COMPLAINANT = "complainant", "The complainant or their representative"
    ORGANISATION = "organisation", "An organisation complained about"
    OFFICE = "office", "This office"
    THIRD_PARTY = "third_party", "Someone else"


class CopyKind(Term):
    ORIGINAL = "original"
    COPY = "copy"


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

    case: Mapped[Case] = relationship(back_populates="documents")
    supplied_by_organisation: Mapped[Organisation | None] = relationship()
    added_by: Mapped[Account] = relationship()
    links: Mapped[list[EvidenceLink]] = relationship(back_populates="document", order_by="EvidenceLink.id")
    disclosures: Mapped[list[Disclosure]] = relationship(back_populates="document", order_by="Disclosure.id")

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
