"""Counts of tries that are past are found without reading all there are: a flood of tries makes many."""

from alembic import op

revision = "0045"
down_revision = "0044"


def upgrade() -> None:
    op.create_index("ix_attempt_count_window_start", "attempt_count", ["window_start"])


def downgrade() -> None:
    op.drop_index("ix_attempt_count_window_start", "attempt_count")
