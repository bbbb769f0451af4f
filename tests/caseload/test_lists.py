"""Lists: what a question finds, in which order, how many there are, and what stands beside a case."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from app.accounts.models import Role
from app.allegations.models import CheckOutcome
from app.caseload import queries
from app.caseload.naming import settled
from app.caseload.questions import Place, Question, Sort, ask, ask_query, described, read_day
from app.cases.models import CaseStage
from app.complaints.models import Deadline
from app.core import clock


@pytest.fixture
def asker(make):
    return queries.Asker(make.account(Role.INVESTIGATOR, team="Imaging"), clock.today())


@pytest.fixture
def found(session, asker):
    """The references that answer a query, in order; the exact count must agree."""

    def find(query):
        session.commit()
        question, _named = settled(session, ask_query(query))
        answer = queries.page(session, asker, question)
        assert answer.total == len(answer.lines)
        return [line.reference for line in answer.lines]

    return find


def received(make, *days):
    now = clock.now()
    return [make.complaint(received_at=now - timedelta(days=back)) for back in days]


def test_lists_are_in_the_order_asked_for(found, make):
    old, new, middle = received(make, 30, 1, 10)

    assert found("") == [new.reference, middle.reference, old.reference]
    assert found("sort=oldest") == [old.reference, middle.reference, new.reference]


def test_filters_combine_and_each_can_be_turned_round(found, make):
    one = make.allegation(outcome=CheckOutcome.ACCEPT, modality="CT")
    other = make.allegation(outcome=CheckOutcome.ACCEPT, modality="MR", organisation=one.organisation)
    code, mine, theirs = one.organisation.code, one.complaint.reference, other.complaint.reference
    neither = make.complaint().reference

    assert found(f"organisation={code}&modality=CT") == [mine]
    assert found(f"organisation={code}&modality=CT&except=modality") == [theirs]
    assert set(found("modality=CT&modality=MR")) == {mine, theirs}
    assert found(f"organisation={code}&except=organisation") == [neither]


def test_an_organisation_is_found_by_part_of_its_name_if_only_one_has_it(found, session, make):
    trust = make.organisation("Saltmarsh General Hospital")
    make.organisation("Saltmarsh Community Trust")
    reference = make.allegation(organisation=trust).complaint.reference
    make.complaint()
    session.commit()

    assert found("organisation=saltmarsh+general") == [reference]
    question, _named = settled(session, ask_query("organisation=saltmarsh"))
    assert question.filters == {}
    assert "Several organisations have “saltmarsh”" in question.problems["organisation"]


def test_mine_my_teams_and_nobodys_are_told_apart(found, asker, make):
    mine = make.case(owner=asker.account)
    colleague = make.case(owner=make.account(Role.INVESTIGATOR, team="Imaging"))
    stranger = make.case()
    nobodys = make.case()
    nobodys.owner = None

    assert found("owner=me") == [mine.reference]
    assert set(found("owner=my-team")) == {mine.reference, colleague.reference}
    assert found("owner=nobody&case=yes") == [nobodys.reference]
    assert found(f"owner={stranger.owner.key}") == [stranger.reference]
    assert set(found("owner=me&except=owner&case=yes")) == {
        colleague.reference,
        stranger.reference,
        nobodys.reference,
    }


def test_somebody_in_no_team_has_no_teams_cases(found, asker, make):
    asker.account.team = ""
    make.case()

    assert found("owner=my-team") == []


def test_overdue_is_what_is_open_and_past_its_day(found, make):
    late, in_time, closed = make.case(), make.case(), make.case(CaseStage.CLOSED)
    for case, days in ((late, -1), (in_time, 0), (closed, -9)):
        due_on = clock.today() + timedelta(days=days)
        case.complaint.deadlines.append(Deadline(rule="conclusion", calendar="x", due_on=due_on))

    assert found("overdue=yes") == [late.reference]
    assert found("sort=due")[:2] == [late.reference, in_time.reference]
    assert found(f"due-from={clock.today().isoformat()}") == [in_time.reference]


def test_days_are_days_in_london(found, make, today):
    today(2026, 7, 2)
    complaint = make.complaint(received_at=clock.instant_of(date(2026, 7, 1), clock.time(0, 30)))

    assert found("received-from=1/7/2026&received-to=1/7/2026") == [complaint.reference]
    assert found("received-to=30/6/2026") == []


def test_pages_go_on_by_place_forwards_and_back_and_lose_nothing(session, asker, make):
    at = clock.now()
    references = [make.complaint(received_at=at).reference for _ in range(7)]
    session.commit()
    seen, place = [], ""
    while True:
        page = queries.page(session, asker, Question(), after=place, size=3)
        seen.append([line.reference for line in page.lines])
        if page.after is None:
            break
        place = str(page.after)

    assert [one for part in seen for one in part] == references[::-1]
    assert [len(part) for part in seen] == [3, 3, 1]
    back = queries.page(session, asker, Question(), before=str(page.before), size=3)
    assert [line.reference for line in back.lines] == seen[1]
    assert queries.page(session, asker, Question(), before=str(back.before), size=3).before is None


def test_counts_are_exact_up_to_a_bound_and_the_list_is_the_same_beyond_it(session, asker, make, monkeypatch):
    complaints = [make.allegation(modality="CT").complaint for _ in range(5)]
    make.complaint()
    session.commit()
    question = ask_query("modality=CT&open=yes")
    few = queries.page(session, asker, question)
    monkeypatch.setattr(queries, "COUNTED", 4)
    many = queries.page(session, asker, question)

    assert (few.total, many.total) == (5, None)
    assert [line.id for line in few.lines] == [line.id for line in many.lines]
    assert {line.reference for line in many.lines} == {complaint.reference for complaint in complaints}


def test_before_and_after_a_complaint_in_the_list_one_came_from(session, asker, make):
    new, middle, old = received(make, 1, 2, 3)
    session.commit()

    before, after = queries.neighbours(session, asker, Question(), middle.id)
    assert (before.reference, after.reference) == (new.reference, old.reference)
    assert queries.neighbours(session, asker, Question(), new.id)[0] is None
    nothing = ask_query("modality=CT")
    assert queries.neighbours(session, asker, nothing, middle.id) == (None, None)


def test_a_liaison_officer_finds_no_line_whatever_the_question(session, make):
    make.case()
    session.commit()
    outside = queries.Asker(make.account(Role.LIAISON), clock.today())

    for query in ("", "case=yes", "case=yes&except=case", "sort=due"):
        answer = queries.page(session, outside, ask_query(query))
        assert (answer.total, answer.lines) == (0, [])


FORGED = [
    ("standing=banana", "There is no stage “banana”."),
    ("code=Z99", "There is no failure code “Z99”."),
    ("received-from=31/2/2026", "“31/2/2026” is not a day."),
    ("received-from=1/1/0001", "“1/1/0001” is not a day."),
    ("sort=price", "There is no such order."),
]


@pytest.mark.parametrize(("query", "sentence"), FORGED)
def test_what_means_nothing_is_left_out_with_a_sentence(query, sentence):
    question = ask_query(query)

    assert question.filters == {}
    assert [sentence in problem for problem in question.problems.values()] == [True]


def test_an_investigator_can_be_asked_for_by_part_of_the_name_if_that_is_one(session, make):
    wren = make.account(Role.INVESTIGATOR, name="Wren Castellane")
    make.account(Role.INVESTIGATOR, name="Idris Castle")
    make.account(Role.CASEWORKER, name="Wrenna Holt")
    session.commit()

    def asked(words):
        question, named = settled(session, ask({"owner": [words]}))
        return question.filters, question.problems, named

    assert asked("wren") == ({"owner": (wren.key,)}, {}, {("owner", wren.key): "Wren Castellane"})
    assert asked("me") == ({"owner": ("me",)}, {}, {("owner", "me"): "me"})
    for words, how_many in (("cast", "Several investigators have"), ("' OR 1=1 --", "No investigator has")):
        filters, problems, named = asked(words)
        assert (filters, named) == ({}, {})
        assert problems["owner"].startswith(f"{how_many} “{words}” in its name.")


WALKED = [
    "standing=initial_check&sort=oldest", "open=yes&case=yes&owner=nobody&sort=oldest", "open=no",
    "open=yes&owner=me&sort=due", "owner=my-team&open=yes&sort=due", "case=yes&except=case", "owner=nobody",
    "outcome=upheld&sort=decided", "standing=initial_check&standing=closed", "open=yes&modality=CT",
]  # fmt: skip


@pytest.mark.parametrize("query", WALKED)
def test_a_list_is_the_same_gathered_and_sorted_or_walked_along_an_index(
    session, make, asker, query, monkeypatch
):
    for number in range(6):
        received = {"received_at": clock.now() - timedelta(days=number % 4)}
        make.complaint(**received)
        make.case(CaseStage.CLOSED)
        make.case(owner=asker.account)
        make.case().owner = None
        make.allegation(outcome=CheckOutcome.ACCEPT, modality="CT")
    session.commit()

    def read():
        lines, after = [], ""
        while True:
            page = queries.page(session, asker, ask_query(query), after=after, size=4)
            lines += page.lines
            if page.after is None:
                return [line.complaint_id for line in lines]
            after = str(page.after)

    gathered = read()
    monkeypatch.setattr(queries, "COUNTED", 1)
    assert read() == gathered
    assert len(gathered) > 1 or query == "outcome=upheld&sort=decided"


@pytest.mark.parametrize(
    "words",
    ["", "x", "newest~x~1", "newest~2026-01-01~1", "due~2026-01-01~1", "newest~2026-01-01T00:00~1", "~~~~"],
)
def test_a_place_from_another_list_or_from_nowhere_is_the_start(words):
    assert Place.read(words, Sort.NEWEST) is None


def test_a_place_reads_as_it_is_written():
    place = Place(Sort.DUE, date(2026, 3, 27), 12)

    assert Place.read(str(place), Sort.DUE) == place


def test_a_question_is_its_own_address():
    query = "standing=closed&standing=approval&modality=CT&except=standing&sort=due&column=age"

    assert ask_query(query).query == query
    assert ask_query(query).without("standing").query == "modality=CT&sort=due&column=age"
    assert next(words for _, _, words in described(ask_query(query), {})) == "Stage not: Closed"


@pytest.mark.parametrize("typed", ["27/3/2026", "2026-03-27", "27.03.2026", "27-3-2026"])
def test_a_day_in_one_box_is_read_as_people_write_it(typed):
    assert read_day(typed) == date(2026, 3, 27)


def test_no_more_values_are_read_than_anybody_would_choose():
    assert len(ask({"organisation": [f"X{number}" for number in range(99)]}).filters["organisation"]) == 20
