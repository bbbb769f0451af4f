"""Which complaints nobody here has compared yet with what was there already: those that came by themselves."""

import sqlalchemy as sa
from alembic import op

revision = "0044"
down_revision = "0042"

complaints = sa.table(
    "complaint",
    sa.column("id", sa.Integer),
    sa.column("channel", sa.String),
    sa.column("state", sa.String),
    sa.column("is_to_compare", sa.Boolean),
)
entries = sa.table("audit_entry", sa.column("complaint_id", sa.Integer), sa.column("event", sa.String))


def upgrade() -> None:
    to_compare = sa.Column(
        "is_to_compare",
        sa.Boolean(),
        nullable=False,
        server_default=sa.false(),
        comment="nobody who logged it has said whether it, or who sent it, is here already",
    )
    with op.batch_alter_table("complaint") as batch:
        batch.add_column(to_compare)
    repeated = sa.select(entries.c.complaint_id).where(entries.c.event == "text.repeated")
    came = sa.or_(complaints.c.channel == "web", complaints.c.id.in_(repeated))
    unweighed = sa.update(complaints).where(complaints.c.state == "initial_check", came)
    op.get_bind().execute(unweighed.values(is_to_compare=True))
    with op.batch_alter_table("complaint") as batch:
        batch.alter_column(
            "is_to_compare", server_default=None, existing_type=sa.Boolean(), existing_nullable=False
        )


def downgrade() -> None:
    with op.batch_alter_table("complaint") as batch:
        batch.drop_column("is_to_compare")
