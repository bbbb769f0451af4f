from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.model import Created, Model

if TYPE_CHECKING:
    from app.evidence.models import EvidenceLink

#: A box on a page is said in thousandths of its width and height as people see it, from the upper left corner.
WHOLE = 1000
IN_ORDER = "0 <= {0} AND {0} < {1} AND {1} <= 1000"


class CitationRegion(Created, Model):
    """The part of a page that a link to an allegation cites, in thousandths of its width and height."""

    __tablename__ = "citation_region"
    __table_args__ = (
        CheckConstraint(IN_ORDER.format('"left"', '"right"'), name="from_left_to_right"),
        CheckConstraint(IN_ORDER.format("top", "bottom"), name="from_top_to_bottom"),
    )

    evidence_link_id: Mapped[int] = mapped_column(ForeignKey("evidence_link.id"), unique=True)
    page: Mapped[int] = mapped_column(comment="from 1")
    left: Mapped[int]
    top: Mapped[int]
    right: Mapped[int]
    bottom: Mapped[int]

    link: Mapped[EvidenceLink] = relationship()
