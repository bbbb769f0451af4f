from __future__ import annotations

import re

import pytest

from app.accounts.models import Role
from app.cases.models import CaseStage
from app.duties import actions as duties
from app.evidence.models import Disclosure
from app.lineage import comparing, merging
from app.organisations.models import Source


@pytest.fixture
def twice(make):
    """A record entered by hand, and the register's of the same body."""
    return make.organisation("St. Alfreds Trust"), make.organisation(
        "St Alfred's NHS Trust", code="RZ1", source=Source.REGISTER
    )


def said(page):
    """The rows of the tables of a page, cell by cell."""
    rows = re.findall(r"<tr.*?</tr>", page, re.DOTALL)
    cells = [re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", row, re.DOTALL) for row in rows]
    return [[re.sub(r"<[^>]+>", "", cell).strip() for cell in row] for row in cells]


def test_every_column_that_is_moved_has_words():
    assert set(comparing.CALLED) == {name for name, _column in merging.references()}


def test_both_records_are_shown_side_by_side_with_what_moves_before_they_are_one(
    session, make, reader, twice
):
    duplicate, into = twice
    client, manager = reader(Role.MANAGER)
    case = make.case(CaseStage.COMPLIANCE, organisation=duplicate)
    make.recommendation(case)
    shown = Disclosure(document=make.document(case), organisation=duplicate, disclosed_by_id=manager.id)
    session.add(shown)
    make.allegation(organisation=into)
    make.account(Role.LIAISON, organisation=into)
    session.commit()

    rows = said(client.get(f"/organisations/{duplicate.code}/merge?organisation={into.code}").text)

    assert ["Name", "St. Alfreds Trust", "St Alfred&#39;s NHS Trust"] in rows
    assert ["From", "Entered by hand", "National register (ODS)"] in rows
    assert rows[rows.index(["What", f"Moves from {duplicate.code}", "There already at RZ1"]) + 1 :] == [
        ["Allegations against it", "1", "1"],
        ["Recommendations made to it", "1", "0"],
        ["Documents shown to it", "1", "0"],
        ["Liaison officers", "0", "1"],
    ]


def test_what_is_restricted_is_in_no_count_of_those_who_are_not_named(session, make, twice):
    duplicate, into = twice
    named, other = make.account(Role.MANAGER), make.account(Role.MANAGER)
    case = make.case(CaseStage.COMPLIANCE, organisation=duplicate)
    make.recommendation(case)
    document = make.document(case)
    session.add(Disclosure(document=document, organisation=duplicate, disclosed_by_id=named.id))
    duties.restrict(session, case.complaint, actor=named, reasons="A colleague’s family.")
    session.flush()

    assert [one.words for one in comparing.held_by(session, named, duplicate, into)] == [
        "Allegations against it",
        "Recommendations made to it",
        "Documents shown to it",
    ]
    assert comparing.held_by(session, other, duplicate, into) == []


@pytest.mark.parametrize("form", ["merge", "successors/new"])
def test_an_organisation_is_not_offered_to_itself(session, reader, twice, form):
    duplicate, into = twice
    client, _manager = reader(Role.MANAGER)
    session.commit()

    here = f"/organisations/{duplicate.code}/{form}"
    page = client.get(f"{here}?words=alfred").text

    assert f"organisation={into.code}" in page
    assert f"organisation={duplicate.code}" not in page
    assert "No other organisation has this name or code." in client.get(f"{here}?words={duplicate.code}").text
