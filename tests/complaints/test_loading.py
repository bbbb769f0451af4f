from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import func, select

from app.accounts.models import Account, AccountRole, Role
from app.allegations.models import Kind
from app.audit.queries import story
from app.audit.record import verify
from app.complaints.loading import Loaded, load
from app.complaints.models import Channel, Complaint, ComplaintState
from app.complaints.rows import Refused, read
from app.core import clock
from app.core.errors import NotPermitted
from app.organisations import register
from app.organisations.actions import add_by_hand
from app.organisations.models import Organisation, OrganisationKind
from tests.complaints.files import FULL, PLAIN, csv_of


def trust(session, name: str, kind: OrganisationKind = OrganisationKind.NHS_TRUST) -> Organisation:
    return add_by_hand(session, actor=None, name=name, kind=kind)


def the_complaint(session) -> Complaint:
    return session.scalars(select(Complaint)).one()


def count(session) -> int:
    return session.scalar(select(func.count()).select_from(Complaint))


def whom(complaint: Complaint) -> list[str]:
    return [allegation.organisation.name for allegation in complaint.allegations]


def names_to_match(complaint: Complaint) -> list[str]:
    return [named.words for named in complaint.to_match if named.settled_at is None]


def test_a_row_becomes_a_complaint_with_nothing_made_up(session):
    northmoor = trust(session, "Northmoor Hospitals NHS Trust")

    loaded = load(session, read(csv_of(FULL)), actor=None)

    assert loaded == Loaded(rows=1, allegations=1, matched=1, to_match=1)
    complaint = the_complaint(session)
    assert {
        "source": (complaint.source, complaint.source_reference),
        "state": complaint.state,
        "channel": complaint.channel,
        "received_at": complaint.received_at,
        "made_on": complaint.made_on,
        "narrative": complaint.narrative,
        "wanted": complaint.wanted,
        "people": (complaint.complainant_known, complaint.parties, complaint.logged_by),
        "due": {deadline.rule: deadline.due_on for deadline in complaint.deadlines},
        "issues": [(issue.kind, issue.words) for issue in complaint.issues],
        "to match": names_to_match(complaint),
    } == {
        "source": ("Old ledger", "417"),
        "state": ComplaintState.INITIAL_CHECK,
        "channel": Channel.LOADED,
        "received_at": datetime(2021, 4, 29, 23, tzinfo=UTC),
        "made_on": date(2021, 4, 30),
        "narrative": "She was told the X-ray was clear. It was not.",
        "wanted": "An apology.",
        "people": (False, [], None),
        "due": {"acknowledgement": date(2021, 5, 5), "conclusion": date(2022, 4, 29)},
        "issues": [(Kind.ADMINISTRATIVE, "The X-ray was reported as normal.")],
        "to match": ["Fenwick Imaging"],
    }
    [allegation] = complaint.allegations
    assert (allegation.organisation, allegation.issue, allegation.modality) == (
        northmoor,
        complaint.issues[0],
        "CT",
    )
    assert (allegation.event_on, allegation.event_precision, allegation.knowledge_on) == (None, None, None)
    assert (allegation.codings, allegation.checks) == ([], [])
    assert list(verify(session)) == []


@pytest.mark.parametrize(
    ("named", "matched"),
    [
        ("St Mary’s NHS Trust", True),
        ("ST MARYS  NHS TRUST", True),
        ("st mary's nhs trust", True),
        ("St Mary’s", False),
        ("St Mary’s NHS Foundation Trust", False),
        ("St Mary’s NHS Trust, Northmoor", False),
    ],
)
def test_a_name_is_matched_whole_or_waits_for_a_person(session, named, matched):
    trust(session, "St Mary's NHS Trust")

    loaded = load(session, read(csv_of(PLAIN | {"organisations": named})), actor=None)

    assert loaded == Loaded(rows=1, allegations=matched, matched=matched, to_match=not matched)
    complaint = the_complaint(session)
    assert whom(complaint) == (["St Mary's NHS Trust"] if matched else [])
    assert names_to_match(complaint) == ([] if matched else [named])


def test_a_name_that_two_organisations_have_waits_for_a_person(session):
    trust(session, "The Surgery", OrganisationKind.GP_PRACTICE)
    trust(session, "The Surgery", OrganisationKind.GP_PRACTICE)

    loaded = load(session, read(csv_of(PLAIN | {"organisations": "The Surgery"})), actor=None)

    assert loaded == Loaded(rows=1, allegations=0, matched=0, to_match=1)


@pytest.mark.parametrize("kind", OrganisationKind)
def test_an_allegation_is_made_against_nhs_bodies_only(session, kind):
    alleged = kind in {
        OrganisationKind.NHS_TRUST,
        OrganisationKind.GP_PRACTICE,
        OrganisationKind.DENTIST,
        OrganisationKind.PHARMACY,
        OrganisationKind.OPTICIAN,
        OrganisationKind.COMMISSIONER,
        OrganisationKind.WELSH_BOARD,
    }
    body = trust(session, "Fenwick", kind)

    loaded = load(session, read(csv_of(PLAIN | {"organisations": "Fenwick"})), actor=None)

    assert loaded == Loaded(rows=1, allegations=alleged, matched=1, to_match=0)
    complaint = the_complaint(session)
    assert whom(complaint) == (["Fenwick"] if alleged else [])
    assert [
        (named.words, named.organisation_id, named.settled_at is None) for named in complaint.to_match
    ] == ([] if alleged else [("Fenwick", body.id, False)])
    assert list(verify(session)) == []


def test_an_organisation_that_is_named_by_two_of_its_names_is_alleged_against_once(session):
    register.load(session, b"RXX,OLD NAME NHS TRUST" + b"," * 22, as_at=date(2020, 1, 1), actor=None)
    register.load(session, b"RXX,NEW NAME NHS TRUST" + b"," * 22, as_at=date(2021, 1, 1), actor=None)
    row = PLAIN | {"organisations": "Old Name NHS Trust|New Name NHS Trust"}

    loaded = load(session, read(csv_of(row)), actor=None)

    assert loaded == Loaded(rows=1, allegations=1, matched=2, to_match=0)
    complaint = the_complaint(session)
    assert whom(complaint) == ["New Name NHS Trust"]
    assert names_to_match(complaint) == []


@pytest.mark.parametrize(
    ("received_on", "precision", "caution"),
    [
        ("2021-04-01", "month", "Received date known to the month only."),
        ("2021-01-01", "year", "Received date known to the year only."),
    ],
)
def test_a_day_that_is_not_exact_says_so_at_the_head_of_the_narrative(
    session, received_on, precision, caution
):
    row = PLAIN | {"received_on": received_on, "received_precision": precision}

    load(session, read(csv_of(row)), actor=None)

    complaint = the_complaint(session)
    assert complaint.received_on.isoformat() == complaint.made_on.isoformat() == received_on
    assert complaint.narrative == f"{caution}\n\n{PLAIN['narrative']}"


def test_a_complaint_of_no_known_day_is_received_when_it_is_loaded(session):
    loading_day = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
    rows = read(csv_of(PLAIN | {"received_on": "", "received_precision": "not_known"}))

    with clock.at(loading_day):
        load(session, rows, actor=None)

    complaint = the_complaint(session)
    assert (complaint.received_at, complaint.made_on) == (loading_day, date(2026, 3, 2))
    assert complaint.narrative == (
        f"Received date not known: the day of loading stands in for it.\n\n{PLAIN['narrative']}"
    )


def test_what_is_here_already_is_refused_by_line_and_nothing_of_its_file_is_loaded(session):
    load(session, read(csv_of(PLAIN, PLAIN | {"reference": "418"})), actor=None)
    again = read(
        csv_of(
            PLAIN | {"reference": "419"},
            PLAIN | {"reference": "418"},
            PLAIN,
            PLAIN | {"source": "New ledger"},
        )
    )

    with pytest.raises(Refused) as refused:
        load(session, again, actor=None)

    assert refused.value.problems == (
        "Line 3, column reference: “418” is already loaded.",
        "Line 4, column reference: “417” is already loaded.",
    )
    assert count(session) == 2


@pytest.mark.parametrize(("role", "may"), [(Role.CASEWORKER, True), (Role.LIAISON, False)])
def test_only_those_who_may_log_a_complaint_may_load_some(session, role, may):
    account = Account(email="k@office.example", name="K. Mensah", password_hash="-")
    account.held.append(AccountRole(role=role))
    session.add(account)
    session.flush()
    trust(session, "Fenwick", OrganisationKind.REGULATOR)
    rows = read(csv_of(PLAIN | {"organisations": "Fenwick"}))

    if not may:
        load(session, rows, actor=None)
        with pytest.raises(NotPermitted):  # and are not told, either, what is here already
            load(session, rows, actor=account)
        assert count(session) == 1
        return
    load(session, rows, actor=account)

    complaint = the_complaint(session)
    assert complaint.logged_by is account
    assert [named.settled_by_id for named in complaint.to_match] == [account.id]


def test_a_file_is_loaded_and_the_command_says_what_came_of_it(flask, session, tmp_path):
    file = tmp_path / "complaints.csv"
    file.write_bytes(csv_of(FULL))

    assert flask("load", file) == (
        0,
        "Rows in: 1. Allegations made: 0. Organisations named: 0 matched, 2 to be matched.\n",
    )
    assert the_complaint(session).source_reference == "417"


def test_a_dry_run_says_the_same_and_leaves_nothing(flask, session, tmp_path):
    file = tmp_path / "complaints.csv"
    file.write_bytes(csv_of(FULL))

    assert flask("load", file, "--dry-run") == (
        0,
        "This was a dry run. Nothing has been kept of it:\n"
        "Rows in: 1. Allegations made: 0. Organisations named: 0 matched, 2 to be matched.\n",
    )
    assert count(session) == 0
    assert flask("load", file)[0] == 0


def test_a_refused_file_says_why_and_leaves_nothing(flask, session, tmp_path):
    file = tmp_path / "complaints.csv"
    file.write_bytes(csv_of(FULL, FULL | {"reference": "418", "kind": "?"}))

    assert flask("load", file) == (
        1,
        "Error: Nothing was loaded.\n"
        "Line 3, column kind: “?” is not one of clinical, administrative, complaint_handling.\n",
    )
    assert count(session) == 0


def test_a_text_that_is_here_already_is_loaded_and_its_story_says_so(session, make):
    text = "The scan was reported in May, and nobody told us until the autumn."
    first = make.complaint(narrative=text.upper())
    make.complaint(narrative=text, is_restricted=True)
    rows = [{**PLAIN, "reference": f"R{number}", "narrative": text} for number in (1, 2)]

    loaded = load(session, read(csv_of(*rows)), actor=None)

    again = session.scalars(
        select(Complaint).where(Complaint.source.is_not(None)).order_by(Complaint.id)
    ).all()
    told = [
        entry.detail["complaints"]
        for one in again
        for entry in story(session, one)
        if entry.event == "text.repeated"
    ]
    assert (loaded.repeated, told) == (2, [[first.id], [first.id, again[0].id]])
    assert [one.is_to_compare for one in again] == [True, True]
