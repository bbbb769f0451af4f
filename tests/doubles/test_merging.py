"""Two records of one person become one, nothing is lost, and it can be undone exactly."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from app.accounts.models import Role
from app.caseload.models import Line
from app.complaints import actions as complaints
from app.complaints.models import Complaint, Part, Party
from app.consents.models import Basis, BasisKind, Consent, ConsentWay
from app.core.errors import NotPermitted, RuleBroken
from app.core.model import Model
from app.doubles import merging, moving, queries
from app.doubles.models import PersonMerge
from app.duties.models import Conflict, ConflictKind
from app.enquiries.models import Enquiry, Way
from app.people import actions as people
from app.people import queries as known
from app.people.models import Adjustment, AdjustmentKind, ContactWay, Person
from app.policy import visible_people

BORN = date(1961, 5, 4)
CHOICES = {"name": "this", "telephone": "other"}


@pytest.fixture
def caseworker(make):
    return make.account(Role.CASEWORKER)


@pytest.fixture
def first(session):
    """The record that stays: little is known of them."""
    return people.add(session, {"name": "Wilhelmina Tarrant", "telephone": "07700 900123", "born_on": BORN})


@pytest.fixture
def second(session):
    said = {"name": "Wilhelmena Tarant", "telephone": "07700 900999", "email": "mina@example.org"}
    return people.add(session, {**said, "nhs_number": "9990000018"})


@pytest.fixture
def shared(session, make, first, second, caseworker):
    """A complaint in which both are the complainant; the second said by what right they act."""
    complaint = make.complaint()
    complaint.parties = [
        Party(person=first, part=Part.COMPLAINANT),
        Party(person=second, part=Part.COMPLAINANT, basis="Her daughter"),
        Party(person=second, part=Part.REPRESENTATIVE, basis="Her daughter"),
    ]
    session.flush()
    basis = {"kind": BasisKind.FAMILY, "said_by": caseworker}
    session.add_all([Basis(party=party, number=1, **basis) for party in complaint.parties[1:]])
    session.flush()
    return complaint


@pytest.fixture
def everything(session, make, caseworker, second):
    """Something in every table that names a person, all of it the second’s."""
    earlier = people.add(session, {"name": "W Tarrant"})
    session.flush()
    earlier.merged_into_id = second.id
    complaint = make.complaint()
    complaint.parties.append(Party(person=second, part=Part.COMPLAINANT))
    rows = [
        Adjustment(person_id=second.id, kind=AdjustmentKind.LARGE_PRINT),
        Enquiry(
            way=Way.POST, received_at=complaint.received_at, said="A", taken_by=caseworker, person=second
        ),
        Conflict(
            account=make.account(Role.INVESTIGATOR),
            person_id=second.id,
            kind=ConflictKind.OTHER,
            words="A neighbour.",
            since=BORN,
            declared_by_id=caseworker.id,
        ),
    ]
    session.add_all(rows)
    session.flush()
    return [earlier, complaint.parties[0], *rows]


def merge(session, first, second, actor, **given):
    answers = {"reasons": "The same address, and she said so.", "choices": CHOICES}
    return merging.merge(session, first, second, actor=actor, **answers | given)


def whole(session, *kinds):
    """Every row of these tables, but for how often it was saved."""
    session.flush()
    return {
        kind.__tablename__: [
            {name: value for name, value in row.items() if name != "version"}
            for row in session.execute(select(kind.__table__).order_by(kind.__table__.c.id)).mappings()
        ]
        for kind in kinds
    }


HELD = (Person, Party, Basis, Adjustment, Enquiry, Conflict)


def test_every_column_that_names_a_person_is_known_here():
    """A new one moves by itself. Ask whether it should, whether a unique key forbids it, then name it here."""
    columns = {f"{column}" for column in moving.references_to(Model.metadata.tables["person"])}

    assert columns == {
        "adjustment.person_id",
        "conflict.person_id",
        "consent.giver_id",
        "consent.to_id",
        "disagreement.dealt_with_id",
        "disagreement.one_id",
        "disagreement.other_id",
        "enquiry.person_id",
        "party.person_id",
        "person.merged_into_id",
        "vulnerability.person_id",
    }


def test_everything_that_is_the_others_moves(session, caseworker, first, second, everything):
    merge(session, first, second, caseworker)

    assert {row.merged_into_id if isinstance(row, Person) else row.person_id for row in everything} == {
        first.id
    }
    assert second.merged_into_id == first.id
    assert [one.kind for one in first.adjustments] == [AdjustmentKind.LARGE_PRINT]


def test_what_is_right_is_chosen_and_what_only_one_says_is_kept(session, caseworker, first, second):
    assert list(merging.differing(first, second)) == ["name", "telephone"]

    merged = merge(session, first, second, caseworker)

    said = (first.name, first.born_on, first.nhs_number, first.email, first.telephone, first.search_telephone)
    assert said == (
        "Wilhelmina Tarrant",
        BORN,
        "9990000018",
        "mina@example.org",
        "07700 900999",
        "07700900999",
    )
    assert merged.replaced == {
        "nhs_number": ["", "9990000018"],
        "email": ["", "mina@example.org"],
        "telephone": ["07700 900123", "07700 900999"],
    }


@pytest.mark.parametrize("unsafe", [0, 1])
def test_whoever_is_not_safe_to_contact_by_either_record_is_not(session, caseworker, first, second, unsafe):
    (first, second)[unsafe].is_unsafe_to_contact = True
    first.contact_note, second.contact_note = "By e-mail only.", "Never at weekends."

    merge(session, first, second, caseworker)

    assert (first.is_unsafe_to_contact, first.contact_note) == (True, "By e-mail only.\nNever at weekends.")


def test_a_part_that_both_have_is_there_once_and_says_what_either_said(
    session, caseworker, first, second, shared
):
    merge(session, first, second, caseworker)

    parties = [(one.person, one.part, one.basis, len(one.bases)) for one in shared.parties]
    assert parties == [
        (first, Part.COMPLAINANT, "Her daughter", 1),
        (first, Part.REPRESENTATIVE, "Her daughter", 1),
    ]


def test_undoing_puts_back_exactly_what_was(session, caseworker, first, second, shared, everything):
    before = whole(session, *HELD)

    merged = merge(session, first, second, caseworker)
    assert whole(session, *HELD) != before
    merging.undo(session, merged, actor=caseworker, because="They are twins.")

    assert whole(session, *HELD) == before
    assert [one.person for one in shared.parties] == [first, second, second]
    with pytest.raises(RuleBroken, match="already"):
        merging.undo(session, merged, actor=caseworker, because="Again.")


def test_what_hangs_on_both_parts_is_set_aside_with_its_part_and_comes_back(
    session, caseworker, first, second, shared
):
    mine = Basis(party=shared.parties[0], number=1, kind=BasisKind.CONSENT, said_by=caseworker)
    session.add(mine)
    before = whole(session, *HELD)

    merged = merge(session, first, second, caseworker)
    assert [one.kind for one in shared.parties[0].bases] == [BasisKind.CONSENT]
    merging.undo(session, merged, actor=caseworker, because="They are twins.")

    assert whole(session, *HELD) == before


def test_a_part_comes_back_although_its_number_was_given_to_another_since(
    session, make, caseworker, first, second
):
    complaint, later = make.complaint(), make.complaint()
    for person in (first, second):
        complaints.add_person(session, complaint, actor=caseworker, part=Part.COMPLAINANT, person=person)
    session.add(Basis(party=complaint.parties[-1], number=1, kind=BasisKind.CONSENT, said_by=caseworker))
    session.flush()

    merged = merge(session, first, second, caseworker)
    assert [one.person for one in complaint.parties] == [first]
    complaints.add_person(session, later, actor=caseworker, part=Part.COMPLAINANT, name="Zed Quill")
    merging.undo(session, merged, actor=caseworker, because="They are twins.")

    assert [one.person for one in complaint.parties] == [first, second]
    assert [[basis.kind for basis in one.bases] for one in complaint.parties] == [[], [BasisKind.CONSENT]]
    assert [one.name for one in later.people_as(Part.COMPLAINANT)] == ["Zed Quill"]


def test_what_was_changed_since_is_not_undone(session, make, caseworker, first, second, shared):
    merged = merge(session, first, second, caseworker)
    people.amend(first, {"telephone": "07700 900555"})
    later = make.complaint()
    complaints.add_person(session, later, actor=caseworker, part=Part.COMPLAINANT, person=first)

    merging.undo(session, merged, actor=caseworker, because="They are twins.")

    assert (first.telephone, first.email, second.telephone) == ("07700 900555", "", "07700 900999")
    assert later.people_as(Part.COMPLAINANT) == [first]


def test_the_last_of_several_merges_is_undone_first(session, caseworker, first, second):
    third, fourth = (people.add(session, {"name": name}) for name in ("W Tarrant", "Mina Tarrant"))
    one = merge(session, first, second, caseworker)
    two = merge(session, first, third, caseworker)
    three = merge(session, fourth, first, caseworker)
    assert second.merged_into_id == fourth.id

    for merged in (one, two):
        with pytest.raises(RuleBroken, match="Undo that first"):
            merging.undo(session, merged, actor=caseworker, because="They are not.")
    merging.undo(session, three, actor=caseworker, because="They are not.")
    with pytest.raises(RuleBroken, match="Undo that first"):
        merging.undo(session, one, actor=caseworker, because="They are not.")
    for merged in (two, one):
        merging.undo(session, merged, actor=caseworker, because="They are not.")
    assert {one.merged_into_id for one in (first, second, third, fourth)} == {None}


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"choices": {"name": "this"}}, "which of the two is right"),
        ({"drawn_from": (1, 99)}, "changed since"),
    ],
)
def test_a_merge_is_refused_with_a_sentence(session, caseworker, first, second, given, sentence):
    with pytest.raises(RuleBroken, match=sentence):
        merge(session, first, second, caseworker, **given)


def test_nobody_is_merged_with_themselves_or_twice(session, caseworker, first, second):
    with pytest.raises(RuleBroken, match="the same record"):
        merge(session, first, first, caseworker)
    merge(session, first, second, caseworker)
    with pytest.raises(RuleBroken, match="already"):
        merge(session, first, second, caseworker)


@pytest.mark.parametrize("turned", [False, True])
def test_two_who_have_to_do_with_each_other_are_two(session, caseworker, first, second, shared, turned):
    one, other = (second, first) if turned else (first, second)
    consent = {"complaint_id": shared.id, "number": 1, "giver_id": one.id, "to_id": other.id, "scopes": []}
    more = {"list_version": "1", "given_on": BORN, "way": ConsentWay.FORM, "recorded_by_id": caseworker.id}
    session.add(Consent(**consent, **more))
    session.flush()
    before = whole(session, *HELD)

    with pytest.raises(RuleBroken, match="they are two"):
        merge(session, first, second, caseworker)
    assert whole(session, *HELD) == before


def test_the_record_with_most_complaints_is_the_one_that_stays(
    session, make, caseworker, first, second, monkeypatch
):
    monkeypatch.setattr(merging, "MOST_MOVED", 1)
    for _ in range(2):
        make.complaint().parties.append(Party(person=second, part=Part.COMPLAINANT))
    session.flush()

    with pytest.raises(RuleBroken, match="Let that one stay"):
        merge(session, first, second, caseworker)
    assert merge(session, second, first, caseworker).survivor is second


def test_days_that_cannot_both_be_right_are_refused_at_their_field(session, caseworker, first, second):
    second.died_on = date(1950, 1, 1)

    with pytest.raises(RuleBroken) as refusal:
        merge(session, first, second, caseworker)
    assert refusal.value.field == "died_on"


def test_only_some_may_merge_and_nobody_who_has_a_conflict_with_them(
    session, make, caseworker, first, second, everything
):
    for actor in (make.account(Role.INVESTIGATOR), make.account(Role.ADMINISTRATOR)):
        with pytest.raises(NotPermitted, match="role"):
            merge(session, first, second, actor)
    partial = make.account(Role.MANAGER)
    conflict = Conflict(
        account=partial,
        person=second,
        kind=ConflictKind.OTHER,
        words="A friend.",
        since=BORN,
        declared_by_id=partial.id,
    )
    session.add(conflict)
    session.flush()
    session.expire(partial)
    with pytest.raises(NotPermitted, match="conflict of interest"):
        merge(session, first, second, partial)


def test_complaints_closed_to_the_actor_move_and_neither_they_nor_their_number_are_told(
    reader, session, make, first, second
):
    client, account = reader(Role.CASEWORKER)
    for person in (first, second):
        make.complaint().parties.append(Party(person=person, part=Part.COMPLAINANT))
    hidden = make.complaint(is_restricted=True)
    hidden.parties.append(Party(person=second, part=Part.COMPLAINANT))
    session.commit()

    done = client.post(f"/people/{first.key}/same-person/{second.key}", data=form(first, second))

    assert done.status_code == 302
    session.expire_all()
    assert hidden.people_as(Part.COMPLAINANT) == [first]
    page = client.get(f"/people/{first.key}").text
    assert hidden.reference not in page
    assert known.count_complaints_of(session, account, first) == 2
    assert [one.merged for one in queries.merges_of(session, account, first)] == [second]


def test_a_record_that_came_out_of_closed_complaints_alone_is_named_to_nobody_outside_them(
    session, make, caseworker, first, second
):
    make.complaint(is_restricted=True).parties.append(Party(person=second, part=Part.COMPLAINANT))
    make.complaint().parties.append(Party(person=first, part=Part.COMPLAINANT))
    session.flush()
    ombudsman = make.account(Role.OMBUDSMAN)
    merged = merge(session, first, second, ombudsman)

    assert queries.merges_of(session, caseworker, first) == []
    assert queries.merges_of(session, ombudsman, first) == [merged]


def form(first, second, **answers):
    given = {"reasons": "She said so.", "name": "this", "telephone": "other"}
    return {**given, "seen": f"{first.version}-{second.version}", "submission": "a" * 32, **answers}


def test_two_records_are_found_compared_made_one_and_made_two_again_on_pages(
    reader, session, make, first, second
):
    client, account = reader(Role.MANAGER)
    complaint = make.complaint()
    complaint.parties.append(Party(person=second, part=Part.PERSON_AFFECTED))
    session.commit()
    find, compare = f"/people/{first.key}/same-person", f"/people/{first.key}/same-person/{second.key}"

    assert compare in client.get(find).text
    assert compare in client.get(f"{find}?words=Wilhelmena").text
    assert "07700 900999 (the other)" in client.get(compare).text
    refused = client.post(compare, data={"seen": "1-1"}).text
    assert "Enter how we know that they are one person." in refused
    assert [
        refused.count(f"{name}: select which is right.") for name in ("Name", "Telephone", "Address")
    ] == [2, 2, 0]
    answers = [client.post(compare, data=form(first, second)) for _ in range(2)]
    assert [answer.location for answer in answers] == [f"/people/{first.key}"] * 2
    assert len(session.scalars(select(PersonMerge)).all()) == 1

    assert client.get(f"/people/{second.key}").location == f"/people/{first.key}"
    assert complaint.reference in client.get(f"/people/{first.key}").text
    affected = select(Line.affected).where(Line.complaint_id == complaint.id)
    assert session.scalar(affected) == "Wilhelmina Tarrant"
    assert known.known_as(session, account, "Wilhelmena") == []
    assert client.get("/search?words=Tarant").text.count("Wilhelmena") == 0

    [joined] = session.scalars(select(PersonMerge))
    undo = f"/people/{first.key}/merges/{joined.id}/undo"
    assert undo in client.get(f"/people/{first.key}").text
    assert "Enter why they are two people" in client.post(undo).text
    assert client.post(undo, data={"because": "They are twins."}).status_code == 302
    session.expire_all()
    assert session.scalar(affected) == "Wilhelmena Tarant"
    assert client.get(f"/people/{second.key}").status_code == 200
    assert client.get(undo).status_code == 404


def test_somebody_who_is_another_is_in_no_list(session, caseworker, first, second):
    merge(session, first, second, caseworker)

    assert set(session.scalars(visible_people(caseworker))) == {first}
    assert [one.id for one in queries.likely(session, caseworker, {"name": second.name})] == [first.id]


def test_adjustments_of_both_are_minded(session, caseworker, first, second):
    for person, kind in ((first, AdjustmentKind.BRAILLE), (second, AdjustmentKind.INTERPRETER)):
        people.agree_adjustment(session, person, actor=caseworker, kind=kind)
    second.contact_by = ContactWay.POST
    session.flush()

    merge(session, first, second, caseworker)

    assert [one.kind for one in first.adjustments] == [AdjustmentKind.BRAILLE, AdjustmentKind.INTERPRETER]
    assert first.contact_by is ContactWay.POST
    assert session.scalars(select(Complaint)).all() == []
