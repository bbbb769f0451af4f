"""Receipts say what was answered, so that a retry is told from the same form with other answers.

Receipts from before say nothing: their forms, sent again now, are asked to be sent once more.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    answers = sa.Column(
        "answers",
        sa.String(length=64),
        nullable=False,
        server_default="",
        comment="a hash of what was answered",
    )
    with op.batch_alter_table("receipt") as receipt:
        receipt.add_column(answers)
    with op.batch_alter_table("receipt") as receipt:
        receipt.alter_column(
            "answers", server_default=None, existing_type=sa.String(length=64), existing_nullable=False
        )


def downgrade() -> None:
    with op.batch_alter_table("receipt") as receipt:
        receipt.drop_column("answers")
