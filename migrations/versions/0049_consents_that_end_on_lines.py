"""Each line says when the first consent of its complaint ends: most consents that ended are of closed complaints."""

import datetime

import sqlalchemy as sa
from alembic import op

revision = "0049"
down_revision = "0048"

NEVER = datetime.date.max
lines = sa.table(
    "caseload_line",
    sa.column("complaint_id", sa.Integer),
    sa.column("is_open", sa.Boolean),
    sa.column("consent_until", sa.Date),
)
consents = sa.table(
    "consent",
    sa.column("complaint_id", sa.Integer),
    sa.column("until_on", sa.Date),
    sa.column("withdrawn_on", sa.Date),
)


def upgrade() -> None:
    with op.batch_alter_table("caseload_line") as batch:
        batch.add_column(
            sa.Column(
                "consent_until",
                sa.Date(),
                nullable=False,
                server_default="9999-12-31",
                comment="the first last day of a consent while it is open; 9999-12-31: none ends",
            )
        )
    of_line = consents.c.complaint_id == lines.c.complaint_id, consents.c.withdrawn_on.is_(None)
    first_end = sa.select(sa.func.min(consents.c.until_on)).where(*of_line).scalar_subquery()
    ends = sa.update(lines).where(lines.c.is_open).values(consent_until=sa.func.coalesce(first_end, NEVER))
    op.get_bind().execute(ends)
    with op.batch_alter_table("caseload_line") as batch:
        batch.alter_column(
            "consent_until", server_default=None, existing_type=sa.Date(), existing_nullable=False
        )
        batch.create_index(batch.f("ix_caseload_line_consent_until"), ["consent_until"])


def downgrade() -> None:
    with op.batch_alter_table("caseload_line") as batch:
        batch.drop_index(batch.f("ix_caseload_line_consent_until"))
        batch.drop_column("consent_until")
