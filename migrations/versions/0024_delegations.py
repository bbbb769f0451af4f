"""Delegations."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"


def upgrade() -> None:
    op.create_table(
        "delegation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column(
            "permission", sa.String(), nullable=False, comment="one of those that policy lets be delegated"
        ),
        sa.Column("giver_id", sa.Integer(), nullable=False),
        sa.Column("to_id", sa.Integer(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=True, comment="its last day; null: until it is withdrawn"),
        sa.Column("instrument", sa.String(), nullable=False, comment="by which paper, or why"),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by_id", sa.Integer(), nullable=True),
        sa.Column("withdrawn_because", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("from_on <= until_on", name=op.f("ck_delegation_begins_before_it_ends")),
        sa.CheckConstraint("giver_id != to_id", name=op.f("ck_delegation_to_somebody_else")),
        sa.ForeignKeyConstraint(["giver_id"], ["account.id"], name=op.f("fk_delegation_giver_id_account")),
        sa.ForeignKeyConstraint(["to_id"], ["account.id"], name=op.f("fk_delegation_to_id_account")),
        sa.ForeignKeyConstraint(
            ["withdrawn_by_id"], ["account.id"], name=op.f("fk_delegation_withdrawn_by_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delegation")),
        sa.UniqueConstraint("key", name=op.f("uq_delegation_key")),
    )
    with op.batch_alter_table("delegation", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_delegation_giver_id_withdrawn_at"), ["giver_id", "withdrawn_at"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_delegation_to_id_withdrawn_at"), ["to_id", "withdrawn_at"], unique=False
        )


def downgrade() -> None:
    with op.batch_alter_table("delegation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_delegation_to_id_withdrawn_at"))
        batch_op.drop_index(batch_op.f("ix_delegation_giver_id_withdrawn_at"))

    op.drop_table("delegation")
