"""Writing what messages say, and taking or leaving the rows they propose. None is ever taken by itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import policy
from app.accounts.models import Account
from app.audit.record import record
from app.core import clock
from app.core.errors import RuleBroken
from app.evidence import provenance
from app.evidence.models import Document
from app.imaging.actions import day_of
from app.imaging.models import Whose
from app.messages import queries
from app.messages.events import MessageDecided, MessageRead, ProposalAccepted, ProposalDismissed
from app.messages.models import HospitalMessage, Proposed, ProposedRow
from app.messages.moments import When, placed, proposed_when
from app.organisations.models import Organisation
from app.policy import Permission
from app.timeline import actions as timeline
from app.timeline import queries as timelines
from app.timeline.models import Row, Study

CONFLICT = "Another message with the same number says something else."


def file_messages(session: Session, document: Document, said: dict[str, Any]) -> list[HospitalMessage]:
    """Keep what the messages of a document say, once, as the reader answers: see `app.examining.readers.messages`.

    The first document of the case is held meanwhile, so that of two messages that are the same one is the first.
    """
    first = select(Document.id).where(Document.case_id == document.case_id).order_by(Document.id).limit(1)
    session.execute(first.with_for_update(key_share=True))
    there = select(HospitalMessage).where(HospitalMessage.document_id == document.id)
    if kept := session.scalars(there.order_by(HospitalMessage.number)).all():
        return list(kept)
    return [_file(session, document, number, one) for number, one in enumerate(said["messages"], 1)]


def decide(session: Session, told: queries.Told, *, actor: Account, whose: Whose, reasons: str) -> None:
    """Say whom a message is about although its patient differs from the person affected, or is said to."""
    message = told.message
    policy.require(actor, Permission.DOCUMENT_DISCLOSE, message.case)
    if message.whose is whose:
        raise RuleBroken("That has been decided already.", field="whose")
    if whose is Whose.ANOTHER and any(one.state is Proposed.ACCEPTED for one in message.proposals):
        raise RuleBroken(
            "Rows of this message were accepted. Strike them out of the timeline first.", field="whose"
        )
    message.whose, message.decided_because = whose, reasons
    message.decided_at, message.decided_by = clock.now(), actor
    decided = MessageDecided(
        message=message.key,
        called=message.called,
        whose=whose,
        differing=list(told.compared.differing),
        reasons=reasons,
    )
    record(session, decided, actor=actor, complaint=message.case.complaint)


def accept(
    session: Session,
    told: queries.Told,
    proposals: Sequence[ProposedRow],
    *,
    actor: Account,
    study: Study | None = None,
    study_name: str = "",
    organisation: Organisation | None = None,
    body: str = "",
    when: When | None = None,
) -> list[Row]:
    """Record rows of the timeline as a message proposes them, in an examination that is there or named now.

    `when` is what a person says instead of what the message says, of one row: its words say so then.
    """
    message = told.message
    policy.require(actor, Permission.DOCUMENT_ADD, message.case)
    provenance.require_standing(message.document)
    if not told.may_be_accepted:
        raise RuleBroken(told.refusal)
    if not proposals or any(one.state is not Proposed.OPEN for one in proposals):
        raise RuleBroken("This has been accepted or dismissed already.")
    if study is None and study_name:
        study = _named(session, message, study_name, actor=actor)
    where = {"study": study, "organisation": organisation, "body": "" if organisation else body}
    return [_accept(session, one, when or _when(one), actor=actor, **where) for one in proposals]


def dismiss(session: Session, proposal: ProposedRow, *, actor: Account, reasons: str) -> None:
    """Say that a proposed row is not to stand on the timeline. It can still be read, with the reason."""
    message = proposal.message
    policy.require(actor, Permission.DOCUMENT_ADD, message.case)
    if proposal.state is not Proposed.OPEN:
        raise RuleBroken("This has been accepted or dismissed already.")
    _settle(proposal, Proposed.DISMISSED, actor)
    proposal.decided_because = reasons
    dismissed = ProposalDismissed(
        message=message.key,
        called=message.called,
        what=proposal.called,
        place=proposal.place,
        reasons=reasons,
    )
    record(session, dismissed, actor=actor, complaint=message.case.complaint)


def _file(session: Session, document: Document, number: int, said: dict[str, Any]) -> HospitalMessage:
    identity = {name: said[name] for name in ("sender", "control_id", "digest")}
    before = queries.came_before(session, document.case, **identity)
    repeats = next((one for one in before if one.digest == said["digest"]), None)
    contradicts = None if repeats else next(iter(before), None)
    patient = said["patient"]
    message = HospitalMessage(
        case=document.case,
        document=document,
        number=number,
        **identity,
        **{name: said[name] for name in ("kind", "sent", "status", "about", "study_uid", "notes")},
        examination_numbers=said["numbers"],
        patient_name=patient["name"],
        nhs_number=patient["nhs_number"],
        patient_numbers=patient["numbers"],
        born_on=day_of(patient["born_on"]),
        repeats=repeats,
        contradicts=contradicts,
    )
    session.add(message)
    if repeats is None:
        message.proposals = [
            _proposal(place, event, contradicts is not None) for place, event in enumerate(said["events"], 1)
        ]
    session.flush()
    read = MessageRead(
        message=message.key,
        called=message.called,
        sender=message.sender,
        document=document.key,
        title=document.title,
        proposed=len(message.proposals),
        likeness=queries.told(message).compared.likeness,
        repeats=repeats.document.title if repeats else None,
        contradicts=contradicts.document.title if contradicts else None,
    )
    record(session, read, actor=None, complaint=document.case.complaint)
    return message


def _proposal(number: int, event: dict[str, Any], is_conflict: bool) -> ProposedRow:
    when = placed(event["moment"])
    notes = (CONFLICT if is_conflict else "", when.note, event["note"])
    return ProposedRow(
        number=number,
        kind=event["kind"],
        given=event["moment"]["given"],
        happened_at=when.happened_at,
        exactness=when.exactness,
        place=event["place"],
        words=event["words"],
        note=" ".join(filter(None, notes)),
    )


def _named(session: Session, message: HospitalMessage, name: str, *, actor: Account) -> Study:
    """The examination of that name: the one there is, or a new one."""
    there = timelines.studies_of(session, message.case)
    found = next((study for study in there if study.name.casefold() == name.casefold()), None)
    return found or timeline.name_study(session, message.case, actor=actor, name=name)


def _accept(session: Session, proposal: ProposedRow, when: When, *, actor: Account, **where: Any) -> Row:
    message = proposal.message
    as_given = proposed_when(proposal)
    if as_given == when:
        when = as_given  # with its fold: the hour that the autumn repeats stays the one that was meant
    changed = "" if as_given == when else f"The message says {proposal.given}."
    row = timeline.record_row(
        session,
        message.case,
        actor=actor,
        kind=proposal.kind,
        happened_on=when.happened_on,
        exactness=when.exactness,
        at_time=when.at_time,
        document=message.document,
        page=proposal.place,
        words="\n".join(filter(None, (proposal.words, proposal.note, changed))),
        **where,
    )
    _settle(proposal, Proposed.ACCEPTED, actor)
    proposal.row = row
    accepted = ProposalAccepted(
        message=message.key,
        called=message.called,
        what=proposal.called,
        place=proposal.place,
        row=row.number,
    )
    record(session, accepted, actor=actor, complaint=message.case.complaint)
    return row


def _when(proposal: ProposedRow) -> When:
    """When the message says it happened. Raises `RuleBroken` where that is too little for a row."""
    when = proposed_when(proposal)
    if when is None:
        raise RuleBroken(f"“{proposal.called}” is known to the year only. Accept it by itself, and say when.")
    return when


def _settle(proposal: ProposedRow, state: Proposed, actor: Account) -> None:
    proposal.state, proposal.decided_at, proposal.decided_by = state, clock.now(), actor
