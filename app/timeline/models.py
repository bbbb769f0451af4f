from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.allegations.models import ABOUT
from app.core import clock
from app.core.model import Created, Model, Versioned
from app.core.terms import Term
from app.reference.lists import timeline_kinds

if TYPE_CHECKING:
    from app.accounts.models import Account
    from app.cases.models import Case
    from app.evidence.models import Document
    from app.organisations.models import Organisation


class Exactness(Term):
    """How exactly it is known when something happened. What is kept is the beginning of the minute, day or month."""

    MINUTE = "minute", "To the minute"
    DAY = "day", "To the day"
    MONTH = "month", "Month only"
    ABOUT = "about", "On or about this day"


class Study(Created, Model):
    """One examination the case is about, as people call it: “Chest X-ray, Eastmarch General”."""

    __tablename__ = "timeline_study"
    __table_args__ = (UniqueConstraint("case_id", "number"),)

    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"))
    number: Mapped[int] = mapped_column(comment="in the case")
    name: Mapped[str]
    named_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))

    case: Mapped[Case] = relationship()


class Row(Created, Versioned, Model):
    """What one source says happened, or that it did not happen as far as was searched.

    Two accounts of one event are two rows. A row is struck out, never removed.
    """

    __tablename__ = "timeline_row"
    __table_args__ = (
        UniqueConstraint("case_id", "number"),
        CheckConstraint("(until_at IS NULL) OR (until_at >= happened_at)", name="until_after_from"),
        CheckConstraint("(chosen_at IS NULL) = (chosen_by_id IS NULL)", name="chosen_by_somebody"),
    )

    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"))
    number: Mapped[int] = mapped_column(comment="in the case")
    study_id: Mapped[int | None] = mapped_column(ForeignKey("timeline_study.id"))
    kind: Mapped[str] = mapped_column(comment="its key in the list of kinds")
    happened_at: Mapped[datetime] = mapped_column(comment="the beginning of what is known")
    until_at: Mapped[datetime | None] = mapped_column(
        comment="evidenced absence: it was searched for from happened_at to here, and not found"
    )
    exactness: Mapped[Exactness]
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    body: Mapped[str] = mapped_column(default="", comment="where it happened, if at no organisation we know")
    document_id: Mapped[int | None] = mapped_column(ForeignKey("document.id"), index=True)
    page: Mapped[str] = mapped_column(default="", comment="a page or an image, as people cite it")
    words: Mapped[str] = mapped_column(default="")
    disputed_by: Mapped[str] = mapped_column(default="")
    disputed_because: Mapped[str] = mapped_column(default="")
    chosen_at: Mapped[datetime | None] = mapped_column(comment="when this account was chosen to count")
    chosen_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    chosen_because: Mapped[str] = mapped_column(default="")
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    struck_at: Mapped[datetime | None]
    struck_because: Mapped[str] = mapped_column(default="")

    case: Mapped[Case] = relationship()
    study: Mapped[Study | None] = relationship()
    organisation: Mapped[Organisation | None] = relationship()
    document: Mapped[Document | None] = relationship()
    chosen_by: Mapped[Account | None] = relationship(foreign_keys=[chosen_by_id])
    recorded_by: Mapped[Account] = relationship(foreign_keys=[recorded_by_id])

    @property
    def is_absence(self) -> bool:
        return self.until_at is not None

    @property
    def is_disputed(self) -> bool:
        return bool(self.disputed_by)

    @property
    def called(self) -> str:
        name = timeline_kinds()[self.kind].name
        return f"Not found: {name[0].lower()}{name[1:]}" if self.is_absence else name

    @property
    def cited(self) -> str:
        """How it is called where it is evidence: its number, what happened, and when."""
        from app.timeline.words import when  # which knows this table

        return f"Row {self.number} of the timeline: {self.called}, {when(self)}"

    @property
    def where(self) -> str:
        return self.organisation.name if self.organisation else self.body

    @property
    def span(self) -> tuple[datetime, datetime]:
        """The earliest and the latest instant at which it can have happened; for an absence, what was searched."""
        if self.until_at:
            return self.happened_at, self.until_at
        return span_of(self.happened_at, self.exactness)

    @property
    def days(self) -> tuple[date, date]:
        """The first and the last day in London on which it can have happened."""
        first, last = self.span
        return clock.day_of(first), clock.day_of(last)

    @property
    def happened_on(self) -> date:
        return clock.day_of(self.happened_at)

    @property
    def at_time(self) -> str:
        """What a clock in London showed, where that is known."""
        if self.exactness is not Exactness.MINUTE:
            return ""
        return f"{self.happened_at.astimezone(clock.LONDON):%H:%M}"

    @property
    def until_on(self) -> date | None:
        return clock.day_of(self.until_at) if self.until_at else None

    @property
    def study_number(self) -> str:
        return str(self.study.number) if self.study else ""

    @property
    def organisation_code(self) -> str:
        return self.organisation.code if self.organisation else ""

    @property
    def document_key(self) -> str:
        return self.document.key if self.document else ""


def span_of(begins: datetime, exactness: Exactness) -> tuple[datetime, datetime]:
    """The earliest and the latest instant that words of this exactness can mean; ends belong to them."""
    day = clock.day_of(begins)
    match exactness:
        case Exactness.MINUTE:
            return begins, begins + timedelta(seconds=59)
        case Exactness.DAY:
            return _whole_days(day, day)
        case Exactness.MONTH:
            first = day.replace(day=1)
            return _whole_days(first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1))
        case Exactness.ABOUT:
            return _whole_days(day - ABOUT, day + ABOUT)


def _whole_days(first: date, last: date) -> tuple[datetime, datetime]:
    return clock.instant_of(first, time.min), clock.instant_of(last, time(23, 59, 59))
