from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from app import policy
from app.accounts.models import Account
from app.allegations.events import (
    AllegationChanged,
    AllegationMade,
    IssueChanged,
    IssueRecorded,
)
from app.allegations.models import (
    Allegation,
    Issue,
    Kind,
    KnowledgeDate,
    KnowledgeSource,
    Precision,
)
from app.audit.changes import Changes
from app.audit.changes import change as change_row
from app.audit.record import record
from app.complaints.models import Complaint
from app.core import clock
from app.core.errors import RuleBroken
from app.organisations.models import Organisation
from app.policy import Permission
from app.reference.lists import offered_modalities


def record_issue(
    session: Session, complaint: Complaint, *, actor: Account | None, kind: Kind, words: str
) -> Issue:
    """Write down one thing that is said to have gone wrong."""
    policy.require(actor, Permission.ALLEGATION_RECORD, complaint)
    issue = Issue(number=len(complaint.issues) + 1, kind=kind, words=words)
    complaint.issues.append(issue)
    told = IssueRecorded(issue=issue.number, words=words)
    record(session, told, actor=actor, complaint=complaint)
    return issue


def change_issue(
    session: Session, issue: Issue, *, actor: Account, drawn_from: int | None = None, kind: Kind, words: str
) -> None:
    """Say better what is said to have gone wrong."""
    policy.require(actor, Permission.ALLEGATION_RECORD, issue.complaint)
    issue.agree(drawn_from)
    if changes := change_row(issue, kind=kind, words=words):
        told = IssueChanged(issue=issue.number, changes=changes)
        record(session, told, actor=actor, complaint=issue.complaint)


def make_allegation(
    session: Session, issue: Issue, *, actor: Account | None, organisation: Organisation, **facts: Any
) -> Allegation:
    """Lay an issue at the door of one organisation. See `set_facts` for what may be known of it."""
    complaint = issue.complaint
    policy.require(actor, Permission.ALLEGATION_RECORD, complaint)
    if any(allegation.organisation is organisation for allegation in issue.allegations):
        raise RuleBroken(f"This issue is alleged against {organisation.name} already.")
    number = max((allegation.number for allegation in complaint.allegations), default=0) + 1
    allegation = Allegation(organisation=organisation, number=number)
    set_facts(allegation, complaint, **facts)
    allegation.issue = issue
    complaint.allegations.append(allegation)
    made = AllegationMade(
        allegation=allegation.number, issue=issue.number, organisation=organisation.known_as
    )
    record(session, made, actor=actor, complaint=complaint)
    return allegation


def change_allegation(
    session: Session, allegation: Allegation, *, actor: Account, drawn_from: int | None = None, **facts: Any
) -> None:
    """Mend what is known of an allegation while it is being checked; see `set_facts`."""
    policy.require(actor, Permission.ALLEGATION_RECORD, allegation.complaint)
    allegation.agree(drawn_from)
    _check_one_day(allegation, facts)
    if changes := set_facts(allegation, allegation.complaint, **facts):
        told = AllegationChanged(allegation=allegation.number, changes=changes)
        record(session, told, actor=actor, complaint=allegation.complaint)


def set_facts(
    allegation: Allegation,
    complaint: Complaint,
    *,
    event_on: date | None = None,
    event_precision: Precision | None = None,
    event_disputed: bool = False,
    knowledge_on: date | None = None,
    knowledge_source: KnowledgeSource | None = None,
    knowledge_note: str = "",
    complained_locally_on: date | None = None,
    answered_locally_on: date | None = None,
    organisation_reference: str = "",
    modality: str = "",
) -> Changes:
    """Set when it happened, when the aggrieved had notice and how we know, what the organisation did
    with the complaint, and the modality.

    Raises `RuleBroken` where the facts cannot be: the year of s.9(4) runs from the day of
    knowledge, so that day needs a source. A day of knowledge joins those that can be chosen from.
    """
    if event_on and event_on > clock.today():
        raise RuleBroken("The date of the event must not be in the future.", field="event_on")
    if knowledge_on and knowledge_source is None:
        raise RuleBroken("Select how we know when they first knew.", field="knowledge_source")
    if knowledge_source and knowledge_on is None:
        raise RuleBroken("Enter the day they first knew, or leave both unanswered.", field="knowledge_on")
    if knowledge_on and knowledge_source:
        check_knowledge(knowledge_on, event_on, complaint, field="knowledge_on")
        _keep_known(allegation, knowledge_on, knowledge_source, knowledge_note)
    _check_local(complained_locally_on, answered_locally_on)
    if modality != allegation.modality and modality and modality not in offered_modalities():
        raise RuleBroken("Select a kind of imaging from the list.", field="modality")
    if (knowledge_on, knowledge_source, knowledge_note) != allegation.known:
        allegation.knowledge_reason = ""  # it was given for another day
    return change_row(
        allegation,
        event_on=event_on,
        event_precision=(event_precision or Precision.DAY) if event_on else None,
        event_disputed=event_disputed,
        knowledge_on=knowledge_on,
        knowledge_source=knowledge_source,
        knowledge_note=knowledge_note,
        complained_locally_on=complained_locally_on,
        answered_locally_on=answered_locally_on,
        organisation_reference=organisation_reference,
        modality=modality,
    )


def check_knowledge(
    known_on: date, event_on: date | None, complaint: Complaint, *, field: str = "known_on"
) -> None:
    """Raise `RuleBroken` for a day on which nobody can first have known."""
    if known_on > complaint.made_on:
        raise RuleBroken("They knew by the day they complained, or before.", field=field)
    if event_on and known_on < event_on:
        raise RuleBroken("They cannot have known before it happened.", field=field)


def _check_one_day(allegation: Allegation, facts: Mapping[str, Any]) -> None:
    """Among several days one is chosen with a reason, not typed over. See `checks.knowledge`."""
    given = facts.get("knowledge_on"), facts.get("knowledge_source"), facts.get("knowledge_note", "")
    if len(allegation.known_dates) > 1 and given != allegation.known:
        raise RuleBroken(
            "Several days are written down on which they may first have known. Choose among them, with the"
            " reason, under “When did they first know?”.",
            field="knowledge_on",
        )


def _keep_known(allegation: Allegation, known_on: date, source: KnowledgeSource, note: str) -> None:
    kept = ((known.known_on, known.source, known.note) for known in allegation.known_dates)
    if (known_on, source, note) not in kept:
        allegation.known_dates.append(KnowledgeDate(known_on=known_on, source=source, note=note))


def _check_local(complained_on: date | None, answered_on: date | None) -> None:
    today = clock.today()
    if complained_on and complained_on > today:
        raise RuleBroken("The day must not be in the future.", field="complained_locally_on")
    if answered_on and answered_on > today:
        raise RuleBroken("The day must not be in the future.", field="answered_locally_on")
    if answered_on and complained_on is None:
        raise RuleBroken(
            "Enter when they complained to the organisation, too.", field="complained_locally_on"
        )
    if answered_on and complained_on and answered_on < complained_on:
        raise RuleBroken("It cannot have answered before they complained to it.", field="answered_locally_on")
