"""A backup is whole whatever is written while it is taken, and is put back as it was, or not at all."""

from __future__ import annotations

import json
from collections import Counter
from contextlib import ExitStack, contextmanager
from io import BytesIO
from threading import Event, Thread

import pytest
from sqlalchemy import inspect
from sqlalchemy.orm import Session

from app.audit.record import record
from app.cases.models import CaseStage
from app.cli.database import alembic_config
from app.core import clock
from app.core.dialect.connecting import WRITING, engine_for
from app.core.errors import RuleBroken
from app.core.files import LocalFiles
from app.evidence import actions
from app.evidence.models import CopyKind, Supplier
from app.integrity import backups
from app.organisations.events import OrganisationAdded
from tests import databases
from tests.factories import Make


class Office:
    """A database and its stores, apart from those of the other tests."""

    def __init__(self, url, folder):
        self.engine = engine_for(url)
        self.stores = {name: LocalFiles(folder / name) for name in (backups.EVIDENCE, *backups.PASSING)}

    @contextmanager
    def writing(self):
        with Session(self.engine) as session:
            session.connection(execution_options=WRITING)
            yield session
            session.commit()

    def receive(self, content):
        """A case with one document, as one piece of work."""
        kept = self.stores["files"].keep(BytesIO(content), limit=10_000)
        with self.writing() as session:
            case = Make(session).case(CaseStage.DETAILED_INVESTIGATION, whole=False)
            answers = {"supplier": Supplier.COMPLAINANT, "supplied_on": clock.today()}
            answers |= {"copy_kind": CopyKind.COPY, "media_type": "application/pdf"}
            actions.receive(
                session, case, actor=case.owner, kept=kept, filename="r.pdf", title="Report", **answers
            )
            record(session, OrganisationAdded(code="X-1", called="É", kind="other"), actor=None)
        return kept.sha256

    def named(self):
        with Session(self.engine) as session:
            return set(backups.queries.named(session))


@pytest.fixture
def empty(request, tmp_path):
    """Offices with nothing in them, not even tables."""
    kind = request.config.getoption("--database")
    with ExitStack() as stack:
        opened = []
        for name in ("first", "second"):
            (tmp_path / name).mkdir()
            url = stack.enter_context(databases.empty(kind, tmp_path / name))
            opened.append(Office(url, tmp_path / name))
            stack.callback(opened[-1].engine.dispose)
        yield opened


@pytest.fixture
def office(app, empty):
    """An office in which a few documents were received."""
    from alembic import command

    office = empty[0]
    with app.app_context():
        config = alembic_config()
        config.attributes["engine"] = office.engine
        command.upgrade(config, "head")
    for number in range(3):
        office.receive(b"document %d" % number)
    return office


def test_what_was_backed_up_while_people_worked_is_put_back_whole(office, empty, tmp_path):
    stop, written, failures = Event(), [], []

    def work():
        number = 0
        while not stop.is_set():
            try:
                written.append(office.receive(b"meanwhile %d" % number))
            except Exception as error:
                failures.append(error)
                return
            number += 1

    worker = Thread(target=work)
    worker.start()
    while len(written) < 2 and worker.is_alive():
        stop.wait(0.01)
    label = backups.take(office.engine, office.stores, tmp_path / "backup")
    during = len(written)
    while len(written) < during + 2 and worker.is_alive():
        stop.wait(0.01)
    stop.set()
    worker.join()
    assert failures == []

    other = empty[1]
    assert backups.restore(other.engine, other.stores, tmp_path / "backup") == label

    assert list(backups.troubles(other.engine, other.stores["files"], label)) == []
    assert label.damaged == []
    assert len(other.named()) == label.files["files"] == label.counts["document"]
    assert 5 <= label.files["files"] < len(office.named()) == 3 + len(written)
    assert other.named() < office.named()
    other.receive(b"work goes on")


def test_nothing_is_put_back_into_an_office_that_is_not_empty(office, empty, tmp_path):
    backups.take(office.engine, office.stores, tmp_path / "backup")
    other = empty[1]

    with pytest.raises(RuleBroken, match="The database is not empty"):
        backups.restore(office.engine, other.stores, tmp_path / "backup")
    other.stores["files"].keep(BytesIO(b"another office's"), limit=99)
    with pytest.raises(RuleBroken, match="1 of its files are not of this backup"):
        backups.restore(other.engine, other.stores, tmp_path / "backup")

    assert inspect(other.engine).get_table_names() == []


def damage_a_file(folder):
    place = next(path for path in (folder / "files").rglob("*") if path.is_file())
    place.chmod(0o600)
    place.write_bytes(place.read_bytes() + b" ")


DAMAGE = {
    "a file has changed": (damage_a_file, "has changed"),
    "a file is gone": (
        lambda folder: next(path for path in (folder / "files").rglob("*") if path.is_file()).unlink(),
        "files holds 2 files, not 3",
    ),
    "the database has changed": (
        lambda folder: (folder / "database").write_bytes((folder / "database").read_bytes() + b" "),
        "its database is not what was written",
    ),
    "it was broken off": (lambda folder: (folder / "backup.json").unlink(), "There is no whole backup"),
    "it is of something else": (
        lambda folder: (folder / "backup.json").write_text(
            json.dumps(json.loads((folder / "backup.json").read_text()) | {"kind": "oracle"})
        ),
        "This backup is of oracle",
    ),
}


@pytest.mark.parametrize(("damage", "refusal"), DAMAGE.values(), ids=DAMAGE)
def test_a_backup_that_is_damaged_changes_nothing(office, empty, tmp_path, damage, refusal):
    backups.take(office.engine, office.stores, tmp_path / "backup")
    other = empty[1]

    damage(tmp_path / "backup")

    with pytest.raises(RuleBroken, match=refusal):
        backups.restore(other.engine, other.stores, tmp_path / "backup")
    assert inspect(other.engine).get_table_names() == []
    assert [path for path in other.stores["files"].root.rglob("*") if path.is_file()] == []


def test_a_damaged_office_is_backed_up_and_says_what_is_damaged(office, empty, tmp_path):
    lost, *_rest = sorted(office.named())
    (office.stores["files"].root / lost[:2] / lost).unlink()

    label = backups.take(office.engine, office.stores, tmp_path / "backup")
    other = empty[1]
    backups.restore(other.engine, other.stores, tmp_path / "backup")

    assert label.damaged == [lost]
    assert list(backups.troubles(other.engine, other.stores["files"], label)) == []


def test_what_is_not_as_it_was_after_it_was_put_back_is_said(office, empty, tmp_path):
    label = backups.take(office.engine, office.stores, tmp_path / "backup")
    other = empty[1]
    backups.restore(other.engine, other.stores, tmp_path / "backup")

    other.receive(b"one too many")
    [changed, *_rest] = sorted(office.named())
    (other.stores["files"].root / changed[:2] / changed).unlink()

    said = Counter(
        words.rsplit(":", 1)[0] if "rows, not" in words else words.rsplit(": ", 1)[-1]
        for words in backups.troubles(other.engine, other.stores["files"], label)
    )
    assert said["document"] == said["The record does not end where it ended."] == 1
    assert said["its file is missing."] == 1


def test_a_backup_is_never_written_over_another(office, tmp_path):
    backups.take(office.engine, office.stores, tmp_path / "backup")

    with pytest.raises(RuleBroken, match="is not empty"):
        backups.take(office.engine, office.stores, tmp_path / "backup")
