"""Serious concerns."""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"


def upgrade() -> None:
    op.create_table(
        "concern",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("about", sa.String(), nullable=False),
        sa.Column("why_outside", sa.String(), nullable=False, comment="why it is not ours to look into"),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("complaint_id", sa.Integer(), nullable=True, comment="in which it came up"),
        sa.Column("recorded_by_id", sa.Integer(), nullable=False),
        sa.Column("considered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("considered_by_id", sa.Integer(), nullable=True),
        sa.Column("consideration", sa.String(), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_by_id", sa.Integer(), nullable=True),
        sa.Column("passed_to", sa.String(), nullable=False),
        sa.Column(
            "reasons", sa.String(), nullable=False, comment="why it was passed on, or why nothing is done"
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(considered_at IS NULL) = (considered_by_id IS NULL)",
            name=op.f("ck_concern_considered_by_somebody"),
        ),
        sa.CheckConstraint(
            "(settled_at IS NULL) = (settled_by_id IS NULL)", name=op.f("ck_concern_settled_by_somebody")
        ),
        sa.ForeignKeyConstraint(
            ["complaint_id"], ["complaint.id"], name=op.f("fk_concern_complaint_id_complaint")
        ),
        sa.ForeignKeyConstraint(
            ["considered_by_id"], ["account.id"], name=op.f("fk_concern_considered_by_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_concern_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["account.id"], name=op.f("fk_concern_recorded_by_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["settled_by_id"], ["account.id"], name=op.f("fk_concern_settled_by_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_concern")),
        sa.UniqueConstraint("key", name=op.f("uq_concern_key")),
    )
    with op.batch_alter_table("concern", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_concern_recorded_by_id"), ["recorded_by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_concern_state_id"), ["state", "id"], unique=False)

    op.create_table(
        "concern_reader",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("concern_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("named_by_id", sa.Integer(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_concern_reader_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["concern_id"], ["concern.id"], name=op.f("fk_concern_reader_concern_id_concern")
        ),
        sa.ForeignKeyConstraint(
            ["named_by_id"], ["account.id"], name=op.f("fk_concern_reader_named_by_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_concern_reader")),
    )
    with op.batch_alter_table("concern_reader", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_concern_reader_account_id_ended_at_concern_id"),
            ["account_id", "ended_at", "concern_id"],
            unique=False,
        )
        batch_op.create_index(batch_op.f("ix_concern_reader_concern_id"), ["concern_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("concern_reader", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_concern_reader_concern_id"))
        batch_op.drop_index(batch_op.f("ix_concern_reader_account_id_ended_at_concern_id"))

    op.drop_table("concern_reader")
    with op.batch_alter_table("concern", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_concern_state_id"))
        batch_op.drop_index(batch_op.f("ix_concern_recorded_by_id"))

    op.drop_table("concern")
