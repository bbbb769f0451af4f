"""Reading changes no casework and costs the same however long the list is."""

from __future__ import annotations

import re
from io import BytesIO

import pytest
from sqlalchemy import select

from app.accounts.models import Role
from app.allegations.models import CheckOutcome
from app.audit.models import Access, AccessEntry
from app.cases.models import CaseStage
from app.complaints.models import Part, Party
from app.people.models import Person
from app.recommendations.models import RecommendationState
from tests.conventions.access import ACCESS

LISTS = [
    "/",
    "/caseload/",
    "/caseload/?standing=compliance&except=standing&flag=disputed&sort=due",
    "/caseload/saved",
    "/search?words=scan",
    "/recommendations/",
    "/complaints/to-be-matched",
    "/consents/",
    "/concerns/",
    "/people/flags",
    "/accounts/",
    "/exports/",
    "/conflicts/",
    "/away/",
    "/returning/",
    "/allocation/",
    "/waiting-for-others/",
    "/requests/missing",
    "/integrity/",
]


def fill(make, reader_account, how_many):
    for _ in range(how_many):
        case = make.case(CaseStage.COMPLIANCE, owner=reader_account)
        make.recommendation(case, RecommendationState.ISSUED)
        case = make.case()
        case.owner = None
        make.allegation()


@pytest.mark.parametrize("path", LISTS)
def test_a_list_costs_the_same_with_one_row_and_with_thirty(make, reader, cost, path):
    client, account = reader(Role.MANAGER, Role.ADMINISTRATOR)
    fill(make, account, 1)
    with_one = cost(client, path)
    fill(make, account, 29)

    assert cost(client, path) == with_one <= 15


@pytest.mark.parametrize("page", ["", "/tests", "/check"])
def test_an_allegation_costs_the_same_whoever_is_in_the_complaint(session, make, reader, cost, page):
    client, _account = reader(Role.CASEWORKER)
    allegation = make.allegation(make.complaint())
    complaint = allegation.complaint

    def let_join(how_many):
        for number in range(how_many):
            name = f"Member {number}"
            relative = Person(name=name, search_name=name.lower())
            complaint.parties.append(Party(person=relative, part=Part.FAMILY_MEMBER))
        session.flush()

    let_join(1)
    with_one = cost(client, f"/complaints/{complaint.reference}/allegations/1{page}")
    let_join(9)

    assert cost(client, f"/complaints/{complaint.reference}/allegations/1{page}") == with_one <= 15


def allege(make, case, how_many):
    for _ in range(how_many):
        allegation = make.allegation(case.complaint, outcome=CheckOutcome.ACCEPT)
        make.finding(allegation)


@pytest.mark.parametrize(
    "page", ["/cases/{}", "/complaints/{}", "/complaints/{}/story", "/complaints/{}/file"]
)
def test_a_page_costs_the_same_with_one_allegation_and_with_thirty(make, reader, cost, page):
    client, account = reader(Role.INVESTIGATOR)
    case = make.case(CaseStage.PROVISIONAL_VIEWS, owner=account)
    path = page.format(case.reference)
    with_one = cost(client, path)
    allege(make, case, 29)

    assert cost(client, path) == with_one <= 15


#: Indexes of what still stands, was not taken back, or waits, whosever it is: half of all there is, in an old office.
OF_ANYBODY = re.compile(
    r"SEARCH \w+ USING (COVERING )?INDEX \w+ \((ended_at|withdrawn_on|settled_at|state|is_\w+|closed_at)=\?"
)
#: Tables with a few rows in any office, and rows made by the statement itself.
SMALL = re.compile(
    r"SCAN ((account|account_role|team|list_version|delegation|moved_clock|anon_\d+)$"
    r"|\(subquery-\d+\)|\d* ?CONSTANT ROW|\w+ USING INDEX sqlite_autoindex_team)"
)


@pytest.mark.parametrize(
    "page", ["/cases/{}", "/cases/{}/evidence/table", "/complaints/{}", "/complaints/{}/story", "/complaints/{}/file",
             "/complaints/{}/consents", "/complaints/{}/allegations/1", "/complaints/{}/allegations/1/check"]
)  # fmt: skip
def test_what_a_page_of_one_complaint_shows_is_found_by_that_complaint(session, make, reader, looked, page):
    client, account = reader(Role.INVESTIGATOR, Role.CASEWORKER)
    case = make.case(CaseStage.PROVISIONAL_VIEWS, owner=account)
    session.commit()
    looked.clear()

    assert client.get(page.format(case.reference)).status_code == 200

    whole = [plan for plan in looked if plan.startswith("SCAN") and not SMALL.match(plan)]
    assert [plan for plan in looked if OF_ANYBODY.match(plan)] + whole == []
    assert len(looked) > 20


def test_what_waits_for_a_trust_costs_the_same_with_one_and_with_thirty(make, reader, cost):
    client, officer = reader(Role.LIAISON)
    case = make.case(CaseStage.COMPLIANCE)

    def ask(how_many):
        for _ in range(how_many):
            for state in (RecommendationState.ISSUED, RecommendationState.SUBMITTED):
                make.recommendation(case, state, organisation=officer.organisation)

    ask(1)
    with_one = cost(client, "/trust/")
    ask(29)

    assert cost(client, "/trust/") == with_one <= 15


def test_a_get_writes_nothing_but_the_access_log_and_when_the_sign_in_was_last_seen(
    app, session, make, reader, statements
):
    client, account = reader(Role.OMBUDSMAN, Role.ADMINISTRATOR)
    case = make.case(CaseStage.COMPLIANCE, owner=account)
    make.recommendation(case, RecommendationState.SUBMITTED)
    document = case.documents[0]
    document.sha256 = app.extensions["files"].keep(BytesIO(b"A report."), limit=99).sha256
    session.commit()
    values = {
        "reference": case.reference,
        "key": document.key,
        "code": case.allegations[0].organisation.code,
        "letter": "J",
        "number": 1,
        "page": 1,
        "party": 1,
        "sheet": "caseload",
        "issue": 1,
        "waiting": 1,
        "submission": 1,
        "other": "0" * 32,
        "adjustment": 1,
        "flag": 1,
        "merged": 1,
        "token": "none",
        "account": "0" * 32,
        "listing": "severity",
        "row": "2",
        "earlier": 0,
        "item": 1,
        "step": 1,
        "answer": 1,
    }

    written = set()
    for rule in app.url_map.iter_rules():
        if "GET" in rule.methods and rule.endpoint in ACCESS:
            statements.clear()
            client.get(rule.build({name: values[name] for name in rule.arguments})[1]).close()
            for statement in statements:
                if found := re.match(r"(INSERT INTO|UPDATE|DELETE FROM) (\w+)", statement):
                    written.add(found.group(2))

    assert written == {"access_entry"}


def test_every_opening_of_a_case_and_every_refusal_is_in_the_access_log(session, make, reader):
    client, account = reader(Role.CASEWORKER)
    case = make.case()
    session.commit()

    client.get(f"/cases/{case.reference}")
    client.get(f"/cases/{case.reference}/owner")
    client.get("/accounts/")

    mine = select(AccessEntry).where(AccessEntry.account_id == account.id).order_by(AccessEntry.id)
    told = [(entry.kind, entry.subject, entry.page) for entry in session.scalars(mine)]
    assert told == [
        (Access.SIGN_IN, "", "accounts.sign_in"),
        (Access.OPENED, case.reference, "cases.show"),
        (Access.REFUSED, case.reference, "cases.allocate"),
        (Access.REFUSED, "", "accounts.search"),
    ]
