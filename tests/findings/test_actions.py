from __future__ import annotations

from datetime import date

import pytest

from app.accounts.models import Role
from app.allegations.models import CheckOutcome
from app.cases.models import CaseStage
from app.core.errors import NotPermitted, Overtaken, RuleBroken
from app.findings import actions, outcomes
from app.findings.actions import Citation
from app.findings.models import Failing, Injustice, Outcome


@pytest.fixture
def case(make):
    return make.case(CaseStage.DETAILED_INVESTIGATION, whole=False)


def whole(link, **given):
    return {
        "happened": "It was not read.",
        "should_have_happened": "It should have been.",
        "cited": [Citation("RCR-BFCR(16)4", "standard 5")],
        "gap": "Nobody read it.",
        "failing": Failing.IN_FULL,
        "injustice": Injustice.NOT_PUT_RIGHT,
        "injustice_reasons": "Months were lost.",
        "rests_on": [link.id],
    } | given


def test_a_finding_says_what_it_lacks_and_has_no_outcome_until_it_is_whole(session, make, case):
    [allegation] = case.allegations

    finding = actions.write_finding(session, case, allegation, actor=case.owner, happened="It was not read.")
    assert finding.missing == [
        "what should have happened",
        "a standard, or why none applies",
        "the gap between the two",
        "whether it is a failing",
        "at least one piece of evidence it rests on",
    ]
    assert finding.outcome is None

    actions.write_finding(session, case, allegation, actor=case.owner, **whole(make.link(allegation)))
    assert (finding.missing, finding.outcome) == ([], Outcome.UPHELD)


@pytest.mark.parametrize(
    ("failing", "injustice", "outcome"),
    [
        (Failing.NONE, None, Outcome.NOT_UPHELD),
        (Failing.IN_FULL, Injustice.NONE, Outcome.FAILING_WITHOUT_INJUSTICE),
        (Failing.IN_PART, Injustice.NONE, Outcome.FAILING_WITHOUT_INJUSTICE),
        (Failing.IN_PART, Injustice.NOT_PUT_RIGHT, Outcome.PARTLY_UPHELD),
        (Failing.IN_FULL, Injustice.NOT_PUT_RIGHT, Outcome.UPHELD),
        (Failing.IN_FULL, Injustice.PUT_RIGHT, Outcome.UPHELD),
    ],
)
def test_the_outcome_follows_from_failing_and_injustice(session, make, case, failing, injustice, outcome):
    [allegation] = case.allegations
    answers = whole(make.link(allegation), failing=failing, injustice=injustice)

    finding = actions.write_finding(session, case, allegation, actor=case.owner, **answers)

    assert finding.outcome is outcome


@pytest.mark.parametrize(
    ("each", "derived"),
    [
        ([Failing.IN_FULL, Failing.IN_FULL], Outcome.UPHELD),
        ([Failing.NONE, Failing.NONE], Outcome.NOT_UPHELD),
        ([Failing.IN_FULL, Failing.NONE], Outcome.PARTLY_UPHELD),
        ([Failing.IN_PART, Failing.IN_PART], Outcome.PARTLY_UPHELD),
    ],
)
def test_the_outcome_of_a_case_is_derived_from_its_allegations(make, case, each, derived):
    make.allegation(case.complaint, outcome=CheckOutcome.ACCEPT)
    for allegation, failing in zip(case.allegations, each, strict=True):
        injustice = None if failing is Failing.NONE else Injustice.NOT_PUT_RIGHT
        make.finding(allegation, failing=failing, injustice=injustice)

    assert outcomes.of_case(case) is derived


def test_a_failing_without_injustice_upholds_nothing(make, case):
    make.finding(case.allegations[0], injustice=Injustice.NONE)

    assert outcomes.of_case(case) is Outcome.NOT_UPHELD


def test_a_declined_allegation_does_not_count_towards_the_outcome(make, case):
    make.allegation(case.complaint, outcome=CheckOutcome.DECLINE)
    make.finding(case.allegations[0])

    assert outcomes.of_case(case) is Outcome.UPHELD


def refused(session, case, sentence, **answers):
    with pytest.raises(RuleBroken, match=sentence) as refusal:
        actions.write_finding(session, case, case.allegations[0], actor=case.owner, **answers)
    return refusal.value.field


def test_a_standard_that_came_after_the_event_needs_a_reason(session, make, case):
    case.allegations[0].event_on = date(2017, 3, 1)
    late = Citation("NHSE-TAT", "28 days")

    assert refused(session, case, "was not in force on the day", cited=[late]) == "cited"
    finding = actions.write_finding(
        session,
        case,
        case.allegations[0],
        actor=case.owner,
        cited=[Citation("NHSE-TAT", "28 days", because="It states what was good practice before.")],
    )
    assert [(cited.key, cited.out_of_force_because) for cited in finding.standards] == [
        ("NHSE-TAT", "It states what was good practice before.")
    ]


def test_what_cannot_be_is_refused_at_its_field(session, make, case):
    elsewhere = make.link(make.case(CaseStage.DETAILED_INVESTIGATION).allegations[0])

    assert refused(session, case, "only follow from a failing", injustice=Injustice.NONE) == "injustice"
    assert refused(session, case, "linked to this allegation", rests_on=[elsewhere.id]) == "rests_on"
    assert refused(session, case, "from the library", cited=[Citation("NO-SUCH")]) == "cited"
    assert refused(session, case, "level of severity", severity=9) == "severity"
    twice = [Citation("DOC-20"), Citation("DOC-20")]
    assert refused(session, case, "cited once", cited=twice) == "cited"


def test_the_second_of_two_who_had_the_finding_open_is_told_and_overwrites_nothing(session, make, case):
    [allegation] = case.allegations
    first = actions.write_finding(session, case, allegation, actor=case.owner, drawn_from=0, happened="Mine.")

    with pytest.raises(Overtaken):
        actions.write_finding(session, case, allegation, actor=case.owner, drawn_from=0, happened="Theirs.")

    assert first.happened == "Mine."


def test_a_save_that_changes_only_what_is_cited_is_a_save(session, make, case):
    [allegation] = case.allegations
    finding = actions.write_finding(session, case, allegation, actor=case.owner, happened="It.")
    drawn_from = finding.version
    cited = [Citation("RCR-BFCR(16)4")]
    actions.write_finding(
        session, case, allegation, actor=case.owner, drawn_from=drawn_from, happened="It.", cited=cited
    )

    with pytest.raises(Overtaken):
        actions.write_finding(
            session, case, allegation, actor=case.owner, drawn_from=drawn_from, happened="It."
        )
    assert [standard.key for standard in finding.standards] == ["RCR-BFCR(16)4"]


def test_an_event_that_is_moved_before_a_standard_leaves_the_finding_wanting_a_reason(session, make, case):
    [allegation] = case.allegations
    finding = actions.write_finding(
        session, case, allegation, actor=case.owner, **whole(make.link(allegation))
    )

    allegation.event_on = date(1995, 1, 1)

    assert finding.missing == ["why a standard that was not in force is cited"]


def test_findings_are_written_by_whoever_has_the_case_while_it_is_investigated(session, make, case):
    with pytest.raises(NotPermitted):
        actions.write_finding(session, case, case.allegations[0], actor=make.account(Role.INVESTIGATOR))
    with pytest.raises(NotPermitted):
        actions.write_finding(session, case, case.allegations[0], actor=make.account(Role.CASEWORKER))
    decided = make.case(CaseStage.COMPLIANCE)
    with pytest.raises(RuleBroken, match="cannot be written"):
        actions.write_finding(session, decided, decided.allegations[0], actor=decided.owner)
