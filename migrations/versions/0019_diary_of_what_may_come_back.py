"""Diary of what may come back: apart from the day people were told, which stays as it was."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"

TOLD = {"enquiry": "they may come back from then", "initial_check": "from here on they may come back"}
WAS = {
    "enquiry": "in the diary: they may come back",
    "initial_check": "in the diary: from here on they may come back",
}
LOOKED = "when somebody looks whether they came back; null: nobody needs to"


def upgrade() -> None:
    for table, told in TOLD.items():
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.add_column(sa.Column("diary_on", sa.Date(), nullable=True, comment=LOOKED))
            batch_op.alter_column(
                "back_on",
                existing_type=sa.Date(),
                comment=f"what they were told: {told}",
                existing_comment=WAS[table],
            )
            batch_op.drop_index(batch_op.f(f"ix_{table}_back_on"))
            batch_op.create_index(batch_op.f(f"ix_{table}_diary_on"), ["diary_on"], unique=False)
        op.execute(sa.text(f"UPDATE {table} SET diary_on = back_on"))


def downgrade() -> None:
    for table, told in TOLD.items():
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_index(batch_op.f(f"ix_{table}_diary_on"))
            batch_op.create_index(batch_op.f(f"ix_{table}_back_on"), ["back_on"], unique=False)
            batch_op.alter_column(
                "back_on",
                existing_type=sa.Date(),
                comment=WAS[table],
                existing_comment=f"what they were told: {told}",
            )
            batch_op.drop_column("diary_on")
