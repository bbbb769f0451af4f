"""Why somebody set the last day for comments by hand, read for what is there from the record."""

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"

views = sa.table(
    "provisional_views",
    sa.column("id", sa.Integer),
    sa.column("case_id", sa.Integer),
    sa.column("shared_at", sa.DateTime(timezone=True)),
    sa.column("extended_because", sa.String),
)
cases = sa.table("case_file", sa.column("id", sa.Integer), sa.column("complaint_id", sa.Integer))
entries = sa.table(
    "audit_entry",
    sa.column("id", sa.Integer),
    sa.column("complaint_id", sa.Integer),
    sa.column("event", sa.String),
    sa.column("occurred_at", sa.DateTime(timezone=True)),
)
details = sa.table("audit_detail", sa.column("entry_id", sa.Integer), sa.column("detail", sa.JSON))


def upgrade() -> None:
    because = sa.Column(
        "extended_because",
        sa.String(),
        nullable=False,
        server_default="",
        comment="why somebody set the day by hand; empty: it is as it was counted",
    )
    with op.batch_alter_table("provisional_views") as batch:
        batch.add_column(because)
    _read_from_the_record(op.get_bind())
    with op.batch_alter_table("provisional_views") as batch:
        batch.alter_column(
            "extended_because", server_default=None, existing_type=sa.String(), existing_nullable=False
        )


def downgrade() -> None:
    with op.batch_alter_table("provisional_views") as batch:
        batch.drop_column("extended_because")


def _read_from_the_record(connection: sa.Connection) -> None:
    """An extension is of the views that were with the parties then: the last that had been shared."""
    told = sa.select(entries.c.complaint_id, entries.c.occurred_at, details.c.detail)
    told = told.join(details, details.c.entry_id == entries.c.id)
    for entry in connection.execute(told.where(entries.c.event == "comment_window.extended")).all():
        shared = sa.select(views.c.id).join(cases, cases.c.id == views.c.case_id)
        shared = shared.where(
            cases.c.complaint_id == entry.complaint_id, views.c.shared_at <= entry.occurred_at
        )
        last = connection.scalar(shared.order_by(views.c.shared_at.desc(), views.c.id.desc()).limit(1))
        because = sa.update(views).where(views.c.id == last)
        connection.execute(because.values(extended_because=entry.detail["reasons"]))
