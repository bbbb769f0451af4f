"""Search finds what is said, however it is spelt, and names however they sound; for nobody who may not know."""

from __future__ import annotations

from datetime import date

import pytest

from app.accounts.models import Role
from app.complaints.models import Part, Party
from app.core.text import searchable
from app.people.models import Person
from app.search import index, queries


@pytest.fixture
def reader(make):
    return make.account(Role.CASEWORKER)


@pytest.fixture
def find(session, reader):
    def find(words, **more):
        session.commit()
        return [hit.line.reference for hit in queries.find(session, reader, words, **more).hits]

    return find


def complaint_of(make, name, **given):
    complaint = make.complaint()
    person = Person(name=name, search_name=searchable(name), **given)
    complaint.parties.append(Party(person=person, part=Part.COMPLAINANT))
    return complaint


def test_words_are_found_in_any_form_and_all_must_stand(find, make):
    one = make.complaint(narrative="The nodules on her scan were never reported.")
    make.complaint(narrative="A scan was lost.")

    assert find("nodule reporting") == [one.reference]
    assert find("nodule lost") == []


@pytest.mark.parametrize(
    ("written", "asked"),
    [
        ("haemorrhage", "hemorrhage"),
        ("hemorrhage", "haemorrhages"),
        ("tumour", "tumor"),
        ("oesophageal", "esophageal"),
        ("organised", "organized"),
        ("paediatric", "pediatric"),
        ("travelled", "traveled"),
        ("centre", "center"),
        ("oedema", "EDEMA"),
    ],
)
def test_british_and_american_spelling_are_alike(find, make, written, asked):
    complaint = make.complaint(narrative=f"They saw {written} and said nothing.")

    assert find(asked) == [complaint.reference]


@pytest.mark.parametrize(
    ("name", "asked"),
    [
        ("Kowalski", "Kowalsky"),
        ("Thompson", "Thomson"),
        ("Catherine", "Katherine"),
        ("Smith", "Smtih"),
        ("Nguyen", "Nguyn"),
        ("O’Brien", "obrien"),
        ("Zoë", "zoe"),
        ("Stephens", "Stevens"),
    ],
)
def test_names_are_found_when_misspelt_or_spelt_by_ear(find, make, name, asked):
    complaint = complaint_of(make, f"Ada {name}")

    assert find(asked) == [complaint.reference]


def test_words_of_the_narrative_are_not_found_by_ear(find, make):
    complaint_of(make, "Ada Smith")
    make.complaint(narrative="The smyth scan.")

    assert len(find("smith")) == 1


def test_newest_first_page_by_page_and_what_was_found_is_marked(find, session, reader, make, monkeypatch):
    monkeypatch.setattr(queries, "PAGE", 2)
    references = [make.complaint(narrative=f"The <b>node</b> number {n}.").reference for n in range(3)]
    session.commit()

    first = queries.find(session, reader, "nodes")
    assert [hit.line.reference for hit in first.hits] == [references[2], references[1]]
    assert first.total == 3
    assert find("nodes", before=first.last) == [references[0]]
    pieces = first.hits[0].excerpts[0].pieces
    assert [piece for piece, is_found in pieces if is_found] == ["node"]
    assert "".join(piece for piece, _ in pieces) == "The <b>node</b> number 2."


def test_of_too_many_to_count_the_same_ones_are_found(find, session, reader, make, monkeypatch):
    references = [make.complaint(narrative="Common words.").reference for _ in range(5)]
    assert find("common") == references[::-1]
    monkeypatch.setattr(queries, "COUNTED", 3)

    answer = queries.find(session, reader, "common")

    assert answer.total is None
    assert [hit.line.reference for hit in answer.hits] == references[::-1]


def test_the_best_come_first_if_asked(find, make):
    best = make.complaint(narrative="Nodule. Nodule. Nodule.")
    other = make.complaint(narrative="A nodule among a great many other words that say nothing of the kind.")

    assert find("nodule") == [other.reference, best.reference]
    assert find("nodule", best=True) == [best.reference, other.reference]


def test_what_changes_is_found_by_its_new_words_only(find, session, make):
    complaint = make.complaint(narrative="About a kidney.")
    assert find("kidney") == [complaint.reference]

    complaint.narrative = "About a liver."

    assert (find("kidney"), find("liver")) == ([], [complaint.reference])
    assert list(index.differing(session)) == []


def test_findings_issues_and_notes_are_found(find, make):
    case = make.case()
    finding = make.finding(case.allegations[0], happened="The registrar dictated nothing.")
    finding.allegation.issue.words = "Nobody telephoned."
    finding.rests_on[0].link.note = "The logbook shows it."

    for word in ("registrar", "telephoned", "logbook"):
        assert find(word) == [case.reference]


def test_a_liaison_officer_finds_nothing(session, make):
    complaint = make.complaint(narrative="A nodule.")
    session.commit()
    outside = make.account(Role.LIAISON)

    assert queries.find(session, outside, "nodule").hits == []
    assert list(queries.straight_to(session, outside, complaint.reference)) == []


def test_what_is_named_exactly_is_gone_to_straight(session, reader, make):
    complaint = complaint_of(make, "Ada Orme", nhs_number="9990000018", born_on=date(1950, 3, 12))
    allegation = make.allegation(complaint, organisation_reference="CMP/2024/77")
    source = make.complaint(source="pfd", source_reference="2024-0693")
    session.commit()

    def straight(words):
        return [line.reference for line in queries.straight_to(session, reader, words)]

    for words in (
        complaint.reference,
        complaint.reference.lower().replace("-", " "),
        "999 000 0018",
        "12/3/1950",
        "cmp/2024/77",
        allegation.organisation_reference,
    ):
        assert straight(words) == [complaint.reference], words
    assert straight("2024-0693") == [source.reference]
    assert straight("nothing here 1") == []


ODD = [
    "%", "_", "*", "\"", "'", "AND", "OR NOT", "NEAR(a b)", "a:b", "(", ")", "^", "-", "nodule*", "\\", ";--", "&", "|",
    "!", "<->", ":A", "x" * 200, "a " * 100, "😀", "שלום", "مرحبا", "一二三", "name_terms : a", "\u202e", "'' ''",
]  # fmt: skip


@pytest.mark.parametrize("words", ODD)
def test_whatever_is_typed_gets_an_answer(find, make, words):
    make.complaint(narrative="A nodule 😀 in Hebrew שלום and Arabic مرحبا.")

    assert len(find(words)) <= 1


def test_other_scripts_are_found(find, make):
    complaint = complaint_of(make, "שלום مرحبا Łukasz")

    assert find("שלום") == find("مرحبا") == find("lukasz") == find("Łukasz") == [complaint.reference]
