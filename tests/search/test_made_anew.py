"""What was indexed by terms that were made otherwise is noticed, and indexed anew."""

from __future__ import annotations

from sqlalchemy import select, update

from app.cases.models import CaseStage
from app.examining import actions as examining
from app.examining.models import PageText
from app.search import index, pages
from app.search.models import SearchText


def test_a_complaint_whose_terms_were_made_otherwise_is_told_of_and_indexed_anew(session, make):
    complaint = make.complaint(narrative="The nodule was reported late.")
    session.commit()
    before = session.scalars(select(SearchText.terms)).one()
    session.execute(update(SearchText).values(terms="rep lat"))

    assert list(index.differing(session)) == [complaint.reference]
    assert index.rebuild(session) == 1

    assert list(index.differing(session)) == []
    assert session.scalars(select(SearchText.terms)).one() == before
    assert "report" in before.split()


def test_pages_whose_terms_were_made_otherwise_are_indexed_anew_some_at_a_time(session, make):
    document = make.document(make.case(CaseStage.DETAILED_INVESTIGATION, whole=False))
    examining.keep_pages(
        session, document.id, 1, ["The nodule was reported.", "Nobody rang.", "No haemorrhage."]
    )
    session.flush()
    terms = select(PageText.terms).order_by(PageText.page)
    before = session.scalars(terms).all()
    session.execute(update(PageText).values(terms="rep"))
    session.expire_all()

    done, last = pages.rebuild(session, most=2)
    assert (done, session.scalars(terms).all()) == (2, [*before[:2], "rep"])
    done, last = pages.rebuild(session, after=last, most=2)
    assert (done, session.scalars(terms).all()) == (1, before)
    assert pages.rebuild(session, after=last, most=2) == (0, last)
