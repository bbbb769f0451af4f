from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.model import Created, Model
from app.core.references import new_key
from app.core.terms import Term
from app.core.types import Digest, Key
from app.core.work import Work

if TYPE_CHECKING:
    from app.accounts.models import Account
    from app.cases.models import Case
    from app.evidence.models import Document
    from app.organisations.models import Organisation


class Whom(Term):
    """For whom a bundle is made."""

    ADVISER = "adviser", "An adviser to this office"
    COMPLAINANT = "complainant", "The complainant"
    ORGANISATION = "organisation", "An organisation complained about"


class Bundle(Work, Created, Model):
    """A bundle somebody asked for: of what, for whom and why, how far it is, and the file once made."""

    __tablename__ = "bundle"
    __table_args__ = (
        UniqueConstraint("case_id", "number"),
        CheckConstraint(
            "(whom = 'organisation') = (organisation_id IS NOT NULL)", name="organisation_when_for_one"
        ),
        Index(None, "state", "not_before"),
    )

    key: Mapped[str] = mapped_column(Key, unique=True, default=new_key)
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"))
    number: Mapped[int] = mapped_column(comment="1, 2, 3 … in its case")
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    whom: Mapped[Whom]
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    because: Mapped[str]
    parts_done: Mapped[int] = mapped_column(default=0)
    pages: Mapped[int | None]
    notes: Mapped[list[Any]] = mapped_column(default=list, comment="what is in it otherwise than as it came")
    sha256: Mapped[str | None] = mapped_column(Digest, index=True)
    size: Mapped[int | None] = mapped_column(comment="in bytes")
    expires_at: Mapped[datetime | None] = mapped_column(index=True)

    case: Mapped[Case] = relationship()
    account: Mapped[Account] = relationship()
    organisation: Mapped[Organisation | None] = relationship()
    parts: Mapped[list[BundlePart]] = relationship(back_populates="bundle", order_by="BundlePart.position")

    @property
    def is_there(self) -> bool:
        """Whether its file can be downloaded."""
        return self.sha256 is not None

    @property
    def has_expired(self) -> bool:
        return self.expires_at is not None and not self.is_there

    @property
    def told_for(self) -> str:
        """For whom it is, in words."""
        return self.organisation.name if self.organisation else self.whom.label


class BundlePart(Model):
    """One document of a bundle, in its place."""

    __tablename__ = "bundle_part"
    __table_args__ = (UniqueConstraint("bundle_id", "position"),)

    bundle_id: Mapped[int] = mapped_column(ForeignKey("bundle.id"))
    position: Mapped[int] = mapped_column(comment="from 1")
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"), index=True)
    is_apart: Mapped[bool] = mapped_column(comment="whether it can only be supplied separately")
    first_page: Mapped[int | None] = mapped_column(comment="of the bundle")
    last_page: Mapped[int | None]

    bundle: Mapped[Bundle] = relationship(back_populates="parts")
    document: Mapped[Document] = relationship()
