from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core import clock
from app.core.model import Model, Versioned
from app.core.references import new_key
from app.core.types import Digest, Key

if TYPE_CHECKING:
    from app.complaints.models import Complaint


class SubmissionDraft(Versioned, Model):
    """A form of the public as far as it has come, until a day after it is sent. Instants are the machine's.

    Only a hash of the token by which its browser finds it is kept.
    """

    __tablename__ = "submission_draft"
    __table_args__ = (Index(None, "touched_at"),)

    token_hash: Mapped[str] = mapped_column(Digest, unique=True)
    answers: Mapped[dict[str, Any]] = mapped_column(comment="by page, pairs of a field's name and its words")
    wants_large_print: Mapped[bool] = mapped_column(default=False)
    email: Mapped[str] = mapped_column(default="", index=True, comment="where its last link went; lower case")
    started_at: Mapped[datetime] = mapped_column(default=clock.wall)
    touched_at: Mapped[datetime] = mapped_column(default=clock.wall)
    sent_at: Mapped[datetime | None]
    complaint_id: Mapped[int | None] = mapped_column(
        ForeignKey("complaint.id"), unique=True, comment="what it became; its answers are empty by then"
    )

    complaint: Mapped[Complaint | None] = relationship()
    files: Mapped[list[SubmissionFile]] = relationship(back_populates="draft", order_by="SubmissionFile.id")
    links: Mapped[list[SubmissionLink]] = relationship(back_populates="draft")


class SubmissionLink(Model):
    """A link by which somebody comes back to their form, once. Instants are the machine's."""

    __tablename__ = "submission_link"

    token_hash: Mapped[str] = mapped_column(Digest, unique=True)
    draft_id: Mapped[int] = mapped_column(ForeignKey("submission_draft.id"), index=True)
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None] = mapped_column(comment="by a newer one, or because the form was sent")

    draft: Mapped[SubmissionDraft] = relationship(back_populates="links")


class SubmissionFile(Model):
    """A file that waits with a form. It is kept apart from evidence, and goes with the form if that is not sent."""

    __tablename__ = "submission_file"

    key: Mapped[str] = mapped_column(Key, unique=True, default=new_key)
    draft_id: Mapped[int] = mapped_column(ForeignKey("submission_draft.id"), index=True)
    filename: Mapped[str]
    media_type: Mapped[str]
    sha256: Mapped[str] = mapped_column(Digest)
    size: Mapped[int] = mapped_column(comment="bytes")

    draft: Mapped[SubmissionDraft] = relationship(back_populates="files")
