"""What came without anybody here having logged it: compared afterwards, by a named person, once."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select

from app.accounts.models import Role
from app.audit.queries import story
from app.casefile.models import Note
from app.caseload.models import Line, Mark
from app.complaints import actions as complaints
from app.complaints.models import ComplaintState, Part
from app.core.errors import NotPermitted, RuleBroken
from app.demonstration.unsent import SENT_IN
from app.doubles import comparing
from app.doubles.actions import IS_IT_THE_SAME, NEW, NONE, WHO_IS_IT, Undecided, Weighed
from app.doubles.models import PersonMerge
from app.front_door import actions as front_door
from app.people import actions as people
from app.people.actions import Particulars


@pytest.fixture
def caseworker(make):
    return make.account(Role.CASEWORKER)


@pytest.fixture
def peregrine(session):
    """Somebody known, who has said before who they are, and has moved since."""
    return people.add(
        session,
        Particulars(name="Peregrine Ashdown", email="peregrine@mail.example", telephone="07700 900999"),
    )


def came(session, **given):
    draft, _token = front_door.begin(session)
    complaint = front_door.send(session, draft, replace(SENT_IN, **given))
    session.flush()
    return complaint


def weigh(session, complaint, account, **weighed):
    return comparing.weigh(session, complaint, actor=account, weighed=Weighed(**weighed))


def weighings(session, complaint):
    entries = (one for one in story(session, complaint) if one.event == "doubles.weighed")
    return {one.detail["whose"]: (one.detail["offered"], one.detail["chosen"], one.actor) for one in entries}


def flags(session, complaint):
    session.commit()
    return set(session.scalars(select(Mark.value).where(Mark.complaint_id == complaint.id)))


def test_a_complaint_of_the_form_waits_to_be_compared_until_somebody_has_said(session, caseworker):
    complaint = came(session)
    assert comparing.is_open(complaint)
    assert "to_compare" in flags(session, complaint)

    assert weigh(session, complaint, caseworker) is complaint

    assert not comparing.is_open(complaint)
    assert "to_compare" not in flags(session, complaint)
    assert weighings(session, complaint) == {"complaint": ({}, None, caseworker)}
    with pytest.raises(RuleBroken, match="compared already"):
        weigh(session, complaint, caseworker)


def test_whoever_is_known_is_offered_and_nothing_changes_before_somebody_says(session, caseworker, peregrine):
    complaint = came(session)

    with pytest.raises(Undecided) as undecided:
        weigh(session, complaint, caseworker)

    assert undecided.value.asked == {"complainant_is": WHO_IS_IT}
    assert [(one.key, [*one.reasons]) for one in undecided.value.offer.complainant] == [
        (peregrine.key, ["email", "name"])
    ]
    assert comparing.is_open(complaint)


def test_the_person_is_that_one_under_the_name_we_know_and_reached_as_they_say_now(
    session, caseworker, peregrine
):
    complaint = came(session)
    [newcomer] = complaint.people_as(Part.COMPLAINANT)

    weigh(session, complaint, caseworker, complainant=peregrine.key)

    assert complaint.people_as(Part.COMPLAINANT) == complaint.people_as(Part.PERSON_AFFECTED) == [peregrine]
    assert (peregrine.name, peregrine.telephone) == ("Peregrine Ashdown", "07700 900004")
    assert [one.kind for one in peregrine.adjustments] == ["large_print"]
    merged = session.scalars(select(PersonMerge)).one()
    assert (merged.survivor, merged.merged, merged.merged_by) == (peregrine, newcomer, caseworker)
    assert merged.reasons == (
        f"The same e-mail address. The same name. Compared when {complaint.reference} came."
    )
    assert weighings(session, complaint) == {
        "complaint": ({}, None, caseworker),
        "complainant": ({f"{peregrine.id}": ["email", "name"]}, peregrine.id, caseworker),
    }


def test_the_person_is_somebody_new(session, caseworker, peregrine):
    complaint = came(session)

    weigh(session, complaint, caseworker, complainant=NEW)

    [newcomer] = complaint.people_as(Part.COMPLAINANT)
    assert newcomer is not peregrine
    assert weighings(session, complaint)["complainant"][1] is None


def test_the_complaint_came_again_is_noted_there_and_closed_here(session, caseworker):
    first = came(session)
    second = came(session, wanted="That they hurry.")
    [known] = first.people_as(Part.COMPLAINANT)
    with pytest.raises(Undecided) as undecided:
        weigh(session, second, caseworker)
    assert undecided.value.asked == {"same_as": IS_IT_THE_SAME, "complainant_is": WHO_IS_IT}

    assert weigh(session, second, caseworker, same=first.reference, complainant=known.key) is first

    assert (second.state, second.closed_at is not None) == (ComplaintState.CLOSED, True)
    assert second.people_as(Part.COMPLAINANT) == [known]
    [note] = session.scalars(select(Note))
    assert (note.complaint, note.author) == (first, caseworker)
    assert f"It had been logged as {second.reference}, which is closed." in note.words
    assert "The text is the same." in note.words
    assert "That they hurry." in note.words
    assert weighings(session, second)["complaint"] == (
        {first.reference: ["same_text"]},
        first.id,
        caseworker,
    )
    assert (first.state, first.is_to_compare) == (ComplaintState.INITIAL_CHECK, True)


def test_of_one_that_came_again_nobody_has_to_say_who_sent_it(session, caseworker):
    first, second = came(session), came(session)

    weigh(session, second, caseworker, same=first.reference)

    assert second.state is ComplaintState.CLOSED


def test_two_that_are_the_same_are_not_both_closed(session, caseworker):
    first, second = came(session), came(session)
    weigh(session, second, caseworker, same=first.reference)

    with pytest.raises(RuleBroken, match="nobody would look into this there"):
        weigh(session, first, caseworker, same=second.reference)

    assert weigh(session, first, caseworker, same=NONE, complainant=NEW) is first
    assert first.state is ComplaintState.INITIAL_CHECK


def test_a_complaint_of_its_own_stays_open(session, caseworker):
    first, second = came(session), came(session)

    assert weigh(session, second, caseworker, same=NONE, complainant=NEW) is second

    assert second.state is ComplaintState.INITIAL_CHECK
    assert weighings(session, second)["complaint"] == ({first.reference: ["same_text"]}, None, caseworker)


def test_what_was_decided_in_it_is_not_dropped(session, make, caseworker):
    first, second = came(session), came(session)
    make.allegation(second, outcome="accept")

    with pytest.raises(RuleBroken, match="An allegation in it has been decided"):
        weigh(session, second, caseworker, same=first.reference)


def test_what_is_restricted_is_written_into_no_open_complaint(session, make, caseworker):
    first, second = came(session), came(session)
    second.is_restricted = True
    ombudsman = make.account(Role.OMBUDSMAN)

    with pytest.raises(RuleBroken, match="only for those who are named"):
        weigh(session, second, ombudsman, same=first.reference)


def test_what_is_restricted_is_offered_to_nobody_who_may_not_know_of_it(session, caseworker):
    first, second = came(session), came(session)
    first.is_restricted = True
    session.flush()

    found = comparing.offered(session, caseworker, second)
    assert (found.complainant, found.same) == ((), ())


def test_only_who_may_change_the_complaint_compares_it(session, make):
    with pytest.raises(NotPermitted):
        weigh(session, came(session), make.account(Role.INVESTIGATOR))


def test_only_one_that_came_by_itself_is_closed_so(session, make, caseworker):
    with pytest.raises(RuleBroken, match="It has been compared"):
        complaints.close_as_same(session, make.complaint(), actor=caseworker)


def test_the_page_of_the_complaint_leads_to_comparing_it_without_another_statement(
    session, reader, statements
):
    client, _account = reader(Role.CASEWORKER)
    complaint = came(session)
    session.commit()
    path = f"/complaints/{complaint.reference}"
    client.get(path)

    def opened():
        statements.clear()
        return client.get(path).text, len(statements)

    text, waiting = opened()
    assert f'It may be here already: <a class="govuk-link" href="{path}/compare">compare</a>' in text
    assert client.post(f"{path}/compare").location == path
    text, compared = opened()
    assert "It may be here already" not in text
    assert waiting == compared <= 15
    assert client.get(f"{path}/compare").location == path


def test_the_pages_compare_and_keep_what_is_said(session, reader):
    client, _account = reader(Role.CASEWORKER)
    first, second = came(session), came(session)
    session.commit()
    path = f"/complaints/{second.reference}/compare"

    assert client.get("/caseload/?flag=to_compare").text.count(second.reference) > 0
    page = client.get(path).text
    assert "Who is Peregrine Ashdown, the complainant?" in page
    assert "It says the same, word for word." in page
    assert f'/same-person/{second.people_as(Part.COMPLAINANT)[0].key}"' in page
    refused = client.post(path, data={"complainant_is": NEW})
    assert IS_IT_THE_SAME in refused.text
    assert 'value="new" checked' in refused.text
    kept = client.post(path, data={"same_as": first.reference}, follow_redirects=True).text
    assert "this one is closed" in kept
    assert "it is one that we have already, and is noted there" in kept
    session.expire_all()
    assert session.get_one(
        Line, session.scalar(select(Line.id).where(Line.complaint_id == second.id))
    ).standing == ("closed_after_check")
