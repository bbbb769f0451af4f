from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.model import Created, Model, Versioned
from app.core.terms import Term
from app.reference.lists import consent_scopes

if TYPE_CHECKING:
    from app.accounts.models import Account
    from app.complaints.models import Complaint, Party
    from app.evidence.models import Document
    from app.people.models import Person

#: How long before its last day a consent is said to end soon.
SOON = timedelta(days=30)


class ConsentWay(Term):
    """How somebody gave their consent."""

    FORM = "form", "On our form"
    LETTER = "letter", "By letter or e-mail"
    CALL = "call", "On the telephone, written down by us"
    IN_PERSON = "in_person", "In person, written down by us"


class ConsentState(Term):
    """How a consent stands on a day. It follows from the days that are kept; nobody sets it."""

    IN_FORCE = "in_force"
    ENDING = "ending", "Ends soon"
    ENDED = "ended"
    WITHDRAWN = "withdrawn"
    OUTLIVED = "outlived", "Ended with their death"

    @property
    def holds(self) -> bool:
        return self in {ConsentState.IN_FORCE, ConsentState.ENDING}


class Consent(Created, Versioned, Model):
    """What a person consented to: that another acts for them, or that we obtain or share what is theirs.

    It holds from `given_on` to `until_on`, both counted, and no longer from the day it is withdrawn.
    """

    __tablename__ = "consent"
    __table_args__ = (
        UniqueConstraint("complaint_id", "number"),
        CheckConstraint("(withdrawn_on IS NULL) = (withdrawn_by_id IS NULL)", name="withdrawn_by_somebody"),
        CheckConstraint("until_on >= given_on", name="ends_after_it_begins"),
        Index(None, "withdrawn_on", "until_on"),
    )

    complaint_id: Mapped[int] = mapped_column(ForeignKey("complaint.id"))
    number: Mapped[int] = mapped_column(comment="in the complaint")
    giver_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    to_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), comment="who may act for them")
    scopes: Mapped[list[Any]] = mapped_column(comment="keys of the list of what can be consented to")
    list_version: Mapped[str]
    words: Mapped[str] = mapped_column(default="", comment="what just that covers, and what it does not")
    given_on: Mapped[date]
    way: Mapped[ConsentWay]
    until_on: Mapped[date | None] = mapped_column(comment="its last day; null: until it is withdrawn")
    document_id: Mapped[int | None] = mapped_column(ForeignKey("document.id"))
    evidence: Mapped[str] = mapped_column(default="", comment="where what shows it is kept, if not with us")
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    withdrawn_on: Mapped[date | None]
    withdrawn_because: Mapped[str] = mapped_column(default="")
    withdrawn_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), comment="who recorded it")

    complaint: Mapped[Complaint] = relationship(back_populates="consents")
    giver: Mapped[Person] = relationship(foreign_keys=giver_id)
    to: Mapped[Person | None] = relationship(foreign_keys=to_id)
    document: Mapped[Document | None] = relationship()
    recorded_by: Mapped[Account] = relationship(foreign_keys=recorded_by_id)
    withdrawn_by: Mapped[Account | None] = relationship(foreign_keys=withdrawn_by_id)

    @property
    def is_to_act(self) -> bool:
        return any(one.acts for one in map(consent_scopes().get, self.scopes) if one)

    @property
    def scopes_in_words(self) -> list[str]:
        known = consent_scopes()
        return [known[key].words if key in known else key for key in self.scopes]

    def state_on(self, day: date) -> ConsentState:
        """How it stands on a day; what has no end and is not withdrawn holds as long as they live."""
        if self.withdrawn_on and day >= self.withdrawn_on:
            return ConsentState.WITHDRAWN
        if self.giver.died_on and day >= self.giver.died_on:
            return ConsentState.OUTLIVED
        if self.until_on and day > self.until_on:
            return ConsentState.ENDED
        if self.until_on and self.until_on - day <= SOON:
            return ConsentState.ENDING
        return ConsentState.IN_FORCE


class BasisKind(Term):
    """By what right somebody acts for another. Only some of these are left when the other has died: s.9(3)."""

    CONSENT = "consent", "With the consent of the person affected"
    PARENT = "parent", "Parent or guardian of a child"
    ATTORNEY = "attorney", "Attorney or deputy of somebody who cannot act for themselves"
    PERSONAL_REPRESENTATIVE = "personal_representative", "Personal representative of somebody who has died"
    FAMILY = "family", "Member of the family of somebody who has died or cannot act for themselves"
    SUITABLE = "suitable", "Another person or body suitable to represent who has died or cannot act"

    @property
    def outlives_them(self) -> bool:
        """Whether it is still a right to act when the person affected has died."""
        return self in {BasisKind.PERSONAL_REPRESENTATIVE, BasisKind.FAMILY, BasisKind.SUITABLE}


class Basis(Created, Model):
    """By what right a party acts for another, as it was said, shown and accepted. The last one stands."""

    __tablename__ = "basis"
    __table_args__ = (
        CheckConstraint("(accepted_at IS NULL) = (accepted_by_id IS NULL)", name="accepted_by_somebody"),
        UniqueConstraint("party_id", "number"),
    )

    party_id: Mapped[int] = mapped_column(ForeignKey("party.id"))
    number: Mapped[int] = mapped_column(comment="of this party: the last one stands")
    kind: Mapped[BasisKind]
    words: Mapped[str] = mapped_column(default="", comment="how it is so: whose child, why they cannot act")
    document_id: Mapped[int | None] = mapped_column(ForeignKey("document.id"))
    evidence: Mapped[str] = mapped_column(default="", comment="what shows it, and where it is kept")
    said_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    accepted_at: Mapped[datetime | None]
    accepted_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    accepted_because: Mapped[str] = mapped_column(default="")

    party: Mapped[Party] = relationship(back_populates="bases")
    document: Mapped[Document | None] = relationship()
    said_by: Mapped[Account] = relationship(foreign_keys=said_by_id)
    accepted_by: Mapped[Account | None] = relationship(foreign_keys=accepted_by_id)


class Sees(Term):
    """What somebody in a disagreement is sent."""

    EVERYTHING = "everything", "All that a party is sent"
    DECISIONS = "decisions", "Only decisions and their reasons"
    NOTHING = "nothing"

    def covers(self, kind: Sees) -> bool:
        """Whether who is sent this much is sent a paper of that kind."""
        order = list(Sees)
        return order.index(self) <= order.index(kind)


class Disagreement(Created, Versioned, Model):
    """That two people in a complaint, often of one family, disagree about it, and what was decided about them."""

    __tablename__ = "disagreement"
    __table_args__ = (
        UniqueConstraint("complaint_id", "number"),
        CheckConstraint("one_id != other_id", name="between_two"),
        CheckConstraint("(decided_at IS NULL) = (decided_by_id IS NULL)", name="decided_by_somebody"),
        CheckConstraint("(ended_at IS NULL) = (ended_by_id IS NULL)", name="ended_by_somebody"),
    )

    complaint_id: Mapped[int] = mapped_column(ForeignKey("complaint.id"))
    number: Mapped[int] = mapped_column(comment="in the complaint")
    one_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    other_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    about: Mapped[str]
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    dealt_with_id: Mapped[int | None] = mapped_column(
        ForeignKey("person.id"), comment="null when decided: with both, each by themselves"
    )
    one_sees: Mapped[Sees] = mapped_column(default=Sees.EVERYTHING)
    other_sees: Mapped[Sees] = mapped_column(default=Sees.EVERYTHING)
    reasons: Mapped[str] = mapped_column(default="")
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    ended_at: Mapped[datetime | None]
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    ended_because: Mapped[str] = mapped_column(default="")

    complaint: Mapped[Complaint] = relationship(back_populates="disagreements")
    one: Mapped[Person] = relationship(foreign_keys=one_id)
    other: Mapped[Person] = relationship(foreign_keys=other_id)
    recorded_by: Mapped[Account] = relationship(foreign_keys=recorded_by_id)
    decided_by: Mapped[Account | None] = relationship(foreign_keys=decided_by_id)
    ended_by: Mapped[Account | None] = relationship(foreign_keys=ended_by_id)

    @property
    def dealt_with(self) -> Person | None:
        return next((one for one in (self.one, self.other) if one.id == self.dealt_with_id), None)

    def sees(self, person_id: int) -> Sees:
        """What this person is sent as long as it stands; everything for whoever is not in it."""
        standing = {self.one_id: self.one_sees, self.other_id: self.other_sees} if not self.ended_at else {}
        return standing.get(person_id, Sees.EVERYTHING)
