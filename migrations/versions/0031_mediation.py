"""With whose help the parties of a case try to agree, and until when."""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"


def upgrade() -> None:
    op.create_table(
        "mediation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("mediator", sa.String(), nullable=False, comment="who helps them to agree"),
        sa.Column("until_on", sa.Date(), nullable=False, comment="until when they have"),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_mediation_case_id_case_file")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mediation")),
    )
    with op.batch_alter_table("mediation", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_mediation_case_id_ended_at"), ["case_id", "ended_at"], unique=False
        )


def downgrade() -> None:
    with op.batch_alter_table("mediation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_mediation_case_id_ended_at"))

    op.drop_table("mediation")
