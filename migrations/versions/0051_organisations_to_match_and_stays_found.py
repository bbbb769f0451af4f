"""Organisations to be matched are found by their complaint, and stays by the day on which they are looked at again."""

from alembic import op

revision = "0051"
down_revision = "0050"


def upgrade() -> None:
    op.create_index("ix_organisation_to_match_complaint_id", "organisation_to_match", ["complaint_id"])
    op.create_index("ix_stay_ended_at_review_on", "stay", ["ended_at", "review_on"])


def downgrade() -> None:
    op.drop_index("ix_stay_ended_at_review_on", "stay")
    op.drop_index("ix_organisation_to_match_complaint_id", "organisation_to_match")
