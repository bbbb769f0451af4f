"""Asking, chasing, warning and putting it to the ombudsman; and what came of each item."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from app.accounts.models import Role
from app.allegations.models import Precision
from app.audit.models import AuditEntry
from app.cases.models import CaseStage
from app.complaints.models import Part, Party
from app.consents import actions as consents
from app.consents.models import ConsentWay
from app.contacts import actions as contacts
from app.contacts.models import ContactKind
from app.core.calendar import Otherwise
from app.core.errors import NotFound, NotPermitted, Overtaken, RuleBroken
from app.evidence import provenance
from app.lineage import merging
from app.notices.models import Notice, NoticeKind
from app.organisations.models import Source
from app.people.models import Person
from app.queues import queries as queues
from app.queues.kinds import FOR_OTHERS
from app.receiving.models import Delivery, Unit
from app.recounting import queries as recounting
from app.requests import actions, answers, letters, queries
from app.requests.in_force import Verdict, noted_of
from app.requests.models import Extent, ItemState, RequestState, StepKind

R, Item, S = Role, ItemState, RequestState
WHOLE, PART = Extent.WHOLE, Extent.PART


@pytest.fixture
def drafted(session, case, trust):
    def made(*kinds, **given):
        values = {"kinds": kinds or ("report", "view_audit_trail", "policy"), "working_days": 5}
        return actions.make(session, case, actor=case.owner, organisation=trust, **values | given)

    return made


@pytest.fixture
def sent(session, case, drafted):
    def made(*kinds, **given):
        request = drafted(*kinds, **given)
        actions.send(session, request, actor=case.owner)
        return request

    return made


def test_each_rung_waits_for_its_day_over_easter_and_the_bank_holidays_of_may(
    session, make, case, sent, today
):
    today(2026, 3, 30)
    request = sent("report")
    assert request.due_on == date(2026, 4, 8)  # five working days, without Good Friday and Easter Monday

    today(2026, 4, 8)
    with pytest.raises(RuleBroken, match="has not passed yet"):
        actions.chase(session, request, actor=case.owner)
    today(2026, 4, 29)
    actions.chase(session, request, actor=case.owner, working_days=4)
    assert (request.state, request.due_on) == (S.CHASED, date(2026, 5, 6))  # without 4 May

    today(2026, 5, 6)
    with pytest.raises(RuleBroken, match="has not passed yet"):
        actions.warn(session, request, actor=case.owner)
    today(2026, 5, 7)
    actions.warn(session, request, actor=case.owner, working_days=5)
    assert (request.state, request.due_on) == (S.WARNED, date(2026, 5, 14))

    today(2026, 5, 15)
    with pytest.raises(NotPermitted):
        actions.certify(session, request, actor=case.owner, words="They answer nobody.")
    memo = actions.certify(session, request, actor=make.account(R.MANAGER), words="They answer nobody.")
    assert (request.state, memo.due_on) == (S.CERTIFIED, None)
    assert [step["kind"] for step in memo.content["before"]] == [
        "Request for evidence",
        "Chaser",
        "Formal warning",
    ]


def test_there_is_no_warning_without_a_chaser_and_no_memo_without_a_warning(session, make, case, sent, today):
    today(2026, 6, 1)
    request = sent("report")
    today(2026, 7, 1)

    for act in (actions.warn, actions.certify):
        with pytest.raises(RuleBroken, match="You cannot"):
            act(session, request, actor=make.account(R.MANAGER))


def test_a_chaser_lists_only_what_is_outstanding_and_the_letter_before_stays_as_it_went_out(
    session, make, case, caseworker, sent, today
):
    today(2026, 6, 1)
    request = sent(
        "report", "view_audit_trail", "alert_log", "learning_meeting", own="The rota\nThe contract"
    )
    first, second, third, fourth, *_own = request.items
    document = make.document(case)
    given = {"actor": caseworker, "document": document}
    answers.answer(session, case, items=[first], extent=WHOLE, **given)
    answers.answer(session, case, items=[second], extent=PART, **given)
    answers.settle(session, third, actor=caseworker, state=Item.NOT_HELD, explanation="No log is kept.")
    answers.settle(session, fourth, actor=caseworker, state=Item.REFUSED, explanation="It is privileged.")

    today(2026, 7, 1)
    chaser = actions.chase(session, request, actor=case.owner)

    assert [(item["number"], item["in_part"]) for item in chaser.content["items"]] == [
        (2, True),
        (5, False),
        (6, False),
    ]
    assert [item["number"] for item in request.steps[0].content["items"]] == [1, 2, 3, 4, 5, 6]
    said = session.scalars(select(AuditEntry).where(AuditEntry.event == "request.moved")).all()[-1]
    assert said.detail["outstanding"] == [2, 5, 6]


def test_the_days_of_what_is_alleged_stand_in_the_items_and_decide_what_is_ticked(make, case, trust):
    [allegation] = case.allegations
    for day, precision, has, words in (
        (date(2021, 5, 3), Precision.DAY, "serious_incident_report", "around 3 May 2021:"),
        (date(2024, 5, 1), Precision.MONTH, "learning_response", "around May 2024:"),
        (None, None, "learning_response", f"around {letters.NO_DAYS}:"),
    ):
        allegation.event_on, allegation.event_precision = day, precision
        ticked = letters.usual([allegation])
        assert has in ticked
        assert {"report", "images", "policy", "view_audit_trail"} <= set(ticked)
        assert letters.filled_in("Each around {when}:", [allegation]) == f"Each {words}"
        if day:
            assert len({"serious_incident_report", "learning_response"} & set(ticked)) == 1


def test_a_letter_goes_to_the_link_officer_of_the_day_and_says_of_people_no_more_than_finds_their_records(
    session, make, case, trust, drafted
):
    contacts.add_contact(
        session,
        trust,
        actor=make.account(R.MANAGER),
        kind=ContactKind.LINK_OFFICER,
        name="Ada Quill",
        post="Head of patient relations",
        address="3 Example Row",
        from_on=date(2020, 1, 1),
    )
    person = Person(
        name="Rosa Vale", search_name="rosa vale", born_on=date(1950, 2, 3), nhs_number="9434765919",
        address="1 Home Lane", telephone="01632 960001",
    )  # fmt: skip
    case.complaint.parties.append(Party(person=person, part=Part.PERSON_AFFECTED))
    case.allegations[0].organisation_reference = "PALS/7"
    session.flush()

    content = letters.content_of(session, drafted("report"), StepKind.REQUEST)

    [item] = content.pop("items")
    assert item["name"] == "The report, in every version"
    assert content == {
        "to": "Ada Quill",
        "post": "Head of patient relations",
        "organisation": trust.name,
        "address": "3 Example Row",
        "reference": case.reference,
        "their_references": ["PALS/7"],
        "people": [{"name": "Rosa Vale", "born_on": "1950-02-03"}],
        "before": [],
    }


def test_nothing_goes_out_once_whoever_it_concerns_has_taken_back_that_it_is_shown_to_them(
    session, make, case, caseworker, drafted, today
):
    today(2026, 6, 1)
    person = Person(name="Rosa Vale", search_name="rosa vale")
    case.complaint.parties.append(Party(person=person, part=Part.PERSON_AFFECTED))
    session.flush()
    consent = consents.give(
        session,
        case.complaint,
        actor=caseworker,
        giver=person,
        scopes=["share_organisations"],
        way=ConsentWay.FORM,
        evidence="The form",
        given_on=date(2026, 5, 1),
    )
    consents.withdraw(session, consent, actor=caseworker, on=date(2026, 5, 30), reasons="She rang.")
    request = drafted("report")

    with pytest.raises(RuleBroken, match="was withdrawn"):
        actions.send(session, request, actor=case.owner)
    assert request.steps == []


def test_only_what_was_asked_of_a_party_is_asked_and_a_draft_is_changed_until_it_is_sent(
    session, make, case, drafted
):
    with pytest.raises(RuleBroken, match="party to this case"):
        actions.make(
            session,
            case,
            actor=case.owner,
            organisation=make.organisation(),
            kinds=["report"],
            working_days=5,
        )
    with pytest.raises(RuleBroken, match="at least one item"):
        drafted(kinds=(), own=" \n ")
    request = drafted("report", own="The rota")
    version = request.version
    values = {"kinds": ["images"], "working_days": 7, "words": "", "addressed_to": ""}
    actions.change(session, request, actor=case.owner, drawn_from=version, own="The rota\nKeys", **values)
    session.flush()

    assert [(item.number, item.called) for item in request.items] == [
        (1, "The images, in DICOM with all series"),
        (2, "The rota"),
        (3, "Keys"),
    ]
    with pytest.raises(Overtaken):
        actions.change(session, request, actor=case.owner, drawn_from=version, **values)
    with pytest.raises(Overtaken):
        actions.send(session, request, actor=case.owner, drawn_from=version)
    actions.send(session, request, actor=case.owner)
    with pytest.raises(RuleBroken, match="can no longer be changed"):
        actions.change(session, request, actor=case.owner, **values)


def test_one_document_answers_several_items_one_item_has_several_and_the_last_one_completes_it(
    session, make, case, caseworker, sent
):
    request = sent("report", "view_audit_trail")
    one, other = request.items
    first, second = make.document(case), make.document(case)

    answers.answer(session, case, actor=caseworker, items=[one, other], document=first, extent=PART)
    assert [item.state for item in request.items] == [Item.IN_PART, Item.IN_PART]
    with pytest.raises(RuleBroken, match="already"):
        answers.answer(session, case, actor=caseworker, items=[one], document=first, extent=WHOLE)
    answers.answer(session, case, actor=caseworker, items=[one], document=second, extent=WHOLE)
    assert request.state is S.SENT
    answers.answer(session, case, actor=caseworker, items=[other], document=second, extent=WHOLE)

    assert request.state is S.COMPLETE
    assert [one.item.number for one in queries.answered_by(session, first)] == [1, 2]
    with pytest.raises(RuleBroken, match="in answer to item 1 of request 1"):
        provenance.withdraw(session, first, actor=case.owner, reasons="Another patient's.")


def test_what_is_taken_back_is_outstanding_again_and_asked_for_again(session, make, case, caseworker, sent):
    request = sent("report")
    [item] = request.items
    [given] = answers.answer(
        session, case, actor=caseworker, items=[item], document=make.document(case), extent=WHOLE
    )
    assert request.state is S.COMPLETE

    answers.take_back(session, given, actor=caseworker, reasons="It is of somebody else.")
    assert (request.state, item.state, item.settled_at) == (S.SENT, Item.OUTSTANDING, None)
    with pytest.raises(RuleBroken, match="already"):
        answers.take_back(session, given, actor=caseworker, reasons="Again.")


def test_a_delivery_answers_items_before_its_files_are_in_and_its_documents_say_so(
    session, make, case, caseworker, trust, sent
):
    request = sent("images", "report")
    delivery = Delivery(
        case=case, label="Disc", supplier="organisation", organisation=trust, supplied_on=date(2026, 1, 2),
        way="disc", copy_kind="copy", declared=2, unit=Unit.STUDIES, added_by=caseworker,
    )  # fmt: skip
    session.add(delivery)
    answers.answer(session, case, actor=caseworker, items=request.items[:1], delivery=delivery, extent=PART)
    document = make.document(case, delivery=delivery)

    assert [one.item.number for one in queries.answered_by(session, document)] == [1]
    assert [one.item.number for one in queries.answered_by_delivery(session, delivery)] == [1]


def test_what_is_not_held_or_refused_is_explained_and_can_turn_up_after_all(
    session, make, case, caseworker, sent
):
    request = sent("report")
    [item] = request.items
    with pytest.raises(RuleBroken, match="explains"):
        answers.settle(session, item, actor=caseworker, state=Item.NOT_HELD, explanation="")
    version = item.version
    answers.settle(session, item, actor=caseworker, state=Item.NOT_HELD, explanation="Lost in a flood.")
    session.flush()
    assert request.state is S.COMPLETE
    with pytest.raises(Overtaken):
        answers.settle(
            session, item, actor=caseworker, drawn_from=version, state=Item.REFUSED, explanation="No."
        )
    assert queries.answerable(session, case) == {"1-1": item}

    answers.answer(session, case, actor=caseworker, items=[item], document=make.document(case), extent=WHOLE)
    assert (item.state, item.explanation, request.state) == (Item.RECEIVED, "", S.COMPLETE)
    with pytest.raises(RuleBroken, match="Take back"):
        answers.settle(session, item, actor=caseworker, state=Item.REFUSED, explanation="No.")
    assert queries.answerable(session, case) == {}


def test_what_is_wanted_after_all_is_asked_for_again(session, case, caseworker, sent):
    request = sent("report")
    [item] = request.items
    with pytest.raises(RuleBroken, match="outstanding now"):
        answers.settle(session, item, actor=caseworker, state=Item.OUTSTANDING, explanation="Why not.")
    answers.settle(session, item, actor=caseworker, state=Item.REFUSED, explanation="It is privileged.")

    answers.settle(session, item, actor=caseworker, state=Item.OUTSTANDING, explanation="It is not.")
    assert (request.state, item.state, item.explanation) == (S.SENT, Item.OUTSTANDING, "")


def test_whoever_is_party_no_more_is_not_chased(session, make, case, put):
    request = put(case, S.SENT, organisation=make.organisation("Wrong Door"))

    with pytest.raises(RuleBroken, match="Wrong Door is party to this case no more"):
        actions.chase(session, request, actor=case.owner)


def test_a_request_goes_along_when_two_records_are_one_and_is_not_left_behind_when_they_part(
    session, make, case, trust, put
):
    into, manager = make.organisation(code="RZ1", source=Source.REGISTER), make.account(R.MANAGER)
    request = put(case, S.SENT)
    made = merging.merge(session, trust, actor=manager, into=into, reasons="The same.")
    assert request.organisation is into

    later = put(case, S.SENT, number=2, organisation=into)
    with pytest.raises(RuleBroken, match="cannot be undone as things are"):
        merging.undo(session, made, actor=manager, reasons="Not the same.")
    later.state = S.WITHDRAWN
    session.flush()
    merging.undo(session, made, actor=manager, reasons="Not the same.")
    assert request.organisation is trust


def test_nothing_is_said_of_an_item_of_another_case_or_of_a_request_not_sent_or_withdrawn(
    session, make, case, caseworker, drafted, put
):
    other = make.case()
    document = make.document(other)
    given = {"actor": caseworker, "document": document, "extent": WHOLE}
    with pytest.raises(RuleBroken, match="in this case"):
        answers.answer(session, other, items=put(case, number=9).items, **given)
    for state, words in ((S.DRAFTED, "not sent yet"), (S.WITHDRAWN, "withdrawn")):
        request = put(other, state, number=len(words))
        with pytest.raises(RuleBroken, match=words):
            answers.answer(session, other, items=request.items, **given)
        with pytest.raises(RuleBroken, match=words):
            answers.settle(session, request.items[0], actor=caseworker, state=Item.REFUSED, explanation="No.")
    with pytest.raises(RuleBroken, match="all of what was asked"):
        answers.answer(session, other, items=put(other).items, **given | {"extent": None})


def test_the_days_of_a_policy_are_kept_for_the_item_that_asks_for_them_and_flagged(
    session, make, case, caseworker, sent
):
    request = sent("report", "policy")
    report, policy = request.items
    with pytest.raises(RuleBroken, match="before its first"):
        answers.answer(
            session, case, actor=caseworker, items=[policy], document=make.document(case), extent=WHOLE,
            in_force_from=date(2024, 6, 1), in_force_until=date(2024, 5, 31),
        )  # fmt: skip
    made = answers.answer(
        session, case, actor=caseworker, items=[report, policy], document=make.document(case), extent=WHOLE,
        in_force_from=date(2024, 6, 1),
    )  # fmt: skip

    assert [one.in_force_from for one in made] == [None, date(2024, 6, 1)]
    assert noted_of(report, made[0]) is None
    noted = noted_of(policy, made[1])
    assert (noted.verdict, noted.sentences) == (
        Verdict.NOT_IN_FORCE,
        ("It came into force on 1 June 2024, after what allegation 1 is about.",),
    )
    assert policy.state is Item.RECEIVED  # nothing follows by itself


def test_an_organisation_sees_its_own_requests_once_sent_and_no_other(session, make, case, trust, put):
    officer, stranger = make.account(R.LIAISON, organisation=trust), make.account(R.LIAISON)
    put(case, S.DRAFTED)
    request = put(case, S.CHASED, number=2)
    put(make.case(CaseStage.CLOSED, organisation=trust), S.SENT)

    assert queries.asked_of(session, officer, size=9) == [request]
    assert queries.asked_in(session, officer, case.reference) == [request]
    assert queries.asked(session, officer, case.reference, 2) is request
    assert queries.asked_of(session, stranger, size=9) == []
    for account, number in ((officer, 1), (stranger, 2)):
        with pytest.raises(NotFound):
            queries.asked(session, account, case.reference, number)


def test_liaison_officers_are_told_that_something_is_asked_for_and_a_draft_tells_nobody(
    session, make, case, trust, drafted
):
    officer = make.account(R.LIAISON, organisation=trust)
    make.account(R.LIAISON)
    request = drafted("report")
    assert session.scalars(select(Notice)).all() == []

    actions.send(session, request, actor=case.owner)
    told = session.scalars(select(Notice)).all()
    assert [(one.account, one.kind) for one in told] == [(officer, NoticeKind.ASKED)]


def test_what_was_asked_for_waits_for_others_until_it_is_complete(session, make, case, put):
    late = put(case, S.CHASED)
    put(make.case(CaseStage.CLOSED, owner=case.owner), S.SENT)
    put(case, S.COMPLETE, Item.RECEIVED, number=2)
    put(case, S.DRAFTED, number=3)

    [one] = queues.page(session, case.owner, FOR_OTHERS, is_own=True)
    assert (one.kind.label, one.reference, one.number, one.day, one.whom) == (
        "Evidence that was asked for",
        case.reference,
        1,
        late.due_on,
        late.organisation.name,
    )


def test_what_runs_is_counted_again_later_and_never_earlier(session, case, sent, today):
    today(2026, 6, 1)
    request = sent("report")
    assert request.due_on == date(2026, 6, 8)
    closed = Otherwise("Ours", closed={date(2026, 6, 3): "Closed"})

    found = recounting.moving(session, case.owner, Otherwise(), closed)
    assert [(one.complaint, one.was, one.due_on) for one in found.first] == [
        (case.complaint, date(2026, 6, 8), date(2026, 6, 9))
    ]
    actions.count_again(session, request, actor=None, otherwise=closed)
    assert request.due_on == date(2026, 6, 9)
    assert recounting.moving(session, case.owner, closed, Otherwise()).first == []
    assert request.steps[0].due_on == date(2026, 6, 8)  # as the letter said it
