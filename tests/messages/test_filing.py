"""What a message says is kept once and proposed, never taken; the same message again proposes nothing."""

from __future__ import annotations

from datetime import date, time
from io import BytesIO

import pytest
from sqlalchemy import select

from app.accounts.models import Role
from app.audit.queries import story
from app.core.errors import NotPermitted, RuleBroken
from app.core.kinds import recognised
from app.evidence import provenance
from app.examining.models import Examination
from app.imaging.identity import Compared, Likeness
from app.imaging.models import Whose
from app.messages import actions, queries
from app.messages.models import HospitalMessage, Proposed
from app.messages.moments import When, placed
from app.timeline import actions as timeline
from app.timeline import queries as timelines
from app.timeline.models import Exactness
from tests.messages.made import order, report, result

NOTHING = "Another message with the same number says something else."
STRANGER = "PID|1||9434765919^^^NHS^NH||OTHER^BOB||19500101|M"


def proposed(session, case):
    """What each message of a case proposes: its number, and the kind, time, place and note of each row."""
    return [
        (told.message.control_id, [(p.kind, p.when, p.place, p.note) for p in told.message.proposals])
        for told in queries.of_case(session, case)
    ]


@pytest.mark.parametrize(
    ("name", "content", "media_type", "mismatch"),
    [
        ("m.hl7", result(), "application/hl7-v2", False),
        ("m.er7", result(), "application/hl7-v2", False),
        ("m.txt", result(), "application/hl7-v2", False),
        ("m.txt", b"\x0b" + result().encode() + b"\x1c\r", "application/hl7-v2", False),
        ("m.hl7", f"FHS|^~\\&|RIS\r{result()}FTS|1\r", "application/hl7-v2", False),
        ("m.hl7", "PID|1", "application/hl7-v2", False),
        ("m.json", report(), "application/fhir+json", False),
        ("m.txt", report(), "application/fhir+json", False),
        ("m.xml", '<Patient xmlns="http://hl7.org/fhir"/>', "application/fhir+xml", False),
        ("m.xml", '<?xml version="1.0"?>\n<f:Patient xmlns:f="http://hl7.org/fhir"/>', "application/fhir+xml", False),
        ("m", result(), "application/hl7-v2", False),
        ("m.pdf", result(), "application/hl7-v2", True),
        ("m.json", '{"a": 1}', "application/json", False),
        ("m.xml", "<a/>", "application/xml", False),
        ("m.txt", "MSHA is a disease", "text/plain", False),
    ],
)  # fmt: skip
def test_a_message_is_told_by_how_it_begins_whatever_it_is_called(name, content, media_type, mismatch):
    found = recognised(name, BytesIO(content.encode() if isinstance(content, str) else content))

    assert (found.media_type, bool(found.mismatch)) == (media_type, mismatch)


def test_what_a_message_says_happened_is_proposed_and_nothing_is_on_the_timeline(session, of_ann, work, told):
    document = of_ann(result())
    of_ann(order(), document.case)
    work()

    assert told(document)[1]["message"] == ("done", "")
    assert proposed(session, document.case) == [
        (
            "M1",
            [
                ("performed", "11 January 2021, 10:45", "OBR[1]-7", ""),
                ("reported", "11 January 2021, 11:30", "OBR[1]-22", ""),
            ],
        ),
        ("O1", [("requested", "4 January 2021, 09:00", "ORC[1]-9", "")]),
    ]
    assert timelines.of_case(session, document.case).rows == []
    assert [e.event for e in story(session, document.case.complaint)].count("message.read") == 2


def test_a_document_that_is_examined_again_says_nothing_twice(session, of_ann, work):
    document = of_ann(result())
    work()
    session.scalars(select(Examination).where(Examination.kind == "message")).one().put_back()
    session.commit()
    work()

    assert len(proposed(session, document.case)) == 1


def test_the_same_message_in_another_frame_proposes_nothing_again(session, of_ann, work):
    first = of_ann(result())
    of_ann(b"\x0b" + result().replace("\r", "\r\n").encode() + b"\x1c\r", first.case)
    work()

    one, other = (told.message for told in queries.of_case(session, first.case))
    assert (one.repeats, other.repeats, other.contradicts) == (None, one, None)
    assert (len(one.proposals), other.proposals) == (2, [])


def test_the_same_number_with_other_words_is_a_conflict_and_its_rows_say_so(session, of_ann, work):
    first = of_ann(result())
    of_ann(result(reported="20210112090000"), first.case)
    work()

    one, other = (told.message for told in queries.of_case(session, first.case))
    assert (other.repeats, other.contradicts) == (None, one)
    assert [(p.when, p.note) for p in other.proposals] == [
        ("11 January 2021, 10:45", NOTHING),
        ("12 January 2021, 09:00", NOTHING),
    ]


def test_the_same_message_in_another_case_is_proposed_there(session, of_ann, work):
    documents = [of_ann(result()), of_ann(result())]
    work()

    assert [len(proposed(session, d.case)[0][1]) for d in documents] == [2, 2]


def test_the_same_message_twice_in_one_batch_is_proposed_once(session, of_ann, work):
    document = of_ann(f"FHS|^~\\&|RIS\rBHS|^~\\&|RIS\r{result()}{result()}BTS|2\rFTS|1\r")
    work()

    assert [len(rows) for _number, rows in proposed(session, document.case)] == [2, 0]


def test_a_cut_off_message_is_kept_and_refused_with_its_reason(session, of_ann, work, told):
    document = of_ann(result()[:-12])
    work()

    why = "The last line, OBX, is cut off in the middle. Ask for it again."
    assert told(document)[1]["message"] == ("failed", why)
    assert [(e.document, e.problem) for e in queries.refused(session, document.case)] == [(document, why)]
    assert queries.of_case(session, document.case) == []


def moment(given, precision="minute", offset=""):
    return {"day": given[:10], "time": given[11:], "precision": precision, "offset": offset}


@pytest.mark.parametrize(
    ("said", "at", "exactness", "note"),
    [
        (moment("2021-07-01 10:00"), "2021-07-01T09:00", "minute", ""),
        (moment("2021-07-01 10:00", offset="+00:00"), "2021-07-01T10:00", "minute", ""),
        (moment("2021-01-01 10:00", offset="-05:00"), "2021-01-01T15:00", "minute", ""),
        (moment("2019-10-27 01:30"), "2019-10-27T00:30", "minute", "came twice: the first is taken"),
        (moment("2019-10-27 01:30", offset="+00:00"), "2019-10-27T01:30", "minute", ""),
        (moment("2019-03-31 01:30"), "2019-03-31T01:30", "minute", "no clock in London showed this time"),
        (moment("2021-07-01", "day"), "2021-06-30T23:00", "day", ""),
        (moment("2021-07-01", "month"), "2021-06-30T23:00", "month", ""),
        (moment("2021-01-01", "hour"), "2021-01-01T00:00", "day", "Only the hour is known"),
        (moment("2021-01-01", "year"), None, None, "Only the year is known"),
    ],
)
def test_a_time_without_an_offset_is_what_a_clock_in_london_showed(said, at, exactness, note):
    told = placed(said)

    assert (told.happened_at and f"{told.happened_at:%Y-%m-%dT%H:%M}", told.exactness) == (at, exactness)
    assert note in told.note and bool(note) == bool(told.note)


@pytest.fixture
def read(session, of_ann, work):
    """A message that was read, in a case, with its owner."""

    def read(content=None, **said):
        document = of_ann(content or result(), **said)
        work()
        [told] = queries.of_case(session, document.case)
        return told

    return read


def rows(session, case):
    return [
        (r.number, r.kind, r.study and r.study.name, r.where, r.document.filename, r.page, r.words)
        for r in timelines.of_case(session, case).rows
    ]


def test_an_accepted_row_has_the_message_as_its_source_and_the_place_as_its_page(session, read):
    told = read()
    case = told.message.case
    actions.accept(
        session, told, told.message.proposals, actor=case.owner, study_name="Chest X-ray", body="A clinic"
    )
    session.commit()

    assert rows(session, case) == [
        (1, "performed", "Chest X-ray", "A clinic", "message.hl7", "OBR[1]-7", "XR Chest"),
        (2, "reported", "Chest X-ray", "A clinic", "message.hl7", "OBR[1]-22", "No effusion."),
    ]
    assert [(p.state, p.row.number) for p in told.message.proposals] == [("accepted", 1), ("accepted", 2)]
    with pytest.raises(RuleBroken, match="accepted or dismissed already"):
        actions.accept(session, told, told.message.proposals[:1], actor=case.owner)
    with pytest.raises(RuleBroken, match="accepted or dismissed already"):
        actions.dismiss(session, told.message.proposals[0], actor=case.owner, reasons="No.")


def test_the_repeated_hour_of_an_offset_stays_the_one_that_was_meant(session, read):
    told = read(result(performed="20191027013000+0000", reported="20191027003000+0000"))
    owner, (performed, reported) = told.message.case.owner, told.message.proposals
    as_drawn = When(date(2019, 10, 27), Exactness.MINUTE, time(1, 30))
    actions.accept(session, told, [performed], actor=owner, when=as_drawn)
    actions.accept(session, told, [reported], actor=owner)
    session.commit()

    assert [f"{r.happened_at:%H:%M}" for r in timelines.of_case(session, told.message.case).rows] == [
        "00:30",
        "01:30",
    ]


def test_later_rows_of_the_same_order_are_suggested_for_the_same_examination(session, of_ann, work):
    document = of_ann(result())
    of_ann(order(), document.case)
    work()
    first, second = queries.of_case(session, document.case)
    suggested = queries.suggested(session, first.message)
    assert (suggested.study, suggested.study_name, suggested.body) == (None, "XR Chest, XEM", "XEM")

    actions.accept(
        session, first, first.message.proposals, actor=document.case.owner, study_name=suggested.study_name
    )
    session.commit()

    suggested = queries.suggested(session, second.message)
    assert (suggested.study.name, suggested.study_name) == ("XR Chest, XEM", "")


def test_the_sender_that_is_party_to_the_case_is_suggested(session, read):
    told = read()
    party = told.message.case.allegations[0].organisation
    told.message.sender = f"RIS, {party.code}"

    suggested = queries.suggested(session, told.message)

    assert (suggested.organisation, suggested.body) == (party, "")


def test_a_name_that_there_is_means_the_examination_there_is(session, read):
    told = read()
    case = told.message.case
    study = timeline.name_study(session, case, actor=case.owner, name="Chest X-ray")
    [row] = actions.accept(
        session, told, told.message.proposals[:1], actor=case.owner, study_name="chest x-ray"
    )

    assert row.study is study


def test_a_row_known_to_the_year_only_or_in_the_future_is_not_accepted(session, read, today):
    told = read(result(performed="2021"))
    with pytest.raises(RuleBroken, match="known to the year only"):
        actions.accept(session, told, told.message.proposals[:1], actor=told.message.case.owner)
    today(2021, 1, 10)
    with pytest.raises(RuleBroken, match="must not be in the future"):
        actions.accept(session, told, told.message.proposals[1:], actor=told.message.case.owner)


def test_nothing_is_accepted_from_a_withdrawn_document(session, read):
    told = read()
    owner = told.message.case.owner
    provenance.withdraw(session, told.message.document, actor=owner, reasons="Sent by mistake.")
    with pytest.raises(RuleBroken, match="was withdrawn"):
        actions.accept(session, told, told.message.proposals, actor=owner)


def test_a_message_about_another_is_held_until_it_is_decided_with_reasons(session, read):
    told = read(result(patient=STRANGER))
    case = told.message.case
    assert told.compared == Compared(Likeness.DIFFERS, ("NHS number", "date of birth", "name"))
    with pytest.raises(RuleBroken, match="This message is held"):
        actions.accept(session, told, told.message.proposals, actor=case.owner)

    actions.decide(session, told, actor=case.owner, whose=Whose.ANOTHER, reasons="Another patient.")
    with pytest.raises(RuleBroken, match="about somebody else"):
        actions.accept(session, told, told.message.proposals, actor=case.owner)
    with pytest.raises(RuleBroken, match="decided already"):
        actions.decide(session, told, actor=case.owner, whose=Whose.ANOTHER, reasons="Again.")

    actions.decide(session, told, actor=case.owner, whose=Whose.PERSON, reasons="The trust corrected it.")
    assert len(actions.accept(session, told, told.message.proposals, actor=case.owner)) == 2
    with pytest.raises(RuleBroken, match="Strike them out"):
        actions.decide(session, told, actor=case.owner, whose=Whose.ANOTHER, reasons="After all.")
    assert [e.event for e in story(session, case.complaint) if e.event.startswith("message.")] == [
        "message.decided",
        "message.decided",
        "message.read",
    ]


def test_a_hospitals_own_number_is_not_compared_as_an_nhs_number(read):
    told = read(result(patient="PID|1||9434765919^^^XEM^MR||TESTER^ANN||19480312|F"))

    assert told.compared == Compared(Likeness.MATCHES)


def test_nobody_outside_the_office_accepts_dismisses_or_decides(session, read, make):
    told, stranger = read(), make.account(Role.LIAISON)
    for act in (
        lambda: actions.accept(session, told, [], actor=stranger),
        lambda: actions.dismiss(session, told.message.proposals[0], actor=stranger, reasons="No."),
        lambda: actions.decide(session, told, actor=stranger, whose=Whose.PERSON, reasons="I say so."),
    ):
        with pytest.raises(NotPermitted):
            act()

    assert {p.state for p in session.scalars(select(HospitalMessage)).one().proposals} == {Proposed.OPEN}


def test_a_day_of_birth_that_is_none_is_left_out(read):
    told = read(result(patient="PID|1||9990000018^^^NHS^NH||TESTER^ANN||1948"))

    assert (told.message.born_on, told.compared) == (None, Compared(Likeness.MATCHES))
