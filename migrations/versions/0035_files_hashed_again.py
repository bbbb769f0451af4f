"""When each stored file was last hashed again, and what was found."""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"


def upgrade() -> None:
    op.create_table(
        "file_check",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column(
            "name", sa.String(), nullable=False, comment="its SHA-256; of a stranger what it is called"
        ),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=False, comment="by the machine's clock"),
        sa.Column("outcome", sa.String(40), nullable=False),
        sa.Column(
            "found_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="when it was first found not to be intact",
        ),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_by_id", sa.Integer(), nullable=True),
        sa.Column("settlement", sa.String(), nullable=False, comment="what was done, and why it is enough"),
        sa.CheckConstraint(
            "(settled_at IS NULL) = (settled_by_id IS NULL)", name=op.f("ck_file_check_settled_by_somebody")
        ),
        sa.ForeignKeyConstraint(
            ["settled_by_id"], ["account.id"], name=op.f("fk_file_check_settled_by_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_file_check")),
        sa.UniqueConstraint("key", name=op.f("uq_file_check_key")),
        sa.UniqueConstraint("name", name=op.f("uq_file_check_name")),
    )
    with op.batch_alter_table("file_check", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_file_check_checked_at"), ["checked_at"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_file_check_outcome_settled_at"), ["outcome", "settled_at"], unique=False
        )


def downgrade() -> None:
    with op.batch_alter_table("file_check", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_file_check_outcome_settled_at"))
        batch_op.drop_index(batch_op.f("ix_file_check_checked_at"))

    op.drop_table("file_check")
