"""Who is offered as somebody we know already, and why."""

from __future__ import annotations

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.accounts.models import Role
from app.complaints.models import Part, Party
from app.core.text import digest_of
from app.doubles import queries
from app.doubles.models import Reason
from app.people import actions as people
from app.people.comparing import comparable_email, comparable_postcode, comparable_telephone
from app.search import names
from app.search.words import name_terms_of

BORN = date(1961, 5, 4)
WHOLE = {
    "name": "Wilhelmina Tarrant",
    "born_on": BORN,
    "nhs_number": "999 000 0018",
    "email": "Mina@Example.org",
    "telephone": "+44 (0)7700 900 123",
    "address": "2 Quay Street\nMarchhaven\nZM1 2AB",
}


@pytest.fixture
def caseworker(make):
    return make.account(Role.CASEWORKER)


@pytest.fixture
def somebody(session, make):
    """Somebody with a complaint, of whom much is known."""
    person = people.add(session, WHOLE)
    make.complaint().parties.append(Party(person=person, part=Part.COMPLAINANT))
    session.flush()
    return person


def offered(session, account, **said):
    return [(one.id, one.reasons) for one in queries.likely(session, account, said)]


@pytest.mark.parametrize(
    ("said", "reasons"),
    [
        ({"name": "Mina T", "nhs_number": "999-000 0018"}, (Reason.NHS_NUMBER,)),
        ({"name": "WILHELMINA TARRANT", "born_on": BORN}, (Reason.NAME_AND_BIRTH,)),
        ({"name": "Somebody Else", "email": " mina@EXAMPLE.org"}, (Reason.EMAIL,)),
        ({"name": "Somebody Else", "telephone": "07700 900123 ext. 4"}, (Reason.TELEPHONE,)),
        ({"name": "Wilhelmena Tarant", "born_on": BORN}, (Reason.ALIKE_AND_BIRTH,)),
        ({"name": "W. Tarrant", "address": "2 Quay St, zm12ab"}, (Reason.ALIKE_AND_POSTCODE,)),
        ({"name": "Wilhelmina Tarrant"}, (Reason.NAME,)),
        ({"name": "Wilhelmina Tarrent"}, (Reason.ALIKE,)),
        (WHOLE, (Reason.NHS_NUMBER, Reason.NAME_AND_BIRTH, Reason.EMAIL, Reason.TELEPHONE, Reason.ALIKE_AND_POSTCODE)),
    ],
)  # fmt: skip
def test_somebody_known_is_found_by_whatever_agrees(session, caseworker, somebody, said, reasons):
    assert offered(session, caseworker, **said) == [(somebody.id, reasons)]


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"name": "Ottoline Beck", "born_on": BORN},
        {"name": "Wilhelmina Tarrant", "born_on": date(1961, 5, 5)},
        {"name": "Wilhelmina Tarrant", "nhs_number": "9990000026"},
        {"name": "Wilhelmina Okonedo"},
        {"name": "Ottoline Beck", "address": "9 Quay Street, ZM1 2AB"},
        {"name": "Ottoline Beck", "email": "none", "telephone": "n/a", "nhs_number": "unknown"},
    ],
)
def test_nobody_is_offered_for_what_does_not_agree(session, caseworker, somebody, said):
    people.add(session, {"name": "Nobody", "email": "none", "telephone": "n/a", "nhs_number": "unknown"})

    assert offered(session, caseworker, **said) == []


ALIKE = ["Jon Smyth/John Smith", "Catherine Moore/Kathryn Moor", "Siobhan Reilly/Siobhan O’Reilly",
         "Zoë D’Arcy-Whyte/Zoe Darcy Whyte", "J Smith/John Smith", "Mohammed Ali/Muhammad Ali",
         "Stephen Phillips/Steven Philips", "Łukasz Żółć/Lukasz Zolc", "Smith John/John Smith",
         "Maria Ana Santos/Maria Santos"]  # fmt: skip
NOT_ALIKE = ["John Smith/Jane Smithson", "J S/John Smith", "Mary Okafor/Martin Okonkwo", "Ada/Ida Lovelace",
             "Tom Hardy/Tom Hughes"]  # fmt: skip


@pytest.mark.parametrize("pair", ALIKE + NOT_ALIKE)
def test_names_that_are_alike(pair):
    one, other = (name_terms_of(name) for name in pair.split("/"))

    assert names.are_alike(one, other) == names.are_alike(other, one) == (pair in ALIKE)


@given(st.text(max_size=60), st.text(max_size=60), st.text(max_size=60))
def test_what_is_compared_is_the_same_when_it_is_compared_again(email, telephone, address):
    for typed, comparable in (
        (email, comparable_email),
        (telephone, comparable_telephone),
        (address, comparable_postcode),
    ):
        assert comparable(comparable(typed)) == comparable(typed)


@given(st.integers(10**8, 10**9 - 1), st.sampled_from(["+44 {}", "0{}", "0044{}", "+44(0){}", "+44 (0) {}"]))
def test_a_telephone_number_is_one_however_it_is_written(number, way):
    spaced = f"{number}"[:4] + " " + f"{number}"[4:]

    assert comparable_telephone(way.format(spaced)) == f"0{number}"


@given(st.text(alphabet="abcdefgh ", min_size=60), st.sampled_from([" ", "\n\n", "…  ", "! ", "\t"]))
def test_a_text_is_one_whatever_its_case_and_its_blanks(words, gap):
    assert digest_of(words) == digest_of(gap.join(words.upper().split()))


def test_a_short_text_says_nothing():
    assert digest_of("See the letter.") == ""


def test_only_those_are_offered_of_whom_one_may_know_and_their_complaints_are_counted_as_seen(
    session, make, caseworker, somebody
):
    [party] = session.query(Party).filter(Party.person == somebody)
    hidden = make.complaint(is_restricted=True)
    hidden.parties.append(Party(person=somebody, part=Part.COMPLAINANT))
    session.flush()

    [one] = queries.likely(session, caseworker, WHOLE)
    assert (one.complaints, one.last.reference) == (1, party.complaint.reference)
    party.complaint.is_restricted = True
    session.flush()
    assert queries.likely(session, caseworker, WHOLE) == []
    assert len(queries.likely(session, make.account(Role.OMBUDSMAN), WHOLE)) == 1


def test_whoever_writes_often_costs_no_more_and_is_counted_no_further(
    session, make, caseworker, somebody, statements
):
    queries.likely(session, caseworker, WHOLE)
    statements.clear()
    queries.likely(session, caseworker, WHOLE)
    with_one = len(statements)
    for _ in range(queries.MOST_COUNTED + 5):
        make.complaint().parties.extend(
            [Party(person=somebody, part=Part.COMPLAINANT), Party(person=somebody, part=Part.PERSON_AFFECTED)]
        )
        people.add(session, {"name": "Wilhelmina Tarrant"})
    session.flush()
    statements.clear()

    found = queries.likely(session, caseworker, WHOLE)

    assert (found[0].id, found[0].count_in_words) == (somebody.id, "50 or more")
    assert len(found) == queries.MOST_OFFERED
    assert len(statements) == with_one <= 5


def test_a_text_that_came_before_is_found_word_for_word(session, make, caseworker):
    first = make.complaint(narrative="The scan was not read for months; nobody rang.")
    make.complaint(narrative="The scan was not read for weeks; nobody rang.")
    make.complaint(narrative=first.narrative, is_restricted=True)

    found = queries.said_before(session, caseworker, "the SCAN was not read\nfor months. Nobody rang")

    assert [(one.reference, one.is_same_text) for one in found] == [(first.reference, True)]


def test_no_table_is_looked_through_whole(session, caseworker, somebody, looked):
    queries.likely(session, caseworker, WHOLE)
    queries.said_before(session, caseworker, "The scan was not read for months; nobody rang.")

    whole = re.compile(r"SCAN (person|party|complaint|enquiry|name_word|name_key)\b")
    assert [plan for plan in looked if whole.match(plan)] == []
    assert len(looked) > 20
