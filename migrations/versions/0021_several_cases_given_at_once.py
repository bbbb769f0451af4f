"""Several cases given at once."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    op.create_table(
        "bulk_allocation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.Column(
            "missing",
            sa.Integer(),
            nullable=False,
            comment="cases that had become closed to whoever confirmed it",
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["account.id"], name=op.f("fk_bulk_allocation_made_by_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bulk_allocation")),
        sa.UniqueConstraint("key", name=op.f("uq_bulk_allocation_key")),
    )
    with op.batch_alter_table("bulk_allocation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_bulk_allocation_made_by_id"), ["made_by_id"], unique=False)

    op.create_table(
        "given_case",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("bulk_id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("from_id", sa.Integer(), nullable=True),
        sa.Column("to_id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=True),
        sa.Column("left_out", sa.String(), nullable=False, comment="why it was not given"),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(entry_id IS NULL) = (left_out != '')", name=op.f("ck_given_case_given_or_left_out")
        ),
        sa.ForeignKeyConstraint(
            ["bulk_id"], ["bulk_allocation.id"], name=op.f("fk_given_case_bulk_id_bulk_allocation")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_given_case_case_id_case_file")),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["audit_entry.id"], name=op.f("fk_given_case_entry_id_audit_entry")
        ),
        sa.ForeignKeyConstraint(["from_id"], ["account.id"], name=op.f("fk_given_case_from_id_account")),
        sa.ForeignKeyConstraint(["to_id"], ["account.id"], name=op.f("fk_given_case_to_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_given_case")),
        sa.UniqueConstraint("bulk_id", "case_id", name=op.f("uq_given_case_bulk_id_case_id")),
    )
    with op.batch_alter_table("given_case", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_given_case_case_id"), ["case_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("given_case", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_given_case_case_id"))

    op.drop_table("given_case")
    with op.batch_alter_table("bulk_allocation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_bulk_allocation_made_by_id"))

    op.drop_table("bulk_allocation")
