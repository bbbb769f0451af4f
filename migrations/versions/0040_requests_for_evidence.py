"""What organisations are asked for, item by item, and what came of each."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0040"
down_revision = "0039"


def upgrade() -> None:
    op.create_table(
        "evidence_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False, comment="in the case"),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column(
            "addressed_to",
            sa.String(),
            nullable=False,
            comment="by name; empty: the link officer of the day on which it goes out",
        ),
        sa.Column("words", sa.String(), nullable=False, comment="what is said before the items"),
        sa.Column(
            "working_days", sa.Integer(), nullable=False, comment="from the day the last letter went out"
        ),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=True, comment="null: it has not gone out"),
        sa.Column(
            "counted_from", sa.DateTime(timezone=True), nullable=True, comment="when the last letter went out"
        ),
        sa.Column(
            "due_on", sa.Date(), nullable=True, comment="by the last letter, or as counted again since"
        ),
        sa.Column("asked_by_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(asked_on IS NULL) = (counted_from IS NULL)", name=op.f("ck_evidence_request_counted_when_asked")
        ),
        sa.CheckConstraint(
            "(asked_on IS NULL) = (due_on IS NULL)", name=op.f("ck_evidence_request_due_when_asked")
        ),
        sa.ForeignKeyConstraint(
            ["asked_by_id"], ["account.id"], name=op.f("fk_evidence_request_asked_by_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_file.id"], name=op.f("fk_evidence_request_case_id_case_file")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_evidence_request_organisation_id_organisation"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence_request")),
        sa.UniqueConstraint("case_id", "number", name=op.f("uq_evidence_request_case_id_number")),
    )
    with op.batch_alter_table("evidence_request", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_evidence_request_organisation_id_state_due_on_id"),
            ["organisation_id", "state", "due_on", "id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_evidence_request_state_due_on_id"), ["state", "due_on", "id"], unique=False
        )

    op.create_table(
        "request_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False, comment="in the request"),
        sa.Column(
            "kind", sa.String(), nullable=False, comment="its key in the list of items; empty: our own words"
        ),
        sa.Column("name", sa.String(), nullable=False, comment="as the list called it then"),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column(
            "asks_in_force",
            sa.Boolean(),
            nullable=False,
            comment="whether it was in force at the time is asked of what answers it",
        ),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column(
            "explanation", sa.String(), nullable=False, comment="of the organisation, why it will not come"
        ),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_by_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(state = 'outstanding') = (settled_at IS NULL)",
            name=op.f("ck_request_item_settled_unless_outstanding"),
        ),
        sa.CheckConstraint(
            "(state NOT IN ('not_held', 'refused')) OR (explanation <> '')",
            name=op.f("ck_request_item_explained_when_missing"),
        ),
        sa.CheckConstraint(
            "(settled_at IS NULL) = (settled_by_id IS NULL)", name=op.f("ck_request_item_settled_by_somebody")
        ),
        sa.ForeignKeyConstraint(
            ["request_id"], ["evidence_request.id"], name=op.f("fk_request_item_request_id_evidence_request")
        ),
        sa.ForeignKeyConstraint(
            ["settled_by_id"], ["account.id"], name=op.f("fk_request_item_settled_by_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_request_item")),
        sa.UniqueConstraint("request_id", "number", name=op.f("uq_request_item_request_id_number")),
    )
    with op.batch_alter_table("request_item", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_request_item_state_id"), ["state", "id"], unique=False)

    op.create_table(
        "request_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False, comment="in the request"),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("taken_on", sa.Date(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("working_days", sa.Integer(), nullable=True, comment="null: a memo gives nobody time"),
        sa.Column("due_on", sa.Date(), nullable=True, comment="as the letter says it"),
        sa.Column(
            "content",
            sa.JSON().with_variant(JSONB(), "postgresql"),
            nullable=False,
            comment="to whom, about whom, and what was wanted then",
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["account.id"], name=op.f("fk_request_step_by_id_account")),
        sa.ForeignKeyConstraint(
            ["request_id"], ["evidence_request.id"], name=op.f("fk_request_step_request_id_evidence_request")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_request_step")),
        sa.UniqueConstraint("request_id", "number", name=op.f("uq_request_step_request_id_number")),
    )
    op.create_table(
        "document_answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=True),
        sa.Column("delivery_id", sa.Integer(), nullable=True),
        sa.Column(
            "in_force_from", sa.Date(), nullable=True, comment="as the document or the organisation says"
        ),
        sa.Column("in_force_until", sa.Date(), nullable=True, comment="its last day; null: no end is known"),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by_id", sa.Integer(), nullable=True),
        sa.Column("ended_because", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(document_id IS NULL) <> (delivery_id IS NULL)",
            name=op.f("ck_document_answer_document_or_delivery"),
        ),
        sa.CheckConstraint(
            "(ended_at IS NULL) = (ended_by_id IS NULL)", name=op.f("ck_document_answer_ended_by_somebody")
        ),
        sa.CheckConstraint(
            "in_force_from <= in_force_until", name=op.f("ck_document_answer_in_force_in_order")
        ),
        sa.ForeignKeyConstraint(["by_id"], ["account.id"], name=op.f("fk_document_answer_by_id_account")),
        sa.ForeignKeyConstraint(
            ["delivery_id"], ["delivery.id"], name=op.f("fk_document_answer_delivery_id_delivery")
        ),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name=op.f("fk_document_answer_document_id_document")
        ),
        sa.ForeignKeyConstraint(
            ["ended_by_id"], ["account.id"], name=op.f("fk_document_answer_ended_by_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["item_id"], ["request_item.id"], name=op.f("fk_document_answer_item_id_request_item")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document_answer")),
    )
    with op.batch_alter_table("document_answer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_document_answer_delivery_id"), ["delivery_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_document_answer_document_id"), ["document_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_document_answer_item_id"), ["item_id"], unique=False)


def downgrade() -> None:
    op.drop_table("document_answer")
    op.drop_table("request_step")
    op.drop_table("request_item")
    op.drop_table("evidence_request")
