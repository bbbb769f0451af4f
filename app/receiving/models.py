from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core import clock
from app.core.model import Created, Model
from app.core.references import new_key
from app.core.terms import Term
from app.core.types import Key
from app.evidence.models import CopyKind, Supplier, Way

if TYPE_CHECKING:
    from app.accounts.models import Account
    from app.cases.models import Case
    from app.evidence.models import Document
    from app.organisations.models import Organisation


class Unit(Term):
    """What a label counts."""

    STUDIES = "studies"
    IMAGES = "images"
    DOCUMENTS = "documents"
    PAGES = "pages"


class Delivery(Created, Model):
    """What reached us together: a disc, a letter with enclosures, an e-mail. What is found in it is compared
    with what its label says until somebody says that all of it is in; from then on the difference stands.
    """

    __tablename__ = "delivery"
    __table_args__ = (
        CheckConstraint("(declared IS NULL) = (unit IS NULL)", name="unit_when_declared"),
        CheckConstraint(
            "(supplier = 'organisation') = (organisation_id IS NOT NULL)", name="organisation_when_supplier"
        ),
    )

    key: Mapped[str] = mapped_column(Key, unique=True, default=new_key)
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"), index=True)
    label: Mapped[str] = mapped_column(comment="what it calls itself, in its own words")
    supplier: Mapped[Supplier]
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    supplied_on: Mapped[date] = mapped_column(comment="the day it reached the office")
    way: Mapped[Way]
    copy_kind: Mapped[CopyKind]
    declared: Mapped[int | None] = mapped_column(comment="how many of `unit` it says are in it")
    unit: Mapped[Unit | None]
    supplements_id: Mapped[int | None] = mapped_column(
        ForeignKey("delivery.id"), comment="the delivery that was incomplete"
    )
    added_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    closed_at: Mapped[datetime | None] = mapped_column(comment="when somebody said that all of it is in")
    found: Mapped[int | None] = mapped_column(comment="how many of `unit` were found by then")

    case: Mapped[Case] = relationship()
    organisation: Mapped[Organisation | None] = relationship()
    added_by: Mapped[Account] = relationship()
    supplements: Mapped[Delivery | None] = relationship(remote_side="Delivery.id")
    documents: Mapped[list[Document]] = relationship(back_populates="delivery", order_by="Document.id")

    @property
    def from_whom(self) -> str:
        return self.organisation.name if self.organisation else self.supplier.label


class UploadState(Term):
    """How far a file has come."""

    ARRIVING = "arriving", "On its way"
    ENTERED = "entered", "Received"
    REFUSED = "refused"
    ABANDONED = "abandoned", "Given up"


class Upload(Created, Model):
    """One file that comes in parts. Any process takes the next part; `received` bytes are safe on disk."""

    __tablename__ = "upload"
    __table_args__ = (Index(None, "state", "touched_at"), Index(None, "delivery_id", "place"))

    key: Mapped[str] = mapped_column(Key, unique=True, default=new_key)
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"), index=True)
    delivery_id: Mapped[int] = mapped_column(ForeignKey("delivery.id"))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    filename: Mapped[str]
    path: Mapped[str] = mapped_column(default="", comment="the folders it lies in")
    place: Mapped[str] = mapped_column(comment="path and name, by which it is gone on with")
    media_type: Mapped[str] = mapped_column(comment="as the sender declared it: not to be trusted")
    modified: Mapped[str] = mapped_column(default="", comment="when it was last changed, as the browser says")
    size: Mapped[int] = mapped_column(BigInteger, comment="bytes, as announced")
    received: Mapped[int] = mapped_column(BigInteger, default=0, comment="bytes that are safe on disk")
    arriving: Mapped[str] = mapped_column(Key, unique=True, comment="its name in the store until it is whole")
    state: Mapped[UploadState] = mapped_column(default=UploadState.ARRIVING)
    problem: Mapped[str] = mapped_column(default="")
    document_id: Mapped[int | None] = mapped_column(ForeignKey("document.id"), index=True)
    touched_at: Mapped[datetime] = mapped_column(default=clock.wall, comment="by the machine's clock")

    delivery: Mapped[Delivery] = relationship()
    account: Mapped[Account] = relationship()
    document: Mapped[Document | None] = relationship()

    @property
    def is_whole(self) -> bool:
        return self.received == self.size
