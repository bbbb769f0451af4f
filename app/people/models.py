from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Mapped, mapped_column

from app.core.model import Created, Model, Versioned
from app.people.nhs_number import Standing, standing_of


class Person(Created, Versioned, Model):
    """Someone who complains, whom it is about, or who speaks for them. The name is as they write it."""

    __tablename__ = "person"

    name: Mapped[str]
    search_name: Mapped[str] = mapped_column(index=True, comment="without case, accents, apostrophes")
    born_on: Mapped[date | None] = mapped_column(index=True)
    died_on: Mapped[date | None]
    nhs_number: Mapped[str] = mapped_column(default="", index=True, comment="as typed, without spaces")
    email: Mapped[str] = mapped_column(default="")
    telephone: Mapped[str] = mapped_column(default="")
    address: Mapped[str] = mapped_column(default="")

    @property
    def nhs_number_standing(self) -> Standing:
        return standing_of(self.nhs_number)
