from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from app.accounts.models import Role
from app.complaints.models import Part, Party
from app.consents import actions as consents
from app.consents import minding
from app.consents.minding import minded_in
from app.consents.models import ConsentWay
from app.core import clock
from app.core.errors import NotPermitted, RuleBroken
from app.doubles import moving
from app.people import actions, queries, vulnerability
from app.people.models import AdjustmentKind, ContactWay, Person, VulnerabilityKind

LARGE = AdjustmentKind.LARGE_PRINT


@pytest.fixture
def caseworker(make):
    return make.account(Role.CASEWORKER)


@pytest.fixture
def somebody(session, make):
    """Somebody who complains, in one complaint."""
    person = Person(name="Wilhelmina Tarrant", search_name="wilhelmina tarrant")
    make.complaint().parties.append(Party(person=person, part=Part.COMPLAINANT))
    session.flush()
    return person


def complaint_of(session, person):
    return session.query(Party).filter(Party.person == person).first().complaint


def needs_in(session, complaint):
    return minded_in(session, complaint, clock.today()).needs


def test_an_adjustment_is_minded_in_every_complaint_until_it_is_ended(session, make, caseworker, somebody):
    second = make.complaint()
    second.parties.append(Party(person=somebody, part=Part.PERSON_AFFECTED))
    agreed = actions.agree_adjustment(session, somebody, actor=caseworker, kind=LARGE, words="18 point")
    session.flush()

    for complaint in (complaint_of(session, somebody), second):
        [need] = needs_in(session, complaint)
        assert (need.person, need.adjustments, need.wants_large_print) == (somebody, (agreed,), True)
    assert needs_in(session, make.complaint()) == []

    actions.end_adjustment(session, agreed, actor=caseworker)
    session.flush()
    assert needs_in(session, second) == []
    assert queries.adjustments_of(session, somebody) == [agreed]
    with pytest.raises(RuleBroken, match="already"):
        actions.end_adjustment(session, agreed, actor=caseworker)


def test_an_adjustment_is_agreed_once_and_another_need_is_said_in_words(session, caseworker, somebody):
    actions.agree_adjustment(session, somebody, actor=caseworker, kind=LARGE)

    for kind, field in ((LARGE, "kind"), (AdjustmentKind.OTHER, "words")):
        with pytest.raises(RuleBroken) as refusal:
            actions.agree_adjustment(session, somebody, actor=caseworker, kind=kind)
        assert refusal.value.field == field


def test_whoever_is_not_safe_to_contact_is_shown_with_what_is_safe(session, caseworker, somebody):
    unsafe = {"contact_by": ContactWay.EMAIL, "is_unsafe_to_contact": True}

    with pytest.raises(RuleBroken) as refusal:
        actions.change_contact(session, somebody, actor=caseworker, **unsafe)
    assert refusal.value.field == "contact_note"
    note = "By e-mail only: letters are opened by somebody else."
    actions.change_contact(session, somebody, actor=caseworker, contact_note=note, **unsafe)
    session.flush()

    [need] = needs_in(session, complaint_of(session, somebody))
    assert (need.person.is_unsafe_to_contact, need.person.contact_note, need.adjustments) == (True, note, ())


def test_only_who_works_on_complaints_agrees_adjustments(session, make, somebody):
    for role in (Role.ADMINISTRATOR, Role.LIAISON):
        with pytest.raises(NotPermitted):
            actions.agree_adjustment(session, somebody, actor=make.account(role), kind=LARGE)


def test_the_banner_stands_on_the_pages_of_the_complaint_and_of_its_case(reader, session, make, somebody):
    client, account = reader(Role.INVESTIGATOR, Role.CASEWORKER)
    case = make.case(owner=account)
    case.complaint.parties.append(Party(person=somebody, part=Part.COMPLAINANT))
    actions.agree_adjustment(session, somebody, actor=account, kind=AdjustmentKind.BRAILLE)
    session.commit()

    for place in ("complaints/{}", "cases/{}", "complaints/{}/change", "cases/{}/evidence/"):
        address = f"/{place.format(case.reference)}"
        page = client.get(address)
        assert page.status_code == 200
        assert "Braille" in page.text, address


def test_the_statement_of_reasons_is_printed_large_for_whoever_needs_it(reader, session, somebody):
    client, account = reader(Role.CASEWORKER)
    complaint = complaint_of(session, somebody)
    session.commit()

    assert "paper--large" not in client.get(f"/complaints/{complaint.reference}/reasons").text
    actions.agree_adjustment(session, somebody, actor=account, kind=LARGE)
    session.commit()
    assert "paper--large" in client.get(f"/complaints/{complaint.reference}/reasons").text


def test_a_person_has_one_page_with_all_their_complaints_and_is_flagged_for_many(
    reader, session, make, somebody
):
    client, _account = reader(Role.CASEWORKER)
    for _ in range(queries.PAGE):
        make.complaint().parties.append(Party(person=somebody, part=Part.COMPLAINANT))
    session.commit()

    first = client.get(f"/people/{somebody.key}")
    assert "Has written repeatedly: 26 complaints" in first.text
    assert first.text.count('class="govuk-link reference"') == queries.PAGE
    assert "Wilhelmina Tarrant" in client.get("/people/?words=tarrant").text
    assert client.get(f"/people/{'0' * 32}").status_code == 404


def test_a_hyphen_finds_nobody(reader, session, somebody):
    _client, account = reader(Role.CASEWORKER)
    session.commit()

    assert queries.known_as(session, account, "-") == []


def test_an_adjustment_or_a_flag_is_ended_by_its_own_number_and_never_by_its_place(reader, session, somebody):
    """Their places change while a page is open: when an earlier one of another record comes to be theirs."""
    client, account = reader(Role.CASEWORKER)
    twin = Person(name="Wilhelmina Tarrant", search_name="wilhelmina tarrant")
    session.add(twin)
    for person, kind in ((twin, AdjustmentKind.BRAILLE), (somebody, LARGE)):
        actions.agree_adjustment(session, person, actor=account, kind=kind)
        session.flush()
    session.commit()
    here = f"/people/{somebody.key}"
    [end] = re.findall(rf"{here}/adjustments/[0-9]+/end", client.get(here).text)
    [hers] = twin.adjustments
    assert client.post(f"{here}/adjustments/{hers.id}/end").status_code == 404
    assert client.get(f"/people/{twin.key}/flags/1").status_code == 404

    moving.move(session, Person.__table__, twin.id, somebody.id)
    session.commit()
    session.expire_all()
    assert client.post(end).status_code == 302
    session.expire_all()
    assert {one.kind: one.ended_at is not None for one in somebody.adjustments} == {
        AdjustmentKind.BRAILLE: False,
        LARGE: True,
    }
    assert "This adjustment has ended already." in client.post(end).text


def test_much_of_everything_about_one_person_adds_up_and_never_multiplies(
    session, make, caseworker, somebody
):
    complaint = complaint_of(session, somebody)
    for number in range(minding.MOST + 1):
        actions.agree_adjustment(
            session, somebody, actor=caseworker, kind=AdjustmentKind.OTHER, words=f"The {number}th"
        )
    for number in range(30):
        day = clock.today() + timedelta(days=1)
        given = {"kind": VulnerabilityKind.OTHER, "words": f"The {number}th", "review_on": day}
        vulnerability.flag(session, somebody, actor=caseworker, **given)
        consents.give(
            session,
            complaint,
            actor=caseworker,
            giver=somebody,
            scopes=["records"],
            given_on=clock.today(),
            way=ConsentWay.FORM,
        )
        session.flush()
        session.expire(complaint, ["consents"])

    minded = minded_in(session, complaint, clock.today())
    [need] = minded.needs

    assert [one.words for one in need.adjustments] == [f"The {n}th" for n in range(1, minding.MOST + 1)]
    assert (len(need.flags), len(minded.consents)) == (30, 30)
    found = minding._numbers(minding.MOST)
    rows = session.scalar(select(func.count()).select_from(found), {"complaint_id": complaint.id})
    assert rows == 1 + minding.MOST + 30 + 30


def test_people_are_found_by_how_any_words_of_their_names_begin(session, caseworker, make, somebody):
    other = actions.add(session, {"name": "Siân Tarrant-O’Dowd", "nhs_number": "999 000 0018"})
    make.complaint().parties.append(Party(person=other, part=Part.COMPLAINANT))
    session.flush()

    def found(words):
        return [person.name for person in queries.known_as(session, caseworker, words)]

    assert found("tarr") == ["Siân Tarrant-O’Dowd", "Wilhelmina Tarrant"]
    for words in ("O’DOWD sian", "odow", "O Dowd", "dowd", "o`dowd"):
        assert found(words) == ["Siân Tarrant-O’Dowd"], words
    for words in ("Mrs O‘Dowd", "o'dowd", "dr odowd"):
        assert found(words) == ["Siân Tarrant-O’Dowd"], words
    assert found("dr") == found("tarrant mina") == []
    assert found("999-000 0018") == ["Siân Tarrant-O’Dowd"]
    assert found("%") == found("_arrant") == []


def test_a_name_is_found_by_a_part_of_it_in_scripts_without_spaces_and_never_by_a_sign_of_it(
    session, caseworker, make
):
    for name in (
        "王小明",
        "राम",
        "रमा",
        "山田 ひろし",
        "Martin林",
        "박크리스토퍼로빈슨",
        "क्\u200dषमा",
        "علی\u200cرضا",
    ):
        person = actions.add(session, {"name": name})
        make.complaint().parties.append(Party(person=person, part=Part.COMPLAINANT))
    session.flush()

    def found(words):
        return [person.name for person in queries.known_as(session, caseworker, words)]

    assert found("小明") == found("王小") == ["王小明"]
    assert found("राम") == ["राम"]
    assert found("田 ろし") == ["山田 ひろし"]
    assert found("林") == found("martin") == ["Martin林"]
    assert found("로빈슨") == ["박크리스토퍼로빈슨"]
    assert found("क्षमा") == ["क्\u200dषमा"]
    assert found("رضا") == found("علیرضا") == ["علی\u200cرضا"]


def test_an_apostrophe_may_be_left_out_with_a_space_or_without(session, caseworker, make):
    for name in ("Kay O Brien", "Lee O'Brien", "Wye OBrien", "Zed Ó Brien", "Zoe O. Brien"):
        person = actions.add(session, {"name": name})
        make.complaint().parties.append(Party(person=person, part=Part.COMPLAINANT))
    session.flush()

    for words in ("o'brien", "O’Brien", "obrien"):
        assert [one.name for one in queries.known_as(session, caseworker, words)] == [
            "Kay O Brien",
            "Lee O'Brien",
            "Wye OBrien",
            "Zed Ó Brien",
            "Zoe O. Brien",
        ]


def test_of_many_called_alike_those_of_just_that_name_come_before_others(
    session, caseworker, make, monkeypatch
):
    monkeypatch.setattr(queries, "GATHERED", 2)
    for name in ("Abe Annson Leeson", "Ann Leeson", "Anneka Lee", "Zoe Ann Lee", "Annette Leeming"):
        person = actions.add(session, {"name": name})
        make.complaint().parties.append(Party(person=person, part=Part.COMPLAINANT))
        session.flush()

    assert [person.name for person in queries.known_as(session, caseworker, "ann lee")] == [
        "Zoe Ann Lee",
        "Ann Leeson",
        "Anneka Lee",
    ]


def test_somebody_of_another_name_is_found_by_it_and_no_longer_by_the_old_one(session, caseworker, somebody):
    session.expire(somebody)
    actions.amend(somebody, {"born_on": date(1951, 2, 3), "name": "Wilhelmina Orme"})
    session.flush()

    assert queries.known_as(session, caseworker, "orme wil") == [somebody]
    assert queries.known_as(session, caseworker, "tarrant") == []
    assert somebody.version == 2


def test_a_name_that_is_given_back_before_it_was_saved_is_found_as_before(session, caseworker, somebody):
    was = somebody.name
    somebody.name = "Wilhelmina Orme"
    somebody.name = was
    session.flush()

    assert queries.known_as(session, caseworker, was) == [somebody]
    assert queries.known_as(session, caseworker, "orme") == []
