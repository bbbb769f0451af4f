from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.cases.models import CaseStage
from app.cases.next_steps import NextStep
from app.core.model import Created, Model, Versioned
from app.core.references import new_key
from app.core.terms import Term
from app.core.types import Key, Reference
from app.findings.models import Outcome

if TYPE_CHECKING:
    from app.accounts.models import Account

#: PostgreSQL has no room for the name that would follow from its columns.
OF_AN_OWNER = "ix_caseload_line_of_an_owner"
#: The day of what has no day: after all others where nothing is due, before them where nothing is decided.
NEVER, NOT_YET = date.max, date.min


class Standing(Term):
    """Where a complaint stands, and once it is a case, its stage: one word for a list to sort by."""

    INITIAL_CHECK = "initial_check", "Initial check"
    CLOSED_AFTER_CHECK = "closed_after_check", "Closed after initial check"
    ACCEPTED = "accepted", "Accepted, no case yet"
    PRIMARY_INVESTIGATION = CaseStage.PRIMARY_INVESTIGATION.value, CaseStage.PRIMARY_INVESTIGATION.label
    MEDIATION = CaseStage.MEDIATION.value, CaseStage.MEDIATION.label
    DETAILED_INVESTIGATION = CaseStage.DETAILED_INVESTIGATION.value, CaseStage.DETAILED_INVESTIGATION.label
    PROVISIONAL_VIEWS = CaseStage.PROVISIONAL_VIEWS.value, CaseStage.PROVISIONAL_VIEWS.label
    APPROVAL = CaseStage.APPROVAL.value, CaseStage.APPROVAL.label
    COMPLIANCE = CaseStage.COMPLIANCE.value, CaseStage.COMPLIANCE.label
    CLOSED = CaseStage.CLOSED.value, CaseStage.CLOSED.label


class Flag(Term):
    """What makes somebody look twice at a line."""

    TO_MATCH = "to_match", "An organisation is to be matched"
    NOBODY_KNOWN = "nobody_known", "The complainant is not known"
    HAS_DIED = "has_died", "The person affected has died"
    CODES_PROVISIONAL = "codes_provisional", "Failure codes not confirmed"
    TO_JUDGE = "to_judge", "Evidence waits to be judged"
    DISPUTED = "disputed", "A recommendation is disputed"
    TO_COMPARE = "to_compare", "To be compared with what is here"
    LOADED = "loaded", "Loaded from a file"
    STAYED = "stayed", "Stayed because of another proceeding"
    RESTRICTED = "restricted", "Only for those who are named"


class MarkKind(Term):
    """What a line can be found by, of which it may bear several."""

    ORGANISATION = "organisation"
    STEP = "step", "Pathway step"
    CODE = "code", "Failure code"
    MODALITY = "modality"
    FLAG = "flag"


class Line(Model):
    """One complaint as lists show it."""

    __tablename__ = "caseload_line"
    __table_args__ = (
        Index(None, "received_at", "complaint_id"),
        Index(None, "is_case", "received_at", "complaint_id"),
        Index(None, "standing", "received_at", "complaint_id"),
        Index(None, "is_open", "received_at", "complaint_id"),
        Index(None, "is_open", "due_on", "complaint_id"),
        Index(OF_AN_OWNER, "owner_id", "is_open", "is_case", "received_at", "complaint_id"),
        Index(None, "owner_id", "is_open", "due_on", "complaint_id"),
        Index(None, "outcome", "decided_on", "complaint_id"),
        Index(None, "decided_on", "complaint_id"),
        Index(None, "due_on", "complaint_id"),
    )

    complaint_id: Mapped[int] = mapped_column(ForeignKey("complaint.id"), unique=True)
    reference: Mapped[str] = mapped_column(Reference, unique=True)
    standing: Mapped[Standing]
    is_case: Mapped[bool]
    is_open: Mapped[bool]
    is_restricted: Mapped[bool] = mapped_column(comment="only those who are named may know of it")
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    received_at: Mapped[datetime]
    due_on: Mapped[date] = mapped_column(comment="the next unmet deadline; 9999-12-31: nothing is due")
    due_rule: Mapped[str] = mapped_column(comment="its id in the list of clocks")
    review_on: Mapped[date] = mapped_column(
        index=True, comment="when a stay is looked at again; 9999-12-31: it is not stayed"
    )
    consent_until: Mapped[date] = mapped_column(
        index=True, comment="the first last day of a consent while it is open; 9999-12-31: none ends"
    )
    decided_on: Mapped[date] = mapped_column(comment="0001-01-01: not decided")
    outcome: Mapped[Outcome | None]
    next_step: Mapped[NextStep]
    affected: Mapped[str] = mapped_column(comment="names of the persons affected")
    complainants: Mapped[str]
    organisations: Mapped[str]
    codes: Mapped[str]

    owner: Mapped[Account | None] = relationship(lazy="raise")

    @property
    def is_due(self) -> bool:
        return self.due_on != NEVER

    @property
    def is_decided(self) -> bool:
        return self.decided_on != NOT_YET


class Mark(Model):
    """Something a line can be found by: an organisation, a pathway step, a code, a modality, a flag."""

    __tablename__ = "caseload_mark"
    __table_args__ = (
        UniqueConstraint("complaint_id", "kind", "value"),
        Index(None, "kind", "value", "complaint_id"),
    )

    complaint_id: Mapped[int] = mapped_column(ForeignKey("complaint.id"))
    kind: Mapped[MarkKind]
    value: Mapped[str]


class SavedFilter(Created, Versioned, Model):
    """A question somebody asks often, by the name they gave it; shared ones are seen by all staff."""

    __tablename__ = "saved_filter"
    __table_args__ = (UniqueConstraint("account_id", "name"),)

    key: Mapped[str] = mapped_column(Key, unique=True, default=new_key)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    name: Mapped[str]
    query: Mapped[str] = mapped_column(comment="as it stands in an address after the question mark")
    is_shared: Mapped[bool] = mapped_column(default=False, index=True)

    account: Mapped[Account] = relationship()
