from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app.accounts.models import Role
from app.complaints import actions as complaints
from app.complaints.models import Channel, Complaint
from app.core import clock
from app.core.errors import NotPermitted, Overtaken, RuleBroken
from app.core.steps import Step
from app.enquiries import actions, queries, workflow
from app.enquiries.models import Enquiry, EnquiryState, Way
from app.people import actions as adjustments
from app.people import queries as people
from app.people import vulnerability
from app.people.models import AdjustmentKind, VulnerabilityKind
from tests.web import Form

S = EnquiryState
#: From which states each step may be taken, said a second time.
MAY: dict[str, set[EnquiryState]] = {
    "offer to write it down": {S.TAKEN},
    "write it down for them": {S.TAKEN, S.OFFERED, S.WRITTEN},
    "record that they confirmed it": {S.WRITTEN},
    "close it without a complaint": {S.TAKEN, S.OFFERED, S.WRITTEN},
    "log the complaint it became": {S.TAKEN, S.OFFERED, S.WRITTEN, S.CONFIRMED, S.CLOSED},
}
ABLE = {Role.CASEWORKER, Role.MANAGER, Role.OMBUDSMAN}


@pytest.fixture
def caseworker(make):
    return make.account(Role.CASEWORKER)


@pytest.fixture
def call(session, caseworker):
    return take(session, caseworker)


def take(session, caseworker, **given) -> Enquiry:
    values = {
        "way": Way.TELEPHONE,
        "received_at": clock.now() - timedelta(days=3),
        "said": "My scan was not read.",
        "particulars": {"name": "Josefa Merriweather", "telephone": "07700 900001"},
    }
    return actions.take(session, actor=caseworker, **values | given)


def log(session, caseworker, enquiry, **given) -> Complaint:
    values = {
        "channel": Channel.POST,
        "received_at": clock.now(),
        "made_on": clock.today(),
        "narrative": "My scan was not read.",
        "complainant": {"name": "Josefa Merriweather"},
        "enquiry": enquiry,
    }
    return complaints.log(session, actor=caseworker, **values | given)


@pytest.mark.parametrize("step", workflow.STEPS, ids=lambda step: step.name)
@pytest.mark.parametrize("state", EnquiryState)
@pytest.mark.parametrize("role", Role)
def test_every_step_from_every_state_by_every_role(make, call, step: Step, state, role):
    call.state, actor = state, make.account(role)

    try:
        workflow.take(call, step, actor=actor)
        taken = True
    except (NotPermitted, RuleBroken):
        taken = False

    assert taken is (role in ABLE and state in MAY[step.name])
    assert call.state is (step.target if taken else state)


def test_a_call_becomes_a_complaint_once_it_is_confirmed_in_writing(session, caseworker, call):
    today = clock.today()
    actions.offer_to_write(session, call, actor=caseworker, on=today, how="On the telephone.")
    actions.write_down(session, call, actor=caseworker, written="The scan was not read.", sent_on=today)
    actions.confirm(session, call, actor=caseworker, on=today, how="Signed and returned.")

    complaint = log(session, caseworker, call, channel=Channel.TELEPHONE)
    session.flush()

    assert (call.state, complaint.enquiry) == (S.COMPLAINT, call)
    assert complaint.people_as("complainant") == [call.person]


def test_a_call_that_nobody_confirmed_in_writing_is_no_complaint(session, caseworker, call):
    today = clock.today()

    for enquiry in (None, call):
        with pytest.raises(RuleBroken, match=r"Take it as an enquiry") as refusal:
            log(session, caseworker, enquiry, channel=Channel.TELEPHONE)
        assert refusal.value.field == "channel"
    actions.write_down(session, call, actor=caseworker, written="The scan was not read.", sent_on=today)
    with pytest.raises(RuleBroken, match="record that they confirmed it"):
        log(session, caseworker, call, channel=Channel.TELEPHONE)

    letter = log(session, caseworker, call, channel=Channel.POST)
    with pytest.raises(RuleBroken) as refusal:
        complaints.change(session, letter, actor=caseworker, channel=Channel.TELEPHONE)
    assert refusal.value.field == "channel"


def test_whoever_comes_back_in_writing_is_linked_to_the_closed_enquiry_and_counted_once(
    session, caseworker, call
):
    in_june = clock.today() + timedelta(days=90)
    actions.close(session, call, actor=caseworker, closing="Too early.", back_on=in_june)
    session.flush()
    people_before = session.scalar(select(func.count()).select_from(type(call.person)))
    assert [one.reference for one in queries.earlier_of(session, caseworker, call.person.key)] == [
        call.reference
    ]

    complaint = log(session, caseworker, call, channel=Channel.POST)
    session.flush()

    assert complaint.enquiry is call
    assert session.scalar(select(func.count()).select_from(type(call.person))) == people_before
    assert [
        queries.count(session, caseworker, shown) for shown in ("open", "to-log", "waiting", "returning")
    ] == [0] * 4
    assert queries.earlier_of(session, caseworker, call.person.key) == []
    with pytest.raises(RuleBroken):
        log(session, caseworker, call)


def test_what_is_new_about_the_caller_is_kept_with_the_one_record_of_them(session, caseworker, call):
    log(session, caseworker, call, complainant={"name": "Josefa Merriweather", "email": "j@mail.example"})

    assert (call.person.email, call.person.telephone) == ("j@mail.example", "07700 900001")


def test_days_that_cannot_be_are_refused_at_their_field(session, caseworker, call):
    today, before = clock.today(), call.received_on - timedelta(days=1)

    with pytest.raises(RuleBroken) as refusal:
        take(session, caseworker, received_at=clock.now() + timedelta(hours=1))
    assert refusal.value.field == "received_at"
    for on in (before, today + timedelta(days=1)):
        with pytest.raises(RuleBroken) as refusal:
            actions.offer_to_write(session, call, actor=caseworker, on=on, how="By letter.")
        assert refusal.value.field == "on"
    actions.write_down(session, call, actor=caseworker, written="Words", sent_on=today)
    with pytest.raises(RuleBroken, match="before it was sent"):
        actions.confirm(session, call, actor=caseworker, on=today - timedelta(days=1), how="By letter.")
    with pytest.raises(RuleBroken) as refusal:
        actions.close(session, call, actor=caseworker, closing="Too early.", back_on=today)
    assert refusal.value.field == "back_on"


def test_a_caller_who_gives_no_name_is_written_down_all_the_same(session, caseworker):
    call = take(session, caseworker, particulars=None)

    assert (call.person, call.whose) == (None, "Somebody who gave no name")


def test_an_enquiry_is_taken_written_down_and_logged_on_pages(reader, session):
    client, account = reader(Role.CASEWORKER)
    today = clock.today()
    day = {"day": today.day, "month": today.month, "year": today.year}
    days = lambda name: {f"{name}-{part}": value for part, value in day.items()}  # noqa: E731
    taken = client.post(
        "/enquiries/new",
        data={"way": "telephone", "name": "Josefa Merriweather", "said": "My scan.", **days("received_on")},
    )
    page = taken.location
    written = {"drawn_from": 1, "written": "My scan was not read.", **days("sent_on")}
    client.post(f"{page}/writing", data=written)
    client.post(f"{page}/confirmation", data={"drawn_from": 2, "how": "By e-mail.", **days("on")})
    reference = page.rsplit("/", 1)[1]
    form = client.get(f"/complaints/new?enquiry={reference}").text
    assert "My scan was not read." in form
    assert "Josefa Merriweather, who is the complainant" in form
    logged = client.post(
        f"/complaints/new?enquiry={reference}",
        data={
            "channel": "telephone",
            "about": "themselves",
            "name": "Josefa Merriweather",
            "narrative": "My scan was not read.",
            **days("received_on"),
            **days("made_on"),
        },
    )
    assert logged.status_code == 302
    assert logged.location.rsplit("/", 1)[1] in client.get(page).text
    assert "Josefa" in client.get("/enquiries/?show=over").text
    [person] = people.known_as(session, account, "merriweather")
    assert person.name == "Josefa Merriweather"


def test_an_enquiry_that_became_a_restricted_complaint_is_not_shown_to_who_is_not_named(
    reader, session, caseworker, call
):
    client, _account = reader(Role.CASEWORKER)
    complaint = log(session, caseworker, call)
    session.commit()
    page = f"/enquiries/{call.reference}"
    assert client.get(page).status_code == 200

    complaint.is_restricted = True
    session.commit()
    assert client.get(page).status_code == 404
    assert call.reference not in client.get("/enquiries/?show=over").text


def test_what_somebody_needs_stands_on_every_page_about_their_enquiry(reader, session):
    client, account = reader(Role.CASEWORKER)
    call = take(session, account)
    day = clock.today() + timedelta(days=30)
    adjustments.agree_adjustment(
        session, call.person, actor=account, kind=AdjustmentKind.BRAILLE, words="Grade 2"
    )
    vulnerability.flag(
        session,
        call.person,
        actor=account,
        kind=VulnerabilityKind.BEREAVED,
        words="Ring before any letter.",
        review_on=day,
    )
    session.commit()

    for page in ("", "/offer", "/writing", "/close"):
        text = client.get(f"/enquiries/{call.reference}{page}").text
        assert [words in text for words in ("Braille", "Grade 2", "Bereaved recently", "Ring before")] == [
            True
        ] * 4, page


def test_whoever_writes_it_down_second_sees_what_the_first_wrote_and_keeps_their_own(reader, session):
    client, account = reader(Role.CASEWORKER)
    call = take(session, account)
    session.commit()
    page, day = f"/enquiries/{call.reference}/writing", clock.today()
    when = {"sent_on-day": day.day, "sent_on-month": day.month, "sent_on-year": day.year}
    form = {"drawn_from": call.version, **when}
    drawn = dict(Form(client.get(page).text).fields)
    assert (drawn["drawn_from"], drawn["written"]) == (b"1", b"My scan was not read.")

    assert client.post(page, data=form | {"written": "What the first wrote."}).status_code == 302
    second = client.post(page, data=form | {"written": "What the second wrote."})

    assert second.status_code == 200
    assert "What the first wrote." in second.text
    assert "What the second wrote." in second.text
    session.expire_all()
    assert call.written == "What the first wrote."


def test_no_step_of_an_enquiry_is_taken_from_a_page_that_somebody_else_has_overtaken(
    session, caseworker, call
):
    session.flush()
    old, day = call.version, clock.today()
    actions.offer_to_write(session, call, actor=caseworker, drawn_from=old, on=day, how="Yes.")
    session.flush()
    for step in (
        lambda: actions.offer_to_write(session, call, actor=caseworker, drawn_from=old, on=day, how="No."),
        lambda: actions.write_down(
            session, call, actor=caseworker, drawn_from=old, written="Other words.", sent_on=day
        ),
        lambda: actions.confirm(session, call, actor=caseworker, drawn_from=old, on=day, how="By e-mail."),
        lambda: actions.close(session, call, actor=caseworker, drawn_from=old, closing="Nothing."),
    ):
        with pytest.raises(Overtaken):
            step()
    assert (call.state, call.offered_how, call.written) == (S.OFFERED, "Yes.", "")
