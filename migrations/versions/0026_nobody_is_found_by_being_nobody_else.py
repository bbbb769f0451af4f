"""No index of who is another: nearly all are not, and a database might think that few."""

from alembic import op

revision = "0026"
down_revision = "0025"


def upgrade() -> None:
    op.drop_index(op.f("ix_person_merged_into_id"), "person")


def downgrade() -> None:
    op.create_index(op.f("ix_person_merged_into_id"), "person", ["merged_into_id"])
