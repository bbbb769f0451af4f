from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from app.accounts.models import Account, Role
from app.casefile.models import Note
from app.cases.models import Case
from app.complaints.models import Complaint, ComplaintState
from app.concerns.models import Concern
from app.people.models import Person
from app.policy.permissions import Permission


def leads(account: Account, _record: Any = None) -> bool:
    return not account.roles.isdisjoint({Role.MANAGER, Role.OMBUDSMAN})


def has_the_case(account: Account, case: Case) -> bool:
    """Its investigator, whoever covers for them today, and whoever leads."""
    return case.owner_id == account.id or leads(account) or account.covers(case.owner_id)


def has_the_case_of(account: Account, complaint: Complaint) -> bool:
    return has_the_case(account, complaint.case) if complaint.case else leads(account)


def has_no_conflict(account: Account, record: Case | Complaint) -> bool:
    """Persons count, not roles: no role lifts a conflict of interest."""
    complaint = record.complaint if isinstance(record, Case) else record
    return not any(conflict.touches(complaint) for conflict in account.conflicts)


def has_no_conflict_with(account: Account, person: Person) -> bool:
    return not any(conflict.person_id == person.id for conflict in account.conflicts)


def has_no_conflict_in_concern(account: Account, concern: Concern) -> bool:
    """With its organisation, or with the complaint in which it came up."""
    complaint = concern.complaint
    return not any(
        (conflict.organisation_id is not None and conflict.organisation_id == concern.organisation_id)
        or (complaint is not None and conflict.touches(complaint))
        for conflict in account.conflicts
    )


def wrote_the_note(account: Account, record: Note | Complaint) -> bool:
    return not isinstance(record, Note) or record.author_id == account.id or leads(account)


def recorded_the_concern(account: Account, concern: Concern) -> bool:
    return concern.recorded_by_id == account.id or leads(account)


def is_open(_account: Account, case: Case) -> bool:
    return case.is_open


def is_not_frozen(_account: Account, case: Case) -> bool:
    return not case.is_frozen


def is_being_checked(_account: Account, complaint: Complaint) -> bool:
    return complaint.state is ComplaintState.INITIAL_CHECK


def can_be_checked(account: Account, complaint: Complaint) -> bool:
    """While it is being checked, and again in a case: a corrected date may put an allegation out of time."""
    case = complaint.case
    return is_being_checked(account, complaint) or (case is not None and case.is_open and not case.is_frozen)


def is_not_closed(_account: Account, complaint: Complaint) -> bool:
    if complaint.case is not None:
        return complaint.case.is_open
    return complaint.state is not ComplaintState.CLOSED


def is_not_an_author(account: Account, case: Case) -> bool:
    """Persons count, not roles: whoever wrote, coded, drafted, shared or sent is an author for good."""
    findings = (allegation.finding for allegation in case.complaint.allegations)
    authors: set[int | None] = {
        author.account_id for finding in findings if finding for author in finding.authors
    }
    authors |= {coding.added_by_id for a in case.complaint.allegations for coding in a.ever_confirmed}
    decision = case.final_decision
    return account.id not in authors | ({decision.proposed_by_id} if decision else set())


Condition = Callable[[Account, Any], bool]

_OPEN: Mapping[Condition, str] = {is_open: "This case is closed. Nothing in it can be changed."}
_IMPARTIAL: Mapping[Condition, str] = {
    has_no_conflict: "You have a conflict of interest here: somebody else has to do this."
}
_IMPARTIAL_IN_CONCERN: Mapping[Condition, str] = {
    has_no_conflict_in_concern: "You have a conflict of interest here: somebody else has to do this."
}
_MINE: Mapping[Condition, str] = {
    **_OPEN,
    **_IMPARTIAL,
    has_the_case: "Only the investigator who has this case can do this.",
}
_NOT_FROZEN: Mapping[Condition, str] = {
    **_OPEN,
    is_not_frozen: "The decision is being approved or has been: what it rests on can no longer be changed.",
}
_NOT_CLOSED: Mapping[Condition, str] = {is_not_closed: "This is closed. Nothing in it can be changed."}
_BEING_CHECKED: Mapping[Condition, str] = {
    is_being_checked: "The initial check is over. From here on, mistakes are mended by a correction."
}
_CHECKABLE: Mapping[Condition, str] = {
    can_be_checked: "It is closed, or its decision is being approved or has been: the check can no longer be changed."
}

#: What is asked of the person alone: nobody confers on another what they themselves are barred from by these.
PERSONAL: frozenset[Condition] = frozenset({has_no_conflict, has_no_conflict_with, is_not_an_author})

#: What must also be true of the person and the record, and what to say when it is not. The record
#: is a complaint for allegations and complaints, and a case for everything after.
CONDITIONS: Mapping[Permission, Mapping[Condition, str]] = {
    Permission.ACCESS_VIEW: {
        has_the_case_of: "Only those who have the case, and managers, see who opened it."
    },
    Permission.ALLEGATION_CHECK: {**_CHECKABLE, **_IMPARTIAL},
    Permission.ALLEGATION_CODE: _NOT_CLOSED,
    Permission.ALLEGATION_CONFIRM_CODES: {**_MINE, **_NOT_FROZEN},
    Permission.ALLEGATION_RECORD: {**_BEING_CHECKED, **_IMPARTIAL},
    Permission.BASIS_ACCEPT: _IMPARTIAL,
    Permission.CASE_ALLOCATE: _OPEN,
    Permission.CASE_CLOSE: {**_OPEN, **_IMPARTIAL},
    Permission.CASE_CORRECT: _NOT_FROZEN,
    Permission.CASE_INVESTIGATE: _MINE,
    Permission.CASE_STAY: _OPEN,
    Permission.CASE_TAKE_BACK: _IMPARTIAL,
    Permission.COMMENT_ANSWER: _MINE,
    Permission.COMMENT_RECORD: _OPEN,
    Permission.COMPLAINT_ACCEPT: _BEING_CHECKED,
    Permission.COMPLAINT_CHANGE: _NOT_CLOSED,
    Permission.COMPLAINT_CLOSE: _BEING_CHECKED,
    Permission.CONCERN_CONSIDER: _IMPARTIAL_IN_CONCERN,
    Permission.CONCERN_NAME: {
        **_IMPARTIAL_IN_CONCERN,
        recorded_the_concern: "Only who recorded a concern, or a manager, says who else may know of it.",
    },
    Permission.DECISION_APPROVE: {
        **_OPEN,
        **_IMPARTIAL,
        is_not_an_author: "Whoever wrote the findings or sent the decision cannot also approve it.",
    },
    Permission.DECISION_PROPOSE: _MINE,
    Permission.DISAGREEMENT_DECIDE: _IMPARTIAL,
    Permission.DISCRETION_DECIDE: {**_CHECKABLE, **_IMPARTIAL},
    Permission.DOCUMENT_ADD: _OPEN,
    Permission.DOCUMENT_DISCLOSE: _MINE,
    Permission.FINDING_WRITE: _MINE,
    Permission.NOTE_STRIKE: {wrote_the_note: "Only who wrote a note, or a manager, can strike it out."},
    Permission.PERSON_MERGE: {
        has_no_conflict_with: "You have a conflict of interest with them: somebody else has to do this."
    },
    Permission.PROVISIONAL_VIEWS_SHARE: _MINE,
    Permission.RECOMMENDATION_ANSWER: _OPEN,
    Permission.TIME_EXTEND: _OPEN,
    Permission.RECOMMENDATION_JUDGE: {**_OPEN, **_IMPARTIAL},
    Permission.RECOMMENDATION_MAKE: _MINE,
    Permission.RECOMMENDATION_WITHDRAW: _OPEN,
    Permission.REQUEST_ESCALATE: {**_OPEN, **_IMPARTIAL},
    Permission.REQUEST_MAKE: _MINE,
}
