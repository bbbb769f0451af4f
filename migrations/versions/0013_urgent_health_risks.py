"""Urgent health risks."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    op.create_table(
        "alert",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("complaint_id", sa.Integer(), nullable=True),
        sa.Column("enquiry_id", sa.Integer(), nullable=True),
        sa.Column("raised_by_id", sa.Integer(), nullable=False),
        sa.Column("acknowledged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("acknowledged_by_id", sa.Integer(), nullable=True),
        sa.Column("acknowledgement", sa.String(), nullable=False, comment="what the manager does about it"),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(acknowledged_at IS NULL) = (acknowledged_by_id IS NULL)",
            name=op.f("ck_alert_acknowledged_by_somebody"),
        ),
        sa.CheckConstraint(
            "(complaint_id IS NULL) != (enquiry_id IS NULL)", name=op.f("ck_alert_told_by_one")
        ),
        sa.ForeignKeyConstraint(
            ["acknowledged_by_id"], ["account.id"], name=op.f("fk_alert_acknowledged_by_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["complaint_id"], ["complaint.id"], name=op.f("fk_alert_complaint_id_complaint")
        ),
        sa.ForeignKeyConstraint(["enquiry_id"], ["enquiry.id"], name=op.f("fk_alert_enquiry_id_enquiry")),
        sa.ForeignKeyConstraint(["raised_by_id"], ["account.id"], name=op.f("fk_alert_raised_by_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alert")),
        sa.UniqueConstraint("key", name=op.f("uq_alert_key")),
    )
    with op.batch_alter_table("alert", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_alert_acknowledged_at_id"), ["acknowledged_at", "id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_alert_complaint_id"), ["complaint_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_alert_enquiry_id"), ["enquiry_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("alert", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_alert_enquiry_id"))
        batch_op.drop_index(batch_op.f("ix_alert_complaint_id"))
        batch_op.drop_index(batch_op.f("ix_alert_acknowledged_at_id"))

    op.drop_table("alert")
