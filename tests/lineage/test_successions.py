from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest

from app.accounts.models import Role
from app.allegations.models import CheckOutcome
from app.audit.models import AuditEntry
from app.cases.models import CaseStage
from app.core import clock
from app.core.errors import NotPermitted, Overtaken, RuleBroken
from app.evidence.models import Disclosure
from app.lineage import actions, queries
from app.lineage.models import Succession, SuccessionKind
from app.policy import visible_allegations, visible_documents, visible_recommendations
from app.recommendations import actions as recommendations
from app.recommendations import answers
from app.recommendations.models import RecommendationKind, RecommendationState

MERGED = {"kind": SuccessionKind.MERGED, "happened_on": date(2019, 4, 1), "source": "The order that made it"}


@pytest.fixture
def caseworker(make):
    return make.account(Role.CASEWORKER)


@pytest.fixture
def manager(make):
    return make.account(Role.MANAGER)


@pytest.fixture
def became(session, caseworker):
    def record(was, to, **given):
        return actions.record_succession(session, was, actor=caseworker, to=to, **(MERGED | given))

    return record


def test_a_body_may_have_several_successors_and_several_predecessors(session, make, became):
    a, b, c, d = (make.organisation(name) for name in "ABCD")
    first = became(a, c, happened_on=date(2015, 1, 1))
    second = became(b, c, happened_on=date(2016, 1, 1))
    split = became(c, d, kind=SuccessionKind.SPLIT, happened_on=date(2020, 1, 1))

    assert queries.history_of(session, c) == [first, second, split]
    assert queries.successors_of(session, [a, b]) == [first, second]
    assert set(session.scalars(queries.came_from([d.code]))) == {a.code, b.code, c.code, d.code}
    assert set(session.scalars(queries.came_from([a.code]))) == {a.code}


@pytest.mark.parametrize("steps", [0, 1, 2, 3])
def test_nothing_comes_from_itself_however_far_round(make, became, steps):
    line = [make.organisation(name) for name in "ABCD"][: steps + 1]
    for was, to in pairwise(line):
        became(was, to)

    with pytest.raises(RuleBroken, match="nothing comes from itself"):
        became(line[-1], line[0])


def test_one_step_is_recorded_once_and_in_no_future(session, make, became):
    a, b = make.organisation(), make.organisation()
    became(a, b)

    with pytest.raises(RuleBroken, match="recorded already"):
        became(a, b)
    with pytest.raises(RuleBroken) as refusal:
        became(a, make.organisation(), happened_on=date(2199, 1, 1))
    assert refusal.value.field == "happened_on"


def test_correcting_keeps_the_old_words_in_the_record(session, make, became, caseworker):
    made = became(make.organisation("A"), make.organisation("B"))

    actions.correct_succession(
        session, made, actor=caseworker, **(MERGED | {"happened_on": date(2019, 5, 1)})
    )

    session.flush()
    told = session.query(AuditEntry).order_by(AuditEntry.number.desc()).first()
    assert (told.event, told.detail["changes"]) == (
        "succession.corrected",
        {"happened_on": ["2019-04-01", "2019-05-01"]},
    )


def test_two_who_correct_at_once_are_told(session, make, became, caseworker):
    made = became(make.organisation(), make.organisation())
    session.commit()

    with pytest.raises(Overtaken):
        actions.correct_succession(session, made, actor=caseworker, drawn_from=made.version - 1, **MERGED)


def test_what_was_withdrawn_counts_no_more_and_can_be_recorded_the_other_way_round(
    session, make, became, caseworker
):
    a, b = make.organisation(), make.organisation()
    wrong = became(a, b)
    actions.withdraw_succession(session, wrong, actor=caseworker, reasons="The other way round.")
    right = became(b, a)

    assert queries.history_of(session, a) == [right]
    with pytest.raises(RuleBroken, match="withdrawn"):
        actions.withdraw_succession(session, wrong, actor=caseworker, reasons="Again.")


@pytest.fixture
def predecessors(session, make, became):
    """A predecessor with an allegation, a document and a recommendation, and an officer of its successor."""
    was, to = make.organisation("Was"), make.organisation("To")
    case = make.case(CaseStage.COMPLIANCE, organisation=was)
    recommendation = make.recommendation(case)
    document = make.document(case)
    session.add(Disclosure(document=document, organisation=was, disclosed_by_id=case.owner_id))
    officer = make.account(Role.LIAISON, organisation=to)
    succession = became(was, to)
    session.commit()

    def seen():
        session.expire_all()
        return [
            session.scalars(select(officer)).all()
            for select in (visible_allegations, visible_documents, visible_recommendations)
        ]

    return succession, officer, recommendation, seen, [[case.allegations[0]], [document], [recommendation]]


def test_an_officer_of_the_successor_sees_nothing_until_somebody_decides_it(session, manager, predecessors):
    succession, officer, recommendation, seen, everything = predecessors
    assert seen() == [[], [], []]
    with pytest.raises(NotPermitted):
        answers.agree(session, recommendation, actor=officer, words="Yes.")

    actions.open_portal(session, succession, actor=manager, reasons="They answer for it now.")
    session.commit()
    assert seen() == everything
    answers.agree(session, recommendation, actor=officer, words="Yes.")
    assert recommendation.state is RecommendationState.AGREED

    actions.close_portal(session, succession, actor=manager)
    session.commit()
    assert seen() == [[], [], []]


def test_withdrawing_a_succession_closes_what_it_opened(session, caseworker, manager, predecessors):
    succession, _officer, _recommendation, seen, _everything = predecessors
    actions.open_portal(session, succession, actor=manager, reasons="They answer for it now.")
    actions.withdraw_succession(session, succession, actor=caseworker, reasons="Wrong body.")
    session.commit()

    assert seen() == [[], [], []]


def test_the_portal_is_opened_by_a_manager_and_one_step_only(
    session, make, became, caseworker, manager, predecessors
):
    succession, _officer, _recommendation, seen, everything = predecessors
    with pytest.raises(NotPermitted):
        actions.open_portal(session, succession, actor=caseworker, reasons="Because.")
    before = make.organisation("Before")
    earlier = make.allegation(outcome=CheckOutcome.ACCEPT, organisation=before)
    became(before, succession.was)
    actions.open_portal(session, succession, actor=manager, reasons="They answer for it now.")
    session.commit()

    assert earlier not in seen()[0]
    assert seen() == everything


@pytest.fixture
def closed(session, make, became):
    """A case with an upheld allegation against a closed body, its successor, and the case's investigator."""
    was = make.organisation("Old Infirmary", closed_on=date(2019, 3, 31))
    to = make.organisation("New Hospitals")
    became(was, to)
    case = make.case(CaseStage.DETAILED_INVESTIGATION, organisation=was)
    session.commit()
    return case, was, to


WANTED = {
    "kind": RecommendationKind.SERVICE_IMPROVEMENT,
    "action": "Escalate.",
    "evidence_wanted": "An audit.",
    "public_text": "Escalate.",
}


@pytest.mark.parametrize(("chosen", "asked"), [(None, "Old Infirmary"), ("to", "New Hospitals")])
def test_a_person_chooses_whether_the_successor_is_asked(session, closed, chosen, asked):
    case, _was, to = closed
    made = recommendations.make(
        session,
        case,
        actor=case.owner,
        finding=case.allegations[0].finding,
        due_on=clock.today().replace(year=clock.today().year + 1, day=1),
        addressee=to if chosen else None,
        **WANTED,
    )

    assert made.organisation.name == asked


def test_a_body_that_came_from_elsewhere_is_not_asked(session, make, closed):
    case, _was, _to = closed

    with pytest.raises(RuleBroken) as refusal:
        recommendations.make(
            session,
            case,
            actor=case.owner,
            finding=case.allegations[0].finding,
            due_on=clock.today().replace(year=clock.today().year + 1, day=1),
            addressee=make.organisation("Some other"),
            **WANTED,
        )
    assert refusal.value.field == "addressee"


def test_the_pages_offer_the_successor(session, reader, make, closed):
    case, was, to = closed
    complaint = make.complaint()
    make.allegation(complaint)
    client, account = reader(Role.CASEWORKER, Role.INVESTIGATOR)
    case.owner = account
    session.commit()

    page = client.get(f"/complaints/{complaint.reference}/issues/1/allegations/new?organisation={was.code}")
    assert "Old Infirmary closed on 31 March 2019." in page.text
    assert "Issue 1 against New Hospitals instead" in page.text
    form = client.get(f"/cases/{case.reference}/recommendations/new").text
    assert f'value="{to.code}"' in form and "New Hospitals, instead of Old Infirmary" in form
    assert "Old Infirmary merged into" in client.get(f"/organisations/{was.code}").text.replace("\n", " ")


def test_a_list_can_hold_what_an_organisation_came_from(session, reader, make, closed):
    _case, was, to = closed
    mine = make.allegation(organisation=to).complaint.reference
    theirs = make.allegation(organisation=was).complaint.reference
    client, _ = reader(Role.CASEWORKER)

    alone = client.get(f"/caseload/?organisation={to.code}").text
    together = client.get(f"/caseload/?organisation={to.code}&lineage=yes").text
    other = client.get(f"/caseload/?organisation={was.code}&lineage=yes").text

    assert [mine in alone, theirs in alone] == [True, False]
    assert [mine in together, theirs in together] == [True, True]
    assert [mine in other, theirs in other] == [False, True]
    except_both = client.get(f"/caseload/?organisation={to.code}&lineage=yes&except=organisation").text
    assert [mine in except_both, theirs in except_both] == [False, False]


def test_the_portal_says_to_whom_it_was_recommended(session, reader, manager, predecessors):
    succession, officer, *_rest = predecessors
    actions.open_portal(session, succession, actor=manager, reasons="They answer for it now.")
    client, account = reader(Role.LIAISON)
    account.organisation = officer.organisation
    session.commit()

    assert "to Was" in client.get("/trust/").text


def test_recording_is_for_those_who_may(session, make, became):
    with pytest.raises(NotPermitted):
        actions.record_succession(
            session,
            make.organisation(),
            actor=make.account(Role.INVESTIGATOR),
            to=make.organisation(),
            **MERGED,
        )
    assert session.query(Succession).count() == 0
