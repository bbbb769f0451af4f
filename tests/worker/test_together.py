"""Many files are examined together where that is quick, and each has its own outcome all the same."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from app.core import clock
from app.core.work import WorkState
from app.examining.models import Examination, Quarantine
from app.imaging.models import ImagingImage
from app.worker import doing, queue
from app.worker.examining_together import examine_together
from app.worker.kinds import KINDS
from app.worker.notes import surely
from tests.examining import clamds
from tests.examining import made as files
from tests.examining.conftest import _no_child_is_left, entered, stores, told
from tests.imaging import made

__all__ = ["_no_child_is_left", "entered", "stores", "told"]

DONE = ("done", "")


@pytest.fixture
def disc(entered):
    """A disc of three images, one of them damaged, and a letter."""
    return [
        entered("IM0001", made.dicom()),
        entered("IM0002", made.dicom(SOPInstanceUID="1.2.826.0.1.4")),
        entered("IM0003", bytes(128) + b"DICM" + b"\x08\x00\x00\x00SQ\0\0\xff\xff\xff\xffabc"),
        entered("letter.pdf", files.pdf("Words")),
    ]


def waiting(session):
    return session.scalars(
        select(Examination.id).where(Examination.state == WorkState.WAITING).order_by(Examination.id)
    ).all()


def test_what_images_say_of_themselves_is_read_together_and_one_that_is_damaged_spoils_no_other(
    app, session, disc, told
):
    numbers = waiting(session)
    session.commit()

    with app.app_context():
        left = examine_together(numbers)

    session.expire_all()
    assert left == []
    image, _another, damaged, letter = [told(document)[1] for document in disc]
    assert image == {"scan": DONE, "describe": DONE, "dicom": DONE, "frames": ("waiting", "")}
    assert damaged["describe"] == DONE
    assert damaged["dicom"] == (
        "failed",
        "This DICOM file is damaged: its header cannot be read. Ask for it again.",
    )
    waits = dict.fromkeys(("text", "picture", "pages"), ("waiting", ""))
    assert letter == {"scan": DONE, "describe": DONE, **waits}
    assert session.scalar(select(func.count()).select_from(ImagingImage)) == 2


def test_it_takes_a_transaction_before_and_one_after_however_many_files_there_are(
    app, session, disc, monkeypatch
):
    transactions = []
    monkeypatch.setattr(
        "app.worker.examining_together.surely", lambda note: (transactions.append(note), surely(note))
    )
    numbers = waiting(session)
    session.commit()

    with app.app_context():
        assert examine_together(numbers) == []

    assert (len(numbers), len(transactions)) == (8, 2)


def test_what_was_tried_before_is_left_to_be_done_by_itself(app, session, disc):
    numbers = waiting(session)
    session.execute(update(Examination).where(Examination.id == numbers[0]).values(attempts=1))
    session.commit()

    with app.app_context():
        assert examine_together(numbers) == [numbers[0]]


def test_what_somebody_else_took_meanwhile_is_theirs(app, session, disc, monkeypatch):
    numbers = waiting(session)
    session.commit()

    def slow(_file, _scratch):
        session.execute(update(Examination).where(Examination.id == numbers[0]).values(attempts=2))
        session.commit()
        return []

    monkeypatch.setattr("app.worker.examining_together._examined", slow)
    with app.app_context():
        left = examine_together(numbers)

    session.expire_all()
    first = session.get(Examination, numbers[0])
    assert (first.state, first.attempts) == (WorkState.DOING, 2)
    assert left == numbers[1:]
    assert session.get(Examination, numbers[1]).state is WorkState.WAITING


def test_a_file_that_is_not_there_is_left_to_be_said_to_be_missing(app, session, disc, stores, told):
    numbers = waiting(session)
    place = stores["files"].root / disc[0].sha256[:2] / disc[0].sha256
    place.unlink()
    session.commit()

    with app.app_context():
        doing.do_all("examination", numbers)

    session.expire_all()
    missing = "Its stored file is not there. Tell whoever runs the service."
    assert told(disc[0])[1] == {"scan": ("waiting", missing), "describe": ("waiting", missing)}
    assert told(disc[1])[1]["dicom"] == DONE


def test_where_there_is_a_scanner_each_file_is_given_to_it_by_itself(app, session, disc, monkeypatch):
    numbers = waiting(session)
    session.commit()
    with clamds.scanner() as address:
        monkeypatch.setitem(app.config, "CLAMD", address)
        with app.app_context():
            left = examine_together(numbers)

    session.expire_all()
    assert {session.get(Examination, number).kind for number in left} == {"scan"}
    assert len(left) == len(disc)
    assert session.scalars(select(Quarantine.scanned_at).distinct()).all() == [None]


def test_many_pieces_of_work_are_told_of_in_few_nudges(app, monkeypatch):
    told = []
    with app.app_context():
        monkeypatch.setattr(
            app.extensions["queue"], "nudge", lambda _kind, *numbers, **_how: told.append(numbers)
        )
        queue.nudge("examination", list(range(3)))
        queue.nudge("examination", list(range(10)))
        queue.nudge("examination", list(range(500)))
        queue.nudge("examination", [])

    assert told[:2] == [(0, 1), (2,)]
    assert told[2:4] == [(0, 1, 2, 3, 4), (5, 6, 7, 8, 9)]
    assert [len(numbers) for numbers in told[4:]] == [125, 125, 125, 125]


def test_what_a_file_is_goes_before_what_is_drawn_of_others(app, session, disc):
    examinations = [session.get_one(Examination, number) for number in waiting(session)]
    drawn = Examination(document=examinations[0].document, kind="frames")

    assert {KINDS["examination"].is_soon(each) for each in examinations} == {True}
    assert not KINDS["examination"].is_soon(drawn)
    queue_of = app.extensions["queue"]
    queue_of.huey.flush()
    queue_of.nudge("examination", 1)
    queue_of.nudge("examination", 2, is_soon=True)
    assert [queue_of.huey.dequeue().args for _ in range(2)] == [("examination", 2), ("examination", 1)]


def test_who_was_told_of_what_others_have_done_takes_no_place_from_those_who_read(
    app, session, disc, monkeypatch
):
    numbers = waiting(session)
    session.commit()
    with app.app_context():
        examine_together(numbers)
        monkeypatch.setattr("app.worker.examining_together.sandbox.reserved", lambda: 1 / 0)

        assert examine_together(numbers) == numbers
        doing.do_all("examination", numbers)


def test_what_takes_long_is_stopped_and_the_rest_done_by_itself(app, session, disc, monkeypatch):
    numbers = waiting(session)
    session.commit()
    monkeypatch.setattr("app.worker.examining_together.LONG_ENOUGH", -1.0)

    with app.app_context():
        assert examine_together(numbers) == list(numbers)

    session.expire_all()
    states = select(Examination.state, Examination.leased_until).where(Examination.id.in_(numbers)).distinct()
    assert session.execute(states).all() == [(WorkState.WAITING, None)]
    assert clock.wall() - session.get(Examination, numbers[0]).not_before < timedelta(minutes=5)
