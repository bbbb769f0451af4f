"""The office changes its lists: drafts that concern nobody, versions that are for good."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.exc import DBAPIError

from app.accounts.models import Role
from app.audit.models import AuditEntry
from app.core import clock
from app.core.errors import NotPermitted, Overtaken, RuleBroken
from app.reference import actions, differences, lists, queries
from app.reference.catalogue import LISTS
from app.reference.models import ListDraft, ListVersion
from tests.reference.drafts import changed

R = Role
BANDS, FAILURES = LISTS["severity"], LISTS["failures"]


@pytest.fixture
def administrator(make):
    return make.account(R.ADMINISTRATOR)


def told(session, event):
    entries = session.scalars(select(AuditEntry).where(AuditEntry.event == event).order_by(AuditEntry.id))
    return [entry.detail for entry in entries]


def refusal(action, **given):
    with pytest.raises(RuleBroken) as refused:
        action(**given)
    return refused.value.field, str(refused.value)


def test_a_draft_concerns_nobody_until_it_is_put_in_force(session, administrator):
    draft = actions.begin_draft(session, BANDS, actor=administrator)
    actions.change_row(session, draft, "2", actor=administrator, values={"to_pounds": 480})
    session.commit()
    assert lists.severity_bands()[2].money == "£100 to £450"

    version = actions.put_in_force(
        session, draft, actor=administrator, in_force_from=clock.today(), reasons="Published in November."
    )
    session.commit()
    session.connection()

    assert (version.number, version.name, version.based_on) == (1, "office 1", "0.1")
    assert lists.severity_bands()[2].money == "£100 to £480"
    assert lists.version_of("severity") == "office 1"
    assert session.scalars(select(ListDraft)).all() == []


def test_everything_done_to_a_list_is_in_the_record(session, administrator):
    changed(session, "severity", "2", actor=administrator, to_pounds=480)

    assert told(session, "list.draft_begun") == [{"about": "severity", "based_on": "0.1", "goes_back_to": ""}]
    assert told(session, "list.row_drafted") == [
        {"about": "severity", "row": "2", "is_new": False, "changes": {"to_pounds": [450, 480]}}
    ]
    assert told(session, "list.put_in_force") == [
        {
            "about": "severity",
            "number": 1,
            "based_on": "0.1",
            "in_force_from": clock.today().isoformat(),
            "reasons": "The office agreed on it.",
            "changed": {"changed": 1},
        }
    ]


@pytest.mark.parametrize("role", [*R])
def test_only_administrators_and_the_ombudsman_change_lists(session, make, role):
    account = make.account(role)
    if role in {R.ADMINISTRATOR, R.OMBUDSMAN}:
        assert changed(session, "severity", "2", actor=account, name="Small").number == 1
        return
    with pytest.raises(NotPermitted):
        actions.begin_draft(session, BANDS, actor=account)


def test_a_version_counts_from_its_day_on_and_older_days_keep_theirs(session, administrator, today):
    first = today(2026, 3, 2)
    changed(session, "severity", "2", actor=administrator, on=date(2026, 4, 1), to_pounds=480)
    session.connection()

    assert lists.severity_bands()[2].to_pounds == 450
    assert lists.severity_bands(on=date(2026, 4, 1))[2].to_pounds == 480
    today(2026, 4, 1)
    assert lists.severity_bands()[2].to_pounds == 480
    assert lists.severity_bands(on=first)[2].to_pounds == 450


def test_a_version_is_in_force_from_today_at_the_earliest_and_never_before_the_last(session, administrator):
    tomorrow = clock.today() + timedelta(days=1)
    changed(session, "severity", "2", actor=administrator, on=tomorrow, to_pounds=480)
    draft = actions.begin_draft(session, BANDS, actor=administrator)
    actions.change_row(session, draft, "2", actor=administrator, values={"to_pounds": 470})

    def put(day):
        return refusal(
            actions.put_in_force, session=session, draft=draft, actor=None, in_force_from=day, reasons="So."
        )

    assert put(clock.today() - timedelta(days=1)) == (
        "in_force_from",
        "A version is in force from today or a later day.",
    )
    assert put(clock.today()) == (
        "in_force_from",
        f"Version 1 is in force from {tomorrow:%-d %B %Y}. Choose that day or a later one.",
    )


@pytest.mark.parametrize(
    ("list_key", "row", "values", "expected"),
    [
        ("severity", "3", {"from_pounds": 400}, ("from_pounds", "Begin above £450, where the level before ends.")),
        ("severity", "3", {"to_pounds": 100}, ("to_pounds", "The range must not end below where it begins.")),
        ("severity", "3", {"to_pounds": -1}, ("to_pounds", "Enter a whole number from 0 to 10,000,000.")),
        ("severity", "3", {"name": ""}, ("name", "Fill in “Name”.")),
        ("severity", "3", {"level": 9}, ("level", "Nothing can be added to this list. ")),
        ("failures", "J1", {"themes": [7]}, ("themes", "There is no theme 7.")),
        ("failures", "J1", {"standards": ["NG99"]}, ("standards", "NG99 is not in the library of standards.")),
        ("standards", "NG12", {"in_force_to": "2001-01-01"}, ("in_force_to", "The last day must not be before")),
        ("standards", "NG12", {"cite_for": ["Z1"]}, ("cite_for", "Z1 is no pathway step and no failure code.")),
        ("standards", "NG12", {"in_force_from": "2026-02-30"}, ("in_force_from", "Enter a day that exists.")),
        ("severity", "2", {"unverified": ""}, ("source", "Say what it was checked against, or leave it marked")),
        ("remit", "wales", {"ours": True}, ("ours", "“It is ours to look into” is part of what it means")),
    ],
)  # fmt: skip
def test_a_row_that_is_wrong_is_refused_at_its_field(session, list_key, row, values, expected):
    draft = actions.begin_draft(session, LISTS[list_key], actor=None)

    field, sentence = refusal(
        actions.change_row, session=session, draft=draft, key=row, actor=None, values=values
    )

    assert (field, sentence[: len(expected[1])]) == expected


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("j1", "Write the letter of a pathway step and a number, such as J8."),
        ("O1", "There is no pathway step O."),
        ("J1", "This is in the list already. Change that one."),
        ("", "Fill in “Code”."),
    ],
)
def test_a_code_that_is_added_belongs_to_a_step_and_is_new(session, code, expected):
    draft = actions.begin_draft(session, FAILURES, actor=None)
    values = {"code": code, "name": "Something else"}

    assert refusal(actions.add_row, session=session, draft=draft, actor=None, values=values) == (
        "code",
        expected,
    )


def test_nothing_is_put_in_force_that_changes_nothing(session):
    draft = actions.begin_draft(session, BANDS, actor=None)

    assert refusal(
        actions.put_in_force,
        session=session,
        draft=draft,
        actor=None,
        in_force_from=clock.today(),
        reasons="So.",
    ) == (None, "Nothing has changed yet: there is nothing to put in force.")


def test_a_row_cannot_be_taken_out_of_a_list_by_any_way(session):
    draft = actions.begin_draft(session, FAILURES, actor=None)
    draft.content = [row for row in draft.content if row["code"] != "J1"]

    assert refusal(
        actions.put_in_force,
        session=session,
        draft=draft,
        actor=None,
        in_force_from=clock.today(),
        reasons="So.",
    ) == (None, "J1: “J1” stands in records and cannot be removed. End it instead.")


def test_of_two_who_have_the_draft_open_the_second_to_save_sees_that(session, make):
    first, second = make.account(R.ADMINISTRATOR), make.account(R.OMBUDSMAN)
    draft = actions.begin_draft(session, BANDS, actor=first)
    session.commit()
    seen = draft.version
    actions.change_row(session, draft, "2", actor=first, drawn_from=seen, values={"to_pounds": 480})
    session.commit()

    with pytest.raises(Overtaken):
        actions.change_row(session, draft, "2", actor=second, drawn_from=seen, values={"to_pounds": 470})
    with pytest.raises(Overtaken):
        actions.put_in_force(
            session, draft, actor=second, drawn_from=seen, in_force_from=clock.today(), reasons="So."
        )
    assert actions.begin_draft(session, BANDS, actor=second) is draft


def test_a_draft_that_is_thrown_away_stays_in_the_record(session, administrator):
    draft = actions.begin_draft(session, BANDS, actor=administrator)
    actions.change_row(session, draft, "2", actor=administrator, values={"to_pounds": 480})
    actions.throw_away(session, draft, actor=administrator)

    assert queries.draft_of(session, BANDS) is None
    [thrown] = told(session, "list.draft_thrown_away")
    assert (thrown["based_on"], thrown["rows"]["2"]["to_pounds"]) == ("0.1", 480)


def test_going_back_ends_what_has_come_since(session, administrator):
    changed(session, "failures", "J9", actor=administrator, name="Something new")
    draft = actions.begin_draft(session, FAILURES, actor=administrator, copy_of=0)

    found = differences.between(FAILURES, queries.newest(session, FAILURES).rows, draft.content)
    assert [(one.key, one.kind) for one in found] == [("J9", differences.Kind.ENDED)]
    assert draft.goes_back_to == "0.1"


def test_what_was_checked_against_a_source_is_a_version_that_says_so(session, administrator):
    version = actions.verify_row(session, BANDS, "2", actor=administrator, source="The guide of 2026, p. 4.")
    session.commit()
    session.connection()

    band = lists.severity_bands()[2]
    assert (band.unverified, band.source) == ("", "The guide of 2026, p. 4.")
    assert version.reasons == "2 was checked against a source: The guide of 2026, p. 4."
    assert refusal(
        actions.verify_row, session=session, about=BANDS, key="2", actor=administrator, source="Again."
    ) == (None, "Nothing about this is marked as unverified.")


@pytest.mark.parametrize("statement", [update(ListVersion).values(reasons="x"), delete(ListVersion)])
def test_the_database_refuses_to_change_a_version(session, connection, statement):
    changed(session, "severity", "2", to_pounds=480)

    with pytest.raises(DBAPIError, match="append-only"), connection.begin_nested():
        connection.execute(statement)
