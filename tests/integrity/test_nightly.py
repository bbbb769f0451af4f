"""Every night some of the store is hashed again, and what is wrong stays until somebody has seen to it (D16)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from app.accounts.models import Role
from app.audit.models import AuditEntry
from app.core import clock
from app.core.errors import NotPermitted, RuleBroken
from app.integrity import actions, queries
from app.integrity.models import FileCheck, Outcome
from app.notices.models import Notice, NoticeKind
from app.worker import fixity

NIGHT = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)


@pytest.fixture
def at(app, receive, session, monkeypatch):
    """Have the worker's sweep look at the store at that instant."""
    monkeypatch.setitem(app.extensions, "files", receive.files)

    def look(instant=NIGHT):
        session.commit()
        monkeypatch.setattr(clock, "wall", lambda: instant)
        with app.app_context():
            return fixity.check_files()

    return look


@pytest.fixture
def found(session):
    def told():
        session.expire_all()
        return {check.name: check.outcome for check in queries.found(session)}

    return told


def damage(receive, document, content=b"Another report."):
    place = receive.files.root / document.sha256[:2] / document.sha256
    place.chmod(0o600)
    if content is None:
        place.unlink()
    else:
        place.write_bytes(content)
    return place


def test_what_is_changed_missing_or_a_stranger_is_found_and_told_to_who_can_see_to_it(
    session, make, receive, at, found
):
    told = {make.account(role) for role in (Role.MANAGER, Role.OMBUDSMAN, Role.ADMINISTRATOR)}
    changed, missing, intact = receive(b"One."), receive(b"Two."), receive(b"Three.")
    damage(receive, changed)
    damage(receive, missing, None)
    (receive.files.root / "stranger").write_bytes(b"x")

    looked_at = at()

    assert found() == {
        changed.sha256: Outcome.CHANGED,
        missing.sha256: Outcome.MISSING,
        "stranger": Outcome.STRANGER,
    }
    assert looked_at == 4
    assert session.scalars(select(FileCheck.outcome).where(FileCheck.name == intact.sha256)).one() == "intact"
    notices = session.execute(select(Notice.account_id, Notice.kind)).all()
    theirs = [(account.id, NoticeKind.DAMAGED) for account in told for _finding in range(3)]
    assert sorted(map(tuple, notices)) == sorted(theirs)
    recorded = select(AuditEntry.event).where(AuditEntry.event == "file.found_wrong")
    assert len(session.scalars(recorded).all()) == 3


def test_a_file_the_disk_cannot_read_is_found_and_keeps_no_other_from_being_looked_at(
    receive, at, found, monkeypatch
):
    failing, other = receive(b"One."), receive(b"Two.")
    digest = type(receive.files).digest

    def read(files, name):
        if name == failing.sha256:
            raise OSError(5, "Input/output error")
        return digest(files, name)

    monkeypatch.setattr(type(receive.files), "digest", read)
    damage(receive, other)

    at()

    assert found() == {failing.sha256: Outcome.UNREADABLE, other.sha256: Outcome.CHANGED}


@pytest.mark.parametrize(("hour", "looked_at"), [(0, 0), (1, 1), (4, 1), (5, 0), (12, 0)])
def test_the_store_is_looked_at_at_night_only(receive, at, hour, looked_at):
    receive(b"One.")

    assert at(NIGHT.replace(hour=hour)) == looked_at


def test_every_file_is_looked_at_again_within_thirty_days_a_bounded_number_at_a_time(
    receive, at, session, monkeypatch
):
    names = [receive(f"Report {number}.".encode()).sha256 for number in range(10)]
    monkeypatch.setattr(fixity, "MOST", 4)

    assert [at(NIGHT + timedelta(minutes=minute)) for minute in range(5)] == [4, 4, 2, 0, 0]
    month = [at(NIGHT + timedelta(days=day, minutes=minute)) for day in range(1, 30) for minute in range(3)]

    session.expire_all()
    checked = dict(session.execute(select(FileCheck.name, FileCheck.checked_at)).all())
    assert sorted(checked) == sorted(names)
    assert sum(month) == 10
    assert all(timedelta(days=20) < when - NIGHT <= timedelta(days=30) for when in checked.values())


def test_a_finding_stays_though_the_file_be_well_again_until_somebody_says_what_was_done(
    session, make, receive, at, found
):
    manager = make.account(Role.MANAGER)
    document = receive(b"One.")
    damage(receive, document)
    at()
    damage(receive, document, b"One.")
    at(NIGHT + timedelta(days=27))
    assert found() == {document.sha256: Outcome.CHANGED}

    [check] = queries.found(session)
    actions.settle(session, check, actor=manager, settlement="Put back from the backup.")
    with pytest.raises(RuleBroken, match="said already"):
        actions.settle(session, check, actor=manager, settlement="Again.")

    assert found() == {}
    assert (check.settled_by, check.settlement) == (manager, "Put back from the backup.")
    at(NIGHT + timedelta(days=54))
    session.expire_all()
    assert check.outcome is Outcome.INTACT


def test_what_is_still_wrong_after_it_was_settled_comes_back(session, make, receive, at, found):
    document = receive(b"One.")
    damage(receive, document)
    at()
    [check] = queries.found(session)
    actions.settle(session, check, actor=make.account(Role.MANAGER), settlement="I think it is well.")

    at(NIGHT + timedelta(days=27))

    assert found() == {document.sha256: Outcome.CHANGED}


def test_an_investigator_settles_nothing(session, case, receive, at):
    damage(receive, receive(b"One."))
    at()
    [check] = queries.found(session)

    with pytest.raises(NotPermitted):
        actions.settle(session, check, actor=case.owner, settlement="Well.")


def test_the_page_tells_what_was_found_and_keeps_what_was_done(session, case, receive, at, reader):
    document = receive(b"One.", "Report of the scan")
    damage(receive, document)
    client, _manager = reader(Role.MANAGER)
    at()
    [check] = queries.found(session)

    page = client.get("/integrity/").text
    unsaid = client.post("/integrity/", data={"file": check.key, "settlement": ""})
    nothing = client.post("/integrity/", data={"file": "", "settlement": "Put back."})
    answer = client.post("/integrity/", data={"file": check.key, "settlement": "Put back."})

    assert "Not what was received" in page
    assert "Report of the scan" in page
    assert case.reference in page
    assert "Enter what was done." in unsaid.text
    assert "Select which file you have seen to." in nothing.text
    assert "Put back." in nothing.text
    assert answer.status_code == 302
    assert "Nothing that was found wrong waits for anybody." in client.get("/integrity/").text


def test_whoever_may_not_know_of_the_complaint_is_told_of_the_file_alone(session, case, receive, at, reader):
    document = receive(b"One.", "Report of the scan")
    damage(receive, document)
    case.complaint.is_restricted = True
    clients = [reader(Role.MANAGER)[0], reader(Role.ADMINISTRATOR)[0]]
    at()

    for client in clients:
        page = client.get("/integrity/").text
        assert document.sha256[:16] in page
        assert "Nothing that you may open" in page
        assert "Report of the scan" not in page
        assert case.reference not in page
    assert reader(Role.INVESTIGATOR)[0].get("/integrity/").status_code == 403
