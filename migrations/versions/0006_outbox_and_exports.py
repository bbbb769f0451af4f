"""The outbox, and exports: pieces of work for the worker."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.create_table(
        "message",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("leads_to", sa.String(), nullable=False, comment="the path of the page it is about"),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=False, comment="by the machine's clock"),
        sa.Column(
            "leased_until", sa.DateTime(timezone=True), nullable=True, comment="by the machine's clock"
        ),
        sa.Column("problem", sa.String(), nullable=False, comment="what went wrong the last time"),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message")),
        sa.UniqueConstraint("key", name=op.f("uq_message_key")),
    )
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_message_state_not_before"), ["state", "not_before"], unique=False
        )

    op.create_table(
        "export",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("sheet", sa.String(), nullable=False, comment="which list: see app.exports.sheets"),
        sa.Column(
            "query", sa.String(), nullable=False, comment="as it stands in an address after the question mark"
        ),
        sa.Column("lines_in_all", sa.Integer(), nullable=True, comment="null: not counted yet"),
        sa.Column("lines_done", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("size", sa.Integer(), nullable=True, comment="in bytes"),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=False, comment="by the machine's clock"),
        sa.Column(
            "leased_until", sa.DateTime(timezone=True), nullable=True, comment="by the machine's clock"
        ),
        sa.Column("problem", sa.String(), nullable=False, comment="what went wrong the last time"),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_export_account_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_export")),
        sa.UniqueConstraint("key", name=op.f("uq_export_key")),
    )
    with op.batch_alter_table("export", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_export_account_id_created_at"), ["account_id", "created_at"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_export_expires_at"), ["expires_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_export_sha256"), ["sha256"], unique=False)
        batch_op.create_index(batch_op.f("ix_export_state_not_before"), ["state", "not_before"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("export", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_export_state_not_before"))
        batch_op.drop_index(batch_op.f("ix_export_sha256"))
        batch_op.drop_index(batch_op.f("ix_export_expires_at"))
        batch_op.drop_index(batch_op.f("ix_export_account_id_created_at"))

    op.drop_table("export")
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_message_state_not_before"))

    op.drop_table("message")
