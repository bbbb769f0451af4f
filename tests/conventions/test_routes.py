"""What every route owes, checked on all of them, the ones not yet written included."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import Role
from app.demonstration.office import PASSWORD
from app.evidence.models import Document
from app.policy import GRANTS, Permission
from app.recommendations.models import Recommendation

P = Permission
ONESELF, EVERYBODY = "oneself", "everybody"
#: Whoever signs in, before their second factor is shown as well as after.
ON_THE_WAY = "on the way in"

#: Every address the service answers at, and what it takes to get in. Changing a line here is
#: changing who can reach a page: have it reviewed as that.
ACCESS = {
    "accounts.change_password": ONESELF,
    "accounts.change_roles": P.ACCOUNT_MANAGE,
    "accounts.choose_password": EVERYBODY,
    "accounts.confirm": ON_THE_WAY,
    "accounts.create": P.ACCOUNT_MANAGE,
    "accounts.end_other_sign_ins": ONESELF,
    "accounts.end_sign_in": ONESELF,
    "accounts.end_sign_ins_of": P.ACCOUNT_MANAGE,
    "accounts.forget_device": ONESELF,
    "accounts.forgotten_password": EVERYBODY,
    "accounts.invite": P.ACCOUNT_MANAGE,
    "accounts.oneself": ONESELF,
    "accounts.restore": P.ACCOUNT_MANAGE,
    "accounts.search": P.ACCOUNT_MANAGE,
    "accounts.show": P.ACCOUNT_MANAGE,
    "accounts.sign_in": EVERYBODY,
    "accounts.sign_out": ON_THE_WAY,
    "accounts.sign_out_everywhere": ONESELF,
    "accounts.single_sign_on": EVERYBODY,
    "accounts.single_sign_on_back": EVERYBODY,
    "accounts.suspend": P.ACCOUNT_MANAGE,
    "allegations.change": P.ALLEGATION_RECORD,
    "allegations.change_issue": P.ALLEGATION_RECORD,
    "allegations.code": P.ALLEGATION_CODE,
    "allegations.code_step": P.ALLEGATION_CODE,
    "allegations.make": P.ALLEGATION_RECORD,
    "allegations.record_issue": P.ALLEGATION_RECORD,
    "allegations.show": P.COMPLAINT_VIEW,
    "allocation.choose": P.CASE_ALLOCATE,
    "allocation.preview": P.CASE_ALLOCATE,
    "allocation.show": P.CASE_ALLOCATE,
    "allocation.undo": P.CASE_ALLOCATE,
    "bundles.ask_for": P.DOCUMENT_DISCLOSE,
    "bundles.cancel": P.DOCUMENT_DISCLOSE,
    "bundles.download": P.DOCUMENT_DISCLOSE,
    "bundles.of_case": P.DOCUMENT_READ,
    "casefile.change_proceeding": P.PROCEEDING_RECORD,
    "casefile.end_link": P.COMPLAINT_LINK,
    "casefile.keep_stayed": P.CASE_STAY,
    "casefile.link": P.COMPLAINT_LINK,
    "casefile.notes": P.COMPLAINT_VIEW,
    "casefile.record_proceeding": P.PROCEEDING_RECORD,
    "casefile.resume": P.CASE_STAY,
    "casefile.say_why": P.COMPLAINT_VIEW,
    "casefile.show": P.COMPLAINT_VIEW,
    "casefile.stay": P.CASE_STAY,
    "casefile.strike_note": P.NOTE_WRITE,
    "casefile.who_opened": P.ACCESS_VIEW,
    "casefile.write_note": P.NOTE_WRITE,
    "caseload.my_work": P.CASE_LIST,
    "caseload.remove": P.COMPLAINT_LIST,
    "caseload.save": P.COMPLAINT_LIST,
    "caseload.saved": P.COMPLAINT_LIST,
    "caseload.search": P.COMPLAINT_LIST,
    "cases.allocate": P.CASE_ALLOCATE,
    "cases.close": P.CASE_CLOSE,
    "cases.close_as_duplicate": P.CASE_CLOSE,
    "cases.correct_facts": P.CASE_CORRECT,
    "cases.correct_organisation": P.CASE_CORRECT,
    "cases.end_mediation": P.CASE_INVESTIGATE,
    "cases.investigate_in_detail": P.CASE_INVESTIGATE,
    "cases.mediate": P.CASE_INVESTIGATE,
    "cases.open_case": P.COMPLAINT_ACCEPT,
    "cases.reopen": P.CASE_TAKE_BACK,
    "cases.show": P.CASE_VIEW,
    "cases.take_back": P.CASE_TAKE_BACK,
    "checks.add_knowledge": P.ALLEGATION_CHECK,
    "checks.choose_knowledge": P.ALLEGATION_CHECK,
    "checks.decide": P.ALLEGATION_CHECK,
    "checks.decide_discretion": P.DISCRETION_DECIDE,
    "checks.open_discretion": P.ALLEGATION_CHECK,
    "checks.reasons": P.COMPLAINT_VIEW,
    "checks.send_reasons": P.COMPLAINT_CHANGE,
    "checks.test": P.ALLEGATION_CHECK,
    "complaints.acknowledge": P.COMPLAINT_CHANGE,
    "complaints.add_person": P.COMPLAINT_CHANGE,
    "complaints.change": P.COMPLAINT_CHANGE,
    "complaints.change_person": P.COMPLAINT_CHANGE,
    "complaints.close": P.COMPLAINT_CLOSE,
    "complaints.log": P.COMPLAINT_LOG,
    "complaints.match": P.COMPLAINT_CHANGE,
    "complaints.show": P.COMPLAINT_VIEW,
    "complaints.tell": P.COMPLAINT_VIEW,
    "complaints.to_match": P.COMPLAINT_LIST,
    "concerns.consider": P.CONCERN_CONSIDER,
    "concerns.name": P.CONCERN_NAME,
    "concerns.pass_on": P.CONCERN_CONSIDER,
    "concerns.record": P.CONCERN_RECORD,
    "concerns.search": P.CONCERN_RECORD,
    "concerns.show": P.CONCERN_RECORD,
    "concerns.take_name": P.CONCERN_NAME,
    "concerns.take_no_action": P.CONCERN_CONSIDER,
    "consents.accept_basis": P.BASIS_ACCEPT,
    "consents.change": P.CONSENT_RECORD,
    "consents.decide_disagreement": P.DISAGREEMENT_DECIDE,
    "consents.end_disagreement": P.DISAGREEMENT_DECIDE,
    "consents.give": P.CONSENT_RECORD,
    "consents.record_disagreement": P.DISAGREEMENT_RECORD,
    "consents.say_basis": P.CONSENT_RECORD,
    "consents.search": P.COMPLAINT_LIST,
    "consents.show": P.COMPLAINT_VIEW,
    "consents.withdraw": P.CONSENT_RECORD,
    "contacts.add": P.CONTACT_MANAGE,
    "contacts.change": P.CONTACT_MANAGE,
    "decisions.answer_comment": P.COMMENT_ANSWER,
    "decisions.approve": P.DECISION_APPROVE,
    "decisions.extend": P.TIME_EXTEND,
    "decisions.investigate_further": P.PROVISIONAL_VIEWS_SHARE,
    "decisions.propose": P.DECISION_PROPOSE,
    "decisions.record_comment": P.COMMENT_RECORD,
    "decisions.return_for_more_work": P.DECISION_APPROVE,
    "decisions.share": P.PROVISIONAL_VIEWS_SHARE,
    "decisions.show": P.CASE_VIEW,
    "delegations.delegate": P.DELEGATION_MAKE,
    "delegations.search": P.DELEGATION_VIEW,
    "delegations.withdraw": P.DELEGATION_MAKE,
    "demonstration.move_clock": P.CLOCK_MOVE,
    "doubles.compare": P.COMPLAINT_CHANGE,
    "doubles.find_same": P.PERSON_MERGE,
    "doubles.merge": P.PERSON_MERGE,
    "doubles.undo": P.PERSON_MERGE,
    "drafts.bring_back": ONESELF,
    "drafts.mine": ONESELF,
    "drafts.save": ONESELF,
    "drafts.throw_away": ONESELF,
    "duties.absences": P.ABSENCE_ARRANGE,
    "duties.arrange_absence": P.ABSENCE_ARRANGE,
    "duties.conflicts": P.CONFLICT_DECLARE,
    "duties.declare": P.CONFLICT_DECLARE,
    "duties.declare_organisation": P.CONFLICT_DECLARE,
    "duties.end_absence": P.ABSENCE_ARRANGE,
    "duties.lift_conflict": P.CONFLICT_MANAGE,
    "duties.lift_restriction": P.COMPLAINT_RESTRICT,
    "duties.name": P.COMPLAINT_RESTRICT,
    "duties.restrict": P.COMPLAINT_RESTRICT,
    "duties.take_name": P.COMPLAINT_RESTRICT,
    "enquiries.close": P.ENQUIRY_TAKE,
    "enquiries.confirm": P.ENQUIRY_TAKE,
    "enquiries.offer": P.ENQUIRY_TAKE,
    "enquiries.search": P.ENQUIRY_VIEW,
    "enquiries.show": P.ENQUIRY_VIEW,
    "enquiries.take": P.ENQUIRY_TAKE,
    "enquiries.write": P.ENQUIRY_TAKE,
    "evidence.disclose": P.DOCUMENT_DISCLOSE,
    "evidence.download": P.DOCUMENT_READ,
    "evidence.follow": P.DOCUMENT_ADD,
    "evidence.link": P.DOCUMENT_ADD,
    "evidence.receive": P.DOCUMENT_ADD,
    "evidence.search": P.CASE_VIEW,
    "evidence.show": P.DOCUMENT_READ,
    "evidence.show_to_complainant": P.DOCUMENT_DISCLOSE,
    "evidence.table": P.DOCUMENT_READ,
    "evidence.take_back": P.DOCUMENT_ADD,
    "evidence.withdraw": P.DOCUMENT_DISCLOSE,
    "evidence.withdraw_disclosure": P.DOCUMENT_DISCLOSE,
    "evidence.withdraw_from_complainant": P.DOCUMENT_DISCLOSE,
    "examining.of_case": P.DOCUMENT_READ,
    "examining.release": P.DOCUMENT_RELEASE,
    "examining.try_again": P.DOCUMENT_ADD,
    "exports.as_csv_file": P.COMPLAINT_LIST,
    "exports.ask_for": P.COMPLAINT_LIST,
    "exports.cancel": P.COMPLAINT_LIST,
    "exports.download": P.COMPLAINT_LIST,
    "exports.mine": P.COMPLAINT_LIST,
    "factors.add_passkey": ON_THE_WAY,
    "factors.ask": ON_THE_WAY,
    "factors.challenge": ON_THE_WAY,
    "factors.challenge_alone": EVERYBODY,
    "factors.challenge_to_add": ON_THE_WAY,
    "factors.forget": P.ACCOUNT_MANAGE,
    "factors.make_recovery_codes": ON_THE_WAY,
    "factors.mine": ON_THE_WAY,
    "factors.remove_authenticator": ON_THE_WAY,
    "factors.remove_passkey": ON_THE_WAY,
    "factors.set_up_authenticator": ON_THE_WAY,
    "factors.sign_in": EVERYBODY,
    "findings.confirm_codes": P.ALLEGATION_CONFIRM_CODES,
    "findings.show": P.CASE_VIEW,
    "findings.write": P.FINDING_WRITE,
    "front_door.answer": EVERYBODY,
    "front_door.ask_for_link": EVERYBODY,
    "front_door.check": EVERYBODY,
    "front_door.come_back": EVERYBODY,
    "front_door.contact": EVERYBODY,
    "front_door.documents": EVERYBODY,
    "front_door.leave": EVERYBODY,
    "front_door.needs": EVERYBODY,
    "front_door.organisation": EVERYBODY,
    "front_door.paper": EVERYBODY,
    "front_door.receipt": EVERYBODY,
    "front_door.remove_file": EVERYBODY,
    "front_door.right_place": EVERYBODY,
    "front_door.scan": EVERYBODY,
    "front_door.start": EVERYBODY,
    "front_door.wanted": EVERYBODY,
    "front_door.what": EVERYBODY,
    "front_door.who": EVERYBODY,
    "front_door.you": EVERYBODY,
    "health.show": EVERYBODY,
    "imaging.ask_for_copy": P.DOCUMENT_DISCLOSE,
    "imaging.copies_of": P.DOCUMENT_DISCLOSE,
    "imaging.decide": P.DOCUMENT_DISCLOSE,
    "imaging.download_copy": P.DOCUMENT_DISCLOSE,
    "imaging.frame": P.DOCUMENT_READ,
    "imaging.image": P.DOCUMENT_READ,
    "imaging.look": P.DOCUMENT_READ,
    "imaging.of_case": P.DOCUMENT_READ,
    "imaging.values": P.DOCUMENT_READ,
    "integrity.search": P.INTEGRITY_SETTLE,
    "lineage.close_portal": P.SUCCESSION_OPEN,
    "lineage.correct": P.ORGANISATION_ADD,
    "lineage.merge": P.ORGANISATION_MERGE,
    "lineage.open_portal": P.SUCCESSION_OPEN,
    "lineage.record": P.ORGANISATION_ADD,
    "lineage.undo_merge": P.ORGANISATION_MERGE,
    "lineage.withdraw": P.ORGANISATION_ADD,
    "messages.accept": P.DOCUMENT_ADD,
    "messages.accept_all": P.DOCUMENT_ADD,
    "messages.decide": P.DOCUMENT_DISCLOSE,
    "messages.dismiss": P.DOCUMENT_ADD,
    "messages.of_case": P.DOCUMENT_READ,
    "notices.choose": ONESELF,
    "organisations.add": P.ORGANISATION_ADD,
    "organisations.change": P.ORGANISATION_ADD,
    "organisations.change_arrangement": P.ORGANISATION_ADD,
    "organisations.record_arrangement": P.ORGANISATION_ADD,
    "organisations.search": P.ORGANISATION_VIEW,
    "organisations.show": P.ORGANISATION_VIEW,
    "papers.download": P.DOCUMENT_READ,
    "papers.enter": P.DOCUMENT_ADD,
    "papers.search": P.COMPLAINT_VIEW,
    "people.agree_adjustment": P.PERSON_CHANGE,
    "people.change_contact": P.PERSON_CHANGE,
    "people.end_adjustment": P.PERSON_CHANGE,
    "people.end_flag": P.PERSON_CHANGE,
    "people.flag": P.PERSON_CHANGE,
    "people.flags": P.PERSON_VIEW,
    "people.review_flag": P.PERSON_CHANGE,
    "people.search": P.PERSON_VIEW,
    "people.show": P.PERSON_VIEW,
    "portal.agree": P.RECOMMENDATION_ANSWER,
    "portal.dispute": P.RECOMMENDATION_ANSWER,
    "portal.alleged": P.TRUST_VIEW,
    "portal.done": P.TRUST_VIEW,
    "portal.download": P.DOCUMENT_READ_DISCLOSED,
    "portal.home": P.TRUST_VIEW,
    "portal.receipt": P.TRUST_VIEW,
    "portal.report_progress": P.RECOMMENDATION_ANSWER,
    "portal.show_case": P.TRUST_VIEW,
    "portal.show_recommendation": P.TRUST_VIEW,
    "portal.show_request": P.TRUST_VIEW,
    "portal.submit_evidence": P.RECOMMENDATION_ANSWER,
    "queues.for_others": P.CASE_LIST,
    "queues.return_allegation": P.DIARY_KEEP,
    "queues.return_enquiry": P.DIARY_KEEP,
    "queues.returning": P.DIARY_KEEP,
    "reading.cite": P.DOCUMENT_ADD,
    "reading.have_drawn": P.DOCUMENT_READ,
    "reading.picture": P.DOCUMENT_READ,
    "reading.show": P.DOCUMENT_READ,
    "receiving.add": P.DOCUMENT_ADD,
    "receiving.announce": P.DOCUMENT_ADD,
    "receiving.asked": P.DOCUMENT_ADD,
    "receiving.begin": P.DOCUMENT_ADD,
    "receiving.close": P.DOCUMENT_ADD,
    "receiving.search": P.CASE_VIEW,
    "receiving.show": P.DOCUMENT_READ,
    "receiving.take_part": P.DOCUMENT_ADD,
    "receiving.unpack": P.DOCUMENT_ADD,
    "recommendations.change": P.RECOMMENDATION_MAKE,
    "recommendations.drop": P.RECOMMENDATION_MAKE,
    "recommendations.extend": P.TIME_EXTEND,
    "recommendations.find_not_complied": P.RECOMMENDATION_JUDGE,
    "recommendations.judge": P.RECOMMENDATION_JUDGE,
    "recommendations.make": P.RECOMMENDATION_MAKE,
    "recommendations.of_case": P.CASE_VIEW,
    "recommendations.search": P.RECOMMENDATION_LIST,
    "recommendations.show": P.RECOMMENDATION_LIST,
    "recommendations.withdraw": P.RECOMMENDATION_WITHDRAW,
    "redaction.confirm": P.DOCUMENT_ADD,
    "redaction.confirm_all": P.DOCUMENT_ADD,
    "redaction.copy": P.DOCUMENT_ADD,
    "redaction.find": P.DOCUMENT_ADD,
    "redaction.listed": P.DOCUMENT_READ,
    "redaction.mark": P.DOCUMENT_ADD,
    "redaction.strike_out": P.DOCUMENT_ADD,
    "reference.add_row": P.REFERENCE_CHANGE,
    "reference.as_csv_file": P.REFERENCE_VIEW,
    "reference.as_json_file": P.REFERENCE_VIEW,
    "reference.begin_draft": P.REFERENCE_CHANGE,
    "reference.change_row": P.REFERENCE_CHANGE,
    "reference.clocks": P.REFERENCE_VIEW,
    "reference.compare": P.REFERENCE_VIEW,
    "reference.days": P.REFERENCE_VIEW,
    "reference.draft": P.REFERENCE_CHANGE,
    "reference.factors": P.REFERENCE_VIEW,
    "reference.failures": P.REFERENCE_VIEW,
    "reference.go_back": P.REFERENCE_CHANGE,
    "reference.index": P.REFERENCE_VIEW,
    "reference.legal_tests": P.REFERENCE_VIEW,
    "reference.modalities": P.REFERENCE_VIEW,
    "reference.put_in_force": P.REFERENCE_CHANGE,
    "reference.severity": P.REFERENCE_VIEW,
    "reference.stages": P.REFERENCE_VIEW,
    "reference.standards": P.REFERENCE_VIEW,
    "reference.take_out": P.REFERENCE_CHANGE,
    "reference.throw_away": P.REFERENCE_CHANGE,
    "reference.verify_row": P.REFERENCE_CHANGE,
    "reference.version": P.REFERENCE_VIEW,
    "reference.versions": P.REFERENCE_VIEW,
    "requests.answer_item": P.DOCUMENT_ADD,
    "requests.answer_with_delivery": P.DOCUMENT_ADD,
    "requests.answer_with_document": P.DOCUMENT_ADD,
    "requests.certify": P.REQUEST_ESCALATE,
    "requests.change": P.REQUEST_MAKE,
    "requests.chase": P.REQUEST_MAKE,
    "requests.letter": P.CASE_VIEW,
    "requests.make": P.REQUEST_MAKE,
    "requests.missing": P.CASE_LIST,
    "requests.missing_in_case": P.CASE_VIEW,
    "requests.of_case": P.CASE_VIEW,
    "requests.send": P.REQUEST_MAKE,
    "requests.settle": P.DOCUMENT_ADD,
    "requests.show": P.CASE_VIEW,
    "requests.take_back": P.DOCUMENT_ADD,
    "requests.warn": P.REQUEST_MAKE,
    "requests.withdraw": P.REQUEST_MAKE,
    "risk.acknowledge": P.ALERT_ACKNOWLEDGE,
    "risk.raise_for_complaint": P.ALERT_RAISE,
    "risk.raise_for_enquiry": P.ALERT_RAISE,
    "risk.search": P.ALERT_ACKNOWLEDGE,
    "risk.show": P.ALERT_RAISE,
    "search.evidence": P.COMPLAINT_LIST,
    "search.evidence_of_case": P.DOCUMENT_READ,
    "search.search": P.COMPLAINT_LIST,
    "teams.change": P.TEAM_MANAGE,
    "teams.end": P.TEAM_MANAGE,
    "teams.join": P.TEAM_MANAGE,
    "teams.leave": P.TEAM_MANAGE,
    "teams.make": P.TEAM_MANAGE,
    "teams.search": P.TEAM_MANAGE,
    "teams.show": P.TEAM_MANAGE,
    "timeline.as_picture": P.CASE_VIEW,
    "timeline.as_sheet": P.CASE_VIEW,
    "timeline.change": P.DOCUMENT_ADD,
    "timeline.choose": P.DOCUMENT_ADD,
    "timeline.link": P.DOCUMENT_ADD,
    "timeline.name_study": P.DOCUMENT_ADD,
    "timeline.record_row": P.DOCUMENT_ADD,
    "timeline.show": P.CASE_VIEW,
    "timeline.strike_out": P.DOCUMENT_ADD,
}


#: What is asked anew of whoever was signed in more than five minutes ago (B15), and whether to look is enough.
FRESHLY = {
    "bundles.download",
    "accounts.change_roles",
    "accounts.create",
    "accounts.invite",
    "accounts.restore",
    "accounts.suspend",
    "decisions.approve",
    "decisions.share",
    "delegations.delegate",
    "evidence.disclose",
    "examining.release",
    "evidence.show_to_complainant",
    "exports.as_csv_file",
    "exports.ask_for",
    "exports.download",
    "imaging.ask_for_copy",
    "imaging.download_copy",
    "factors.add_passkey",
    "factors.challenge_to_add",
    "factors.forget",
    "factors.make_recovery_codes",
    "factors.remove_authenticator",
    "factors.remove_passkey",
    "factors.set_up_authenticator",
    "reference.put_in_force",
    "reference.verify_row",
}


def rules(app):
    return [rule for rule in app.url_map.iter_rules() if rule.endpoint != "static"]


def test_every_route_says_who_may_use_it_and_the_list_above_agrees(app):
    marks = {rule.endpoint: app.view_functions[rule.endpoint].access for rule in rules(app)}
    declared = {endpoint for endpoint, access in ACCESS.items() if isinstance(access, Permission)}

    assert set(marks) == set(ACCESS)
    assert {e: m for e, m in marks.items() if isinstance(m, Permission)} == {e: ACCESS[e] for e in declared}


def test_the_pages_on_the_way_in_and_those_for_the_freshly_signed_in_are_these(app):
    views = {rule.endpoint: app.view_functions[rule.endpoint] for rule in rules(app)}

    assert {e for e, view in views.items() if getattr(view, "is_on_the_way_in", False)} == {
        endpoint for endpoint, access in ACCESS.items() if access == ON_THE_WAY
    }
    assert {e for e, view in views.items() if getattr(view, "is_fresh", False)} == FRESHLY


def test_addresses_are_lower_case_and_hyphenated(app):
    for rule in rules(app):
        fixed = "".join(part.content for part in rule._parts if part.static)
        assert fixed == fixed.lower().replace("_", "-")


@pytest.fixture
def office(app, filled, monkeypatch):
    """The filled office, and names of records in it to build addresses with; undone after each test."""
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", False)
    undone = filled.begin_nested()
    with Session(filled, join_transaction_mode="create_savepoint") as session:
        yield _names(session)
    undone.rollback()


def _names(session):
    issued = select(Recommendation).where(Recommendation.issued_at.is_not(None))
    recommendation = session.scalars(issued).first()
    return {
        "reference": recommendation.case.reference,
        "key": session.scalars(select(Document).where(Document.case_id == recommendation.case_id))
        .first()
        .key,
        "code": recommendation.organisation.code,
        "letter": "J",
        "number": 1,
        "person": "0" * 32,
        "mark": "0" * 32,
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


def test_a_stranger_gets_in_nowhere_that_is_not_for_everybody(app, office):
    got_in = set()
    for rule in rules(app):
        if ACCESS[rule.endpoint] == EVERYBODY:
            continue
        path = rule.build({name: office[name] for name in rule.arguments})[1]
        for method in rule.methods - {"OPTIONS"}:
            answer = app.test_client().open(path, method=method)
            to_sign_in = answer.status_code == 302 and answer.location.startswith("/sign-in")
            if not to_sign_in and answer.status_code != 401:
                got_in.add((rule.endpoint, method, answer.status_code))

    assert got_in == set()


WHO = {
    Role.CASEWORKER: "caseworker@office.example",
    Role.INVESTIGATOR: "investigator@office.example",
    Role.MANAGER: "manager@office.example",
    Role.OMBUDSMAN: "ombudsman@office.example",
    Role.ADMINISTRATOR: "administrator@office.example",
    Role.LIAISON: "liaison@eastmarch.example",
}


@pytest.mark.parametrize("role", [*Role])
def test_a_role_that_is_not_granted_a_page_is_refused_it_by_every_method(app, office, role):
    client = app.test_client()
    client.post("/sign-in", data={"email": WHO[role], "password": PASSWORD})

    wrong, tried = set(), 0
    for rule in rules(app):
        access = ACCESS[rule.endpoint]
        if not isinstance(access, Permission) or access in GRANTS[role]:
            continue
        path = rule.build({name: office[name] for name in rule.arguments})[1]
        for method in rule.methods - {"OPTIONS"}:
            with client.open(path, method=method) as answer:
                tried += 1
                if answer.status_code not in {403, 404}:
                    wrong.add((rule.endpoint, method, answer.status_code))

    ways = sum(len(rule.methods - {"OPTIONS"}) for rule in rules(app))
    print(f"\n{role}: {tried} of {ways} ways into {len(rules(app))} routes refused, {len(wrong)} let in")
    assert wrong == set()


@pytest.mark.parametrize("role", [*Role])
def test_a_role_that_is_granted_a_page_about_no_one_record_gets_it(app, office, role):
    client = app.test_client()
    client.post("/sign-in", data={"email": WHO[role], "password": PASSWORD})

    wrong = set()
    for rule in rules(app):
        access = ACCESS[rule.endpoint]
        if rule.arguments or "GET" not in rule.methods or not isinstance(access, Permission):
            continue
        with client.get(rule.build({})[1]) as answer:
            if answer.status_code != (200 if access in GRANTS[role] else 403):
                wrong.add((rule.endpoint, answer.status_code))

    assert wrong == set()
