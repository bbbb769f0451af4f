from __future__ import annotations

from datetime import date, timedelta

import pytest

from app.accounts.models import Role
from app.allegations import actions, coding
from app.allegations.models import CheckOutcome, Kind, KnowledgeSource
from app.cases import actions as cases
from app.cases import corrections
from app.cases.models import CaseStage
from app.checks import actions as checks
from app.complaints import actions as complaints
from app.complaints.models import ComplaintState
from app.core import clock
from app.core.errors import NotPermitted, Overtaken, RuleBroken
from app.evidence import actions as evidence
from app.findings import actions as findings


@pytest.fixture
def caseworker(make):
    return make.account(Role.CASEWORKER)


def test_a_later_check_stands_and_the_earlier_stays(session, make, caseworker):
    allegation = make.allegation()
    for outcome, refusing in ((CheckOutcome.DECLINE, ["standing"]), (CheckOutcome.ACCEPT, [])):
        make.tested(allegation, *refusing)
        checks.decide(session, allegation, actor=caseworker, outcome=outcome, reasons="Because.")

    assert [check.outcome for check in allegation.checks] == [CheckOutcome.DECLINE, CheckOutcome.ACCEPT]
    assert allegation.check.outcome is CheckOutcome.ACCEPT


def test_facts_that_cannot_be_are_refused_at_their_field(session, make, caseworker):
    complaint = make.complaint()
    issue = actions.record_issue(
        session, complaint, actor=caseworker, kind=Kind.CLINICAL, words="It was missed."
    )
    known = {"knowledge_on": complaint.made_on, "knowledge_source": KnowledgeSource.LETTER}

    for facts, field in (
        ({"event_on": clock.today() + timedelta(days=1)}, "event_on"),
        ({"knowledge_on": complaint.made_on}, "knowledge_source"),
        ({"knowledge_source": KnowledgeSource.LETTER}, "knowledge_on"),
        (known | {"knowledge_on": complaint.made_on + timedelta(days=1)}, "knowledge_on"),
        (known | {"event_on": complaint.made_on + timedelta(days=2)}, "knowledge_on"),
        ({"modality": "ZZ"}, "modality"),
    ):
        with pytest.raises(RuleBroken) as refusal:
            actions.make_allegation(
                session, issue, actor=caseworker, organisation=make.organisation(), **facts
            )
        assert refusal.value.field == field


def test_an_issue_is_alleged_against_one_organisation_once_and_against_several(session, make, caseworker):
    complaint, trust, practice = make.complaint(), make.organisation(), make.organisation()
    issue = actions.record_issue(
        session, complaint, actor=caseworker, kind=Kind.CLINICAL, words="It was missed."
    )
    for organisation in (trust, practice):
        actions.make_allegation(session, issue, actor=caseworker, organisation=organisation)

    assert [(a.number, a.organisation) for a in complaint.allegations] == [(1, trust), (2, practice)]
    with pytest.raises(RuleBroken, match="already"):
        actions.make_allegation(session, issue, actor=caseworker, organisation=trust)


def test_codes_are_given_step_by_step_and_one_taken_away_stays_as_a_row(session, make, caseworker):
    allegation = make.allegation()
    coding.code_step(session, allegation, actor=caseworker, letter="J", codes=["J1", "J2"])
    coding.code_step(session, allegation, actor=caseworker, letter="E", codes=["E1"])
    coding.code_step(session, allegation, actor=caseworker, letter="J", codes=["J1"])

    assert sorted(c.code for c in allegation.provisional_codes) == ["E1", "J1"]
    assert sorted((c.code, c.removed_at is not None) for c in allegation.codings) == [
        ("E1", False),
        ("J1", False),
        ("J2", True),
    ]
    with pytest.raises(RuleBroken):
        coding.code_step(session, allegation, actor=caseworker, letter="J", codes=["E1"])


def test_confirmed_codes_stand_beside_the_provisional_and_only_an_investigation_gives_them(
    session, make, caseworker
):
    case = make.case(CaseStage.DETAILED_INVESTIGATION, whole=False)
    [allegation] = case.allegations
    coding.code_step(session, allegation, actor=caseworker, letter="J", codes=["J1"])
    coding.confirm(session, allegation, actor=case.owner, codes=["J2"])

    assert [c.code for c in allegation.provisional_codes] == ["J1"]
    assert [c.code for c in allegation.confirmed_codes] == ["J2"]
    with pytest.raises(NotPermitted):
        coding.confirm(session, allegation, actor=caseworker, codes=["J1"])
    with pytest.raises(RuleBroken, match="no case yet"):
        coding.confirm(session, make.allegation(), actor=case.owner, codes=["J1"])


def test_a_complaint_of_which_nothing_is_accepted_closes_once_the_reasons_are_sent(session, make, caseworker):
    complaint = make.complaint()
    allegation = make.allegation(complaint)
    with pytest.raises(RuleBroken, match="Decide the initial check"):
        complaints.close(session, complaint, actor=caseworker)
    make.tested(allegation, "standing")
    checks.decide(session, allegation, actor=caseworker, outcome=CheckOutcome.DECLINE, reasons="Too late.")
    with pytest.raises(RuleBroken, match="Send the complainant the reasons"):
        complaints.close(session, complaint, actor=caseworker)
    with pytest.raises(RuleBroken, match="No allegation has been accepted"):
        cases.open_case(session, complaint, actor=caseworker)

    checks.record_reasons_sent(session, complaint, actor=caseworker, sent_on=clock.today())
    complaints.close(session, complaint, actor=caseworker)

    assert complaint.state is ComplaintState.CLOSED
    with pytest.raises(NotPermitted, match="It is closed"):
        checks.decide(
            session, allegation, actor=caseworker, outcome=CheckOutcome.ACCEPT, reasons="After all."
        )


def test_a_case_keeps_the_reference_and_takes_what_was_accepted(session, make, caseworker):
    complaint = make.complaint()
    accepted = make.allegation(complaint, outcome=CheckOutcome.ACCEPT)
    make.allegation(complaint, outcome=CheckOutcome.DECLINE)

    case = cases.open_case(session, complaint, actor=caseworker)

    assert (case.reference, case.stage) == (complaint.reference, CaseStage.PRIMARY_INVESTIGATION)
    assert case.allegations == [accepted]


def test_a_wrong_organisation_is_corrected_and_sees_nothing_any_more(session, make, caseworker):
    case = make.case(CaseStage.DETAILED_INVESTIGATION, whole=False)
    [allegation], right = case.allegations, make.organisation()
    wrong, document = allegation.organisation, make.document(case)
    evidence.disclose(session, document, actor=case.owner, organisation=wrong)

    evidence.correct_organisation(
        session, case, allegation, actor=caseworker, organisation=right, reasons="Another trust reported it."
    )

    assert allegation.organisation is right
    assert not document.is_disclosed_to(wrong.id)


def test_wrong_dates_are_corrected_and_a_duplicate_points_to_the_case_that_stands(session, make, caseworker):
    case, other = make.case(), make.case()
    [allegation] = case.allegations
    corrections.correct_facts(
        session,
        case,
        allegation,
        actor=caseworker,
        reasons="The letter says so.",
        event_on=date(2023, 5, 1),
        knowledge_on=allegation.knowledge_on,
        knowledge_source=allegation.knowledge_source,
    )
    assert allegation.event_on == date(2023, 5, 1)
    manager = make.account(Role.MANAGER)
    with pytest.raises(RuleBroken, match="of itself"):
        corrections.close_as_duplicate(session, case, actor=manager, of=case, reasons="x")

    corrections.close_as_duplicate(session, case, actor=manager, of=other, reasons="Sent twice.")

    assert (case.stage, case.duplicate_of) == (CaseStage.CLOSED, other)
    for of, sentence in ((case, "itself a duplicate"), (make.case(), "therefore has to stand")):
        with pytest.raises(RuleBroken, match=sentence):
            corrections.close_as_duplicate(session, other, actor=manager, of=of, reasons="x")


def test_an_organisation_that_has_not_seen_the_provisional_views_is_not_put_in_place_of_one_that_has(
    session, make, caseworker
):
    case, right = make.case(CaseStage.PROVISIONAL_VIEWS), make.organisation()

    with pytest.raises(RuleBroken, match="has not seen the provisional views"):
        findings.correct_organisation(
            session, case, case.allegations[0], actor=caseworker, organisation=right, reasons="x"
        )


def test_what_was_judged_of_the_wrong_organisation_is_set_aside_with_the_correction(
    session, make, caseworker
):
    case, right = make.case(CaseStage.DETAILED_INVESTIGATION), make.organisation()
    [allegation] = case.allegations

    findings.correct_organisation(
        session, case, allegation, actor=caseworker, organisation=right, reasons="Another reported it."
    )

    assert (allegation.finding.failing, allegation.finding.outcome) == (None, None)
    assert allegation.finding.happened == "It was not read."


def test_a_colleagues_codes_are_not_taken_away_by_an_older_form(session, make, caseworker):
    allegation = make.allegation()
    drawn_from = allegation.version
    coding.code_step(session, allegation, actor=caseworker, drawn_from=drawn_from, letter="J", codes=["J1"])
    session.flush()

    with pytest.raises(Overtaken):
        coding.code_step(session, allegation, actor=caseworker, drawn_from=drawn_from, letter="J", codes=[])
