from __future__ import annotations

import pytest

from app.accounts.models import Role
from app.caseload import actions, queries
from app.core import clock
from app.core.errors import NotPermitted, RuleBroken


def save(session, actor, name="Late CTs", query="modality=CT&sort=due", *, is_shared=False):
    return actions.save(session, actor=actor, name=name, query=query, is_shared=is_shared)


def test_a_saved_filter_is_seen_by_its_owner_and_a_shared_one_by_all(session, make):
    mine, theirs = make.account(Role.INVESTIGATOR), make.account(Role.CASEWORKER)
    own = save(session, mine)
    shared = save(session, mine, "For all", is_shared=True)

    assert list(queries.saved_for(session, mine)) == [shared, own]
    assert list(queries.saved_for(session, theirs)) == [shared]


def test_a_saved_filter_counts_for_whoever_looks(session, make):
    mine, theirs = make.account(Role.INVESTIGATOR), make.account(Role.INVESTIGATOR)
    saved = save(session, mine, query="owner=me", is_shared=True)
    make.case(owner=theirs)
    session.commit()

    for account, expected in ((mine, 0), (theirs, 1)):
        asker = queries.Asker(account, clock.today())
        assert queries.counted(session, asker, [saved]) == {saved.key: expected}


def test_a_name_that_is_taken_takes_the_new_question(session, make):
    mine = make.account(Role.INVESTIGATOR)
    first = save(session, mine)

    assert save(session, mine, query="modality=MR") is first
    assert first.query == "modality=MR"


def test_only_what_means_something_is_kept(session, make):
    saved = save(session, make.account(Role.INVESTIGATOR), query="modality=CT&modality=ZZ&x=1&after=y")

    assert saved.query == "modality=CT"


def test_only_who_saved_a_filter_removes_it(session, make):
    mine, theirs = make.account(Role.INVESTIGATOR), make.account(Role.MANAGER)
    saved = save(session, mine, is_shared=True)

    with pytest.raises(NotPermitted):
        actions.remove(session, saved, actor=theirs)
    actions.remove(session, saved, actor=mine)
    session.flush()
    assert list(queries.saved_for(session, mine)) == []


def test_nobody_keeps_filters_without_end(session, make, monkeypatch):
    monkeypatch.setattr(actions, "MOST", 1)
    mine = make.account(Role.INVESTIGATOR)
    save(session, mine)

    with pytest.raises(RuleBroken, match="Remove one first"):
        save(session, mine, "Another")
