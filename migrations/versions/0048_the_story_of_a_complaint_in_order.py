"""What was done in a complaint is read from its end, without putting all of it in order first."""

from alembic import op

revision = "0048"
down_revision = "0047"


def upgrade() -> None:
    op.drop_index("ix_audit_entry_complaint_id", "audit_entry")
    op.create_index("ix_audit_entry_complaint_id_number", "audit_entry", ["complaint_id", "number"])


def downgrade() -> None:
    op.drop_index("ix_audit_entry_complaint_id_number", "audit_entry")
    op.create_index("ix_audit_entry_complaint_id", "audit_entry", ["complaint_id"])
