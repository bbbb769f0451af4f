"""Before anything new is saved: who it may be is asked, nothing is lost, and what is decided is kept."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from app.accounts.models import Role
from app.audit.models import AuditEntry
from app.audit.queries import story
from app.casefile.models import Note
from app.complaints.models import Channel, Complaint, Part, Party
from app.core import clock
from app.core.errors import RuleBroken
from app.doubles import actions
from app.doubles.actions import NEW, NONE, Undecided, Weighed
from app.enquiries import actions as enquiries
from app.enquiries.models import Enquiry, EnquiryState, Way
from app.people import actions as people
from app.people.models import Person

BORN = date(1961, 5, 4)
TEXT = "The scan was not read for seven months, and nobody rang us."
UNSAID = Weighed()
MINA = {"name": "Wilhelmina Tarrant", "born_on": BORN, "email": "mina@example.org", "telephone": ""}


@pytest.fixture
def caseworker(make):
    return make.account(Role.CASEWORKER)


@pytest.fixture
def mina(session, make):
    person = people.add(session, {**MINA, "telephone": "07700 900123"})
    make.complaint(narrative=TEXT).parties.append(Party(person=person, part=Part.COMPLAINANT))
    session.flush()
    return person


def log(session, account, weighed=UNSAID, **given):
    answers = {
        "channel": Channel.EMAIL,
        "received_at": clock.now(),
        "made_on": clock.today(),
        "narrative": "She now writes that the second scan was lost as well.",
        "complainant": dict(MINA),
    }
    return actions.log(session, actor=account, weighed=weighed, **answers | given)


def called(session, account, person, **given):
    return enquiries.take(
        session,
        actor=account,
        way=Way.TELEPHONE,
        received_at=clock.now() - timedelta(days=3),
        said="She rang and asked what became of it.",
        person=person,
        **given,
    )


def counted(session):
    return [session.scalar(select(func.count()).select_from(one)) for one in (Complaint, Person, Enquiry)]


def asked(session, account, weighed=UNSAID, **given):
    with pytest.raises(Undecided) as undecided:
        log(session, account, weighed, **given)
    return undecided.value.asked


def events(session, complaint):
    return [entry.event for entry in reversed(story(session, complaint))]


def test_a_complaint_of_somebody_new_is_logged_without_a_question(session, caseworker, mina):
    complaint = log(session, caseworker, complainant={"name": "Ottoline Beck"})

    assert "doubles.weighed" not in events(session, complaint)


def test_somebody_known_is_asked_after_and_nothing_is_saved(session, caseworker, mina):
    before = counted(session)

    assert asked(session, caseworker) == {"complainant_is": actions.WHO_IS_IT}
    assert asked(session, caseworker, Weighed(complainant="0" * 32)) == {"complainant_is": actions.WHO_IS_IT}
    assert counted(session) == before


def test_the_record_of_whoever_is_chosen_is_used_and_what_they_left_out_stays(session, caseworker, mina):
    said = {**MINA, "email": "mina.tarrant@example.org", "nhs_number": ""}

    complaint = log(session, caseworker, Weighed(complainant=mina.key), complainant=said)

    assert complaint.people_as(Part.COMPLAINANT) == complaint.people_as(Part.PERSON_AFFECTED) == [mina]
    assert (mina.email, mina.telephone) == ("mina.tarrant@example.org", "07700 900123")
    [weighed] = [one for one in story(session, complaint) if one.event == "doubles.weighed"]
    assert weighed.detail == {
        "whose": "complainant",
        "offered": {f"{mina.id}": ["name_and_birth"]},
        "chosen": mina.id,
    }
    assert weighed.actor is caseworker


def test_somebody_new_is_the_decision_of_a_named_person(session, caseworker, mina):
    complaint = log(session, caseworker, Weighed(complainant=NEW))

    [somebody] = complaint.people_as(Part.COMPLAINANT)
    assert somebody is not mina
    [weighed] = [one for one in story(session, complaint) if one.event == "doubles.weighed"]
    assert (weighed.detail["chosen"], weighed.actor) == (None, caseworker)


def test_the_person_affected_is_asked_after_by_themselves(session, caseworker, mina):
    both = {"complainant": {"name": "Ottoline Beck"}, "affected": dict(MINA), "basis": "Her daughter"}

    assert asked(session, caseworker, **both) == {"affected_is": actions.WHO_IS_AFFECTED}
    complaint = log(session, caseworker, Weighed(affected=mina.key), **both)

    assert complaint.people_as(Part.PERSON_AFFECTED) == [mina]
    assert complaint.people_as(Part.COMPLAINANT) != [mina]


def test_a_text_that_came_before_is_asked_after_whoever_sends_it(session, caseworker, mina):
    sent = {"complainant": None, "narrative": TEXT.upper()}

    assert asked(session, caseworker, **sent) == {"same_as": actions.IS_IT_THE_SAME}
    assert log(session, caseworker, Weighed(same=NONE), **sent).narrative == TEXT.upper()


def test_the_same_complaint_is_not_logged_again_and_what_it_says_is_noted(session, caseworker, mina):
    first = session.scalars(select(Complaint)).one()
    before = counted(session)
    same = Weighed(complainant=mina.key, same=first.reference)

    assert log(session, caseworker, same) is first
    assert counted(session) == before
    [note] = session.scalars(select(Note))
    assert "She now writes that the second scan was lost" in note.words
    assert "mina@example.org" in note.words
    assert events(session, first)[-2:] == ["note.written", "complaint.came_again"]


def test_a_complaint_is_the_same_only_as_one_that_was_offered(session, make, caseworker, mina):
    other = make.complaint(is_restricted=True)

    answer = Weighed(complainant=mina.key, same=other.reference)
    assert asked(session, caseworker, answer) == {"same_as": actions.IS_IT_THE_SAME}


@pytest.mark.parametrize("is_closed", [False, True])
def test_an_earlier_enquiry_of_the_same_person_is_offered_and_counts_as_the_complaint(
    session, caseworker, mina, is_closed
):
    call = called(session, caseworker, mina)
    if is_closed:
        enquiries.close(session, call, actor=caseworker, closing="Too early.")
    before = counted(session)

    assert asked(session, caseworker, Weighed(complainant=mina.key)) == {"contact_is": actions.DID_IT_BEGIN}
    answer = Weighed(complainant=mina.key, contact=call.reference)
    complaint = log(session, caseworker, answer)

    assert (complaint.enquiry, call.state) == (call, EnquiryState.COMPLAINT)
    assert counted(session) == [before[0] + 1, *before[1:]]
    # Sent again by a form of its own: it is a complaint already, and an enquiry no longer
    assert asked(session, caseworker, answer) == {
        "same_as": actions.IS_IT_THE_SAME,
        "contact_is": actions.DID_IT_BEGIN,
    }


def test_an_enquiry_of_somebody_else_does_not_become_this_complaint(session, caseworker, mina):
    call = called(session, caseworker, mina)

    with pytest.raises(RuleBroken, match="made by Wilhelmina Tarrant") as refusal:
        log(session, caseworker, Weighed(complainant=NEW, contact=call.reference))
    assert refusal.value.field == "contact_is"


def test_whoever_calls_is_asked_after_too(session, caseworker, mina):
    call = {"way": Way.TELEPHONE, "received_at": clock.now(), "said": "She rang again."}
    said = {"name": "W. Tarrant", "telephone": "07700 900 123", "email": ""}

    with pytest.raises(Undecided):
        actions.take(session, actor=caseworker, weighed=Weighed(), particulars=said, **call)
    taken = actions.take(
        session, actor=caseworker, weighed=Weighed(complainant=mina.key), particulars=said, **call
    )

    assert (taken.person, mina.email) == (mina, "mina@example.org")
    last = select(AuditEntry.event).order_by(AuditEntry.number.desc()).limit(3)
    assert session.scalars(last).all() == ["doubles.weighed", "enquiry.taken", "person.changed"]


def test_whoever_is_added_to_a_complaint_is_asked_after_too(reader, session, make, mina):
    client, _account = reader(Role.CASEWORKER)
    other = make.complaint()
    session.commit()
    before, page = counted(session), f"/complaints/{other.reference}/people/new"
    given = {
        "part": "family_member",
        "name": "W. Tarrant",
        "telephone": "07700 900123",
        "submission": "a" * 32,
    }

    assert actions.WHO_IS_IT in client.post(page, data=given).text
    chosen = {**given, "complainant_is": mina.key, "submission": "b" * 32}
    assert [client.post(page, data=chosen).status_code for _ in range(2)] == [302, 302]

    session.expire_all()
    assert other.people_as(Part.FAMILY_MEMBER) == [mina]
    assert (counted(session), mina.email) == (before, "mina@example.org")
    assert events(session, other)[-1] == "doubles.weighed"


def test_a_record_that_was_chosen_keeps_its_name(session, caseworker, mina):
    call = {"way": Way.TELEPHONE, "received_at": clock.now(), "said": "She rang."}
    misheard = {"name": "Wilhelmena Tarant", "born_on": BORN, "address": "1 Mill Lane"}

    taken = actions.take(
        session, actor=caseworker, weighed=Weighed(complainant=mina.key), particulars=misheard, **call
    )
    logged = log(session, caseworker, Weighed(mina.key, same=NONE, contact=NONE), complainant=misheard)

    assert (taken.person, logged.people_as(Part.COMPLAINANT)) == (mina, [mina])
    assert (mina.name, mina.address) == ("Wilhelmina Tarrant", "1 Mill Lane")


def test_a_key_that_was_not_offered_chooses_nobody(session, caseworker, mina):
    call = {"way": Way.TELEPHONE, "received_at": clock.now(), "said": "She rang."}
    said = {"name": "Ottoline Beck", "telephone": "", "email": ""}

    taken = actions.take(
        session, actor=caseworker, weighed=Weighed(complainant=mina.key), particulars=said, **call
    )

    assert taken.person.name == "Ottoline Beck"


def form(**answers):
    today = clock.today()
    day = {"day": today.day, "month": today.month, "year": today.year}
    days = {f"{name}-{part}": n for name in ("received_on", "made_on") for part, n in day.items()}
    born = {"born_on-day": 4, "born_on-month": 5, "born_on-year": 1961}
    plain = {"channel": "email", "about": "themselves", "name": "Wilhelmena Tarant", "narrative": "Again."}
    return {**days, **born, **plain, **answers}


def test_the_form_comes_back_with_whom_we_know_and_with_all_that_was_typed(reader, session, make, mina):
    client, account = reader(Role.CASEWORKER)
    call = called(session, account, mina)
    session.commit()
    before = counted(session)
    given = form(submission="a" * 32, wanted="An apology, in writing.")

    page = client.post("/complaints/new", data=given).text

    assert actions.WHO_IS_IT in page
    assert "A name that is alike, and the same date of birth." in page
    assert f'value="{mina.key}"' in page
    assert call.reference in page
    assert "An apology, in writing." in page
    assert counted(session) == before
    chosen = {"complainant_is": mina.key, "contact_is": call.reference, "submission": "b" * 32}
    answers = [client.post("/complaints/new", data=given | chosen) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert answers[0].location == answers[1].location
    assert counted(session) == [before[0] + 1, *before[1:]]
    assert "it is they" in client.get(answers[0].location).text


def test_what_was_chosen_is_kept_when_something_else_is_wrong(reader, session, mina):
    client, _account = reader(Role.CASEWORKER)
    session.commit()

    page = client.post("/complaints/new", data=form(complainant_is=mina.key, narrative=""))

    assert "Enter what happened." in page.text
    assert f'<input type="hidden" name="complainant_is" value="{mina.key}">' in page.text


def test_the_same_complaint_leads_to_the_one_that_is_here(reader, session, mina):
    client, _account = reader(Role.CASEWORKER)
    first = session.scalars(select(Complaint)).one()
    session.commit()

    given = form(complainant_is=mina.key, same_as=first.reference)
    answer = client.post("/complaints/new", data=given, follow_redirects=True)

    assert answer.request.path == f"/complaints/{first.reference}"
    assert "It is noted that it came again." in answer.text


def test_nothing_that_was_typed_is_lost_when_a_complaint_came_again(session, caseworker, mina):
    first = session.scalars(select(Complaint)).one()

    actions.log(
        session,
        actor=caseworker,
        weighed=Weighed(complainant=mina.key, affected=NEW, same=first.reference),
        channel=Channel.POST,
        received_at=clock.now(),
        made_on=clock.today(),
        narrative="It is still not put right.",
        wanted="An apology.",
        complainant={"name": "Wilhelmena Tarant", "telephone": "07700 900444"},
        affected={"name": "Ambrose Tarant", "nhs_number": "999 000 0018"},
        basis="His daughter.",
    )

    [words] = session.scalars(select(Note.words))
    typed = (
        "still not put right",
        "An apology.",
        "07700 900444",
        "Ambrose Tarant",
        "999 000 0018",
        "His daughter.",
    )
    assert [said for said in typed if said not in words] == []


def test_a_call_of_somebody_known_comes_back_with_whom_we_know(reader, session, mina):
    client, _account = reader(Role.CASEWORKER)
    session.commit()
    call = {"way": "telephone", "said": "Again.", "name": "Mina", "telephone": "+44 7700 900123"}
    call |= {name: value for name, value in form().items() if name.startswith("received_on")}

    page = client.post("/enquiries/new", data=call)

    assert "The same telephone number." in page.text
    assert client.post("/enquiries/new", data={**call, "complainant_is": mina.key}).status_code == 302
    assert [one.person for one in session.scalars(select(Enquiry))] == [mina]


def test_nobody_is_offered_to_whom_the_only_complaint_of_theirs_is_closed(reader, session, mina):
    client, _account = reader(Role.CASEWORKER)
    session.scalars(select(Complaint)).one().is_restricted = True
    session.commit()

    assert client.post("/complaints/new", data=form(name=mina.name, narrative=TEXT)).status_code == 302
