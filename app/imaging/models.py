from __future__ import annotations

from datetime import date, datetime
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


class Shows(Term):
    """What a file of a study is."""

    IMAGE = "image"
    REPORT = "report", "Structured report"
    DOCUMENT = "document", "Document packed in an image file"
    OTHER = "other", "Something else"


class Whose(Term):
    """Whose study it is, as somebody has decided."""

    PERSON = "person", "The person this case is about"
    ANOTHER = "another", "Somebody else"


class ImagingStudy(Created, Model):
    """One study of one patient, in one case, as the headers of its files tell of it.

    Files that name one study and differ in the patient are two studies: neither is believed more.
    """

    __tablename__ = "imaging_study"
    __table_args__ = (
        UniqueConstraint("case_id", "told_apart"),
        CheckConstraint("(decided_at IS NULL) = (decided_by_id IS NULL)", name="decided_by_somebody"),
        CheckConstraint("(decided_at IS NULL) = (whose IS NULL)", name="decided_whose"),
    )

    key: Mapped[str] = mapped_column(Key, unique=True, default=new_key)
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"))
    told_apart: Mapped[str] = mapped_column(Digest, comment="of its UID and the patient as the header has it")
    uid: Mapped[str] = mapped_column(default="", comment="empty: its one file names no study")
    patient_name: Mapped[str] = mapped_column(default="", comment="as the header has it")
    patient_numbers: Mapped[list[Any]] = mapped_column(default=list, comment="whoever gave them")
    born_on: Mapped[date | None]
    studied_on: Mapped[date | None]
    description: Mapped[str] = mapped_column(default="")
    accession_number: Mapped[str] = mapped_column(default="")
    institution: Mapped[str] = mapped_column(default="")
    whose: Mapped[Whose | None]
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    decided_because: Mapped[str] = mapped_column(default="")

    case: Mapped[Case] = relationship()
    decided_by: Mapped[Account | None] = relationship()
    series: Mapped[list[ImagingSeries]] = relationship(
        back_populates="study", order_by="ImagingSeries.number, ImagingSeries.id"
    )

    @property
    def called(self) -> str:
        modalities = "/".join(dict.fromkeys(s.modality for s in self.series if s.modality))
        return " ".join(filter(None, (modalities, self.description))) or "Study without a name"


class ImagingSeries(Created, Model):
    """Images that were made in one go."""

    __tablename__ = "imaging_series"
    __table_args__ = (UniqueConstraint("study_id", "uid"),)

    study_id: Mapped[int] = mapped_column(ForeignKey("imaging_study.id"))
    uid: Mapped[str] = mapped_column(default="")
    number: Mapped[int | None]
    modality: Mapped[str] = mapped_column(default="", comment="as the standard abbreviates it: CID 29")
    body_part: Mapped[str] = mapped_column(default="")
    description: Mapped[str] = mapped_column(default="")

    study: Mapped[ImagingStudy] = relationship(back_populates="series")
    images: Mapped[list[ImagingImage]] = relationship(
        back_populates="series", order_by="ImagingImage.number, ImagingImage.id"
    )


class ImagingImage(Created, Model):
    """One file of a series: an image, or what is kept with images."""

    __tablename__ = "imaging_image"

    series_id: Mapped[int] = mapped_column(ForeignKey("imaging_series.id"), index=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"), unique=True)
    uid: Mapped[str] = mapped_column(default="")
    number: Mapped[int | None]
    shows: Mapped[Shows]
    rows: Mapped[int | None]
    columns: Mapped[int | None]
    frames: Mapped[int]
    packed: Mapped[str] = mapped_column(default="", comment="its transfer syntax, as the standard names it")
    unread: Mapped[list[Any]] = mapped_column(default=list, comment="what of its header could not be read")

    series: Mapped[ImagingSeries] = relationship(back_populates="images")
    document: Mapped[Document] = relationship()


class AdviserCopy(Work, Created, Model):
    """De-identified copies of images of one study, asked for at once, for one person: see `app.worker.copies`."""

    __tablename__ = "adviser_copy"
    __table_args__ = (Index(None, "state", "not_before"),)

    key: Mapped[str] = mapped_column(Key, unique=True, default=new_key)
    study_id: Mapped[int] = mapped_column(ForeignKey("imaging_study.id"), index=True)
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    made_for: Mapped[str]
    reasons: Mapped[str]
    sha256: Mapped[str | None] = mapped_column(
        Digest, comment="in the store of copies; null: not made, or not kept"
    )
    size: Mapped[int | None] = mapped_column(comment="bytes")

    study: Mapped[ImagingStudy] = relationship()
    asked_by: Mapped[Account] = relationship()
    images: Mapped[list[CopiedImage]] = relationship(back_populates="copy", order_by="CopiedImage.id")

    @property
    def filename(self) -> str:
        """A name that tells nothing of whose images are in it."""
        return f"images-{self.key[:8]}.zip"


class CopiedImage(Model):
    """One image of a copy, and what is blackened in it."""

    __tablename__ = "copied_image"
    __table_args__ = (UniqueConstraint("copy_id", "document_id"),)

    copy_id: Mapped[int] = mapped_column(ForeignKey("adviser_copy.id"))
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"), index=True)
    boxes: Mapped[list[Any]] = mapped_column(default=list, comment="left, top, width, height in points")
    problem: Mapped[str] = mapped_column(default="", comment="why it is not in the copy")

    copy: Mapped[AdviserCopy] = relationship(back_populates="images")
    document: Mapped[Document] = relationship()
