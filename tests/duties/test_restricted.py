"""What nobody may find who is not named: words planted in a restricted case, looked for everywhere (A5, A13)."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from app import policy
from app.accounts.models import Role
from app.audit.models import Access, AccessEntry
from app.casefile import actions as casefile
from app.casefile import proceedings
from app.casefile.models import LinkKind, ProceedingKind
from app.cases import actions as cases
from app.cases.corrections import close_as_duplicate
from app.cases.models import CaseStage
from app.complaints import queries as complaints
from app.complaints.models import OrganisationToMatch, Part, Party
from app.core import clock
from app.core.errors import NotPermitted, RuleBroken
from app.duties import actions
from app.evidence.models import Disclosure
from app.exports.sheets import SHEETS
from app.people.models import Person
from app.policy import Permission
from app.recommendations.models import RecommendationState
from tests.conventions.access import ACCESS

STAFF = (Role.CASEWORKER, Role.INVESTIGATOR, Role.MANAGER)
WORD = "Plantedword"
LISTS = [
    "/",
    "/caseload/",
    "/caseload/?sort=oldest",
    "/caseload/?sort=due&open=yes",
    "/caseload/?flag=restricted",
    "/caseload/?flag=restricted&except=flag",
    "/caseload/?owner=nobody",
    "/caseload/?review=yes",
    "/caseload/?standing=compliance",
    "/caseload/saved",
    "/recommendations/",
    "/recommendations/?show=overdue",
    "/recommendations/?show=to-be-judged",
    "/complaints/to-be-matched",
    "/conflicts/",
    "/away/",
]


@pytest.fixture
def planted(make, session):
    """A restricted case of somebody else’s, with a word in all that is said in it; and one that is not."""
    manager = make.account(Role.MANAGER)
    case = make.case(CaseStage.COMPLIANCE)
    complaint = case.complaint
    person = Person(name=f"{WORD}name Uniqueson", search_name=f"{WORD}name uniqueson".lower())
    person.nhs_number, person.born_on = "9990000018", clock.today().replace(year=1950)
    complaint.parties.append(Party(person=person, part=Part.PERSON_AFFECTED))
    complaint.narrative = complaint.wanted = f"{WORD} here."
    complaint.source, complaint.source_reference = "old", f"{WORD}-1"
    complaint.to_match.append(OrganisationToMatch(words=WORD))
    allegation = case.allegations[0]
    allegation.issue.words, allegation.organisation_reference = WORD, "PLANTED-77"
    allegation.finding.happened = WORD
    allegation.organisation.name = f"{WORD} Trust"
    document = make.document(case, title=WORD)
    make.link(allegation, document=document, note=WORD)
    make.recommendation(case, action=WORD)
    make.recommendation(case, RecommendationState.SUBMITTED, action=WORD)
    casefile.write_note(session, complaint, actor=manager, words=WORD)
    seen = make.case(CaseStage.COMPLIANCE).complaint
    casefile.link(session, seen, actor=manager, to=complaint, kind=LinkKind.SAME_PERSON, words=WORD)
    proceeding = proceedings.record_proceeding(
        session, complaint, actor=manager, kind=ProceedingKind.INQUEST, body=WORD
    )
    proceedings.stay(
        session,
        case,
        actor=manager,
        proceeding=proceeding,
        review_on=clock.today().replace(year=clock.today().year + 1),
        reasons=WORD,
    )
    actions.restrict(session, complaint, actor=manager, reasons=WORD)
    session.commit()
    return {"case": case, "complaint": complaint, "seen": seen, "manager": manager, "document": document}


def searches(planted):
    words = [WORD, "uniqueson", "plantedwordname", "9990000018", f"{WORD}-1", "PLANTED-77"]
    words += [planted["complaint"].reference, planted["complaint"].parties[0].person.born_on.isoformat()]
    return [f"/search?words={one}" for one in words] + [f"/search?words={WORD}&order=best"]


def own_words(text):
    """A page without what was asked for, which it repeats."""
    return re.sub(r'value="[^"]*"|href="[^"]*"', "", text)


@pytest.mark.parametrize("role", STAFF)
def test_who_is_not_named_finds_no_word_of_a_restricted_case_in_any_list_search_or_export(
    planted, reader, role
):
    client, _account = reader(role)
    reference, seen = planted["complaint"].reference, planted["seen"].reference
    pages = [
        *LISTS,
        *searches(planted),
        f"/cases/{seen}",
        f"/complaints/{seen}/file",
        f"/complaints/{seen}/story",
    ]
    if role is not Role.INVESTIGATOR:
        pages.append(f"/complaints/{seen}/people/new?words=uniqueson")
        pages.append(f"/complaints/{seen}/people/new?words=9990000018")
    pages += [f"/exports/{sheet}.csv" for sheet in SHEETS]

    hits, read = [], 0
    for page in pages:
        answer = client.get(page)
        read += 1
        text = own_words(answer.text).replace(f"words={WORD}", "")
        hits += [(page, word) for word in (WORD, reference, "Uniqueson") if word in text]
        hits += [(page, answer.status_code)] if answer.status_code != 200 else []

    print(f"\n{role}: {read} lists, searches and files read, {len(hits)} hits")
    assert hits == []


def test_all_that_is_hidden_is_there_for_the_named_and_the_ombudsman_so_the_test_above_could_find_it(
    session, make, planted, reader
):
    client, account = reader(Role.CASEWORKER)
    actions.name(session, planted["complaint"], actor=planted["manager"], account=account)
    session.commit()
    ombudsman, _account = reader(Role.OMBUDSMAN)

    for who in (client, ombudsman):
        found = [page for page in searches(planted) if who.get(page).status_code == 302]
        assert f"/search?words={planted['complaint'].reference}" in found
        assert WORD in who.get(f"/search?words={WORD}").text
        assert planted["complaint"].reference in who.get("/caseload/?flag=restricted").text
        assert planted["complaint"].reference in who.get("/recommendations/").text
        assert WORD in who.get("/complaints/to-be-matched").text


@pytest.mark.parametrize("role", STAFF)
def test_every_address_of_a_restricted_case_is_not_found_and_the_refusal_is_logged(
    app, session, planted, reader, role
):
    client, account = reader(role)
    names = {
        "reference": planted["complaint"].reference,
        "key": planted["document"].key,
        "number": 1, "party": 1, "issue": 1, "waiting": 1, "submission": 1, "letter": "J", "sheet": "caseload",
        "mark": "0" * 32, "page": 1, "item": 1, "step": 1, "answer": 1,
        "code": planted["case"].allegations[0].organisation.code,
    }  # fmt: skip
    absent = names | {"reference": "SR-0000-0000"}
    tried, wrong = 0, []
    for rule in app.url_map.iter_rules():
        if "reference" not in rule.arguments or ACCESS[rule.endpoint] not in policy.GRANTS[role]:
            continue
        for method in rule.methods - {"OPTIONS", "HEAD"}:
            here, nowhere = (
                client.open(rule.build({one: of[one] for one in rule.arguments})[1], method=method)
                for of in (names, absent)
            )
            tried += 1
            if (here.status_code, len(here.text)) != (404, len(nowhere.text)):
                wrong.append((rule.endpoint, method, here.status_code))

    refused = select(AccessEntry).where(
        AccessEntry.account_id == account.id,
        AccessEntry.kind == Access.REFUSED,
        AccessEntry.reference == planted["complaint"].reference,
    )
    logged = len(session.scalars(refused).all())
    print(f"\n{role}: {tried} ways tried, {len(wrong)} let in, {logged} refusals logged")
    assert wrong == []
    assert logged == tried > 20


@pytest.mark.parametrize("role", STAFF)
def test_no_slice_of_the_records_holds_anything_of_it_for_who_is_not_named(session, make, planted, role):
    account, case = make.account(role), planted["case"]
    slices = {
        policy.visible_complaints: [planted["complaint"]],
        policy.visible_cases: [case],
        policy.visible_documents: case.documents,
        policy.visible_allegations: case.allegations,
        policy.visible_recommendations: case.recommendations,
        policy.visible_people: [planted["complaint"].parties[0].person],
    }

    assert all(slices.values())
    for slice_of, theirs in slices.items():
        assert set(session.scalars(slice_of(account))).isdisjoint(theirs), slice_of.__name__
        assert set(session.scalars(slice_of(planted["manager"]))) >= set(theirs), slice_of.__name__
    waiting = [complaints.count_waiting_for_a_match(session, who) for who in (account, planted["manager"])]
    assert waiting == [0, 1]


def test_counts_places_and_neighbours_leave_out_what_is_restricted(session, make, planted, reader):
    client, _account = reader(Role.CASEWORKER)
    before, after = make.complaint(), make.complaint()
    planted["complaint"].received_at = before.received_at
    session.commit()

    page = client.get("/caseload/").text
    assert re.search(r">\s*3 complaints|3 found|\b3\b", page)
    for one in (before, after, planted["seen"]):
        shown = client.get(f"/complaints/{one.reference}?among=").text
        assert planted["complaint"].reference not in shown


def test_whoever_has_the_case_keeps_it_and_whoever_gets_it_sees_it(session, make, planted):
    case, manager = planted["case"], planted["manager"]
    first, second = case.owner, make.account(Role.INVESTIGATOR)
    seen = policy.visible_cases

    assert [session.scalars(seen(one)).all().count(case) for one in (first, second)] == [1, 0]
    case.owner = second
    session.flush()
    assert [session.scalars(seen(one)).all().count(case) for one in (first, second)] == [0, 1]
    assert manager is planted["manager"]


def test_naming_opens_and_taking_the_name_away_closes_from_the_next_request_on(session, planted, reader):
    client, account = reader(Role.INVESTIGATOR)
    complaint, manager = planted["complaint"], planted["manager"]
    here = f"/complaints/{complaint.reference}/why"

    statuses = [client.get(here).status_code]
    actions.name(session, complaint, actor=manager, account=account)
    session.commit()
    statuses.append(client.get(here).status_code)
    actions.take_name(session, complaint, actor=manager, account_key=account.key)
    session.commit()
    statuses.append(client.get(here).status_code)
    assert statuses == [404, 200, 404]

    actions.lift_restriction(session, complaint, actor=manager, reasons="It is over.")
    session.commit()
    assert client.get(f"/cases/{complaint.reference}").status_code == 200


def test_only_managers_restrict_and_only_once(session, make):
    case, manager = make.case(), make.account(Role.MANAGER)
    for role in (Role.CASEWORKER, Role.INVESTIGATOR):
        with pytest.raises(NotPermitted):
            actions.restrict(session, case.complaint, actor=make.account(role), reasons="No.")
    actions.restrict(session, case.complaint, actor=manager, reasons="A colleague’s family.")

    with pytest.raises(RuleBroken, match="restricted already"):
        actions.restrict(session, case.complaint, actor=manager, reasons="Again.")
    with pytest.raises(RuleBroken, match="named already"):
        actions.name(session, case.complaint, actor=manager, account=manager)
    with pytest.raises(RuleBroken, match="without being named"):
        actions.name(session, case.complaint, actor=manager, account=make.account(Role.OMBUDSMAN))
    with pytest.raises(RuleBroken, match="does not work on complaints"):
        actions.name(session, case.complaint, actor=manager, account=make.account(Role.ADMINISTRATOR))


def test_organisations_keep_what_was_shown_to_them(session, make, planted):
    case = planted["case"]
    organisation = case.allegations[0].organisation
    officer = make.account(Role.LIAISON, organisation=organisation)
    planted["document"].disclosures.append(
        Disclosure(organisation=organisation, disclosed_by_id=case.owner_id)
    )
    session.flush()

    assert session.scalars(policy.visible_allegations(officer)).all() == case.allegations
    assert session.scalars(policy.visible_documents(officer)).all() == [planted["document"]]
    assert len(session.scalars(policy.visible_recommendations(officer)).all()) == 2


def test_a_person_who_is_also_in_an_open_complaint_is_still_found(session, make, planted):
    worker = make.account(Role.CASEWORKER)
    person = planted["complaint"].parties[0].person
    assert session.scalars(policy.visible_people(worker)).all() == []

    make.complaint().parties.append(Party(person=person, part=Part.COMPLAINANT))
    session.flush()
    assert session.scalars(policy.visible_people(worker)).all() == [person]


def test_a_restricted_case_is_closed_as_a_duplicate_without_giving_the_other_away(session, make, reader):
    client, _account = reader(Role.MANAGER)
    hidden, manager = make.case(), make.account(Role.MANAGER)
    case = make.case()
    close_as_duplicate(session, case, actor=manager, of=hidden, reasons="The same scan.")
    actions.restrict(session, hidden.complaint, actor=manager, reasons="A colleague’s family.")
    session.commit()

    assert hidden.reference not in client.get(f"/cases/{case.reference}").text
    assert hidden.reference not in client.get(f"/complaints/{case.reference}/story").text


def test_a_case_is_restricted_named_and_opened_again_in_the_pages(session, make, reader):
    client, manager = reader(Role.MANAGER)
    case, other = make.case(), make.account(Role.CASEWORKER)
    session.commit()
    here = f"/complaints/{case.reference}"

    assert client.post(f"{here}/restriction", data={"reasons": "A colleague’s family."}).status_code == 302
    assert client.get(f"{here}/file").location == f"{here}/why?next={here}/file"
    client.post(f"{here}/why", data={"kind": "supervision"})
    assert client.post(f"{here}/named/new", data={"account": other.key}).status_code == 302
    page = client.get(f"{here}/file").text
    assert other.name in page
    assert "Restricted" in page
    assert client.post(f"{here}/named/{other.key}/remove").location == f"{here}/file"
    assert client.post(f"{here}/named/{manager.key}/remove").location == "/caseload/"
    assert client.get(f"{here}/file").status_code == 404


def test_allocating_a_restricted_case_shows_it_to_the_new_investigator_alone(session, make, planted):
    case, manager, second = planted["case"], planted["manager"], make.account(Role.INVESTIGATOR)
    cases.allocate(session, case, actor=manager, owner=second)
    session.commit()

    lines = session.scalars(policy.visible_lines(second)).all()
    assert case.reference in [line.reference for line in lines]
    assert policy.may(second, Permission.CASE_INVESTIGATE, case)
