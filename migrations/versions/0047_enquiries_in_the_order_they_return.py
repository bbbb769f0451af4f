"""Enquiries that are over are found in the order in which they may come back: they stay due for years."""

from alembic import op

revision = "0047"
down_revision = "0046"


def upgrade() -> None:
    op.drop_index("ix_enquiry_diary_on", "enquiry")
    op.create_index("ix_enquiry_state_diary_on_id", "enquiry", ["state", "diary_on", "id"])


def downgrade() -> None:
    op.drop_index("ix_enquiry_state_diary_on_id", "enquiry")
    op.create_index("ix_enquiry_diary_on", "enquiry", ["diary_on"])
