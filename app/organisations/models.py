from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.model import Created, Model, Versioned
from app.core.terms import Term
from app.core.types import Digest

if TYPE_CHECKING:
    from app.lineage.models import Succession


class OrganisationKind(Term):
    NHS_TRUST = "nhs_trust", "NHS trust"
    GP_PRACTICE = "gp_practice", "GP practice"
    DENTIST = "dentist", "Dental practice"
    PHARMACY = "pharmacy"
    OPTICIAN = "optician", "Optician’s practice"
    INDEPENDENT_PROVIDER = "independent_provider"
    COMMISSIONER = "commissioner", "NHS commissioner"
    WELSH_BOARD = "welsh_board", "Welsh health board"
    ROYAL_COLLEGE = "royal_college", "Royal college or society"
    DEPARTMENT = "department", "Department or national body"
    REGULATOR = "regulator"
    OTHER = "other"


#: Those that provide family health services: s.2A. A period of theirs is an arrangement too: s.9(4A).
FAMILY_HEALTH = frozenset(
    {
        OrganisationKind.GP_PRACTICE,
        OrganisationKind.DENTIST,
        OrganisationKind.PHARMACY,
        OrganisationKind.OPTICIAN,
    }
)


class Coverage(Term):
    """How much of a time the arrangements of a provider cover."""

    WHOLE = "whole", "Covered"
    PARTLY = "partly"
    NOT = "not", "Not covered"


class Source(Term):
    """Where we have an organisation from."""

    REGISTER = "register", "National register (ODS)"
    BY_HAND = "by_hand", "Entered by hand"


class Organisation(Created, Versioned, Model):
    """One organisation under one code. Its columns are what was last known; history is in `facts`."""

    __tablename__ = "organisation"

    code: Mapped[str] = mapped_column(unique=True, comment="the ODS code, or one of ours beginning X-")
    name: Mapped[str]
    search_name: Mapped[str] = mapped_column(index=True, comment="without case, accents, apostrophes")
    kind: Mapped[OrganisationKind] = mapped_column(index=True)
    source: Mapped[Source]
    address: Mapped[str] = mapped_column(default="")
    postcode: Mapped[str] = mapped_column(default="")
    opened_on: Mapped[date | None]
    closed_on: Mapped[date | None]
    last_listed_on: Mapped[date | None] = mapped_column(comment="the newest register file that lists it")
    missing_since: Mapped[date | None] = mapped_column(comment="the first register file that no longer does")

    merged_into_id: Mapped[int | None] = mapped_column(
        ForeignKey("organisation.id"), index=True, comment="of which it was a duplicate; see lineage"
    )

    merged_into: Mapped[Organisation | None] = relationship(remote_side="Organisation.id")
    #: What it came from, where somebody decided that its liaison officers answer for that too
    opened: Mapped[list[Succession]] = relationship(
        primaryjoin="and_(Succession.to_id == Organisation.id, Succession.opened_at.is_not(None),"
        " Succession.withdrawn_at.is_(None))",
        viewonly=True,
    )
    facts: Mapped[list[OrganisationFacts]] = relationship(
        back_populates="organisation", order_by="OrganisationFacts.as_at"
    )
    arrangements: Mapped[list[Arrangement]] = relationship(
        back_populates="organisation", order_by="Arrangement.began_on, Arrangement.id"
    )

    @property
    def is_family_health_service(self) -> bool:
        return self.kind in FAMILY_HEALTH

    @property
    def is_provider(self) -> bool:
        """Whether it is in remit only while it provides for the NHS: ss.2A, 2B, 9(4A), 9(4B)."""
        return self.is_family_health_service or self.kind is OrganisationKind.INDEPENDENT_PROVIDER

    def coverage(self, first: date, last: date) -> Coverage | None:
        """How much of the days from `first` to `last` its arrangements cover; None where none is recorded."""
        if not self.arrangements:
            return None
        uncovered, touched = first, False
        for one in sorted(self.arrangements, key=lambda each: each.began_on):
            ended_on = min(one.last_day or last, last)
            if one.began_on > last or ended_on < first:
                continue
            touched = True
            if one.began_on <= uncovered <= ended_on:
                uncovered = ended_on + timedelta(days=1)
        return Coverage.WHOLE if uncovered > last else Coverage.PARTLY if touched else Coverage.NOT

    @property
    def known_as(self) -> str:
        """Its name and its code, as the record keeps them: readable, and never mistaken."""
        return f"{self.name} ({self.code})"

    def name_on(self, day: date) -> str:
        """What it was called on `day`: as in the last file up to then, else in the first after."""
        names = [fact.name for fact in self.facts if fact.as_at <= day] or [f.name for f in self.facts[:1]]
        return names[-1] if names else self.name


class OrganisationFacts(Model):
    """What a register file said of an organisation, where it differed from the file before."""

    __tablename__ = "organisation_facts"
    __table_args__ = (UniqueConstraint("organisation_id", "as_at"),)

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    as_at: Mapped[date]
    name: Mapped[str]
    search_name: Mapped[str] = mapped_column(index=True)
    address: Mapped[str]
    postcode: Mapped[str]
    opened_on: Mapped[date | None]
    closed_on: Mapped[date | None]

    organisation: Mapped[Organisation] = relationship(back_populates="facts")


class Arrangement(Created, Versioned, Model):
    """A period in which a provider provided for the NHS, by arrangement with a body: s.2B."""

    __tablename__ = "arrangement"
    __table_args__ = (CheckConstraint("ended_on >= began_on", name="ends_after_it_begins"),)

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    with_whom: Mapped[str] = mapped_column(comment="the NHS body it is with")
    began_on: Mapped[date]
    ended_on: Mapped[date | None] = mapped_column(comment="its last day; null: it goes on")
    source: Mapped[str] = mapped_column(comment="where we have it from")

    organisation: Mapped[Organisation] = relationship(back_populates="arrangements")

    @property
    def last_day(self) -> date | None:
        """The day it ended: no later than the provider closed. None while it goes on."""
        ends = [day for day in (self.ended_on, self.organisation.closed_on) if day]
        return min(ends, default=None)


class RegisterFile(Created, Model):
    """A register file that was loaded: one for a day."""

    __tablename__ = "register_file"

    sha256: Mapped[str] = mapped_column(Digest)
    as_at: Mapped[date] = mapped_column(unique=True)
    organisations: Mapped[int] = mapped_column(comment="how many it listed")
