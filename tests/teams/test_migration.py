"""An office that typed the names of teams on accounts keeps them, as teams with people in them."""

from __future__ import annotations

from alembic import command
from sqlalchemy import text

from app import create_app
from app.cli.database import MIGRATIONS, alembic_config
from app.core.references import new_key
from app.database import db
from config import Config, Office
from tests import databases

ACCOUNT = (
    "INSERT INTO account (key, email, name, is_active, team, created_at, version)"
    " VALUES (:key, :email, 'Somebody', TRUE, :team, '2024-03-01 10:00:00', 1)"
)


def test_who_bore_the_name_of_a_team_is_in_it(request, tmp_path):
    (made,) = (MIGRATIONS / "versions").glob("0*_teams.py")
    before = f"{int(made.stem[:4]) - 1:04d}"
    with databases.empty(request.config.getoption("--database"), tmp_path) as url:
        settings = Config(OFFICE=Office.TRIAL, DATA_DIR=tmp_path, DATABASE_URL=url, SECRET_KEY="x" * 40)
        app = create_app(settings)
        with app.app_context():
            command.upgrade(alembic_config(), before)
            with db.engine.begin() as connection:
                for email, team in (("a", "Imaging"), ("b", "Imaging"), ("c", "Surgery"), ("d", "")):
                    connection.execute(text(ACCOUNT), {"key": new_key(), "email": email, "team": team})
            command.upgrade(alembic_config(), "head")
            with db.engine.connect() as connection:
                kept = connection.execute(
                    text(
                        "SELECT team.name, account.email, CAST(from_on AS VARCHAR), until_on FROM team_membership"
                        " JOIN team ON team.id = team_id JOIN account ON account.id = account_id"
                        " ORDER BY account.email"
                    )
                ).all()
            db.dispose()

    assert [tuple(row) for row in kept] == [
        ("Imaging", "a", "2024-03-01", None),
        ("Imaging", "b", "2024-03-01", None),
        ("Surgery", "c", "2024-03-01", None),
    ]
