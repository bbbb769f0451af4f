"""The caseload: a line and its marks for every complaint, saved filters, and the team somebody is in."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "saved_filter",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column(
            "query", sa.String(), nullable=False, comment="as it stands in an address after the question mark"
        ),
        sa.Column("is_shared", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_saved_filter_account_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_filter")),
        sa.UniqueConstraint("account_id", "name", name=op.f("uq_saved_filter_account_id_name")),
        sa.UniqueConstraint("key", name=op.f("uq_saved_filter_key")),
    )
    with op.batch_alter_table("saved_filter", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_saved_filter_is_shared"), ["is_shared"], unique=False)

    op.create_table(
        "caseload_line",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("complaint_id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(length=20), nullable=False),
        sa.Column("standing", sa.String(40), nullable=False),
        sa.Column("is_case", sa.Boolean(), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "due_on", sa.Date(), nullable=False, comment="the next unmet deadline; 9999-12-31: nothing is due"
        ),
        sa.Column("due_rule", sa.String(), nullable=False, comment="its id in the list of clocks"),
        sa.Column("decided_on", sa.Date(), nullable=False, comment="0001-01-01: not decided"),
        sa.Column("outcome", sa.String(40), nullable=True),
        sa.Column("next_step", sa.String(40), nullable=False),
        sa.Column("affected", sa.String(), nullable=False, comment="names of the persons affected"),
        sa.Column("complainants", sa.String(), nullable=False),
        sa.Column("organisations", sa.String(), nullable=False),
        sa.Column("codes", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["complaint_id"], ["complaint.id"], name=op.f("fk_caseload_line_complaint_id_complaint")
        ),
        sa.ForeignKeyConstraint(["owner_id"], ["account.id"], name=op.f("fk_caseload_line_owner_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_caseload_line")),
        sa.UniqueConstraint("complaint_id", name=op.f("uq_caseload_line_complaint_id")),
        sa.UniqueConstraint("reference", name=op.f("uq_caseload_line_reference")),
    )
    with op.batch_alter_table("caseload_line", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_caseload_line_decided_on_complaint_id"),
            ["decided_on", "complaint_id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_caseload_line_due_on_complaint_id"), ["due_on", "complaint_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_caseload_line_is_case_received_at_complaint_id"),
            ["is_case", "received_at", "complaint_id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_caseload_line_is_open_due_on_complaint_id"),
            ["is_open", "due_on", "complaint_id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_caseload_line_outcome_decided_on_complaint_id"),
            ["outcome", "decided_on", "complaint_id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_caseload_line_owner_id_is_open_due_on_complaint_id"),
            ["owner_id", "is_open", "due_on", "complaint_id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_caseload_line_received_at_complaint_id"),
            ["received_at", "complaint_id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_caseload_line_standing_received_at_complaint_id"),
            ["standing", "received_at", "complaint_id"],
            unique=False,
        )

    op.create_table(
        "caseload_mark",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("complaint_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["complaint_id"], ["complaint.id"], name=op.f("fk_caseload_mark_complaint_id_complaint")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_caseload_mark")),
        sa.UniqueConstraint(
            "complaint_id", "kind", "value", name=op.f("uq_caseload_mark_complaint_id_kind_value")
        ),
    )
    with op.batch_alter_table("caseload_mark", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_caseload_mark_kind_value_complaint_id"),
            ["kind", "value", "complaint_id"],
            unique=False,
        )

    with op.batch_alter_table("account", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "team", sa.String(), nullable=False, server_default="", comment="its name; empty: in none"
            )
        )
        batch_op.create_index(batch_op.f("ix_account_team"), ["team"], unique=False)
    with op.batch_alter_table("account", schema=None) as batch_op:
        batch_op.alter_column("team", server_default=None, existing_type=sa.String(), existing_nullable=False)


def downgrade() -> None:
    with op.batch_alter_table("account", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_account_team"))
        batch_op.drop_column("team")

    with op.batch_alter_table("caseload_mark", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_caseload_mark_kind_value_complaint_id"))

    op.drop_table("caseload_mark")
    with op.batch_alter_table("caseload_line", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_caseload_line_standing_received_at_complaint_id"))
        batch_op.drop_index(batch_op.f("ix_caseload_line_received_at_complaint_id"))
        batch_op.drop_index(batch_op.f("ix_caseload_line_owner_id_is_open_due_on_complaint_id"))
        batch_op.drop_index(batch_op.f("ix_caseload_line_outcome_decided_on_complaint_id"))
        batch_op.drop_index(batch_op.f("ix_caseload_line_is_open_due_on_complaint_id"))
        batch_op.drop_index(batch_op.f("ix_caseload_line_is_case_received_at_complaint_id"))
        batch_op.drop_index(batch_op.f("ix_caseload_line_due_on_complaint_id"))
        batch_op.drop_index(batch_op.f("ix_caseload_line_decided_on_complaint_id"))

    op.drop_table("caseload_line")
    with op.batch_alter_table("saved_filter", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_saved_filter_is_shared"))

    op.drop_table("saved_filter")
