from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, inspect
from sqlalchemy.orm import Mapped, mapped_column, object_session, relationship, validates

from app.core.model import Created, Model, Versioned
from app.core.references import new_key
from app.core.terms import Term
from app.core.types import ByLetter, Key
from app.people.comparing import comparable_email, comparable_postcode, comparable_telephone
from app.people.naming import called_by
from app.people.nhs_number import Standing, standing_of

if TYPE_CHECKING:
    from app.accounts.models import Account


class ContactWay(Term):
    """How somebody wants to be reached."""

    NOT_SAID = "not_said", "They have not said"
    EMAIL = "email", "By e-mail"
    POST = "post", "By post"
    TELEPHONE = "telephone", "By telephone"


class AdjustmentKind(Term):
    """What somebody needs so that they can use our service as others do."""

    LARGE_PRINT = "large_print", "Large print"
    BRAILLE = "braille", "Braille"
    AUDIO = "audio", "Letters as a recording"
    EASY_READ = "easy_read", "Easy read"
    LETTERS_READ = "letters_read", "Letters read to them by telephone"
    INTERPRETER = "interpreter", "An interpreter"
    SIGN_LANGUAGE = "sign_language", "Sign language"
    MORE_TIME = "more_time", "More time to answer"
    OTHER = "other", "Something else"

    @property
    def changes_letters(self) -> bool:
        """Whether a letter cannot go to them as we print it, however large."""
        return self not in {AdjustmentKind.LARGE_PRINT, AdjustmentKind.MORE_TIME}


#: What is compared of a person, by the column that says it as it was typed.
COMPARED: dict[str, tuple[str, Callable[[str], str]]] = {
    "email": ("search_email", comparable_email),
    "telephone": ("search_telephone", comparable_telephone),
    "address": ("search_postcode", comparable_postcode),
}


class Person(Created, Versioned, Model):
    """Someone who complains, whom it is about, or who speaks for them. The name is as they write it."""

    __tablename__ = "person"
    __table_args__ = (Index(None, "born_on", "search_name"),)

    key: Mapped[str] = mapped_column(Key, unique=True, default=new_key)
    name: Mapped[str]
    search_name: Mapped[str] = mapped_column(index=True, comment="without case, accents, apostrophes")
    born_on: Mapped[date | None]
    died_on: Mapped[date | None]
    nhs_number: Mapped[str] = mapped_column(default="", index=True, comment="as typed, without spaces")
    email: Mapped[str] = mapped_column(default="")
    telephone: Mapped[str] = mapped_column(default="")
    address: Mapped[str] = mapped_column(default="")
    search_email: Mapped[str] = mapped_column(default="", index=True, comment="without capitals and blanks")
    search_telephone: Mapped[str] = mapped_column(
        default="", index=True, comment="its figures, from a nought"
    )
    search_postcode: Mapped[str] = mapped_column(default="", index=True, comment="of the address, closed up")
    merged_into_id: Mapped[int | None] = mapped_column(
        ForeignKey("person.id"), comment="whose record it turned out to be as well"
    )
    contact_by: Mapped[ContactWay] = mapped_column(default=ContactWay.NOT_SAID)
    contact_note: Mapped[str] = mapped_column(default="", comment="when, through whom, what to leave out")
    is_unsafe_to_contact: Mapped[bool] = mapped_column(
        default=False, comment="somebody near them must not learn of it: ask before any letter or call"
    )

    adjustments: Mapped[list[Adjustment]] = relationship(back_populates="person", order_by="Adjustment.id")
    vulnerabilities: Mapped[list[Vulnerability]] = relationship(
        back_populates="person", order_by="Vulnerability.id"
    )
    name_words: Mapped[list[PersonNameWord]] = relationship(
        back_populates="person", cascade="all, delete-orphan"
    )

    @validates("name")
    def _be_found_by_it(self, _name: str, written: str) -> str:
        """However a name is set, the words it is looked for by follow: those that were taken away are taken back."""
        if written == self.name:
            return written
        wanted = called_by(written)
        with session.no_autoflush if (session := object_session(self)) else nullcontext():
            there = {one.word: one for one in self.name_words}
        for word in there.keys() - wanted:
            self.name_words.remove(there[word])
        gone = {one.word: one for one in inspect(self).attrs.name_words.history.deleted or ()}
        self.name_words.extend(
            gone.get(word) or PersonNameWord(word=word) for word in sorted(wanted - there.keys())
        )
        return written

    @validates(*COMPARED)
    def _compare(self, name: str, typed: str) -> str:
        """However a contact detail is set, what is compared of it follows."""
        column, comparable = COMPARED[name]
        setattr(self, column, comparable(typed or ""))
        return typed

    @property
    def nhs_number_standing(self) -> Standing:
        return standing_of(self.nhs_number)


class PersonNameWord(Model):
    """A word of somebody's name, by whose beginning they are found however many others there are."""

    __tablename__ = "person_name_word"
    __table_args__ = (UniqueConstraint("person_id", "word"), Index(None, "word", "person_id"))

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    word: Mapped[str] = mapped_column(ByLetter, comment="without case and accents")

    person: Mapped[Person] = relationship(back_populates="name_words")


class Adjustment(Created, Model):
    """A reasonable adjustment for a person, in all that we send and say to them, until it is ended."""

    __tablename__ = "adjustment"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    kind: Mapped[AdjustmentKind]
    words: Mapped[str] = mapped_column(default="", comment="what just that means for them")
    added_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    ended_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship(back_populates="adjustments")
    added_by: Mapped[Account | None] = relationship()


class VulnerabilityKind(Term):
    """What makes somebody easily hurt, so that everybody who deals with them takes care."""

    SELF_HARM = "self_harm", "At risk of self-harm"
    BEREAVED = "bereaved", "Bereaved recently"
    END_OF_LIFE = "end_of_life", "Near the end of life"
    IN_CUSTODY = "in_custody", "In custody"
    UNDER_18 = "under_18", "Under 18"
    LACKS_CAPACITY = "lacks_capacity", "Cannot decide some things for themselves"
    DOMESTIC_ABUSE = "domestic_abuse", "Domestic abuse"
    OTHER = "other", "Something else"


class Vulnerability(Created, Versioned, Model):
    """A flag that tells everybody who deals with a person what to do. It is looked at again, and ended."""

    __tablename__ = "vulnerability"
    __table_args__ = (
        CheckConstraint("(ended_at IS NULL) = (ended_by_id IS NULL)", name="ended_by_somebody"),
        Index(None, "ended_at", "review_on"),
    )

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    kind: Mapped[VulnerabilityKind]
    words: Mapped[str] = mapped_column(comment="what to do")
    review_on: Mapped[date] = mapped_column(comment="when somebody looks whether it is still so")
    added_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    ended_at: Mapped[datetime | None]
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    ended_because: Mapped[str] = mapped_column(default="")

    person: Mapped[Person] = relationship(back_populates="vulnerabilities")
    added_by: Mapped[Account] = relationship(foreign_keys=added_by_id)
    ended_by: Mapped[Account | None] = relationship(foreign_keys=ended_by_id)
