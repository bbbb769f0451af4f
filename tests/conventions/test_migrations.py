from __future__ import annotations

import hashlib

import pytest
from alembic import command
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app import create_app
from app.audit.record import GENESIS
from app.cli.database import MIGRATIONS, alembic_config
from app.core.references import new_key
from app.database import db
from app.demonstration.office import fill
from config import Config, Office
from tests import databases

#: What has been released is in offices that will never run it again: it is mended by a migration after it.
#: The first digits of each file's SHA-256, the newest last.
RELEASED = {
    "0001_the_tables_of_the_main_job": "94187df635976717",
    "0002_the_record_is_append_only": "81034c8b9af53e17",
    "0003_receipts_say_what_was_answered": "9e6b3fc7f6b23950",
    "0004_lists": "a26d190b0cb0032f",
    "0005_search": "6bf4dad8ab50f21a",
    "0006_outbox_and_exports": "0b688405cc4eb5bb",
    "0007_indexes_lists_are_walked_along": "7acf355bfff1d65a",
    "0008_tests_of_the_initial_check": "92b8d00076e70476",
    "0009_the_case_file": "5142fef420414dd6",
    "0010_what_to_mind_about_people": "ce060f230c520040",
    "0011_sign_in": "eb00fdc51626da16",
    "0012_enquiries": "0e477c8e053ee57e",
    "0013_urgent_health_risks": "b741cbfb09e1ecb6",
    "0014_drafts": "a4d7c54524bdecc2",
    "0015_consents_and_bases": "212597f7b855730f",
    "0016_what_is_compared": "793289e74fe38980",
    "0017_versions_of_lists": "09400b031f80224d",
    "0018_disagreements": "d0fd6bc2aaaf906e",
    "0019_diary_of_what_may_come_back": "ac0dbb954e6ad175",
    "0020_successors_and_contacts": "eb770015fef7a301",
    "0021_several_cases_given_at_once": "aefc3cab429482ac",
    "0022_people_who_are_one": "09be719ecc7580eb",
    "0023_notices_that_something_waits": "7115ca2e47a55397",
    "0024_delegations": "0fb585dfe7deaa68",
    "0025_teams": "b57e7039c1ec512b",
    "0026_nobody_is_found_by_being_nobody_else": "56c7254da94a093b",
    "0027_known_devices_and_passkeys_alone": "1b0fa510b9279495",
    "0028_vulnerability": "cdf5d3a6097d087b",
    "0029_the_front_door": "bd4a2ec9b2e98517",
    "0030_serious_concerns": "3964ed8c26a891f1",
    "0031_mediation": "4d5194583cecd367",
    "0032_deliveries_and_uploads_in_parts": "2e5b100d8e5dc88d",
    "0033_examining": "962c832fa2434f47",
    "0034_the_imaging_timeline": "fd88ef61508c33fd",
    "0035_files_hashed_again": "372ed4bb70b4bfbe",
    "0036_images_of_hospitals": "bab2fd2c3490e8a8",
    "0037_windows_set_by_hand": "ee4730514c5e4571",
    "0039_messages_of_hospitals": "0b7c10870d0b84cd",
    "0038_copies_for_advisers": "69798b2d3409d563",
    "0040_requests_for_evidence": "c033a610edb13c68",
    "0041_read_redacted_bound": "a6300f1b485d1c31",
    "0042_evidence_weighed_and_searched": "cf5075e368ea594f",
    "0044_complaints_to_compare": "d5fbb90fe50ef7cf",
    "0045_old_counts_found": "902462bdbe50179c",
    "0046_views_open_for_comments": "0373eb354296e98f",
    "0047_enquiries_in_the_order_they_return": "7bc45aa0c0ba63fb",
    "0048_the_story_of_a_complaint_in_order": "4bb8230958ba85ce",
    "0049_consents_that_end_on_lines": "a2e5351068bbe27d",
    "0050_people_by_the_words_of_their_names": "14530c382b4157ec",
    "0051_organisations_to_match_and_stays_found": "8d113952181125b4",
}


def test_a_released_migration_is_never_changed():
    files = sorted((MIGRATIONS / "versions").glob("0*.py"))

    assert {file.stem: hashlib.sha256(file.read_bytes()).hexdigest()[:16] for file in files} == RELEASED


def test_an_office_of_the_first_release_keeps_its_receipts(request, tmp_path):
    with databases.empty(request.config.getoption("--database"), tmp_path) as url:
        settings = Config(OFFICE=Office.TRIAL, DATA_DIR=tmp_path, DATABASE_URL=url, SECRET_KEY="x" * 40)
        app = create_app(settings)
        with app.app_context():
            command.upgrade(alembic_config(), "0002")
            with db.engine.begin() as connection:
                connection.execute(text(ACCOUNT), {"key": new_key()})
                connection.execute(text(RECEIPT), {"submission": new_key()})
            command.upgrade(alembic_config(), "head")
            with db.engine.connect() as connection:
                kept = connection.execute(text("SELECT made, made_id, answers FROM receipt")).all()
            db.dispose()

    assert [tuple(row) for row in kept] == [("complaint", 7, "")]


def test_an_office_full_of_casework_goes_back_and_comes_forward_again(request, tmp_path):
    """What a migration adds to a table, it adds to the rows that are there."""
    with databases.empty(request.config.getoption("--database"), tmp_path) as url:
        settings = Config(
            OFFICE=Office.DEMONSTRATION, DATA_DIR=tmp_path, DATABASE_URL=url, SECRET_KEY="x" * 40
        )
        app = create_app(settings)
        with app.app_context():
            command.upgrade(alembic_config(), "head")
            with db.unit_of_work() as session:
                fill(session, app.extensions["files"])
            before = _documents()
            command.downgrade(alembic_config(), "0031")
            command.upgrade(alembic_config(), "head")
            after = _documents()
            db.close()
            db.dispose()

    assert before
    assert after == before


def _documents() -> list[tuple[object, ...]]:
    with db.engine.connect() as connection:
        return [
            tuple(row)
            for row in connection.execute(text("SELECT key, path, title FROM document ORDER BY id"))
        ]


ACCOUNT = (
    "INSERT INTO account (id, key, email, name, password_hash, is_active, created_at, version)"
    " VALUES (1, :key, 'a@office.example', 'A', 'none', true, '2026-01-01 00:00:00', 1)"
)
RECEIPT = (
    "INSERT INTO receipt (submission, account_id, made, made_id, created_at)"
    " VALUES (:submission, 1, 'complaint', 7, '2026-01-01 00:00:00')"
)


def test_the_migrations_build_exactly_what_the_models_say(app):
    with app.app_context():
        command.check(alembic_config())


def test_the_chain_begins_where_the_record_says(app):
    with app.app_context(), db.engine.connect() as connection:
        assert connection.scalar(text("SELECT hash FROM audit_head")) == GENESIS


@pytest.mark.parametrize("statement", ["UPDATE audit_entry SET event = 'x'", "DELETE FROM audit_entry"])
def test_the_database_refuses_to_change_the_record(session, connection, statement):
    from app.audit.record import record
    from app.organisations.events import OrganisationAdded

    record(session, OrganisationAdded(code="X-1", called="A", kind="other"), actor=None)
    session.flush()

    with pytest.raises(DBAPIError, match="append-only"), connection.begin_nested():
        connection.execute(text(statement))
