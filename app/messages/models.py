from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.model import Created, Model
from app.core.references import new_key
from app.core.terms import Term
from app.core.types import Digest, Key
from app.imaging.models import Whose
from app.reference.lists import timeline_kinds
from app.timeline import words
from app.timeline.models import Exactness

if TYPE_CHECKING:
    from app.accounts.models import Account
    from app.cases.models import Case
    from app.evidence.models import Document
    from app.timeline.models import Row


class Proposed(Term):
    """What has become of a row that a message proposes."""

    OPEN = "open", "Proposed"
    ACCEPTED = "accepted", "Accepted"
    DISMISSED = "dismissed", "Dismissed"


class HospitalMessage(Created, Model):
    """One message of a hospital's system, as it was read from a document. A document may hold several."""

    __tablename__ = "hospital_message"
    __table_args__ = (
        UniqueConstraint("document_id", "number"),
        Index(None, "case_id", "sender", "control_id"),
        Index(None, "case_id", "digest"),
        CheckConstraint("(decided_at IS NULL) = (decided_by_id IS NULL)", name="decided_by_somebody"),
        CheckConstraint("(decided_at IS NULL) = (whose IS NULL)", name="decided_whose"),
    )

    key: Mapped[str] = mapped_column(Key, unique=True, default=new_key)
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"))
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"))
    number: Mapped[int] = mapped_column(comment="in the document")
    kind: Mapped[str] = mapped_column(comment="of HL7, as ORU^R01, or the type of a FHIR resource")
    sender: Mapped[str] = mapped_column(comment="the sending system and its body, as the message has them")
    control_id: Mapped[str] = mapped_column(comment="what the sender tells its messages apart by")
    sent: Mapped[str] = mapped_column(comment="when it was sent, as the message has it")
    digest: Mapped[str] = mapped_column(Digest, comment="of all that it says")
    status: Mapped[str] = mapped_column(default="", comment="of what it tells, as the message has it")
    about: Mapped[str] = mapped_column(default="", comment="the examination, as the message calls it")
    examination_numbers: Mapped[list[Any]] = mapped_column(default=list)
    study_uid: Mapped[str] = mapped_column(default="")
    patient_name: Mapped[str] = mapped_column(default="")
    nhs_number: Mapped[str] = mapped_column(default="", comment="the number that the message says is one")
    patient_numbers: Mapped[list[Any]] = mapped_column(default=list, comment="others, with who gave them")
    born_on: Mapped[date | None]
    notes: Mapped[list[Any]] = mapped_column(default=list, comment="what is to be known of it, in sentences")
    repeats_id: Mapped[int | None] = mapped_column(ForeignKey("hospital_message.id"))
    contradicts_id: Mapped[int | None] = mapped_column(ForeignKey("hospital_message.id"))
    whose: Mapped[Whose | None]
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    decided_because: Mapped[str] = mapped_column(default="")

    case: Mapped[Case] = relationship()
    document: Mapped[Document] = relationship()
    repeats: Mapped[HospitalMessage | None] = relationship(
        foreign_keys=repeats_id, remote_side="HospitalMessage.id"
    )
    contradicts: Mapped[HospitalMessage | None] = relationship(
        foreign_keys=contradicts_id, remote_side="HospitalMessage.id"
    )
    decided_by: Mapped[Account | None] = relationship()
    proposals: Mapped[list[ProposedRow]] = relationship(
        back_populates="message", order_by="ProposedRow.number"
    )

    @property
    def called(self) -> str:
        return " ".join(filter(None, (self.kind, self.control_id.removeprefix(f"{self.kind}/"))))

    @property
    def open_proposals(self) -> list[ProposedRow]:
        return [one for one in self.proposals if one.state is Proposed.OPEN]


class ProposedRow(Created, Model):
    """One row of a timeline that a message proposes, and what somebody made of it."""

    __tablename__ = "proposed_row"
    __table_args__ = (
        UniqueConstraint("message_id", "number"),
        CheckConstraint("(state = 'open') = (decided_at IS NULL)", name="open_until_decided"),
        CheckConstraint("(decided_at IS NULL) = (decided_by_id IS NULL)", name="decided_by_somebody"),
        CheckConstraint("(state = 'accepted') = (row_id IS NOT NULL)", name="accepted_as_a_row"),
    )

    message_id: Mapped[int] = mapped_column(ForeignKey("hospital_message.id"))
    number: Mapped[int] = mapped_column(comment="in the message")
    kind: Mapped[str] = mapped_column(comment="its key in the list of kinds of rows")
    given: Mapped[str] = mapped_column(comment="the time as the message has it")
    happened_at: Mapped[datetime | None] = mapped_column(comment="none: it is known to the year only")
    exactness: Mapped[Exactness | None]
    place: Mapped[str] = mapped_column(comment="where in the message it stands")
    words: Mapped[str] = mapped_column(default="")
    note: Mapped[str] = mapped_column(default="", comment="what is to be known of the time or the place")
    state: Mapped[Proposed] = mapped_column(default=Proposed.OPEN)
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    decided_because: Mapped[str] = mapped_column(default="", comment="why it was dismissed")
    row_id: Mapped[int | None] = mapped_column(ForeignKey("timeline_row.id"), unique=True)

    message: Mapped[HospitalMessage] = relationship(back_populates="proposals")
    decided_by: Mapped[Account | None] = relationship()
    row: Mapped[Row | None] = relationship()

    @property
    def called(self) -> str:
        kinds = timeline_kinds()
        return kinds[self.kind].name if self.kind in kinds else self.kind

    @property
    def when(self) -> str:
        """When it happened, as exactly as it is known; as the message has it where it cannot be placed."""
        if self.happened_at is None or self.exactness is None:
            return self.given
        return words.when_known(self.happened_at, self.exactness)
