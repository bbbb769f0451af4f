"""Filling an empty demonstration office, the same every time but for the days, which follow today."""

from __future__ import annotations

import heapq
from datetime import date, timedelta
from itertools import count

from sqlalchemy.orm import Session

from app.accounts import actions as accounts
from app.accounts.models import Account, Role
from app.accounts.queries import count as accounts_there
from app.core import clock, references
from app.core.errors import RuleBroken
from app.core.files import Files
from app.demonstration import asked
from app.demonstration.beside import put_beside
from app.demonstration.bodies import delegate_some, give_a_past
from app.demonstration.cast import Cast, Station
from app.demonstration.enquiries import enquiries_of
from app.demonstration.listed import change_lists
from app.demonstration.scenes import Scene
from app.demonstration.stories import STORIES
from app.demonstration.unsent import drafts_of, sent_in
from app.notices import actions as notices
from app.organisations import actions as organisations
from app.organisations.models import Organisation, OrganisationKind
from app.teams import actions as teams

PASSWORD = "a second pair of eyes"  # noqa: S105 (printed on purpose; refused in production)

#: Who can sign in, and as what.
SIGN_INS = (
    ("caseworker@office.example", "caseworker"),
    ("investigator@office.example", "investigator"),
    ("second.investigator@office.example", "investigator"),
    ("manager@office.example", "manager"),
    ("ombudsman@office.example", "ombudsman"),
    ("administrator@office.example", "administrator"),
    ("liaison@eastmarch.example", "liaison officer of Eastmarch University Hospitals"),
    ("liaison@thornwick.example", "liaison officer of Thornwick General Hospitals"),
)
STAFF = (
    ("caseworker@office.example", "Amara Bellweather", Role.CASEWORKER),
    ("investigator@office.example", "Idris Vantongeren", Role.INVESTIGATOR),
    ("second.investigator@office.example", "Wren Castellane", Role.INVESTIGATOR),
    ("manager@office.example", "Maud Petherick", Role.MANAGER),
    ("ombudsman@office.example", "Oscar Lindenthal", Role.OMBUDSMAN),
    ("administrator@office.example", "Ada Nkemelu-Frost", Role.ADMINISTRATOR),
)
TEAM = "Imaging"
TRUSTS = (
    ("Eastmarch University Hospitals NHS Foundation Trust", "liaison@eastmarch.example", "Lena Fairweather"),
    ("Thornwick General Hospitals NHS Trust", "liaison@thornwick.example", "Tomas Rookwood"),
)
OTHERS = (
    ("Kestrel Street Surgery", OrganisationKind.GP_PRACTICE),
    ("Brightwater Teleradiology Limited", OrganisationKind.INDEPENDENT_PROVIDER),
    ("Saltmere Community Health NHS Trust", OrganisationKind.NHS_TRUST),
)
#: How many complaints stand at each station, and how many days ago the last thing happened there.
STANDING = (
    (Station.RECEIVED, (1, 2, 6)),
    (Station.TO_BE_CHECKED, (1, 5, 9)),
    (Station.REFUSED, (12, 40, 75, 130)),
    (Station.ACCEPTED, (2, 5, 16)),
    (Station.ALLOCATED, (1, 4, 12)),
    (Station.INVESTIGATED, (2, 6, 10, 21, 340)),
    (Station.FOUND, (1, 8, 19)),
    (Station.SHARED, (1, 20)),
    (Station.COMMENTED, (3,)),
    (Station.PROPOSED, (1, 3)),
    (Station.ISSUED, (2, 9, 80)),
    (Station.AGREED, (6, 15, 70)),
    (Station.SUBMITTED, (2, 11)),
    (Station.CLOSED, (20, 60, 110)),
)


def fill(session: Session, files: Files) -> None:
    """Make the office and play its complaints. Raises `RuleBroken` if anybody can sign in here already."""
    if accounts_there(session):
        raise RuleBroken(
            "This office is not empty. The demonstration office is only loaded into an empty one."
        )
    with references.drawn_from(2021):
        today = clock.today()
        with clock.at(clock.now() - timedelta(days=600)):
            cast = _cast(session)
        enquiries_of(session, cast)
        drafts_of(session, cast)
        scenes, numbers = [], count()
        for station, since in STANDING:
            for days in since:
                number = next(numbers)
                begun = today - timedelta(days=station + days)
                scenes.append(
                    Scene(session, files, cast, number, STORIES[number % len(STORIES)], station, begun)
                )
        _play(scenes)
        give_a_past(session, cast)
        with clock.at(clock.now() - timedelta(days=20)):
            delegate_some(session, cast)
        put_beside(
            session,
            cast,
            {
                station: [each.complaint for each in scenes if each.station is station and each.complaint]
                for station in Station
            },
        )
        _ask(session, cast, scenes)
        change_lists(session, cast)
        sent_in(session, files)
        notices.count_as_told(session)


def _play(scenes: list[Scene]) -> None:
    """Every act of every scene, in the order of time."""
    waiting = []
    for scene in scenes:
        acts = scene.acts()
        waiting.append((next(acts), scene.number, acts))
    heapq.heapify(waiting)
    while waiting:
        instant, number, acts = heapq.heappop(waiting)
        with clock.at(instant):
            following = next(acts, None)
        if following is not None:
            heapq.heappush(waiting, (following, number, acts))


def _ask(session: Session, cast: Cast, scenes: list[Scene]) -> None:
    """Ask for evidence in the case of which some came long ago."""
    investigated = [scene for scene in scenes if scene.station is Station.INVESTIGATED]
    complaint = investigated[4].complaint
    if complaint and complaint.case and complaint.case.owner:
        asked.ask(session, complaint.case, investigator=complaint.case.owner, caseworker=cast.caseworker)


def _cast(session: Session) -> Cast:
    staff = {
        email: accounts.create(session, actor=None, email=email, name=name, password=PASSWORD, roles=[role])
        for email, name, role in STAFF
    }
    team = teams.make(session, actor=None, name=TEAM)
    for account in staff.values():
        teams.join(session, team, actor=None, account=account)
    leader = staff["manager@office.example"]
    teams.change_team(session, team, actor=None, name=TEAM, leader=leader)
    trusts, liaisons = [], {}
    for name, email, officer in TRUSTS:
        trust = _organisation(session, name, OrganisationKind.NHS_TRUST)
        liaisons[trust.code] = _liaison(session, email, officer, trust)
        trusts.append(trust)
    return Cast(
        caseworker=staff["caseworker@office.example"],
        investigators=(staff["investigator@office.example"], staff["second.investigator@office.example"]),
        manager=staff["manager@office.example"],
        ombudsman=staff["ombudsman@office.example"],
        liaisons=liaisons,
        trusts=tuple(trusts),
        others=tuple(_other(session, name, kind) for name, kind in OTHERS),
    )


def _other(session: Session, name: str, kind: OrganisationKind) -> Organisation:
    organisation = _organisation(session, name, kind)
    if organisation.is_provider:
        organisations.record_arrangement(
            session,
            organisation,
            actor=None,
            with_whom="The integrated care board of the county",
            began_on=date(2019, 4, 1),
            source="The board’s register of contracts",
        )
    return organisation


def _organisation(session: Session, name: str, kind: OrganisationKind) -> Organisation:
    return organisations.add_by_hand(session, actor=None, name=name, kind=kind, address="1 Example Way")


def _liaison(session: Session, email: str, name: str, organisation: Organisation) -> Account:
    return accounts.create(
        session,
        actor=None,
        email=email,
        name=name,
        password=PASSWORD,
        roles=[Role.LIAISON],
        organisation=organisation,
    )
