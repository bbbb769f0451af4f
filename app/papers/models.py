from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.model import Created, Model
from app.core.references import new_key
from app.core.types import Digest, Key

if TYPE_CHECKING:
    from app.complaints.models import Complaint
    from app.evidence.models import Document


class Paper(Created, Model):
    """One file that came with a complaint. It is never changed; entered as evidence, it stays here too."""

    __tablename__ = "paper"

    key: Mapped[str] = mapped_column(Key, unique=True, default=new_key)
    complaint_id: Mapped[int] = mapped_column(ForeignKey("complaint.id"), index=True)
    filename: Mapped[str]
    media_type: Mapped[str] = mapped_column(comment="what its first bytes say it is")
    sha256: Mapped[str] = mapped_column(Digest, index=True)
    size: Mapped[int] = mapped_column(comment="bytes")
    document_id: Mapped[int | None] = mapped_column(
        ForeignKey("document.id"), unique=True, comment="null: not entered as evidence"
    )

    complaint: Mapped[Complaint] = relationship()
    document: Mapped[Document | None] = relationship()
