"""A decision on an allegation rests on answers, and these on facts: what happens when a fact is changed."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest

from app.accounts.models import Role
from app.allegations import actions as allegations
from app.allegations.models import CheckOutcome, KnowledgeSource
from app.casefile import proceedings
from app.casefile.models import ProceedingKind
from app.cases import actions as cases
from app.cases import corrections
from app.cases.models import CaseStage
from app.checks import actions, answers, discretion, knowledge, queries
from app.checks.answers import Given
from app.checks.facts import local_resolution, referral, time_limit
from app.checks.models import Answer
from app.complaints.models import Channel, ComplaintState
from app.core import clock
from app.core.errors import NotFound, NotPermitted, Overtaken, RuleBroken
from app.decisions import actions as decisions
from app.duties import actions as duties

UNDATED = {"event_on": None, "event_precision": None}
MET, EXCEPTION, NOT_MET = Answer.MET, Answer.EXCEPTION, Answer.NOT_MET
PUT = {"for_looking": "Grief.", "against_looking": "Staff have left."}


@pytest.fixture
def caseworker(make):
    return make.account(Role.CASEWORKER)


@pytest.fixture
def manager(make):
    return make.account(Role.MANAGER)


@pytest.fixture
def accepted(make):
    """An allegation that was in time, tested and accepted; nothing has been made of it yet."""
    complaint = make.complaint(
        made_on=date(2026, 3, 9), received_at=clock.instant_of(date(2026, 3, 9), time(10))
    )
    return make.allegation(complaint, knowledge_on=date(2025, 4, 1), outcome=CheckOutcome.ACCEPT, **UNDATED)


def put_out_of_time(session, allegation, *, actor):
    knowledge.add(session, allegation, actor=actor, known_on=date(2025, 1, 2), source=KnowledgeSource.RECORD)
    session.flush()
    day = next(day for day in allegation.known_dates if day.known_on == date(2025, 1, 2))
    knowledge.choose(session, allegation, actor=actor, known=day, reasons="The portal shows they read it.")


def test_a_case_is_not_opened_on_an_acceptance_that_a_changed_date_has_overtaken(
    session, make, caseworker, manager, accepted
):
    complaint = accepted.complaint
    put_out_of_time(session, accepted, actor=caseworker)

    assert not answers.still_holds(accepted)
    with pytest.raises(RuleBroken, match="decided on allegation 1 rests on facts that have changed"):
        cases.open_case(session, complaint, actor=caseworker)
    assert (complaint.state, complaint.case) == (ComplaintState.INITIAL_CHECK, None)

    discretion.open_discretion(session, accepted, actor=caseworker, decider=manager, **PUT)
    session.flush()
    discretion.decide(session, accepted, actor=manager, is_exercised=True, reasons="They were ill.")
    exception = {"time": Given(answer=EXCEPTION, note="They were ill.")}
    answers.answer_tests(session, accepted, actor=caseworker, answers=exception)
    assert answers.still_holds(accepted)
    assert cases.open_case(session, complaint, actor=caseworker).allegations == [accepted]


def test_a_complaint_is_not_closed_on_a_refusal_that_a_changed_date_has_overtaken(
    session, make, caseworker, today
):
    today(2026, 3, 9)
    allegation = make.allegation(complained_locally_on=date(2026, 3, 1), **UNDATED)
    make.tested(allegation, "exhausted")
    actions.decide(
        session,
        allegation,
        actor=caseworker,
        outcome=CheckOutcome.SIGNPOST,
        reasons="Too early.",
        signposted_to="The trust",
        back_on=date(2026, 9, 1),
    )
    actions.record_reasons_sent(session, allegation.complaint, actor=caseworker, sent_on=clock.today())
    allegation.answered_locally_on = date(2026, 3, 8)

    with pytest.raises(RuleBroken, match="decide it again first"):
        actions.close_complaint(session, allegation.complaint, actor=caseworker)
    allegation.answered_locally_on = None
    actions.close_complaint(session, allegation.complaint, actor=caseworker)
    assert allegation.complaint.state is ComplaintState.CLOSED


def test_too_early_is_asked_again_when_the_six_months_are_over_but_an_exception_is_not(
    session, make, caseworker, today
):
    today(2026, 3, 9)
    refused, excepted = (make.allegation(complained_locally_on=date(2026, 3, 1), **UNDATED) for _ in "12")
    for allegation, answer in ((refused, NOT_MET), (excepted, EXCEPTION)):
        given = {"exhausted": Given(answer=answer, note="It has had a week.")}
        answers.answer_tests(session, allegation, actor=caseworker, answers=given)

    def open_again():
        return [
            any(one.is_stale for one in answers.tested(allegation) if one.test.id == "exhausted")
            for allegation in (refused, excepted)
        ]

    assert open_again() == [False, False]
    today(2026, 9, 1)
    assert (local_resolution(refused).is_overdue, open_again()) == (True, [True, False])


def test_a_legal_claim_opens_the_question_of_another_remedy_again(session, make, caseworker):
    allegation = make.tested(make.allegation())
    claim = {"actor": caseworker, "body": "The county court"}

    proceedings.record_proceeding(session, allegation.complaint, kind=ProceedingKind.INQUEST, **claim)
    assert [one.test.id for one in answers.tested(allegation) if one.is_stale] == []
    proceedings.record_proceeding(session, allegation.complaint, kind=ProceedingKind.CLAIM, **claim)

    assert [one.test.id for one in answers.tested(allegation) if one.is_stale] == ["other_remedy"]


def test_the_rest_gets_its_reasons_before_a_case_is_opened(session, make, caseworker, accepted):
    declined = make.allegation(accepted.complaint, outcome=CheckOutcome.DECLINE)
    declined.check.sent_on = None

    with pytest.raises(RuleBroken, match="reasons for what is not accepted first"):
        cases.open_case(session, accepted.complaint, actor=caseworker)
    actions.record_reasons_sent(session, accepted.complaint, actor=caseworker, sent_on=clock.today())
    cases.open_case(session, accepted.complaint, actor=caseworker)


def test_a_correction_that_makes_a_case_late_is_checked_again_before_a_decision_is_sent(
    session, make, caseworker, manager, accepted
):
    case = cases.open_case(session, accepted.complaint, actor=caseworker)
    case.owner, case.stage = make.account(Role.INVESTIGATOR), CaseStage.PROVISIONAL_VIEWS
    session.flush()
    earlier = {"knowledge_on": date(2025, 1, 2), "knowledge_source": KnowledgeSource.RECORD}
    corrections.correct_facts(session, case, accepted, actor=caseworker, reasons="The portal.", **earlier)
    assert time_limit(accepted).days_late == 66

    with pytest.raises(RuleBroken, match="rests on facts that have changed"):
        decisions.propose(session, case, actor=case.owner)

    discretion.open_discretion(session, accepted, actor=caseworker, decider=manager, **PUT)
    session.flush()
    assert [len(queries.waiting_for(session, one)) for one in (manager, caseworker)] == [1, 0]
    discretion.decide(session, accepted, actor=manager, is_exercised=True, reasons="Grave.")
    exception = {"time": Given(answer=EXCEPTION, note="Grave.")}
    answers.answer_tests(session, accepted, actor=caseworker, answers=exception)
    assert answers.what_fell(case.complaint) is None


@pytest.mark.parametrize("stage", [CaseStage.APPROVAL, CaseStage.COMPLIANCE, CaseStage.CLOSED])
def test_once_a_decision_is_being_approved_nothing_is_checked_again(session, make, caseworker, stage):
    [allegation] = make.case(stage).allegations

    with pytest.raises(NotPermitted, match="its decision is being approved or has been"):
        answers.answer_tests(session, allegation, actor=caseworker, answers={"writing": Given(answer=MET)})


def test_the_last_allegation_of_a_case_is_not_declined_away(session, make, caseworker, accepted):
    second = make.allegation(accepted.complaint, outcome=CheckOutcome.ACCEPT)
    case = cases.open_case(session, accepted.complaint, actor=caseworker)
    make.tested(accepted, "standing")
    make.tested(second, "standing")
    decline = {"actor": caseworker, "outcome": CheckOutcome.DECLINE, "reasons": "Not theirs to bring."}

    actions.decide(session, accepted, **decline)
    with pytest.raises(RuleBroken, match="close the case instead") as refusal:
        actions.decide(session, second, **decline)
    assert (refusal.value.field, case.allegations) == ("outcome", [second])


def test_what_has_a_finding_is_not_declined_and_nothing_new_comes_in_behind_the_organisations(
    session, make, caseworker
):
    case = make.case(CaseStage.DETAILED_INVESTIGATION)
    found, declined = (
        case.allegations[0],
        make.allegation(case.complaint, outcome=CheckOutcome.DECLINE),
    )
    make.tested(found, "standing")
    make.tested(declined)

    with pytest.raises(RuleBroken, match="A finding has been written"):
        actions.decide(session, found, actor=caseworker, outcome=CheckOutcome.DECLINE, reasons="No.")
    with pytest.raises(RuleBroken, match="back to primary investigation first"):
        actions.decide(session, declined, actor=caseworker, outcome=CheckOutcome.ACCEPT, reasons="Yes.")


def test_two_people_do_not_decide_one_check_unknown_to_each_other(session, make, caseworker):
    allegation = make.tested(make.allegation())
    drawn = {"actor": caseworker, "drawn_from": allegation.version, "reasons": "All is met."}

    actions.decide(session, allegation, outcome=CheckOutcome.ACCEPT, **drawn)
    session.flush()

    with pytest.raises(Overtaken):
        actions.decide(session, allegation, outcome=CheckOutcome.WITHDRAWN, **drawn)
    assert allegation.check.outcome is CheckOutcome.ACCEPT


def test_the_second_to_decide_sees_what_was_decided_and_keeps_what_they_wrote(
    reader, session, make, caseworker
):
    client, _account = reader(Role.CASEWORKER)
    allegation = make.tested(make.allegation())
    session.commit()
    address = f"/complaints/{allegation.complaint.reference}/allegations/1/check"
    mine = {"drawn_from": allegation.version, "outcome": "withdrawn", "reasons": "They wrote to say so."}
    actions.decide(
        session, allegation, actor=caseworker, outcome=CheckOutcome.ACCEPT, reasons="All tests are met."
    )
    session.commit()

    refused = client.post(address, data=mine)

    assert "Someone else has saved this since you opened it." in refused.text
    assert "They wrote to say so." in refused.text
    assert f"Decided already: Accept for investigation ({caseworker.name}" in refused.text
    session.expire_all()
    assert len(allegation.checks) == 1


def test_a_complaint_that_was_withdrawn_needs_no_test_and_has_its_reasons(session, make, caseworker):
    allegation = make.allegation()

    check = actions.decide(
        session, allegation, actor=caseworker, outcome=CheckOutcome.WITHDRAWN, reasons="Letter of 3 March."
    )

    assert (allegation.is_accepted, answers.still_holds(allegation)) == (False, True)
    assert queries.refused_in(session, allegation.complaint) == [allegation]
    with pytest.raises(RuleBroken, match="Send the complainant the reasons"):
        actions.close_complaint(session, allegation.complaint, actor=caseworker)
    assert check.facts["tests"] == {}


def test_nothing_is_joined_to_what_is_closed_or_was_joined_here(session, make, caseworker):
    allegation = make.allegation()
    join = {"actor": caseworker, "outcome": CheckOutcome.JOIN, "reasons": "The same scan."}
    closed = make.complaint(state=ComplaintState.CLOSED, closed_at=clock.now())
    ended, back = make.case(CaseStage.CLOSED).complaint, make.allegation()
    actions.decide(session, back, joined_to=allegation.complaint, **join)

    for other in (closed, ended, back.complaint):
        with pytest.raises(RuleBroken) as refusal:
            actions.decide(session, allegation, joined_to=other, **join)
        assert refusal.value.field == "joined_to"
    actions.decide(session, allegation, joined_to=make.case().complaint, **join)


def test_a_decision_is_taken_on_the_discretion_its_page_showed(session, make, caseworker, manager, accepted):
    put_out_of_time(session, accepted, actor=caseworker)
    shown = discretion.open_discretion(session, accepted, actor=caseworker, decider=manager, **PUT)
    session.flush()
    later = {"known_on": date(2025, 1, 20), "source": KnowledgeSource.LETTER}
    day = knowledge.add(session, accepted, actor=caseworker, **later)
    session.flush()
    knowledge.choose(session, accepted, actor=caseworker, known=day, reasons="The letter.")
    now = discretion.open_discretion(session, accepted, actor=caseworker, decider=manager, **PUT)
    session.flush()
    decision = {"actor": manager, "is_exercised": True, "reasons": "Ill."}

    with pytest.raises(Overtaken):
        discretion.decide(session, accepted, which=shown.id, drawn_from=shown.version, **decision)
    assert not now.is_decided
    discretion.decide(session, accepted, which=now.id, drawn_from=now.version, **decision)
    assert (shown.is_decided, now.is_decided) == (False, True)


def test_what_waits_is_what_can_be_decided_on_the_dates_of_today(
    session, make, caseworker, manager, accepted
):
    def waiting():
        session.flush()
        return list(queries.waiting_for(session, manager))

    put_out_of_time(session, accepted, actor=caseworker)
    first = discretion.open_discretion(session, accepted, actor=caseworker, decider=manager, **PUT)
    assert waiting() == [first]
    days = {day.known_on: day for day in accepted.known_dates}
    later = knowledge.add(
        session, accepted, actor=caseworker, known_on=date(2025, 1, 20), source=KnowledgeSource.LETTER
    )
    knowledge.choose(session, accepted, actor=caseworker, known=later, reasons="The letter.")
    assert waiting() == []
    knowledge.choose(session, accepted, actor=caseworker, known=days[date(2025, 1, 2)], reasons="No.")
    assert waiting() == [first]
    accepted.complaint.state, accepted.complaint.closed_at = ComplaintState.CLOSED, clock.now()
    assert waiting() == []


def test_nobody_is_named_who_may_not_know_of_a_restricted_complaint(session, make, caseworker, accepted):
    outside, inside = make.account(Role.MANAGER), make.account(Role.OMBUDSMAN)
    put_out_of_time(session, accepted, actor=caseworker)
    assert {outside, inside} <= set(queries.deciders(session, accepted.complaint))
    accepted.complaint.is_restricted = True
    session.flush()

    assert (outside in queries.deciders(session, accepted.complaint)) is False
    assert inside in queries.deciders(session, accepted.complaint)
    with pytest.raises(RuleBroken) as refusal:
        discretion.open_discretion(session, accepted, actor=caseworker, decider=outside, **PUT)
    assert refusal.value.field == "decider"


def test_what_waits_in_a_restricted_complaint_is_shown_to_nobody_who_may_not_know_of_it(
    session, make, caseworker, manager, accepted
):
    put_out_of_time(session, accepted, actor=caseworker)
    discretion.open_discretion(session, accepted, actor=caseworker, decider=manager, **PUT)
    accepted.complaint.is_restricted = True
    session.flush()

    assert list(queries.waiting_for(session, manager)) == []


def test_whoever_is_suspended_is_not_offered_and_whoever_is_away_is_shown_so(reader, session, make, accepted):
    client, account = reader(Role.CASEWORKER)
    gone, away, cover = (make.account(Role.MANAGER) for _ in range(3))
    gone.is_active = False
    put_out_of_time(session, accepted, actor=account)
    ends = clock.today() + timedelta(days=5)
    duties.arrange_absence(session, actor=away, account=away, cover=cover, from_on=clock.today(), to_on=ends)
    session.commit()

    page = client.get(f"/complaints/{accepted.complaint.reference}/allegations/1/discretion").text

    assert f"{away.name} (away until {ends.day} {ends:%B})" in page
    assert cover.name in page
    assert gone.name not in page


def test_the_time_limit_is_not_answered_before_it_is_known_when_they_knew(session, make, caseworker):
    allegation = make.allegation(knowledge_on=None, knowledge_source=None)

    for answer in (MET, NOT_MET):
        with pytest.raises(RuleBroken, match="on which day they first knew") as refusal:
            answers.answer_tests(
                session,
                allegation,
                actor=caseworker,
                answers={"time": Given(answer=answer, note="Because.")},
            )
        assert refusal.value.field == "time_answer"


def test_among_several_days_one_is_chosen_and_not_typed_over(session, make, caseworker):
    allegation = make.allegation(make.complaint(made_on=date(2026, 3, 9)), **UNDATED)
    other = {"known_on": date(2025, 5, 1), "source": KnowledgeSource.RECORD}
    first = knowledge.add(session, allegation, actor=caseworker, **other)
    knowledge.choose(session, allegation, actor=caseworker, known=first, reasons="The record.")
    typed = {"knowledge_on": date(2025, 6, 1), "knowledge_source": KnowledgeSource.LETTER}

    allegations.change_allegation(session, allegation, actor=caseworker, **typed)
    assert (allegation.knowledge_on, allegation.knowledge_reason) == (date(2025, 6, 1), "")
    with pytest.raises(RuleBroken, match="Choose among them") as refusal:
        allegations.change_allegation(
            session, allegation, actor=caseworker, **typed | {"knowledge_on": date(2025, 7, 1)}
        )
    assert refusal.value.field == "knowledge_on"


def test_a_day_of_another_allegation_is_not_in_the_list(session, make, caseworker):
    allegation, other = make.allegation(**UNDATED), make.allegation(**UNDATED)
    strange = knowledge.add(
        session,
        other,
        actor=caseworker,
        known_on=other.complaint.made_on,
        source=KnowledgeSource.RECORD,
    )

    with pytest.raises(NotFound):
        knowledge.choose(session, allegation, actor=caseworker, known=strange, reasons="No.")


def test_twenty_days_are_enough_to_choose_from(session, make, caseworker):
    allegation = make.allegation(**UNDATED)
    made_on = allegation.complaint.made_on
    for back in range(knowledge.MOST):
        day = made_on - timedelta(days=back)
        knowledge.add(session, allegation, actor=caseworker, known_on=day, source=KnowledgeSource.RECORD)

    with pytest.raises(RuleBroken, match="There are 20 days already"):
        knowledge.add(session, allegation, actor=caseworker, known_on=made_on, source=KnowledgeSource.LETTER)


def test_each_form_of_the_check_notices_that_somebody_was_faster(session, make, caseworker, manager):
    allegation = make.allegation(**UNDATED)
    old, made_on = allegation.version, allegation.complaint.made_on
    day = knowledge.add(
        session, allegation, actor=caseworker, known_on=made_on, source=KnowledgeSource.RECORD
    )
    session.flush()
    given = {"writing": Given(answer=MET)}
    with pytest.raises(Overtaken):
        answers.answer_tests(session, allegation, actor=caseworker, drawn_from=old, answers=given)
    with pytest.raises(Overtaken):
        knowledge.choose(
            session, allegation, actor=caseworker, drawn_from=old, known=day, reasons="The record."
        )
    assert allegation.version == old + 1, "a day more to choose from is a change of the allegation"
    before = allegation.version
    answers.answer_tests(session, allegation, actor=caseworker, answers=given)
    session.flush()
    assert allegation.version == before + 1


def test_reasons_are_not_sent_before_they_were_decided_nor_in_the_future(session, make, caseworker):
    allegation = make.allegation(outcome=CheckOutcome.DECLINE)
    allegation.check.sent_on = None
    today = clock.today()

    for sent_on in (today - timedelta(days=1), today + timedelta(days=1)):
        with pytest.raises(RuleBroken) as refusal:
            actions.record_reasons_sent(session, allegation.complaint, actor=caseworker, sent_on=sent_on)
        assert refusal.value.field == "sent_on"
    actions.record_reasons_sent(session, allegation.complaint, actor=caseworker, sent_on=today)
    with pytest.raises(RuleBroken, match="no reasons waiting"):
        actions.record_reasons_sent(session, allegation.complaint, actor=caseworker, sent_on=today)


def test_a_referral_is_counted_to_the_day_the_organisation_referred_it(make):
    complaint = make.complaint(
        channel=Channel.REFERRED,
        body_received_on=date(2025, 3, 10),
        made_on=date(2026, 3, 9),
        received_at=clock.instant_of(date(2026, 3, 16), time(10)),
    )

    computed = referral(make.allegation(complaint, knowledge_on=date(2024, 3, 10), **UNDATED))

    assert (computed.last_day, computed.made_on, computed.days_late) == (
        date(2026, 3, 9),
        date(2026, 3, 9),
        0,
    )


def test_the_statement_tells_of_lateness_only_where_that_was_the_reason(
    reader, session, make, caseworker, manager
):
    client, _account = reader(Role.CASEWORKER)
    complaint = make.complaint(
        made_on=date(2026, 3, 9), received_at=clock.instant_of(date(2026, 3, 9), time(10))
    )
    late, looked_into = (
        make.allegation(complaint, knowledge_on=date(2025, 3, 2), **UNDATED) for _ in range(2)
    )
    for allegation, way, answer, refusing in (
        (late, False, NOT_MET, []),
        (looked_into, True, EXCEPTION, ["standing"]),
    ):
        discretion.open_discretion(session, allegation, actor=caseworker, decider=manager, **PUT)
        session.flush()
        discretion.decide(session, allegation, actor=manager, is_exercised=way, reasons="Because.")
        make.tested(allegation, *refusing)
        time_given = {"time": Given(answer=answer, note="Because of that.")}
        answers.answer_tests(session, allegation, actor=caseworker, answers=time_given)
        actions.decide(
            session, allegation, actor=caseworker, outcome=CheckOutcome.DECLINE, reasons="These reasons."
        )
    session.commit()

    page = client.get(f"/complaints/{complaint.reference}/reasons").text

    assert page.count("The law gives a year from that day") == 1
    assert page.count("These reasons.") == 2


def test_a_note_without_an_answer_is_not_dropped(reader, session, make):
    client, _account = reader(Role.CASEWORKER)
    allegation = make.allegation()
    session.commit()
    address = f"/complaints/{allegation.complaint.reference}/allegations/1/tests"
    given = {"drawn_from": allegation.version, "standing_note": "Their daughter wrote."}

    refused = client.post(address, data=given)

    assert "Choose the answer this goes with." in refused.text
    assert "Their daughter wrote." in refused.text
    assert client.post(address, data=given | {"standing_answer": "met"}).status_code == 302


def test_of_an_answer_that_no_longer_stands_the_note_is_still_there_to_read(reader, session, make, accepted):
    client, account = reader(Role.CASEWORKER)
    put_out_of_time(session, accepted, actor=account)
    session.commit()
    page = client.get(f"/complaints/{accepted.complaint.reference}/allegations/1/tests").text

    field = page[page.index('name="time_note"') :]
    assert field[field.index(">") + 1 :].startswith("\r\nBecause.") or "Because.</textarea>" in field[:200]
    saved = client.post(
        f"/complaints/{accepted.complaint.reference}/allegations/1/tests",
        data={"drawn_from": accepted.version, "time_note": "Because."},
    )
    assert saved.status_code == 302, "a note left as it was drawn asks for nothing"
