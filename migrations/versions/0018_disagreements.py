"""Disagreements."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    op.create_table(
        "disagreement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("complaint_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False, comment="in the complaint"),
        sa.Column("one_id", sa.Integer(), nullable=False),
        sa.Column("other_id", sa.Integer(), nullable=False),
        sa.Column("about", sa.String(), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=False),
        sa.Column(
            "dealt_with_id",
            sa.Integer(),
            nullable=True,
            comment="null when decided: with both, each by themselves",
        ),
        sa.Column("one_sees", sa.String(40), nullable=False),
        sa.Column("other_sees", sa.String(40), nullable=False),
        sa.Column("reasons", sa.String(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by_id", sa.Integer(), nullable=True),
        sa.Column("ended_because", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(decided_at IS NULL) = (decided_by_id IS NULL)", name=op.f("ck_disagreement_decided_by_somebody")
        ),
        sa.CheckConstraint(
            "(ended_at IS NULL) = (ended_by_id IS NULL)", name=op.f("ck_disagreement_ended_by_somebody")
        ),
        sa.CheckConstraint("one_id != other_id", name=op.f("ck_disagreement_between_two")),
        sa.ForeignKeyConstraint(
            ["complaint_id"], ["complaint.id"], name=op.f("fk_disagreement_complaint_id_complaint")
        ),
        sa.ForeignKeyConstraint(
            ["dealt_with_id"], ["person.id"], name=op.f("fk_disagreement_dealt_with_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["account.id"], name=op.f("fk_disagreement_decided_by_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["ended_by_id"], ["account.id"], name=op.f("fk_disagreement_ended_by_id_account")
        ),
        sa.ForeignKeyConstraint(["one_id"], ["person.id"], name=op.f("fk_disagreement_one_id_person")),
        sa.ForeignKeyConstraint(["other_id"], ["person.id"], name=op.f("fk_disagreement_other_id_person")),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["account.id"], name=op.f("fk_disagreement_recorded_by_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_disagreement")),
        sa.UniqueConstraint("complaint_id", "number", name=op.f("uq_disagreement_complaint_id_number")),
    )
    with op.batch_alter_table("disagreement", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_disagreement_one_id"), ["one_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_disagreement_other_id"), ["other_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("disagreement", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_disagreement_other_id"))
        batch_op.drop_index(batch_op.f("ix_disagreement_one_id"))

    op.drop_table("disagreement")
