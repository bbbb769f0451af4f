from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.model import Created, Model, Versioned
from app.core.terms import Term
from app.core.types import Digest


class OrganisationKind(Term):
    NHS_TRUST = "nhs_trust", "NHS trust"
    GP_PRACTICE = "gp_practice", "GP practice"
    INDEPENDENT_PROVIDER = "independent_provider"
    COMMISSIONER = "commissioner", "NHS commissioner"
    WELSH_BOARD = "welsh_board", "Welsh health board"
    ROYAL_COLLEGE = "royal_college", "Royal college or society"
    DEPARTMENT = "department", "Department or national body"
    REGULATOR = "regulator"
    OTHER = "other"


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

    facts: Mapped[list[OrganisationFacts]] = relationship(
        back_populates="organisation", order_by="OrganisationFacts.as_at"
    )
    arrangements: Mapped[list[Arrangement]] = relationship(
        back_populates="organisation", order_by="Arrangement.began_on, Arrangement.id"
    )

    @property
    def is_provider(self) -> bool:
        """Whether it is in remit only while it provides for the NHS: ss.2A, 2B, 9(4A), 9(4B)."""
        return self.kind in {OrganisationKind.INDEPENDENT_PROVIDER, OrganisationKind.GP_PRACTICE}

    def was_arranged_on(self, day: date) -> bool | None:
        """Whether an NHS arrangement covered `day`; None where no arrangement is recorded."""
        return any(a.covers(day) for a in self.arrangements) if self.arrangements else None

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

    def covers(self, day: date) -> bool:
        return self.began_on <= day and (self.ended_on is None or day <= self.ended_on)


class RegisterFile(Created, Model):
    """A register file that was loaded: one for a day."""

    __tablename__ = "register_file"

    sha256: Mapped[str] = mapped_column(Digest)
    as_at: Mapped[date] = mapped_column(unique=True)
    organisations: Mapped[int] = mapped_column(comment="how many it listed")
