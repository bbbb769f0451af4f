from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from app import policy
from app.accounts.models import Role
from app.audit.models import Access, AccessEntry, AuditDetail, AuditEntry
from app.concerns import actions, queries
from app.concerns.models import ConcernState
from app.core import clock
from app.core.errors import NotFound, NotPermitted, Overtaken, RuleBroken
from app.duties import actions as duties
from app.duties.models import ConflictKind
from app.policy import Permission, access_concern
from app.search import queries as search

WORDS = "Zanzibarite stones in the scanner room"


@pytest.fixture
def recorder(make):
    return make.account(Role.CASEWORKER)


@pytest.fixture
def manager(make):
    return make.account(Role.MANAGER)


@pytest.fixture
def concern(session, recorder):
    return actions.record_concern(session, actor=recorder, about=WORDS, why_outside="It harmed nobody.")


def may_know(session, account, concern):
    try:
        return access_concern(session, account, concern.key, Permission.CONCERN_RECORD) is concern
    except NotFound:
        return False


def test_a_concern_is_known_to_who_recorded_it_to_managers_and_to_who_is_named(
    session, make, recorder, manager, concern
):
    named, other = make.account(Role.INVESTIGATOR), make.account(Role.CASEWORKER)
    actions.name(session, concern, actor=recorder, account=named)
    session.commit()
    nobody = [other, make.account(Role.ADMINISTRATOR), make.account(Role.LIAISON)]

    known = [
        may_know(session, one, concern) for one in (recorder, manager, named, make.account(Role.OMBUDSMAN))
    ]
    assert known == [True] * 4
    assert [may_know(session, one, concern) for one in nobody] == [False] * 3
    assert [list(queries.page(session, one)) for one in (recorder, named, other)] == [
        [concern],
        [concern],
        [],
    ]
    actions.take_name(session, concern, actor=manager, account_key=named.key)
    session.commit()
    assert not may_know(session, named, concern)
    with pytest.raises(RuleBroken, match="not named"):
        actions.take_name(session, concern, actor=manager, account_key=named.key)


def test_who_is_named_reads_and_names_nobody_else(session, make, recorder, manager, concern):
    named, other = make.account(Role.INVESTIGATOR), make.account(Role.CASEWORKER)
    actions.name(session, concern, actor=manager, account=named)
    with pytest.raises(NotPermitted, match="Only who recorded"):
        actions.name(session, concern, actor=named, account=other)
    for knows in (recorder, manager, named):
        with pytest.raises(RuleBroken, match="already") as refusal:
            actions.name(session, concern, actor=recorder, account=knows)
        assert refusal.value.field == "account"
    with pytest.raises(RuleBroken, match="does not work on"):
        actions.name(session, concern, actor=recorder, account=make.account(Role.LIAISON))


def test_a_manager_considers_it_then_passes_it_on_or_does_nothing_with_a_reason(
    session, recorder, manager, concern
):
    with pytest.raises(NotPermitted):
        actions.consider(session, concern, actor=recorder, consideration="Mine.")
    with pytest.raises(RuleBroken, match="Waits for a manager"):
        actions.take_no_action(session, concern, actor=manager, reasons="Too soon.")
    drawn_from = concern.version
    actions.consider(session, concern, actor=manager, consideration="For the regulator.")
    session.flush()
    with pytest.raises(Overtaken):
        actions.pass_on(
            session,
            concern,
            actor=manager,
            drawn_from=drawn_from,
            passed_to="The regulator",
            reasons="Theirs.",
        )
    actions.pass_on(session, concern, actor=manager, passed_to="The regulator", reasons="It is theirs.")
    session.flush()
    assert (concern.state, concern.passed_to, concern.settled_by) == (
        ConcernState.PASSED_ON,
        "The regulator",
        manager,
    )
    with pytest.raises(RuleBroken, match="Passed on"):
        actions.take_no_action(session, concern, actor=manager, reasons="Again.")


def test_the_record_says_that_there_is_a_concern_and_not_what_it_says(session, manager, concern):
    actions.consider(session, concern, actor=manager, consideration=WORDS)
    session.flush()

    told = session.execute(select(AuditEntry.event, AuditEntry.complaint_id).order_by(AuditEntry.id)).all()
    assert [tuple(row) for row in told] == [("concern.recorded", None), ("concern.moved", None)]
    assert "Zanzibarite" not in str(session.scalars(select(AuditDetail.detail)).all())


def test_a_concern_is_in_no_search_count_or_list_of_others(session, make, reader, concern):
    client, account = reader(Role.CASEWORKER)
    session.commit()

    assert search.find(session, account, "zanzibarite").total == 0
    assert queries.count_waiting(session, account) == 0
    for page in ("/", "/concerns/", "/caseload/", "/search?words=zanzibarite"):
        answer = client.get(page)
        assert answer.status_code == 200
        assert concern.key not in answer.text, page
        assert "Zanzibarite" not in answer.text, page
    for method in (client.get, client.post):
        for page in ("", "/consideration", "/passed-on", "/no-action", "/readers/new"):
            if page or method is client.get:
                assert method(f"/concerns/{concern.key}{page}").status_code in {403, 404}
    assert client.get(f"/concerns/{concern.key}").status_code == 404


def test_every_reading_is_kept(session, reader, concern):
    client, account = reader(Role.MANAGER)
    session.commit()
    client.get(f"/concerns/{concern.key}")

    mine = select(AccessEntry).where(
        AccessEntry.account_id == account.id, AccessEntry.page == "concerns.show"
    )
    assert [(entry.kind, entry.subject) for entry in session.scalars(mine)] == [(Access.OPENED, concern.key)]


def test_the_complaint_it_came_up_in_is_shown_to_those_who_may_know_of_that(session, make, manager):
    complaint, other = make.complaint(), make.account(Role.MANAGER)
    concern = actions.record_concern(
        session, actor=manager, about=WORDS, why_outside="Not ours.", complaint=complaint
    )
    duties.restrict(session, complaint, actor=manager, reasons="A colleague’s family.")
    session.commit()

    assert queries.came_up_in(session, manager, concern) is complaint
    assert queries.came_up_in(session, other, concern) is None


def test_a_concern_goes_all_its_way_in_the_browser(session, make, reader):
    client, _account = reader(Role.CASEWORKER)
    head, _manager = reader(Role.MANAGER)
    organisation, named = make.organisation(), make.account(Role.INVESTIGATOR)
    session.commit()
    form = {"about": WORDS, "why_outside": "Not ours.", "organisation": "X-NONE", "complaint": "SR-0000-0000"}
    wrong = client.post("/concerns/new", data=form)
    assert "There is no organisation with that code." in wrong.text
    assert WORDS in wrong.text
    form |= {"organisation": organisation.code.lower()}
    assert "There is no complaint under that reference." in client.post("/concerns/new", data=form).text
    answer = client.post("/concerns/new", data={**form, "complaint": ""})
    here = answer.location

    assert organisation.name in client.get(here).text
    assert "section 15" in client.get(here).text
    assert "Consider it" not in client.get(here).text
    assert client.post(f"{here}/readers/new", data={"account": named.key}).status_code == 302
    assert named.name in client.get(here).text
    assert client.post(f"{here}/readers/{named.key}/remove").status_code == 302
    assert "Nobody is named." in client.get(here).text
    assert "Enter what you make of it." in head.post(f"{here}/consideration").text
    moved = head.post(f"{here}/consideration", data={"drawn_from": 1, "consideration": "For the regulator."})
    assert moved.status_code == 302, moved.text
    [drawn] = re.findall(r'name="drawn_from" value="(\d+)"', head.get(f"{here}/no-action").text)
    moved = head.post(f"{here}/no-action", data={"drawn_from": drawn, "reasons": "They know of it."})
    assert moved.status_code == 302, moved.text
    assert "They know of it." in client.get(here).text
    assert "No further action" in client.get("/concerns/").text


def test_whoever_has_a_conflict_of_interest_does_not_consider_a_concern(session, make):
    organisation, manager = make.organisation(), make.account(Role.MANAGER)
    concern = actions.record_concern(
        session,
        actor=make.account(Role.CASEWORKER),
        about="Scans are stored in a corridor.",
        why_outside="Nobody complained.",
        organisation=organisation,
    )
    session.flush()
    assert policy.may(manager, Permission.CONCERN_CONSIDER, concern)
    duties.declare_conflict(
        session,
        actor=manager,
        account=manager,
        kind=ConflictKind.WORKED_THERE,
        words="Until last year.",
        since=clock.today(),
        organisation=organisation,
    )
    session.flush()
    session.expire_all()

    with pytest.raises(NotPermitted, match="conflict of interest"):
        actions.consider(session, concern, actor=manager, consideration="Nothing to it.")
