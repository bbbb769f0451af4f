"""What one trust must never read: words planted in everything that is not its own, looked for on every page."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from app.accounts import actions as accounts
from app.accounts import passwords
from app.accounts.models import Role
from app.allegations.models import CheckOutcome
from app.cases import actions as cases
from app.cases.models import CaseStage, Closure
from app.complaints.models import OrganisationToMatch, Part, Party
from app.core import clock
from app.core.files import LocalFiles
from app.decisions import actions as decisions
from app.decisions.models import Comment
from app.evidence.models import Disclosure, Supplier
from app.people.models import Person
from app.recommendations import actions as recommendations
from app.recommendations.models import RecommendationState, Response

PASSWORD = "a liaison officer's password"


@pytest.fixture
def planted(app, session, make, tmp_path, monkeypatch):
    """A case against two trusts; every hidden field holds a word of its own. Gives what is whose."""

    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", False)
    monkeypatch.setitem(app.extensions, "files", LocalFiles(tmp_path))
    words: list[str] = []

    def word(what: str) -> str:
        words.append(f"Planted{len(words)}{what}")
        return words[-1]

    ours, theirs = make.organisation("Our own trust"), make.organisation(word("OtherTrust"))
    case = make.case(CaseStage.PROVISIONAL_VIEWS, organisation=ours)
    complaint = case.complaint
    complaint.narrative, complaint.wanted = word("Narrative"), word("Wanted")
    person = Person(name=word("Name"), search_name="", nhs_number="9990000018")
    person.email, person.telephone, person.address = word("Mail"), word("Telephone"), word("Home")

    complaint.parties.append(Party(person=person, part=Part.COMPLAINANT, basis=word("Basis")))
    complaint.to_match.append(OrganisationToMatch(words=word("ToMatch")))

    other = make.allegation(complaint, outcome=CheckOutcome.ACCEPT, organisation=theirs)
    other.issue.words, other.knowledge_note = word("OtherIssue"), word("KnowledgeNote")
    mine = case.allegations[0]
    mine.knowledge_note, mine.checks[-1].reasons = word("OwnKnowledge"), word("CheckReasons")
    for allegation in (mine, other):
        finding = allegation.finding or make.finding(allegation)
        for name in ("happened", "should_have_happened", "gap", "injustice_reasons", "no_standard_because"):
            setattr(finding, name, word(f"Finding{name}"))
    secret = make.document(case, title=word("Undisclosed"), filename=word("UndisclosedFile"))
    withdrawn = make.document(case, title=word("Withdrawn"), filename=word("WithdrawnFile"))

    withdrawn.disclosures.append(
        Disclosure(organisation=ours, disclosed_by_id=case.owner_id, withdrawn_at=clock.now())
    )
    shown = make.document(case, title="Shown to us", supplier=Supplier.OFFICE)
    shown.disclosures.append(Disclosure(organisation=ours, disclosed_by_id=case.owner_id))
    make.link(mine, document=shown, note=word("LinkNote"), page=word("Page"))
    case.provisional_views[-1].comments.append(
        Comment(organisation=theirs, received_on=clock.today(), words=word("Comment"), answer=word("Answer"))
    )
    case.closure_reasons = word("ClosureReasons")
    case.provisional_views[-1].content = {"complaint": word("ViewsShared")}
    draft = make.recommendation(
        case, RecommendationState.DRAFT, action=word("DraftAction"), public_text=word("Draft")
    )
    not_ours = make.recommendation(
        case,
        RecommendationState.ISSUED,
        organisation=theirs,
        finding=other.finding,
        action=word("TheirAction"),
        evidence_wanted=word("TheirEvidence"),
        private_text=word("TheirPrivate"),
    )
    not_ours.responses.append(Response(answer="agrees", words=word("TheirAnswer"), by=case.owner))
    own = make.recommendation(
        case, RecommendationState.ISSUED, action="What we are asked", public_text=word("Public")
    )
    officer = make.account(Role.LIAISON, organisation=ours, password_hash=passwords.hash_of(PASSWORD))
    session.commit()
    return {
        "words": words,
        "reference": case.reference,
        "officer": officer,
        "own": own,
        "hidden": [draft, not_ours],
        "documents": [secret, withdrawn],
        "shown": shown,
        "case": case,
    }


def visit(app, planted):
    client = app.test_client()
    client.post("/sign-in", data={"email": planted["officer"].email, "password": PASSWORD})
    return client


def test_no_page_the_liaison_officer_can_open_holds_a_word_of_anybody_elses(app, planted):
    client, reference = visit(app, planted), planted["reference"]
    pages = [
        "/trust/",
        "/trust/recommendations",
        "/trust/allegations",
        f"/trust/cases/{reference}",
        "/account",
        "/account/password",
    ]
    pages += [f"/trust/cases/{reference}/recommendations/{n}" for n in (1, 2, 3)]
    pages += [f"{pages[-1]}/{verb}" for verb in ("agree", "dispute", "progress", "evidence")]
    staff = [
        f"/cases/{reference}",
        f"/complaints/{reference}",
        f"/cases/{reference}/evidence/",
        "/caseload/",
        "/",
    ]

    texts = {path: client.get(path).text for path in [*pages, *staff]}

    assert "What we are asked" in texts["/trust/"]
    assert "Shown to us" in texts[f"/trust/cases/{reference}"]
    leaks = {(path, word) for path, text in texts.items() for word in planted["words"] if word in text}
    print(f"\n{len(planted['words'])} words planted, {len(texts)} pages opened, {len(leaks)} leaks")
    assert leaks == set()
    assert len(planted["words"]) >= 40


def test_what_is_hidden_and_what_is_not_there_look_alike(app, planted):
    client, reference = visit(app, planted), planted["reference"]

    def body(path):
        answer = client.get(path)
        return answer.status_code, re.sub(r'value="[^"]{40,}"', "", answer.text)

    hidden = [
        *(f"/trust/cases/{reference}/recommendations/{one.number}" for one in planted["hidden"]),
        *(f"/trust/documents/{one.key}" for one in planted["documents"]),
    ]
    absent = [
        f"/trust/cases/{reference}/recommendations/99",
        "/trust/documents/" + "0" * 32,
        "/trust/cases/SR-0000-0000",
    ]

    assert {body(path) for path in hidden} == {body(path) for path in absent}
    assert {body(path)[0] for path in hidden} == {404}


def test_what_was_decided_is_shown_of_ones_own_only_and_only_once_it_is_approved(app, session, make, planted):
    client, reference = visit(app, planted), planted["reference"]
    assert "Upheld" not in client.get(f"/trust/cases/{reference}").text

    case = planted["case"]
    for comment in case.provisional_views[-1].comments:
        comment.answered_at, comment.answered_by_id = comment.created_at, case.owner_id
    for recommendation in case.recommendations:
        recommendation.due_on = clock.today() + timedelta(days=30)
    decisions.propose(session, case, actor=case.owner)
    decisions.approve(session, case, actor=make.account(Role.MANAGER))
    session.commit()

    text = client.get(f"/trust/cases/{reference}").text
    assert text.count("Upheld") == 1
    hidden = set(planted["words"]) - {word for word in planted["words"] if "DraftAction" in word}
    assert {word for word in hidden if word in text} == set()


def test_a_draft_that_is_dropped_is_never_shown(app, session, planted):
    client, draft = visit(app, planted), planted["hidden"][0]
    draft.finding = planted["own"].finding
    planted["case"].stage = CaseStage.DETAILED_INVESTIGATION
    recommendations.drop(session, draft, actor=planted["case"].owner, reasons="Between us only.")
    session.commit()

    path = f"/trust/cases/{planted['reference']}"
    assert client.get(f"{path}/recommendations/{draft.number}").status_code == 404
    assert "Between us only." not in client.get(path).text


def test_a_case_that_ended_without_a_decision_is_not_said_to_be_investigated(app, session, make, planted):
    client, case = visit(app, planted), planted["case"]
    for recommendation in case.recommendations:
        recommendation.state, recommendation.judged_at = RecommendationState.WITHDRAWN, clock.now()
    reasons = "The complainant has withdrawn it."
    cases.close(
        session, case, actor=make.account(Role.MANAGER), closure=Closure.DISCONTINUED, reasons=reasons
    )
    session.commit()

    text = client.get(f"/trust/cases/{planted['reference']}").text
    assert "Closed without a decision" in text
    assert "Being investigated" not in text


def test_rights_end_with_the_very_next_request(app, session, planted):

    client, key = visit(app, planted), planted["shown"].key
    assert client.get("/trust/").status_code == 200

    planted["shown"].disclosures[0].withdrawn_at = planted["shown"].disclosures[0].disclosed_at
    session.commit()
    assert client.get(f"/trust/documents/{key}").status_code == 404

    accounts.suspend(session, planted["officer"], actor=None)
    session.commit()
    assert client.get("/trust/").status_code == 302
