"""Indexes that lists are walked along."""

from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    with op.batch_alter_table("allegation", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_allegation_organisation_id_id"), ["organisation_id", "id"], unique=False
        )

    with op.batch_alter_table("caseload_line", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_caseload_line_is_open_received_at_complaint_id"),
            ["is_open", "received_at", "complaint_id"],
            unique=False,
        )
        batch_op.create_index(
            "ix_caseload_line_of_an_owner",
            ["owner_id", "is_open", "is_case", "received_at", "complaint_id"],
            unique=False,
        )

    with op.batch_alter_table("recommendation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_recommendation_organisation_id_state"))
        batch_op.drop_index(batch_op.f("ix_recommendation_state_due_on"))
        batch_op.create_index(
            batch_op.f("ix_recommendation_organisation_id_state_due_on_id"),
            ["organisation_id", "state", "due_on", "id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_recommendation_state_due_on_id"), ["state", "due_on", "id"], unique=False
        )


def downgrade() -> None:
    with op.batch_alter_table("recommendation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_recommendation_state_due_on_id"))
        batch_op.drop_index(batch_op.f("ix_recommendation_organisation_id_state_due_on_id"))
        batch_op.create_index(batch_op.f("ix_recommendation_state_due_on"), ["state", "due_on"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_recommendation_organisation_id_state"), ["organisation_id", "state"], unique=False
        )

    with op.batch_alter_table("caseload_line", schema=None) as batch_op:
        batch_op.drop_index("ix_caseload_line_of_an_owner")
        batch_op.drop_index(batch_op.f("ix_caseload_line_is_open_received_at_complaint_id"))

    with op.batch_alter_table("allegation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_allegation_organisation_id_id"))
