"""Teams."""

import secrets
from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"


def upgrade() -> None:
    op.create_table(
        "team",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("leader_id", sa.Integer(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["leader_id"], ["account.id"], name=op.f("fk_team_leader_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_team")),
        sa.UniqueConstraint("key", name=op.f("uq_team_key")),
        sa.UniqueConstraint("name", name=op.f("uq_team_name")),
    )
    with op.batch_alter_table("team", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_team_leader_id"), ["leader_id"], unique=False)

    op.create_table(
        "team_membership",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=True, comment="their last day; null: they are in it"),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("from_on <= until_on", name=op.f("ck_team_membership_begins_before_it_ends")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_team_membership_account_id_account")
        ),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_team_membership_team_id_team")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_team_membership")),
    )
    with op.batch_alter_table("team_membership", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_team_membership_account_id_until_on"), ["account_id", "until_on"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_team_membership_team_id_until_on"), ["team_id", "until_on"], unique=False
        )

    _from_the_names_on_accounts()


def _from_the_names_on_accounts() -> None:
    """A team for each name that stands on an account, with whoever bears it, since they have had an account."""
    connection = op.get_bind()
    named = sa.text("SELECT DISTINCT team FROM account WHERE team != '' ORDER BY team")
    made = sa.text(
        "INSERT INTO team (key, name, created_at, version) VALUES (:key, :name, :now, 1)"
    ).bindparams(sa.bindparam("now", type_=sa.DateTime(timezone=True)))
    for name in connection.scalars(named).all():
        connection.execute(made, {"key": secrets.token_hex(16), "name": name, "now": datetime.now(UTC)})
    connection.execute(
        sa.text(
            "INSERT INTO team_membership (team_id, account_id, from_on, created_at)"
            " SELECT team.id, account.id, date(account.created_at), account.created_at"
            " FROM account JOIN team ON team.name = account.team"
        )
    )


def downgrade() -> None:
    with op.batch_alter_table("team_membership", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_team_membership_team_id_until_on"))
        batch_op.drop_index(batch_op.f("ix_team_membership_account_id_until_on"))

    op.drop_table("team_membership")
    with op.batch_alter_table("team", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_team_leader_id"))

    op.drop_table("team")
