"""What the records say of a complaint that its line tells: once, or several times, in one statement each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from sqlalchemy import (
    Select,
    String,
    and_,
    func,
    literal,
    select,
    type_coerce,
    union_all,
)

from app.allegations.models import Allegation, Coding, CodingStanding
from app.casefile.models import Stay
from app.caseload.models import Flag, MarkKind
from app.cases.models import Case
from app.complaints.models import (
    Channel,
    Complaint,
    ComplaintState,
    OrganisationToMatch,
    Part,
    Party,
)
from app.consents.models import Consent
from app.core.dialect.asking import beside_the_index
from app.core.terms import Term
from app.decisions.models import FinalDecision
from app.organisations.models import Organisation
from app.people.models import Person
from app.recommendations.models import Recommendation, RecommendationState


class Said(NamedTuple):
    """One of the things that are said of a complaint, of which there may be several."""

    complaint_id: int
    what: str
    value: str


def facts(complaints: Sequence[int]) -> Any:
    """What is said once of each complaint."""
    standing = Consent.complaint_id == Complaint.id, beside_the_index(Consent.withdrawn_on).is_(None)
    first_end = select(func.min(Consent.until_on)).where(*standing).correlate(Complaint)
    return (
        select(
            Complaint.id,
            Complaint.reference,
            Complaint.state,
            Complaint.received_at,
            Complaint.is_restricted,
            Case.stage,
            Case.owner_id,
            FinalDecision.approved_at,
            FinalDecision.outcome,
            Stay.review_on,
            first_end.scalar_subquery().label("consent_until"),
        )
        .outerjoin(Case, Case.complaint_id == Complaint.id)
        .outerjoin(FinalDecision, FinalDecision.case_id == Case.id)
        .outerjoin(Stay, and_(Stay.case_id == Case.id, Stay.ended_at.is_(None)))
        .where(Complaint.id.in_(complaints))
    )


def everything_said(complaints: Sequence[int]) -> Any:
    """What may be said several times of a complaint, in the order in which a line says it."""
    parts = [part.where(next(iter(part.selected_columns)).in_(complaints)) for part in _PARTS]
    said = union_all(*parts).subquery("said")
    columns = said.c.complaint_id, said.c.what, said.c.value
    return select(*columns).order_by(said.c.complaint_id, said.c.place)


def _part(complaint_id: Any, what: Any, value: Any, place: Any = 0) -> Select[Any]:
    """Rows that say `what` of a complaint; `place` is where among others of that kind."""
    return select(
        complaint_id.label("complaint_id"),
        _words(what).label("what"),
        _words(value).label("value"),
        (literal(place) if isinstance(place, int) else place).label("place"),
    )


def _words(value: Any) -> Any:
    return literal(value.value, String) if isinstance(value, Term) else type_coerce(value, String)


def _flag(complaint_id: Any, flag: Flag, *when: Any) -> Select[Any]:
    return _part(complaint_id, MarkKind.FLAG, flag).where(*when)


_RECOMMENDED = _part(Case.complaint_id, literal("recommendation"), Recommendation.state).join(
    Case, Case.id == Recommendation.case_id
)
_PARTS: Sequence[Select[Any]] = (
    _part(Party.complaint_id, Party.part, Person.name, Party.id).join(Party.person),
    _part(Allegation.complaint_id, literal("name"), Organisation.name, Allegation.number).join(
        Allegation.organisation
    ),
    _part(Allegation.complaint_id, MarkKind.ORGANISATION, Organisation.code).join(Allegation.organisation),
    _part(Allegation.complaint_id, MarkKind.MODALITY, Allegation.modality).where(Allegation.modality != ""),
    _part(Allegation.complaint_id, MarkKind.CODE, Coding.code)
    .join(Coding.allegation)
    .where(Coding.removed_at.is_(None)),
    _RECOMMENDED.where(Recommendation.state != RecommendationState.DRAFT),
    _flag(
        OrganisationToMatch.complaint_id,
        Flag.TO_MATCH,
        OrganisationToMatch.settled_at.is_(None),
    ),
    _flag(Complaint.id, Flag.NOBODY_KNOWN, Complaint.complainant_known.is_(False)),
    _flag(Complaint.id, Flag.RESTRICTED, Complaint.is_restricted),
    _flag(
        Complaint.id,
        Flag.TO_COMPARE,
        Complaint.is_to_compare & (Complaint.state == ComplaintState.INITIAL_CHECK),
    ),
    _flag(Case.complaint_id, Flag.STAYED, Stay.ended_at.is_(None)).join(Stay, Stay.case_id == Case.id),
    _flag(Complaint.id, Flag.LOADED, Complaint.channel == Channel.LOADED),
    _flag(
        Party.complaint_id,
        Flag.HAS_DIED,
        Party.part == Part.PERSON_AFFECTED,
        Party.person.has(Person.died_on.is_not(None)),
    ),
    _flag(
        Allegation.complaint_id,
        Flag.CODES_PROVISIONAL,
        Allegation.codings.any((Coding.standing == CodingStanding.PROVISIONAL) & Coding.removed_at.is_(None)),
    ),
    *(
        _flag(Case.complaint_id, flag, Case.recommendations.any(Recommendation.state == state))
        for flag, state in (
            (Flag.TO_JUDGE, RecommendationState.SUBMITTED),
            (Flag.DISPUTED, RecommendationState.DISPUTED),
        )
    ),
)


def by_kind(said: Iterable[Said]) -> dict[str, list[str]]:
    """The values of each kind, each once, in order."""
    kinds: dict[str, dict[str, None]] = defaultdict(dict)
    for _complaint, what, value in said:
        kinds[what][value] = None
    return defaultdict(list, {what: list(values) for what, values in kinds.items()})
