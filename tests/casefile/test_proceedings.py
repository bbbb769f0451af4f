from __future__ import annotations

from datetime import timedelta

import pytest

from app.accounts.models import Role
from app.casefile import proceedings
from app.casefile.models import ProceedingKind
from app.caseload import presets
from app.caseload import queries as caseload
from app.cases import actions as cases
from app.cases import workflow
from app.cases.models import CaseStage, Closure
from app.complaints import clocks
from app.core import clock
from app.core.errors import NotPermitted, RuleBroken


def recorded(session, case, actor, kind=ProceedingKind.INQUEST, **given):
    return proceedings.record_proceeding(
        session, case.complaint, actor=actor, kind=kind, body="The coroner", **given
    )


def stayed(session, case, manager, days=30, **given):
    return proceedings.stay(
        session,
        case,
        actor=manager,
        proceeding=recorded(session, case, manager, **given),
        review_on=clock.today() + timedelta(days=days),
        reasons="The inquest comes first.",
    )


@pytest.fixture
def manager(make):
    return make.account(Role.MANAGER)


MOVING_ON = {
    workflow.MEDIATE: CaseStage.PRIMARY_INVESTIGATION,
    workflow.INVESTIGATE_IN_DETAIL: CaseStage.PRIMARY_INVESTIGATION,
    workflow.SHARE_PROVISIONAL_VIEWS: CaseStage.DETAILED_INVESTIGATION,
    workflow.PROPOSE_DECISION: CaseStage.PROVISIONAL_VIEWS,
    workflow.APPROVE_DECISION: CaseStage.APPROVAL,
    workflow.CLOSE_DECIDED: CaseStage.COMPLIANCE,
}


@pytest.mark.parametrize("step", MOVING_ON, ids=lambda step: step.name)
def test_a_stayed_case_is_not_moved_on_until_it_is_resumed(session, make, manager, step):
    case = make.case(MOVING_ON[step])
    stayed(session, case, manager)

    with pytest.raises(RuleBroken, match="The case is stayed because of another proceeding"):
        workflow.take(session, case, step, actor=manager)
    proceedings.resume(session, case, actor=manager, reasons="The inquest is over.")
    workflow.take(session, case, step, actor=manager)
    assert case.stage is step.target


def test_a_stayed_case_can_be_discontinued_and_then_waits_for_nothing(session, make, manager):
    case = make.case(CaseStage.DETAILED_INVESTIGATION)
    stay = stayed(session, case, manager)

    cases.close(session, case, actor=manager, closure=Closure.DISCONTINUED, reasons="A claim was made.")
    session.commit()

    assert (case.stay, stay.ended_because) == (None, "discontinue the investigation")


def test_nothing_stays_the_twelve_months(session, make, manager):
    case = make.case()
    clocks.start(session, case.complaint, actor=manager)
    before = [(d.rule, d.due_on, d.met_on) for d in case.complaint.deadlines]

    stayed(session, case, manager)

    assert [(d.rule, d.due_on, d.met_on) for d in case.complaint.deadlines] == before


def test_a_case_is_stayed_by_a_manager_once_for_a_proceeding_that_goes_on(session, make, manager):
    case, other = make.case(), make.case()
    with pytest.raises(NotPermitted):
        stayed(session, case, case.owner)
    over = {"began_on": clock.today(), "ended_on": clock.today()}
    with pytest.raises(RuleBroken, match="that has not ended"):
        stayed(session, case, manager, **over)
    with pytest.raises(RuleBroken, match="in the future"):
        stayed(session, case, manager, days=0)
    with pytest.raises(RuleBroken, match="of this complaint"):
        proceedings.stay(
            session,
            case,
            actor=manager,
            proceeding=recorded(session, other, manager),
            review_on=clock.today() + timedelta(days=1),
            reasons="No.",
        )
    with pytest.raises(RuleBroken, match="is not stayed"):
        proceedings.resume(session, case, actor=manager, reasons="No.")
    stayed(session, case, manager)
    with pytest.raises(RuleBroken, match="stayed already"):
        stayed(session, case, manager)


def test_a_stay_is_found_in_its_list_from_the_day_it_is_looked_at_again(session, make, manager, today):
    today(2026, 3, 2)
    case, asker_of = make.case(), lambda: caseload.Asker(manager, clock.today())
    stayed(session, case, manager, days=10)
    session.commit()

    counts = []
    for day in (11, 12):
        today(2026, 3, day)
        counts.append(caseload.count(session, asker_of(), presets.STAYED_TO_REVIEW))
    proceedings.keep_stayed(
        session,
        case,
        actor=manager,
        review_on=clock.today() + timedelta(days=5),
        reasons="It was put off.",
    )
    session.commit()
    counts.append(caseload.count(session, asker_of(), presets.STAYED_TO_REVIEW))
    assert counts == [0, 1, 0]


def test_what_is_known_of_a_proceeding_is_changed_and_the_second_to_save_is_told(session, make, manager):
    case = make.case()
    one = recorded(session, case, manager)
    known = {"kind": one.kind, "body": "The coroner of the county"}
    proceedings.change_proceeding(session, one, actor=manager, drawn_from=1, **known)
    session.flush()

    with pytest.raises(RuleBroken, match="since you opened it"):
        proceedings.change_proceeding(session, one, actor=manager, drawn_from=1, kind=one.kind, body="Other")
    with pytest.raises(RuleBroken, match="Nothing has been changed"):
        proceedings.change_proceeding(session, one, actor=manager, **known)
    with pytest.raises(RuleBroken, match="ended before it began"):
        recorded(session, case, manager, began_on=clock.today(), ended_on=clock.today() - timedelta(days=1))


def test_the_pages_record_stay_and_resume_and_say_what_the_act_says(session, make, reader):
    client, _manager = reader(Role.MANAGER)
    case = make.case()
    session.commit()
    here, there = f"/complaints/{case.reference}", f"/cases/{case.reference}/stay"
    assert "No other proceeding goes on" in client.get(there).text

    claim = {"kind": "claim", "body": "The county court"}
    assert "Enter before whom it is." in client.post(f"{here}/proceedings/new", data={"kind": "claim"}).text
    assert client.post(f"{here}/proceedings/new", data=claim).status_code == 302
    assert "ask again whether there is another remedy" in client.get(f"{here}/file").text
    day = clock.today() + timedelta(days=40)
    stay = {"proceeding": "1", "reasons": "The claim.", "review_on-day": day.day}
    stay |= {"review_on-month": day.month, "review_on-year": day.year}
    assert "Select a proceeding." in client.post(there, data={**stay, "proceeding": "9"}).text
    assert client.post(there, data=stay).status_code == 302

    page = client.get(f"/cases/{case.reference}").text
    assert "nothing stays the twelve months of s.14(2HA)" in page
    assert "The case is stayed because of another proceeding. Resume it first." in page
    assert client.post(f"{there}/review", data=stay).status_code == 302
    assert client.post(f"{there}/end", data={"reasons": "It was settled."}).status_code == 302
    assert "Stayed since" not in client.get(f"/cases/{case.reference}").text
