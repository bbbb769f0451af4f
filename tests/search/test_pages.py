"""What was read from documents is found by its words, page by page, by nobody who may not read it."""

from __future__ import annotations

import pytest
from sqlalchemy import delete, func, insert, select, update

from app.accounts.models import Role
from app.cases.models import CaseStage
from app.core import clock
from app.core.work import WorkState
from app.duties import actions as duties
from app.examining import actions as examining
from app.examining.models import Examination, PageText, Quarantine, Safety
from app.search import pages
from app.search.excerpts import written_alike


@pytest.fixture
def case(make):
    return make.case(CaseStage.DETAILED_INVESTIGATION, whole=False)


@pytest.fixture
def found(session, make):
    """The titles and pages that words find, for a caseworker or whoever is named."""
    anybody = make.account(Role.CASEWORKER)

    def found(words, account=None, **more):
        session.commit()
        answer = pages.find(session, account or anybody, words, **more)
        return [(hit.document.title, hit.page) for hit in answer.hits]

    return found


def read(session, document, *said, first=1):
    examining.keep_pages(session, document.id, first, said)
    session.flush()
    return document


def test_all_the_words_stand_on_one_page_and_what_was_read_last_comes_first(session, make, case, found):
    read(session, make.document(case, title="One"), "A nodule was seen.", "It was reported late.")
    read(session, make.document(case, title="Two"), "Nodules were reported.")

    assert found("nodule") == [("Two", 1), ("One", 1)]
    assert found("nodule reported") == [("Two", 1)]
    assert found("report") == [("Two", 1), ("One", 2)]
    assert found("xylophone") == []


@pytest.mark.parametrize(
    ("written", "asked"),
    [
        ("haemorrhage", "hemorrhages"),
        ("hemorrhagic", "haemorrhagic"),
        ("tumour", "tumor"),
        ("oesophagus", "esophagus"),
        ("anaemia", "anemia"),
        ("oedema", "edema"),
        ("lymphoedema", "lymphedema"),
        ("papilloedematous", "papilledematous"),
        ("ischaemia", "ischemia"),
        ("paediatric", "pediatric"),
        ("centre", "center"),
        ("fibre", "fiber"),
        ("organised", "organized"),
        ("catheterisation", "catheterization"),
        ("caesarean", "cesarean"),
        ("leukaemia", "leukemia"),
        ("bacteraemia", "bacteremia"),
        ("hyponatraemic", "hyponatremic"),
        ("gynaecology", "gynecology"),
        ("diarrhoea", "diarrhea"),
        ("foetus", "fetus"),
        ("anaesthesia", "anesthesia"),
        ("haematoma", "hematoma"),
        ("labelled", "labeled"),
        ("dyspnoea", "dyspnea"),
        ("apnoeic", "apneic"),
        ("rhinorrhoea", "rhinorrhea"),
    ],
)
def test_british_and_american_spellings_are_alike_both_ways(session, make, case, found, written, asked):
    read(session, make.document(case, title="British"), f"There was {written}.")
    read(session, make.document(case, title="American"), f"There was {asked}.")

    assert found(asked) == found(written) == [("American", 1), ("British", 1)]


def test_a_search_within_a_case_finds_nothing_of_another(session, make, case, found):
    read(session, make.document(case, title="Here"), "A nodule.")
    read(session, make.document(make.case(), title="Elsewhere"), "A nodule.")

    assert found("nodule", case=case) == [("Here", 1)]
    assert found("nodule") == [("Elsewhere", 1), ("Here", 1)]
    assert found(f"ж{case.id}") == []


def test_a_page_that_is_read_again_says_only_what_was_read_last(session, make, case, found):
    document = read(session, make.document(case, title="One"), "A nodule.", "Nothing else.")

    read(session, document, "A mass.")

    assert (found("nodule"), found("mass"), found("else")) == ([], [("One", 1)], [("One", 2)])
    session.execute(update(PageText).where(PageText.page == 2).values(terms="ж0 cyst"))
    assert (found("else"), found("cyst")) == ([], [("One", 2)])
    session.execute(delete(PageText))
    assert (found("mass"), found("cyst")) == ([], [])


def test_a_restricted_case_is_found_only_by_who_may_know_of_it(session, make, found):
    case = make.case(CaseStage.DETAILED_INVESTIGATION, whole=False)
    read(session, make.document(case, title="One"), "A nodule.")
    manager, stranger = make.account(Role.MANAGER), make.account(Role.INVESTIGATOR)
    assert found("nodule", stranger) == [("One", 1)]

    duties.restrict(session, case.complaint, actor=manager, reasons="A colleague’s family.")

    assert found("nodule", stranger) == []
    assert pages.find(session, stranger, "nodule").total == 0
    assert found("nodule", case.owner) == [("One", 1)]


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.LIAISON])
def test_who_may_read_no_document_of_the_office_finds_nothing_and_is_shown_no_page(
    session, make, case, found, reader, role
):
    read(session, make.document(case, title="One"), "A nodule.")
    client, account = reader(role)

    assert found("nodule", account) == []
    assert client.get(f"/cases/{case.reference}/evidence/words?words=nodule").status_code in {403, 404}


def test_a_liaison_officer_has_no_search_of_what_was_read(reader):
    client, _officer = reader(Role.LIAISON)

    assert client.get("/evidence/words?words=nodule").status_code == 403


def test_what_was_withdrawn_or_is_infected_is_found_and_said_to_be_that(session, make, reader):
    client, owner = reader(Role.INVESTIGATOR)
    case = make.case(CaseStage.DETAILED_INVESTIGATION, whole=False, owner=owner)
    withdrawn = read(session, make.document(case, title="One"), "A nodule.")
    withdrawn.withdrawn_at, withdrawn.withdrawn_by = clock.now(), owner
    infected = read(session, make.document(case, title="Two"), "A nodule.")
    session.scalars(
        select(Quarantine).where(Quarantine.document_id == infected.id)
    ).one().state = Safety.INFECTED
    session.commit()

    page = client.get("/evidence/words?words=nodule").text

    assert [page.count(f">{word}</strong>") for word in ("Withdrawn", "Infected")] == [1, 1]


def test_hits_are_marked_in_escaped_text_and_lead_to_their_page(session, make, reader):
    client, owner = reader(Role.INVESTIGATOR)
    case = make.case(CaseStage.DETAILED_INVESTIGATION, whole=False, owner=owner)
    document = read(
        session,
        make.document(case, title="<i>One</i>"),
        "Nothing.",
        "<script>alert(1)</script> A <mark>haemorrhage</mark> & more.",
    )
    session.commit()

    for address in ("/evidence/words", f"/cases/{case.reference}/evidence/words"):
        page = client.get(f"{address}?words=hemorrhage").text
        assert "&lt;mark&gt;<mark>haemorrhage</mark>&lt;/mark&gt; &amp; more." in page
        assert "<script>alert" not in page
        assert "<i>One" not in page
        leads_to = f"/cases/{case.reference}/evidence/{document.key}/read?page=2&amp;words=hemorrhage#leaf"
        assert leads_to in page

    shown = client.get(f"/cases/{case.reference}/evidence/{document.key}/read?page=2&words=hemorrhage").text
    assert "&lt;mark&gt;<mark>haemorrhage</mark>&lt;/mark&gt;" in shown


@pytest.mark.parametrize(
    "asked",
    [
        '"', "'", "*", "nodule*", '"a nodule', "NEAR(a b)", "a AND", "NOT", "terms:nodule", "-nodule", "(", "%_\\",
        "a" * 10_000, "word " * 2000, "the and of", "胸部X線", "\u202eعربي", "\x00", "nod\x00ule", "👩🏽‍⚕️",
        "'; DROP TABLE x", "!&|", "\\", "1.5", "x-ray",
    ],
)  # fmt: skip
def test_whatever_is_asked_gets_a_page_and_never_a_failure(session, make, reader, asked):
    client, owner = reader(Role.INVESTIGATOR)
    case = make.case(CaseStage.DETAILED_INVESTIGATION, whole=False, owner=owner)
    read(session, make.document(case), "A nodule and the rest of it, 胸部X線, عربي, 1.5 cm on x-ray.")
    session.commit()

    for address in ("/evidence/words", f"/cases/{case.reference}/evidence/words"):
        answer = client.get(address, query_string={"words": asked})
        assert answer.status_code == 200
        assert any(
            told in answer.text
            for told in ("On 1 page", "No page that was read", "There is no word in that", "Any words;")
        )


def test_what_holds_no_word_is_said_to_hold_none(reader):
    client, _owner = reader(Role.INVESTIGATOR)

    assert "There is no word in that which can be looked for." in client.get("/evidence/words?words=*").text


@pytest.mark.parametrize("asked", ["胸部X線", "عربي", "1.5", "x-ray", "X ray", "the"])
def test_other_scripts_figures_and_the_commonest_words_are_found(session, make, case, found, asked):
    read(session, make.document(case, title="One"), "The rest of it: 胸部X線, عربي, 1.5 cm on x-ray.")

    assert found(asked) == [("One", 1)]


def test_a_list_is_paged_and_more_than_a_thousand_are_not_counted(session, make, case, monkeypatch):
    monkeypatch.setattr(pages, "COUNTED", 40)
    anybody = make.account(Role.CASEWORKER)
    read(session, make.document(case), *(["A nodule."] * 41))

    first = pages.find(session, anybody, "nodule")
    second = pages.find(session, anybody, "nodule", before=first.last)

    assert (first.total, len(first.hits), len(second.hits), second.last) == (None, 25, 16, None)
    assert [hit.page for hit in [*first.hits, *second.hits]] == list(range(41, 0, -1))


def test_pages_read_before_there_was_an_index_are_indexed_once(session, make, case, found):
    document = make.document(case, title="One")
    row = {"document_id": document.id, "words": "A nodule.", "terms": ""}
    session.execute(insert(PageText), [{**row, "page": page} for page in (1, 2, 3)])
    assert found("nodule") == []

    assert [pages.catch_up(session, most=2) for _ in range(3)] == [2, 1, 0]

    assert found("nodule") == [("One", 3), ("One", 2), ("One", 1)]
    assert found("nodule", case=case) == found("nodule")


def test_a_page_without_end_is_indexed_as_far_as_it_is_bounded(session, make, case, found):
    read(
        session,
        make.document(case, title="One"),
        "First " + "".join(f"w{n} " for n in range(30_000)) + "last",
    )

    assert (found("first"), found("w19000"), found("w29000")) == ([("One", 1)], [("One", 1)], [])


def test_what_was_looked_for_is_known_again_however_the_page_spells_it():
    assert written_alike("A nodule, two nodules; a Nodule.", "nodules") == ["nodule", "nodules", "Nodule"]
    assert written_alike("A haemorrhage.", "hemorrhages") == ["haemorrhage"]
    assert (written_alike("A nodule.", ""), written_alike("", "nodule")) == ([], [])


def test_a_search_costs_the_same_with_one_hit_and_with_twenty(session, make, reader, cost):
    client, owner = reader(Role.INVESTIGATOR)
    case = make.case(CaseStage.DETAILED_INVESTIGATION, whole=False, owner=owner)
    page = "/evidence/words?words=nodule"

    read(session, make.document(case), "A nodule.")
    with_one = cost(client, page)
    for _ in range(19):
        read(session, make.document(make.case()), "A nodule.")

    assert cost(client, page) == with_one <= 15


def test_the_pages_of_a_document_are_filled_from_what_was_counted_and_what_differs_is_said(
    session, make, reader
):
    client, owner = reader(Role.INVESTIGATOR)
    case = make.case(CaseStage.DETAILED_INVESTIGATION, whole=False, owner=owner)
    said, unsaid = make.document(case, pages=3), make.document(case, pages=None)
    for document in (said, unsaid):
        session.scalars(
            select(Quarantine).where(Quarantine.document_id == document.id)
        ).one().media_type = "application/pdf"
        counted(session, document, 14)
    session.commit()
    at = f"/cases/{case.reference}/evidence"

    assert (said.pages, unsaid.pages) == (3, 14)
    assert "Not as entered" in client.get(f"{at}/{said.key}").text
    assert "Not as entered" not in client.get(f"{at}/{unsaid.key}").text


def counted(session, document, pages_in_all):
    class Taken:
        @staticmethod
        def done(session):
            examination = Examination(document=document, kind="text", state=WorkState.DONE)
            session.add(examination)
            return examination

    examining.finish(session, Taken, {"pages": pages_in_all, "characters": 0, "damaged": 0})


def test_the_index_follows_the_pages(session, make, case):
    read(session, make.document(case), "A nodule.", "A mass.")

    assert (
        session.scalar(select(func.count()).select_from(PageText).where(PageText.terms.startswith("ж"))) == 2
    )
