"""What stands beside the complaints of the demonstration office: notes, links, proceedings, cover and more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

from sqlalchemy.orm import Session

from app.allocation import actions as allocation
from app.casefile import actions as casefile
from app.casefile import proceedings
from app.casefile.models import LinkKind, ProceedingKind
from app.complaints import actions as complaints
from app.complaints.models import Complaint, Part
from app.concerns import actions as concerns
from app.consents import disagreements
from app.consents.models import Sees
from app.core import clock
from app.demonstration.cast import Cast, Station
from app.duties import actions as duties
from app.duties.models import ConflictKind
from app.people import actions as people
from app.people import vulnerability
from app.people.models import AdjustmentKind, VulnerabilityKind

#: When all of this was done, in days before today: after the last act of the complaints it is about.
THEN = 1


def put_beside(session: Session, cast: Cast, at: Mapping[Station, Sequence[Complaint]]) -> None:
    """A few of each, by the people of the office, to be found by a newcomer."""
    with clock.at(clock.now() - timedelta(days=THEN)):
        _given_at_once(session, cast, at[Station.ALLOCATED])
        _notes(session, cast, at)
        _links(session, cast, at)
        _proceedings(session, cast, at)
        _duties(session, cast, at)
        _flags(session, cast, at)
        _concerns(session, cast, at)
        _disagreement(session, cast, at[Station.INVESTIGATED][2])


def _given_at_once(session: Session, cast: Cast, complaints: Sequence[Complaint]) -> None:
    """What the second investigator leaves to the first before going away."""
    first, second = cast.investigators
    cases = [each.case for each in complaints if each.case and each.case.owner is second]
    allocation.give(
        session,
        actor=cast.manager,
        asked=[allocation.Asked(case.reference, case.version, first.key) for case in cases],
    )


def _notes(session: Session, cast: Cast, at: Mapping[Station, Sequence[Complaint]]) -> None:
    complaint = at[Station.INVESTIGATED][0]
    words = "Rang to say that she is away until the 14th and would rather have letters than calls."
    first = casefile.write_note(session, complaint, actor=cast.caseworker, words=words)
    words = "It is until the 24th, not the 14th."
    casefile.write_note(session, complaint, actor=cast.caseworker, words=words, corrects=first)
    words = "Belongs to another file."
    struck = casefile.write_note(session, complaint, actor=cast.investigators[0], words=words)
    casefile.strike_note(session, struck, actor=cast.manager, reasons="Written in the wrong case.")
    words = "The receipt went out by post, as no e-mail address is known."
    casefile.write_note(session, at[Station.RECEIVED][0], actor=cast.caseworker, words=words)


def _links(session: Session, cast: Cast, at: Mapping[Station, Sequence[Complaint]]) -> None:
    casefile.link(
        session,
        at[Station.ALLOCATED][0],
        actor=cast.caseworker,
        to=at[Station.INVESTIGATED][0],
        kind=LinkKind.RELATED_THEME,
        words="Both are about alerts that nobody acknowledged.",
    )
    made = casefile.link(
        session,
        at[Station.ACCEPTED][0],
        actor=cast.caseworker,
        to=at[Station.CLOSED][0],
        kind=LinkKind.FOLLOWS_ON,
    )
    casefile.end_link(session, made, actor=cast.caseworker, reasons="Another family of the same name.")


def _proceedings(session: Session, cast: Cast, at: Mapping[Station, Sequence[Complaint]]) -> None:
    waiting, claimed = at[Station.INVESTIGATED][1], at[Station.FOUND][0]
    inquest = proceedings.record_proceeding(
        session,
        waiting,
        actor=cast.caseworker,
        kind=ProceedingKind.INQUEST,
        body="The coroner for Eastmarch",
        their_reference="INQ 114",
        began_on=clock.today() - timedelta(days=20),
        expected_on=clock.today() + timedelta(days=45),
        words="The family expects a hearing within two months.",
    )
    if waiting.case:
        proceedings.stay(
            session,
            waiting.case,
            actor=cast.manager,
            proceeding=inquest,
            review_on=clock.today() + timedelta(days=1),
            reasons="The coroner has the scans, and we are to have them after the hearing.",
        )
    proceedings.record_proceeding(
        session,
        claimed,
        actor=cast.caseworker,
        kind=ProceedingKind.CLAIM,
        body="The county court at Thornwick",
        began_on=clock.today() - timedelta(days=6),
        words="A claim for the costs of the private scan. Whether there is another remedy is to be asked again.",
    )


def _duties(session: Session, cast: Cast, at: Mapping[Station, Sequence[Complaint]]) -> None:
    first, second = cast.investigators
    duties.declare_conflict(
        session,
        actor=first,
        account=first,
        kind=ConflictKind.WORKED_THERE,
        words="Worked there as a radiographer until 2019.",
        since=clock.today() - timedelta(days=400),
        organisation=cast.others[-1],
    )
    duties.declare_conflict(
        session,
        actor=cast.manager,
        account=second,
        kind=ConflictKind.FAMILY_OR_FRIEND,
        words="The complainant is a neighbour.",
        since=clock.today(),
        complaint=at[Station.ACCEPTED][0],
    )
    duties.arrange_absence(
        session,
        actor=second,
        account=second,
        cover=first,
        from_on=clock.today(),
        to_on=clock.today() + timedelta(days=7),
    )
    duties.restrict(
        session,
        at[Station.AGREED][1],
        actor=cast.manager,
        reasons="The person affected is related to a member of this office.",
        to=[cast.caseworker],
    )


def _flags(session: Session, cast: Cast, at: Mapping[Station, Sequence[Complaint]]) -> None:
    """Who is vulnerable: one flag is due to be looked at, one is not, one has ended."""
    words = "Lost her husband in the spring. Ring before any letter that speaks of his scans."
    mourning, custody = at[Station.INVESTIGATED][0], at[Station.TO_BE_CHECKED][0]
    [widow], [prisoner] = mourning.people_as(Part.COMPLAINANT), custody.people_as(Part.COMPLAINANT)
    people.agree_adjustment(session, widow, actor=cast.caseworker, kind=AdjustmentKind.LETTERS_READ)
    with clock.at(clock.now() - timedelta(days=1)):
        vulnerability.flag(
            session,
            widow,
            actor=cast.caseworker,
            kind=VulnerabilityKind.BEREAVED,
            words=words,
            review_on=clock.today() + timedelta(days=1),
        )
    vulnerability.flag(
        session,
        prisoner,
        actor=cast.caseworker,
        kind=VulnerabilityKind.IN_CUSTODY,
        words="Letters are opened unless the envelope says that they are from us.",
        review_on=clock.today() + timedelta(days=90),
    )
    ended = vulnerability.flag(
        session,
        widow,
        actor=cast.caseworker,
        kind=VulnerabilityKind.SELF_HARM,
        words="If she speaks of it, stay on the line and tell a manager at once.",
        review_on=clock.today() + timedelta(days=30),
    )
    vulnerability.end(session, ended, actor=cast.manager, reasons="She and her doctor say that it is over.")


def _disagreement(session: Session, cast: Cast, complaint: Complaint) -> None:
    [sister] = complaint.people_as(Part.COMPLAINANT)
    name = f"Leopold {sister.name.split()[-1]}"
    brother = complaints.add_person(
        session, complaint, actor=cast.caseworker, part=Part.REPRESENTATIVE, basis="Their son", name=name
    )
    disputed = disagreements.record_disagreement(
        session,
        complaint,
        actor=cast.caseworker,
        one=sister,
        other=brother.person,
        about="He wants the complaint to be withdrawn, and asks for all that the hospital has sent us.",
    )
    disagreements.decide(
        session,
        disputed,
        actor=cast.manager,
        dealt_with=sister,
        one_sees=Sees.EVERYTHING,
        other_sees=Sees.DECISIONS,
        reasons="She made the complaint and has lived with the patient. He is told what we decide.",
    )


def _concerns(session: Session, cast: Cast, at: Mapping[Station, Sequence[Complaint]]) -> None:
    """Three concerns: one waits for a manager, one was considered, one is settled."""
    abouts = (
        (
            "A porter told the family that scans are taken home on a stick.",
            "It is about no injustice to them.",
        ),
        (
            "The ward’s nurses are said to work sixteen hours without a break.",
            "Staffing is for the regulator.",
        ),
        ("A private clinic sells whole-body scans to the worried.", "It provides nothing for the NHS."),
    )
    first, second, third = (
        concerns.record_concern(
            session,
            actor=actor,
            about=about,
            why_outside=why,
            organisation=cast.trusts[0] if actor is cast.caseworker else None,
            complaint=at[Station.INVESTIGATED][0] if actor is cast.caseworker else None,
        )
        for actor, (about, why) in zip((cast.caseworker, *cast.investigators), abouts, strict=True)
    )
    concerns.name(session, first, actor=cast.manager, account=cast.investigators[0])
    for one in (second, third):
        concerns.consider(session, one, actor=cast.manager, consideration="Worth asking about, and not ours.")
    reasons = "The regulator of private clinics knows of it already, and said so on the telephone."
    concerns.take_no_action(session, third, actor=cast.manager, reasons=reasons)
