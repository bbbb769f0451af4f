"""Of every table that refers to an organisation, in the whole demonstration office."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.queries import by_email
from app.caseload import lines
from app.core.text import searchable
from app.lineage import merging
from app.models import Model
from app.organisations.models import Organisation, OrganisationKind, Source


def _columns():
    """Every column of every table that refers to an organisation."""
    return {
        f"{table.name}.{column.name}": column
        for table in Model.metadata.tables.values()
        for column in table.columns
        if any(key.target_fullname == "organisation.id" for key in column.foreign_keys)
    }


def _ids(session, column, organisation_id):
    return session.scalars(
        select(column.table.c.id).where(column == organisation_id).order_by(column.table.c.id)
    ).all()


def test_every_column_that_refers_to_an_organisation_is_moved_or_known_to_stay():
    moved = {name for name, _column in merging.references()}

    assert moved | merging.KEPT == set(_columns())
    assert moved & merging.KEPT == set()


def test_in_the_demonstration_office_everything_moves_and_goes_back(filled):
    undone = filled.begin_nested()
    with Session(filled, join_transaction_mode="create_savepoint") as session:
        duplicate = session.scalars(select(Organisation).order_by(Organisation.id)).first()
        manager = by_email(session, "manager@office.example")
        into = Organisation(
            code="RZ1",
            name="The register’s",
            search_name=searchable("The register’s"),
            kind=OrganisationKind.NHS_TRUST,
            source=Source.REGISTER,
        )
        session.add(into)
        session.flush()
        before = {name: _ids(session, column, duplicate.id) for name, column in _columns().items()}
        had = {name for name, ids in before.items() if ids}
        assert {
            "account.organisation_id",
            "allegation.organisation_id",
            "disclosure.organisation_id",
            "organisation_contact.organisation_id",
            "recommendation.organisation_id",
            "succession.to_id",
        } <= had

        made = merging.merge(session, duplicate, actor=manager, into=into, reasons="The same.")
        session.commit()
        left = {name: _ids(session, column, duplicate.id) for name, column in _columns().items()}
        there = {name: _ids(session, column, into.id) for name, column in _columns().items()}
        assert {name for name, ids in left.items() if ids} <= merging.KEPT
        assert {name: there[name] for name in had - merging.KEPT} == {
            name: before[name] for name in had - merging.KEPT
        }
        assert list(lines.differing(session)) == []

        merging.undo(session, made, actor=manager, reasons="They are two after all.")
        session.commit()
        after = {name: _ids(session, column, duplicate.id) for name, column in _columns().items()}
        assert {n: after[n] for n in before if n not in merging.KEPT} == {
            n: before[n] for n in before if n not in merging.KEPT
        }
        assert list(lines.differing(session)) == []
    undone.rollback()
