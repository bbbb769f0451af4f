from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from app import policy
from app.accounts.models import Account
from app.allegations.events import (
    AllegationChanged,
    AllegationChecked,
    AllegationMade,
    IssueChanged,
    IssueRecorded,
    ReasonsSent,
)
from app.allegations.facts import time_limit
from app.allegations.models import (
    Allegation,
    CheckOutcome,
    InitialCheck,
    Issue,
    Kind,
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
from app.reference.lists import modalities


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
    organisation_reference: str = "",
    modality: str = "",
) -> Changes:
    """Set when it happened, when the aggrieved had notice and how we know, and the modality.

    Raises `RuleBroken` where the facts cannot be: the year of s.9(4) runs from the day of
    knowledge, so that day needs a source.
    """
    if event_on and event_on > clock.today():
        raise RuleBroken("The date of the event must not be in the future.", field="event_on")
    if knowledge_on and knowledge_source is None:
        raise RuleBroken("Select how we know when they first knew.", field="knowledge_source")
    if knowledge_source and knowledge_on is None:
        raise RuleBroken("Enter the day they first knew, or leave both unanswered.", field="knowledge_on")
    if knowledge_on and knowledge_on > complaint.made_on:
        raise RuleBroken("They knew by the day they complained, or before.", field="knowledge_on")
    if knowledge_on and event_on and knowledge_on < event_on:
        raise RuleBroken("They cannot have known before it happened.", field="knowledge_on")
    if modality and modality not in modalities():
        raise RuleBroken("Select a kind of imaging from the list.", field="modality")
    return change_row(
        allegation,
        event_on=event_on,
        event_precision=(event_precision or Precision.DAY) if event_on else None,
        event_disputed=event_disputed,
        knowledge_on=knowledge_on,
        knowledge_source=knowledge_source,
        knowledge_note=knowledge_note,
        organisation_reference=organisation_reference,
        modality=modality,
    )


def check(
    session: Session,
    allegation: Allegation,
    *,
    actor: Account,
    outcome: CheckOutcome,
    reasons: str,
    signposted_to: str = "",
) -> InitialCheck:
    """Decide the initial check of one allegation. What the rules computed is kept with the decision."""
    policy.require(actor, Permission.ALLEGATION_CHECK, allegation.complaint)
    if outcome is CheckOutcome.SIGNPOST and not signposted_to:
        raise RuleBroken("Enter who can help them instead.", field="signposted_to")
    facts = time_limit(allegation).kept
    decided = InitialCheck(
        outcome=outcome,
        reasons=reasons,
        signposted_to=signposted_to if outcome is CheckOutcome.SIGNPOST else "",
        facts=facts,
        decided_by=actor,
    )
    allegation.checks.append(decided)
    told = AllegationChecked(
        allegation=allegation.number,
        outcome=outcome,
        reasons=reasons,
        signposted_to=decided.signposted_to,
        facts=facts,
    )
    record(session, told, actor=actor, complaint=allegation.complaint)
    return decided


def record_reasons_sent(session: Session, complaint: Complaint, *, actor: Account, sent_on: date) -> None:
    """Record the day on which the reasons for what was not accepted went out: s.14(2) of the Act."""
    policy.require(actor, Permission.COMPLAINT_CHANGE, complaint)
    waiting = [
        allegation
        for allegation in complaint.allegations
        if allegation.check and not allegation.is_accepted and allegation.check.sent_on is None
    ]
    if not waiting:
        raise RuleBroken("There are no reasons waiting to be sent.")
    if sent_on > clock.today():
        raise RuleBroken("The day must not be in the future.", field="sent_on")
    if any(
        allegation.check and sent_on < clock.day_of(allegation.check.decided_at) for allegation in waiting
    ):
        raise RuleBroken("The reasons cannot have been sent before they were decided.", field="sent_on")
    for allegation in waiting:
        if allegation.check:
            allegation.check.sent_on = sent_on
    sent = ReasonsSent(allegations=[allegation.number for allegation in waiting], sent_on=sent_on)
    record(session, sent, actor=actor, complaint=complaint)
