"""What is recorded of two organisations, side by side, before they are made one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from app.accounts.models import Account
from app.bundles.models import Bundle
from app.complaints.models import Complaint, OrganisationToMatch
from app.decisions.models import Comment, ProvisionalViews
from app.evidence.models import Disclosure
from app.lineage.merging import references
from app.organisations.models import Organisation
from app.policy import (
    visible_allegations,
    visible_cases,
    visible_complaints,
    visible_concerns,
    visible_documents,
    visible_recommendations,
    visible_requests,
)
from app.receiving.models import Delivery
from app.timeline.models import Row

#: What is moved, in words, by the column that refers to the organisation.
CALLED: Mapping[str, str] = {
    "allegation.organisation_id": "Allegations against it",
    "recommendation.organisation_id": "Recommendations made to it",
    "evidence_request.organisation_id": "Requests to it for evidence",
    "disclosure.organisation_id": "Documents shown to it",
    "document.supplied_by_organisation_id": "Documents it supplied",
    "delivery.organisation_id": "Deliveries that came from it",
    "bundle.organisation_id": "Bundles made for it",
    "timeline_row.organisation_id": "Rows of imaging timelines",
    "comment.organisation_id": "Comments on provisional views",
    "concern.organisation_id": "Serious concerns",
    "organisation_to_match.organisation_id": "Names matched to it",
    "account.organisation_id": "Liaison officers",
    "organisation_contact.organisation_id": "Contacts",
    "conflict.organisation_id": "Conflicts of interest",
    "arrangement.organisation_id": "Arrangements with the NHS",
    "succession.to_id": "What it came from",
    "succession.was_id": "What became of it",
    "organisation.merged_into_id": "Duplicates of it",
}


class Held(NamedTuple):
    """How many rows refer to the record that goes, and to the one that stays."""

    words: str
    moves: int
    there: int


def held_by(
    session: Session, account: Account, duplicate: Organisation, into: Organisation
) -> Sequence[Held]:
    """What would move and what is there already, of each kind of which either has any.

    Counted as far as this person may know of it: a count tells of a restricted complaint too.
    """
    columns = dict(references())
    counts = [_counted(account, columns[name], one) for name in CALLED for one in (duplicate, into)]
    row = session.execute(select(*counts)).one()
    pairs = zip(CALLED.values(), row[::2], row[1::2], strict=True)
    return [Held(words, moves, there) for words, moves, there in pairs if moves or there]


def _counted(account: Account, column: Any, organisation: Organisation) -> Any:
    kind = column.class_
    rows = select(func.count(kind.id)).where(column == organisation.id)
    if known := _KNOWN.get(kind.__tablename__):
        rows = rows.where(kind.id.in_(known(account)))
    return rows.scalar_subquery()


def _disclosures(account: Account) -> Select[int]:
    documents = visible_documents(account).subquery()
    return select(Disclosure.id).where(Disclosure.document_id.in_(select(documents.c.id)))


def _of_cases(kind: type[Bundle] | type[Delivery] | type[Row]) -> Callable[[Account], Select[int]]:
    def ids(account: Account) -> Select[int]:
        cases = visible_cases(account).subquery()
        return select(kind.id).where(kind.case_id.in_(select(cases.c.id)))

    return ids


def _comments(account: Account) -> Select[int]:
    cases = visible_cases(account).subquery()
    return select(Comment.id).join(Comment.views).where(ProvisionalViews.case_id.in_(select(cases.c.id)))


def _to_match(account: Account) -> Select[int]:
    complaints = visible_complaints(account).with_only_columns(Complaint.id)
    return select(OrganisationToMatch.id).where(OrganisationToMatch.complaint_id.in_(complaints))


def _ids(visible: Callable[[Account], Select[Any]]) -> Callable[[Account], Select[int]]:
    def ids(account: Account) -> Select[int]:
        return select(visible(account).subquery().c.id)

    return ids


_KNOWN: Mapping[str, Callable[[Account], Select[int]]] = {
    "allegation": _ids(visible_allegations),
    "comment": _comments,
    "concern": _ids(visible_concerns),
    "bundle": _of_cases(Bundle),
    "delivery": _of_cases(Delivery),
    "disclosure": _disclosures,
    "document": _ids(visible_documents),
    "evidence_request": _ids(visible_requests),
    "organisation_to_match": _to_match,
    "recommendation": _ids(visible_recommendations),
    "timeline_row": _of_cases(Row),
}
