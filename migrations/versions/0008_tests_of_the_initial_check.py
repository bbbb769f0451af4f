"""Tests of the initial check."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0008"
down_revision = "0007"

#: What the year was counted from until now is the first of the days that can be chosen from.
CHOSEN_UNTIL_NOW = """
INSERT INTO knowledge_date (allegation_id, known_on, source, note, is_disputed, created_at)
SELECT id, knowledge_on, knowledge_source, knowledge_note, false, created_at
FROM allegation WHERE knowledge_on IS NOT NULL
"""


def upgrade() -> None:
    op.create_table(
        "arrangement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("with_whom", sa.String(), nullable=False, comment="the NHS body it is with"),
        sa.Column("began_on", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True, comment="its last day; null: it goes on"),
        sa.Column("source", sa.String(), nullable=False, comment="where we have it from"),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("ended_on >= began_on", name=op.f("ck_arrangement_ends_after_it_begins")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_arrangement_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_arrangement")),
    )
    with op.batch_alter_table("arrangement", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_arrangement_organisation_id"), ["organisation_id"], unique=False)

    op.create_table(
        "discretion",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("allegation_id", sa.Integer(), nullable=False),
        sa.Column(
            "facts",
            sa.JSON().with_variant(JSONB(), "postgresql"),
            nullable=False,
            comment="as computed when it was opened",
        ),
        sa.Column(
            "for_looking", sa.String(), nullable=False, comment="what speaks for looking into it all the same"
        ),
        sa.Column("against_looking", sa.String(), nullable=False, comment="what speaks against"),
        sa.Column("decider_id", sa.Integer(), nullable=False),
        sa.Column("opened_by_id", sa.Integer(), nullable=False),
        sa.Column("is_exercised", sa.Boolean(), nullable=True),
        sa.Column("reasons", sa.String(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(decided_at IS NULL) = (is_exercised IS NULL)", name=op.f("ck_discretion_decided_one_way")
        ),
        sa.ForeignKeyConstraint(
            ["allegation_id"], ["allegation.id"], name=op.f("fk_discretion_allegation_id_allegation")
        ),
        sa.ForeignKeyConstraint(
            ["decider_id"], ["account.id"], name=op.f("fk_discretion_decider_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["opened_by_id"], ["account.id"], name=op.f("fk_discretion_opened_by_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_discretion")),
    )
    with op.batch_alter_table("discretion", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_discretion_allegation_id"), ["allegation_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_discretion_decider_id_decided_at"), ["decider_id", "decided_at"], unique=False
        )

    op.create_table(
        "knowledge_date",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("allegation_id", sa.Integer(), nullable=False),
        sa.Column("known_on", sa.Date(), nullable=False),
        sa.Column("source", sa.String(40), nullable=False),
        sa.Column("note", sa.String(), nullable=False, comment="where it says so"),
        sa.Column("is_disputed", sa.Boolean(), nullable=False),
        sa.Column("added_by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["added_by_id"], ["account.id"], name=op.f("fk_knowledge_date_added_by_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["allegation_id"], ["allegation.id"], name=op.f("fk_knowledge_date_allegation_id_allegation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_knowledge_date")),
    )
    with op.batch_alter_table("knowledge_date", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_knowledge_date_allegation_id"), ["allegation_id"], unique=False)

    op.create_table(
        "test_answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("allegation_id", sa.Integer(), nullable=False),
        sa.Column("test", sa.String(), nullable=False, comment="its id in the list of legal tests"),
        sa.Column("answer", sa.String(40), nullable=False),
        sa.Column(
            "option", sa.String(), nullable=False, comment="the ground of remit, or the level of severity"
        ),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("list_version", sa.String(), nullable=False),
        sa.Column(
            "facts",
            sa.JSON().with_variant(JSONB(), "postgresql"),
            nullable=False,
            comment="what the rules computed when it was answered",
        ),
        sa.Column("answered_by_id", sa.Integer(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["allegation_id"], ["allegation.id"], name=op.f("fk_test_answer_allegation_id_allegation")
        ),
        sa.ForeignKeyConstraint(
            ["answered_by_id"], ["account.id"], name=op.f("fk_test_answer_answered_by_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_test_answer")),
    )
    with op.batch_alter_table("test_answer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_test_answer_allegation_id"), ["allegation_id"], unique=False)

    with op.batch_alter_table("allegation", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "knowledge_reason",
                sa.String(),
                nullable=False,
                server_default="",
                comment="why this day, where there are several",
            )
        )
        batch_op.add_column(
            sa.Column("complained_locally_on", sa.Date(), nullable=True, comment="to the organisation itself")
        )
        batch_op.add_column(
            sa.Column("answered_locally_on", sa.Date(), nullable=True, comment="its final response")
        )

    with op.batch_alter_table("complaint", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "body_received_on",
                sa.Date(),
                nullable=True,
                comment="when the organisation that referred it had received it: s.10(3)",
            )
        )

    with op.batch_alter_table("initial_check", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "back_on", sa.Date(), nullable=True, comment="in the diary: from here on they may come back"
            )
        )
        batch_op.add_column(sa.Column("joined_to_id", sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f("ix_initial_check_back_on"), ["back_on"], unique=False)
        batch_op.create_index(batch_op.f("ix_initial_check_joined_to_id"), ["joined_to_id"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_initial_check_joined_to_id_complaint"), "complaint", ["joined_to_id"], ["id"]
        )

    with op.batch_alter_table("allegation", schema=None) as batch_op:
        batch_op.alter_column("knowledge_reason", server_default=None)
    op.execute(CHOSEN_UNTIL_NOW)


def downgrade() -> None:
    with op.batch_alter_table("initial_check", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_initial_check_joined_to_id_complaint"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_initial_check_joined_to_id"))
        batch_op.drop_index(batch_op.f("ix_initial_check_back_on"))
        batch_op.drop_column("joined_to_id")
        batch_op.drop_column("back_on")

    with op.batch_alter_table("complaint", schema=None) as batch_op:
        batch_op.drop_column("body_received_on")

    with op.batch_alter_table("allegation", schema=None) as batch_op:
        batch_op.drop_column("answered_locally_on")
        batch_op.drop_column("complained_locally_on")
        batch_op.drop_column("knowledge_reason")

    with op.batch_alter_table("test_answer", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_test_answer_allegation_id"))

    op.drop_table("test_answer")
    with op.batch_alter_table("knowledge_date", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_knowledge_date_allegation_id"))

    op.drop_table("knowledge_date")
    with op.batch_alter_table("discretion", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_discretion_decider_id_decided_at"))
        batch_op.drop_index(batch_op.f("ix_discretion_allegation_id"))

    op.drop_table("discretion")
    with op.batch_alter_table("arrangement", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_arrangement_organisation_id"))

    op.drop_table("arrangement")
