from __future__ import annotations

from datetime import timedelta

import pytest

from app.accounts.models import Role
from app.allegations.models import CheckOutcome
from app.audit.models import AuditEntry
from app.casefile.models import Proceeding, ProceedingKind, Stay
from app.cases import actions as cases
from app.cases.models import CaseStage
from app.core import clock
from app.core.errors import NotPermitted, RuleBroken
from app.duties.models import Absence, NamedAccess
from app.enquiries.models import Enquiry, EnquiryState, Way
from app.queues import actions, queries
from app.queues.kinds import FOR_OTHERS, RETURNING
from app.recommendations.models import RecommendationState


@pytest.fixture
def caseworker(make):
    return make.account(Role.CASEWORKER)


def closed(session, by, back_on) -> Enquiry:
    enquiry = Enquiry(
        state=EnquiryState.CLOSED,
        way=Way.TELEPHONE,
        received_at=clock.now() - timedelta(days=40),
        taken_by=by,
        said="My scan was not read.",
        closing="Too early.",
        closed_at=clock.now() - timedelta(days=40),
        back_on=back_on,
        diary_on=back_on,
    )
    session.add(enquiry)
    session.flush()
    return enquiry


def signposted(session, make, by, back_on, **given):
    allegation = make.allegation(make.complaint(**given), outcome=CheckOutcome.SIGNPOST, by=by)
    check = allegation.check
    check.back_on = check.diary_on = back_on
    check.signposted_to = "The hospital’s complaints team"
    session.flush()
    return allegation


def stayed(session, make, **given):
    case = make.case(CaseStage.DETAILED_INVESTIGATION, **given)
    values = {"complaint": case.complaint, "number": 1, "kind": ProceedingKind.INQUEST, "body": "The coroner"}
    proceeding = Proceeding(**values, recorded_by=case.owner)
    today = clock.today()
    stay = Stay(case=case, proceeding=proceeding, reasons="The coroner has the scans.", review_on=today)
    stay.stayed_by = case.owner
    session.add(stay)
    session.flush()
    return case


def shown(rows):
    return [(row.kind.name, row.reference, row.number, row.day) for row in rows]


def test_what_may_come_back_today_or_before_is_in_one_list_the_longest_overdue_first(
    session, make, caseworker
):
    today = clock.today()
    late = signposted(session, make, caseworker, today - timedelta(days=3))
    due = closed(session, caseworker, today)
    closed(session, caseworker, today + timedelta(days=1))
    again = signposted(session, make, caseworker, today)
    make.allegation(again.complaint)
    again.checks.append(
        type(again.check)(outcome=CheckOutcome.ACCEPT, reasons="R", facts={}, decided_by=caseworker)
    )
    session.flush()

    found = queries.page(session, caseworker, RETURNING)

    assert shown(found) == [
        ("allegation", late.complaint.reference, 1, today - timedelta(days=3)),
        ("enquiry", due.reference, 0, today),
    ]
    assert queries.counts(session, caseworker, {"returning": RETURNING}) == {"returning": 2}


def test_a_queue_is_counted_as_far_as_anybody_reads_it(session, make, caseworker, monkeypatch):
    """In years, thousands are signposted and never come back; each stays due."""
    monkeypatch.setattr(queries, "COUNTED", 2)
    for _ in range(3):
        signposted(session, make, caseworker, clock.today())
    session.flush()

    assert queries.counts(session, caseworker, {"returning": RETURNING}) == {"returning": 2}


def test_a_page_follows_after_the_last_of_the_page_before_whatever_its_kind(
    session, make, caseworker, monkeypatch
):
    monkeypatch.setattr(queries, "PAGE", 2)
    today = clock.today()
    for _ in range(3):
        closed(session, caseworker, today)
        signposted(session, make, caseworker, today)
    whole, after = [], None
    while True:
        page = queries.page(session, caseworker, RETURNING, after=after)
        whole += page[:2]
        if len(page) <= 2:
            break
        after = queries.read_place(page[1].place)

    assert [row.kind.name for row in whole] == ["enquiry"] * 3 + ["allegation"] * 3
    assert len({row.place for row in whole}) == 6


def test_what_waits_for_others_is_told_with_whom_since_when_and_until_when(session, make):
    owner, today = make.account(Role.INVESTIGATOR), clock.today()
    commented = make.case(CaseStage.PROVISIONAL_VIEWS, owner=owner)
    commented.provisional_views[-1].comments_due_on = today + timedelta(days=2)
    make.case(CaseStage.PROVISIONAL_VIEWS, owner=owner)  # its days for comments are over: it waits for us
    asked = make.recommendation(make.case(CaseStage.COMPLIANCE, owner=owner))
    agreed = make.recommendation(make.case(CaseStage.COMPLIANCE), RecommendationState.AGREED)
    make.recommendation(make.case(CaseStage.COMPLIANCE), RecommendationState.SUBMITTED)
    waiting = stayed(session, make, owner=owner)
    session.flush()

    found = queries.page(session, owner, FOR_OTHERS)
    own = queries.page(session, owner, FOR_OTHERS, is_own=True)

    told = {(row.kind.name, row.reference, row.whom, row.since, row.owner) for row in found}
    ago = today - timedelta(days=20)
    assert told == {
        ("comments", commented.reference, "The parties", ago, owner.name),
        ("answer", asked.case.reference, asked.organisation.name, today, owner.name),
        ("evidence", agreed.case.reference, agreed.organisation.name, today, agreed.case.owner.name),
        ("stay", waiting.reference, "The coroner", today, owner.name),
    }
    assert {row.reference for row in own} == {commented.reference, asked.case.reference, waiting.reference}


def test_a_case_in_mediation_waits_for_the_parties_until_their_day_or_until_it_is_ended(session, make):
    owner, today = make.account(Role.INVESTIGATOR), clock.today()
    case = make.case(CaseStage.PRIMARY_INVESTIGATION, owner=owner)
    before = make.case(CaseStage.MEDIATION, owner=owner)  # sent there before a day was asked
    until = today + timedelta(days=30)
    cases.send_to_mediation(
        session, case, actor=owner, mediator="Mediators of the North", until_on=until, reasons="Both want to."
    )
    session.flush()

    found = queries.page(session, owner, FOR_OTHERS)

    assert [(row.kind.name, row.reference, row.whom, row.since, row.day, row.owner) for row in found] == [
        ("mediation", case.reference, "The parties and Mediators of the North", today, until, owner.name),
        ("mediation", before.reference, "The parties and a mediator", None, None, owner.name),
    ]
    for one in (case, before):
        cases.end_mediation(session, one, actor=owner, reasons="They did not agree.")
    session.flush()
    assert queries.page(session, owner, FOR_OTHERS) == []
    assert case.mediation.ended_at is not None


def test_whoever_covers_sees_what_waits_with_whom_they_cover_for_as_their_own(session, make):
    away, cover, today = make.account(Role.INVESTIGATOR), make.account(Role.INVESTIGATOR), clock.today()
    case = stayed(session, make, owner=away)
    assert queries.page(session, cover, FOR_OTHERS, is_own=True) == []

    session.add(Absence(account=away, cover=cover, from_on=today, to_on=today, arranged_by_id=away.id))
    session.flush()
    session.refresh(cover)

    assert [row.reference for row in queries.page(session, cover, FOR_OTHERS, is_own=True)] == [
        case.reference
    ]


def test_what_is_restricted_is_in_no_queue_and_no_count_of_those_who_are_not_named(session, make, caseworker):
    other, today = make.account(Role.MANAGER), clock.today()
    allegation = signposted(session, make, other, today, is_restricted=True)
    cases = [
        stayed(session, make),
        make.recommendation(make.case(CaseStage.COMPLIANCE)).case,
        make.recommendation(make.case(CaseStage.COMPLIANCE), RecommendationState.AGREED).case,
        make.case(CaseStage.PROVISIONAL_VIEWS),
    ]
    cases[-1].provisional_views[-1].comments_due_on = today
    for case in cases:
        case.complaint.is_restricted = True
    session.flush()
    both = {"returning": RETURNING, "for_others": FOR_OTHERS}

    assert queries.counts(session, caseworker, both) == {"returning": 0, "for_others": 0}
    assert [queries.page(session, caseworker, kinds) for kinds in both.values()] == [[], []]

    for complaint in [allegation.complaint, *(case.complaint for case in cases)]:
        session.add(NamedAccess(complaint_id=complaint.id, account=caseworker, named_by_id=other.id))
    session.flush()

    assert queries.counts(session, caseworker, both) == {"returning": 1, "for_others": 4}


def test_an_investigator_is_shown_no_enquiries_and_counts_none(session, make, caseworker):
    closed(session, caseworker, clock.today())
    investigator = make.account(Role.INVESTIGATOR)

    assert queries.page(session, investigator, RETURNING) == []
    assert queries.counts(session, investigator, {"returning": RETURNING}) == {"returning": 0}


def test_what_came_back_is_out_of_the_diary_and_what_they_were_told_stays(session, make, caseworker):
    allegation = signposted(session, make, caseworker, clock.today())
    check, told = allegation.check, allegation.check.back_on

    actions.settle(session, check, actor=caseworker, was_on=told, words="They complained again.")

    assert (check.diary_on, check.back_on) == (None, told)
    entry = session.query(AuditEntry).order_by(AuditEntry.id.desc()).first()
    assert (entry.event, entry.complaint_id) == ("return.settled", allegation.complaint_id)
    assert queries.page(session, caseworker, RETURNING) == []


def test_what_is_moved_comes_back_on_its_new_day(session, make, caseworker, today):
    today(2026, 3, 2)
    enquiry = closed(session, caseworker, clock.today())
    later = clock.today() + timedelta(days=7)

    actions.move(session, enquiry, actor=caseworker, was_on=clock.today(), to_on=later, words="Away.")
    assert queries.page(session, caseworker, RETURNING) == []
    today(2026, 3, 9)

    assert shown(queries.page(session, caseworker, RETURNING)) == [("enquiry", enquiry.reference, 0, later)]


def test_what_somebody_else_moved_or_settled_meanwhile_is_said_and_not_done_twice(session, caseworker):
    today = clock.today()
    enquiry = closed(session, caseworker, today)
    later = today + timedelta(days=7)
    actions.move(session, enquiry, actor=caseworker, was_on=today, to_on=later, words="Away.")

    with pytest.raises(RuleBroken, match="moved this meanwhile"):
        actions.settle(session, enquiry, actor=caseworker, was_on=today, words="Done.")
    actions.settle(session, enquiry, actor=caseworker, was_on=later, words="Done.")
    with pytest.raises(RuleBroken, match="dealt with already"):
        actions.settle(session, enquiry, actor=caseworker, was_on=later, words="Done.")


def test_it_is_moved_to_a_day_to_come_and_by_who_keeps_the_diary(session, make, caseworker):
    today = clock.today()
    enquiry = closed(session, caseworker, today)

    with pytest.raises(RuleBroken) as refusal:
        actions.move(session, enquiry, actor=caseworker, was_on=today, to_on=today, words="Words")
    assert refusal.value.field == "to_on"
    with pytest.raises(NotPermitted):
        actions.settle(session, enquiry, actor=make.account(Role.INVESTIGATOR), was_on=today, words="Words")


def test_the_pages_list_note_and_keep_what_was_typed(session, make, reader):
    client, account = reader(Role.CASEWORKER)
    today = clock.today()
    enquiry = closed(session, account, today)
    allegation = signposted(session, make, account, today)
    session.commit()
    path = f"/returning/enquiries/{enquiry.reference}"

    listed = client.get("/returning/").text
    assert enquiry.reference in listed and allegation.complaint.reference in listed
    assert "2</span> Returning today" in client.get("/").text
    refused = client.post(path, data={"then": "later", "words": "Rang them", "was_on": today.isoformat()})
    assert "Enter the day on which somebody is to look again." in refused.text
    assert "Rang them" in refused.text
    done = client.post(path, data={"then": "settled", "words": "Rang them", "was_on": today.isoformat()})
    assert done.status_code == 302
    assert "in the diary no longer" in client.get(path).text
    path = f"/returning/complaints/{allegation.complaint.reference}/1"
    stale = {"then": "settled", "words": "Rang them", "was_on": (today - timedelta(days=1)).isoformat()}
    assert "moved this meanwhile" in client.post(path, data=stale).text
    assert client.get("/returning/").text.count("Say what was done") == 1


def test_without_anything_each_queue_says_so(reader):
    client, _account = reader(Role.MANAGER)

    assert "Nobody is expected back." in client.get("/returning/").text
    assert (
        "Nothing waits for anybody outside the office." in client.get("/waiting-for-others/?after=x~y~z").text
    )


def test_every_kind_of_thing_that_waits_has_a_page_of_its_own(app):
    places = app.jinja_env.get_template("components/queues.html").module.places

    assert {*places} == {kind.name for kind in (*RETURNING, *FOR_OTHERS)}
    assert {endpoint for endpoint in places.values() if endpoint not in app.view_functions} == set()
