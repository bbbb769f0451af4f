"""Two records of one organisation: everything that refers to the one entered by hand is moved to the other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session, aliased

from app import policy
from app.accounts import sessions
from app.accounts.models import Account
from app.allegations.models import Allegation
from app.audit.record import record
from app.cases.models import Case
from app.contacts.models import Contact, ContactKind
from app.core import clock
from app.core.errors import RuleBroken
from app.core.model import Model
from app.core.referring import attribute_of, references_to
from app.evidence.models import Disclosure, Document
from app.findings.models import Finding
from app.lineage.events import MergeUndone, OrganisationsMerged
from app.lineage.models import Merge
from app.lineage.queries import is_descended, is_open_across
from app.organisations.models import Organisation, Source
from app.policy import Permission
from app.recommendations.models import Recommendation, RecommendationState
from app.requests.models import EvidenceRequest, RequestState

#: What stays with the record it is of: what the register said of it, and which merges there were.
KEPT = frozenset(
    {
        "organisation_facts.organisation_id",
        "organisation_merge.duplicate_id",
        "organisation_merge.into_id",
    }
)


def references() -> Iterator[tuple[str, Any]]:
    """Each column of a model that refers to an organisation and is moved, by table and column."""
    for column in references_to(Model.metadata.tables[Organisation.__tablename__], staying=KEPT):
        yield f"{column}", attribute_of(column)


def merge(
    session: Session, duplicate: Organisation, *, actor: Account, into: Organisation, reasons: str
) -> Merge:
    """Make a record entered by hand one with another. Its code leads there from now on.

    Liaison officers are moved too, and signed out: from then on they answer for the organisation that stays.
    """
    policy.require(actor, Permission.ORGANISATION_MERGE)
    _check(session, duplicate, into)
    moved = {name: list(_ids(session, column, duplicate)) for name, column in references()}
    moved = {name: ids for name, ids in moved.items() if ids}
    duplicate.merged_into_id = into.id
    _move(session, moved, into)
    made = Merge(
        duplicate_id=duplicate.id, into_id=into.id, reasons=reasons, moved=moved, merged_by_id=actor.id
    )
    session.add(made)
    told = OrganisationsMerged(
        duplicate=duplicate.known_as, into=into.known_as, moved=_counted(moved), reasons=reasons
    )
    record(session, told, actor=actor)
    return made


def undo(session: Session, merge: Merge, *, actor: Account, reasons: str) -> None:
    """Part two records again. What was moved goes back, but for what has been moved elsewhere since."""
    policy.require(actor, Permission.ORGANISATION_MERGE)
    if merge.undone_at is not None:
        raise RuleBroken("This has been undone already.")
    if merge.duplicate.merged_into_id != merge.into_id:
        raise RuleBroken(f"{merge.into.name} has been merged itself since. Undo that first.")
    still = {
        name: sorted(set(merge.moved.get(name, ())) & set(_ids(session, column, merge.into)))
        for name, column in references()
    }
    still = {name: ids for name, ids in still.items() if ids}
    if _is_left_behind(session, merge.into, still):
        raise RuleBroken(
            f"Since the merge, work has come to rest on {merge.into.name} being where it is now, so this"
            " cannot be undone as things are. Ask an ombudsman, who can see all of that work."
        )
    _move(session, still, merge.duplicate)
    merge.duplicate.merged_into_id = None
    merge.undone_at, merge.undone_by_id, merge.undone_because = clock.now(), actor.id, reasons
    told = MergeUndone(
        duplicate=merge.duplicate.known_as, into=merge.into.known_as, moved=_counted(still), reasons=reasons
    )
    record(session, told, actor=actor)


def _check(session: Session, duplicate: Organisation, into: Organisation) -> None:
    if duplicate is into:
        raise RuleBroken("These are one record already.")
    if duplicate.source is not Source.BY_HAND:
        raise RuleBroken("Only what was entered by hand is a duplicate: the register lists each body once.")
    if duplicate.merged_into_id or into.merged_into_id:
        raise RuleBroken("One of these has been merged already.")
    if is_descended(session, duplicate, into) or is_descended(session, into, duplicate):
        raise RuleBroken("It is recorded that one of these came from the other. Withdraw that first.")
    if is_open_across(session, duplicate):
        raise RuleBroken(f"Who answers for {duplicate.name} would change unseen. Close the portal first.")
    if _both_have_a_link_officer(session, duplicate, into):
        raise RuleBroken(
            "Both have a link officer on some day, and there is one at a time. Change one first."
        )
    other = aliased(Allegation)
    twice = select(Allegation.id).where(
        Allegation.organisation_id == duplicate.id,
        exists().where(other.issue_id == Allegation.issue_id, other.organisation_id == into.id),
    )
    if session.scalar(twice.limit(1)):
        # In which complaint, and that it is in one, is not for everybody who may do this.
        raise RuleBroken(
            "They are recorded side by side as two organisations, and cannot be made one yet. Look through"
            " what is recorded about both and correct it, or ask the ombudsman, who can see all of it."
        )


def _is_left_behind(session: Session, into: Organisation, leaving: Mapping[str, Sequence[int]]) -> bool:
    """Whether something would stay with `into` that rests on an allegation among those `leaving` it."""
    goes = Allegation.id.in_(leaving.get("allegation.organisation_id", ()))
    stays = select(Allegation.complaint_id).where(Allegation.organisation_id == into.id, ~goes)
    asked = select(Recommendation.id).where(
        Recommendation.organisation_id == into.id,
        Recommendation.state != RecommendationState.WITHDRAWN,
        Recommendation.id.not_in(leaving.get("recommendation.organisation_id", ())),
        Recommendation.finding_id.in_(select(Finding.id).join(Finding.allegation).where(goes)),
    )
    shown = select(Disclosure.id).where(
        Disclosure.organisation_id == into.id,
        Disclosure.withdrawn_at.is_(None),
        Disclosure.id.not_in(leaving.get("disclosure.organisation_id", ())),
        Disclosure.document_id.in_(
            select(Document.id)
            .join(Document.case)
            .where(
                Case.complaint_id.in_(select(Allegation.complaint_id).where(goes)),
                Case.complaint_id.not_in(stays),
            )
        ),
    )
    requested = (
        select(EvidenceRequest.id)
        .join(EvidenceRequest.case)
        .where(
            EvidenceRequest.organisation_id == into.id,
            EvidenceRequest.state != RequestState.WITHDRAWN,
            EvidenceRequest.id.not_in(leaving.get("evidence_request.organisation_id", ())),
            Case.complaint_id.in_(select(Allegation.complaint_id).where(goes)),
            Case.complaint_id.not_in(stays),
        )
    )
    return bool(session.scalar(select(or_(asked.exists(), shown.exists(), requested.exists()))))


def _both_have_a_link_officer(session: Session, *organisations: Organisation) -> bool:
    first, second = (
        session.scalars(
            select(Contact).where(
                Contact.organisation_id == each.id, Contact.kind == ContactKind.LINK_OFFICER
            )
        ).all()
        for each in organisations
    )
    return any(one.overlaps(other.from_on, other.until_on) for one in first for other in second)


def _ids(session: Session, column: Any, organisation: Organisation) -> Sequence[int]:
    kind = column.class_
    return session.scalars(select(kind.id).where(column == organisation.id).order_by(kind.id)).all()


def _move(session: Session, rows: Mapping[str, Sequence[int]], to: Organisation) -> None:
    """Through the session, row by row, so that what is worked out from them follows."""
    for name, column in references():
        for row in session.scalars(select(column.class_).where(column.class_.id.in_(rows.get(name, ())))):
            setattr(row, column.key, to.id)
            if isinstance(row, Account):
                sessions.end_all(session, row)
    session.flush()
    session.expire_all()


def _counted(rows: Mapping[str, Sequence[int]]) -> dict[str, int]:
    return {name: len(ids) for name, ids in rows.items()}
