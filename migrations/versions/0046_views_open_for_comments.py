"""Provisional views that may still be commented on are found by their last day: of very many, few are."""

from alembic import op

revision = "0046"
down_revision = "0045"


def upgrade() -> None:
    op.create_index("ix_provisional_views_comments_due_on", "provisional_views", ["comments_due_on"])


def downgrade() -> None:
    op.drop_index("ix_provisional_views_comments_due_on", "provisional_views")
