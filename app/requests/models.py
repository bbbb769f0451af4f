from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core import clock
from app.core.model import Created, Model, Versioned
from app.core.terms import Term

if TYPE_CHECKING:
    from app.accounts.models import Account
    from app.cases.models import Case
    from app.evidence.models import Document
    from app.organisations.models import Organisation
    from app.receiving.models import Delivery


class RequestState(Term):
    """Where a request stands."""

    DRAFTED = "drafted", "Drafted: not sent"
    SENT = "sent"
    CHASED = "chased"
    WARNED = "warned", "Formally warned"
    CERTIFIED = "certified", "Put to the ombudsman (s.13)"
    COMPLETE = "complete", "Complete: each item is here or explained"
    WITHDRAWN = "withdrawn"


#: Something is wanted of the organisation still.
WITH_THE_BODY = frozenset(
    {RequestState.SENT, RequestState.CHASED, RequestState.WARNED, RequestState.CERTIFIED}
)
#: It has gone out, and was not withdrawn.
STANDING = WITH_THE_BODY | {RequestState.COMPLETE}
#: Its last day was counted by us and told to the organisation, and may yet come.
COUNTED = frozenset({RequestState.SENT, RequestState.CHASED, RequestState.WARNED})


#: What the organisation is told of it: that a memo was written is none of theirs.
OUTSIDE = {
    RequestState.SENT: "Waiting for you",
    RequestState.CHASED: "Waiting for you: you were reminded",
    RequestState.WARNED: "Waiting for you: you were formally warned",
    RequestState.CERTIFIED: "Waiting for you: you were formally warned",
    RequestState.COMPLETE: "Complete",
    RequestState.WITHDRAWN: "Withdrawn: nothing is asked for any more",
}


class ItemState(Term):
    """What became of one thing that was asked for."""

    OUTSTANDING = "outstanding"
    RECEIVED = "received"
    IN_PART = "in_part", "Received in part"
    NOT_HELD = "not_held", "Not held, as they say"
    REFUSED = "refused", "Refused by them"


#: Something of it is wanted still. What came in part is asked for again, for its rest.
WANTED = frozenset({ItemState.OUTSTANDING, ItemState.IN_PART})
#: It will not come, and the organisation has said why: these stand in the register of missing records.
MISSING = frozenset({ItemState.NOT_HELD, ItemState.REFUSED})


ITEM_OUTSIDE = {
    ItemState.OUTSTANDING: "We wait for it",
    ItemState.RECEIVED: "We have it",
    ItemState.IN_PART: "We have a part of it, and wait for the rest",
    ItemState.NOT_HELD: "You do not hold it, as you told us",
    ItemState.REFUSED: "You will not supply it, as you told us",
}


class Extent(Term):
    """How much of what was asked for came."""

    WHOLE = "whole", "All of it"
    PART = "part", "Part of it: the rest is wanted still"


class StepKind(Term):
    """What goes out in a request, in the order of the ladder."""

    REQUEST = "request", "Request for evidence"
    CHASER = "chaser"
    FORMAL_WARNING = "formal_warning"
    CERTIFICATE_MEMO = "certificate_memo", "Memo to the ombudsman (s.13)"


class EvidenceRequest(Created, Versioned, Model):
    """What one organisation that is party to a case is asked for at one time."""

    __tablename__ = "evidence_request"
    __table_args__ = (
        UniqueConstraint("case_id", "number"),
        Index(None, "state", "due_on", "id"),
        Index(None, "organisation_id", "state", "due_on", "id"),
        CheckConstraint("(asked_on IS NULL) = (due_on IS NULL)", name="due_when_asked"),
        CheckConstraint("(asked_on IS NULL) = (counted_from IS NULL)", name="counted_when_asked"),
    )

    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"))
    number: Mapped[int] = mapped_column(comment="in the case")
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    addressed_to: Mapped[str] = mapped_column(
        default="", comment="by name; empty: the link officer of the day on which it goes out"
    )
    words: Mapped[str] = mapped_column(default="", comment="what is said before the items")
    working_days: Mapped[int] = mapped_column(comment="from the day the last letter went out")
    state: Mapped[RequestState] = mapped_column(default=RequestState.DRAFTED)
    asked_on: Mapped[date | None] = mapped_column(comment="null: it has not gone out")
    counted_from: Mapped[datetime | None] = mapped_column(comment="when the last letter went out")
    due_on: Mapped[date | None] = mapped_column(comment="by the last letter, or as counted again since")
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))

    case: Mapped[Case] = relationship()
    organisation: Mapped[Organisation] = relationship()
    asked_by: Mapped[Account] = relationship()
    items: Mapped[list[RequestItem]] = relationship(
        back_populates="request", order_by="RequestItem.number", cascade="all, delete-orphan"
    )
    steps: Mapped[list[RequestStep]] = relationship(back_populates="request", order_by="RequestStep.number")

    @property
    def wanted(self) -> list[RequestItem]:
        """The items of which something is wanted still."""
        return [item for item in self.items if item.state in WANTED]

    @property
    def is_with_the_body(self) -> bool:
        return self.state in WITH_THE_BODY

    @property
    def is_overdue(self) -> bool:
        return self.is_with_the_body and self.due_on is not None and self.due_on < clock.today()

    @property
    def outside(self) -> str:
        """Where it stands, in words for the organisation."""
        return OUTSIDE[self.state]

    @property
    def kinds(self) -> list[str]:
        """The kinds of the items that were chosen from the list, as a form shows them."""
        return [item.kind for item in self.items if item.kind]

    @property
    def own(self) -> str:
        """The items in our own words, one in each line, as a form shows them."""
        return "\n".join(item.words for item in self.items if not item.kind)


class RequestItem(Versioned, Model):
    """One thing that is asked for, and what became of it."""

    __tablename__ = "request_item"
    __table_args__ = (
        UniqueConstraint("request_id", "number"),
        Index(None, "state", "id"),
        CheckConstraint("(settled_at IS NULL) = (settled_by_id IS NULL)", name="settled_by_somebody"),
        CheckConstraint("(state = 'outstanding') = (settled_at IS NULL)", name="settled_unless_outstanding"),
        CheckConstraint(
            "(state NOT IN ('not_held', 'refused')) OR (explanation <> '')", name="explained_when_missing"
        ),
    )

    request_id: Mapped[int] = mapped_column(ForeignKey("evidence_request.id"))
    number: Mapped[int] = mapped_column(comment="in the request")
    kind: Mapped[str] = mapped_column(
        default="", comment="its key in the list of items; empty: our own words"
    )
    name: Mapped[str] = mapped_column(default="", comment="as the list called it then")
    words: Mapped[str]
    asks_in_force: Mapped[bool] = mapped_column(
        default=False, comment="whether it was in force at the time is asked of what answers it"
    )
    state: Mapped[ItemState] = mapped_column(default=ItemState.OUTSTANDING)
    explanation: Mapped[str] = mapped_column(default="", comment="of the organisation, why it will not come")
    settled_at: Mapped[datetime | None]
    settled_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))

    request: Mapped[EvidenceRequest] = relationship(back_populates="items")
    settled_by: Mapped[Account | None] = relationship()
    answers: Mapped[list[DocumentAnswer]] = relationship(back_populates="item", order_by="DocumentAnswer.id")

    @property
    def called(self) -> str:
        return self.name or self.words

    @property
    def outside(self) -> str:
        """What became of it, in words for the organisation."""
        return ITEM_OUTSIDE[self.state]

    @property
    def place(self) -> str:
        """How a form names it among the items of a case: `2-3` is item 3 of request 2."""
        return f"{self.request.number}-{self.number}"

    @property
    def standing(self) -> list[DocumentAnswer]:
        """What was received in answer to it and was not taken back."""
        return [answer for answer in self.answers if answer.ended_at is None]


class RequestStep(Created, Model):
    """One letter of a request as it went out: never changed, and printed from here."""

    __tablename__ = "request_step"
    __table_args__ = (UniqueConstraint("request_id", "number"),)

    request_id: Mapped[int] = mapped_column(ForeignKey("evidence_request.id"))
    number: Mapped[int] = mapped_column(comment="in the request")
    kind: Mapped[StepKind]
    taken_on: Mapped[date]
    by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    words: Mapped[str] = mapped_column(default="")
    working_days: Mapped[int | None] = mapped_column(comment="null: a memo gives nobody time")
    due_on: Mapped[date | None] = mapped_column(comment="as the letter says it")
    content: Mapped[dict[str, Any]] = mapped_column(comment="to whom, about whom, and what was wanted then")

    request: Mapped[EvidenceRequest] = relationship(back_populates="steps")
    by: Mapped[Account] = relationship()


class DocumentAnswer(Created, Model):
    """That a document, or all of a delivery, was received in answer to an item."""

    __tablename__ = "document_answer"
    __table_args__ = (
        CheckConstraint("(document_id IS NULL) <> (delivery_id IS NULL)", name="document_or_delivery"),
        CheckConstraint("in_force_from <= in_force_until", name="in_force_in_order"),
        CheckConstraint("(ended_at IS NULL) = (ended_by_id IS NULL)", name="ended_by_somebody"),
    )

    item_id: Mapped[int] = mapped_column(ForeignKey("request_item.id"), index=True)
    document_id: Mapped[int | None] = mapped_column(ForeignKey("document.id"), index=True)
    delivery_id: Mapped[int | None] = mapped_column(ForeignKey("delivery.id"), index=True)
    in_force_from: Mapped[date | None] = mapped_column(comment="as the document or the organisation says")
    in_force_until: Mapped[date | None] = mapped_column(comment="its last day; null: no end is known")
    by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    ended_at: Mapped[datetime | None]
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    ended_because: Mapped[str] = mapped_column(default="")

    item: Mapped[RequestItem] = relationship(back_populates="answers")
    document: Mapped[Document | None] = relationship()
    delivery: Mapped[Delivery | None] = relationship()
    by: Mapped[Account] = relationship(foreign_keys=by_id)

    @property
    def title(self) -> str:
        return self.document.title if self.document else self.delivery.label if self.delivery else ""
