"""The front door."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0029"
down_revision = "0028"


def upgrade() -> None:
    op.create_table(
        "submission_draft",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column(
            "answers",
            sa.JSON().with_variant(JSONB(), "postgresql"),
            nullable=False,
            comment="by page, pairs of a field's name and its words",
        ),
        sa.Column("wants_large_print", sa.Boolean(), nullable=False),
        sa.Column("email", sa.String(), nullable=False, comment="where its last link went; lower case"),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("touched_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "complaint_id",
            sa.Integer(),
            nullable=True,
            comment="what it became; its answers are empty by then",
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["complaint_id"], ["complaint.id"], name=op.f("fk_submission_draft_complaint_id_complaint")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_submission_draft")),
        sa.UniqueConstraint("complaint_id", name=op.f("uq_submission_draft_complaint_id")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_submission_draft_token_hash")),
    )
    with op.batch_alter_table("submission_draft", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_submission_draft_email"), ["email"], unique=False)
        batch_op.create_index(batch_op.f("ix_submission_draft_touched_at"), ["touched_at"], unique=False)

    op.create_table(
        "submission_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("draft_id", sa.Integer(), nullable=False),
        sa.Column("filename", sa.String(), nullable=False),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False, comment="bytes"),
        sa.ForeignKeyConstraint(
            ["draft_id"], ["submission_draft.id"], name=op.f("fk_submission_file_draft_id_submission_draft")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_submission_file")),
        sa.UniqueConstraint("key", name=op.f("uq_submission_file_key")),
    )
    with op.batch_alter_table("submission_file", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_submission_file_draft_id"), ["draft_id"], unique=False)

    op.create_table(
        "submission_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("draft_id", sa.Integer(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "ended_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="by a newer one, or because the form was sent",
        ),
        sa.ForeignKeyConstraint(
            ["draft_id"], ["submission_draft.id"], name=op.f("fk_submission_link_draft_id_submission_draft")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_submission_link")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_submission_link_token_hash")),
    )
    with op.batch_alter_table("submission_link", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_submission_link_draft_id"), ["draft_id"], unique=False)

    op.create_table(
        "paper",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("complaint_id", sa.Integer(), nullable=False),
        sa.Column("filename", sa.String(), nullable=False),
        sa.Column("media_type", sa.String(), nullable=False, comment="what its first bytes say it is"),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False, comment="bytes"),
        sa.Column("document_id", sa.Integer(), nullable=True, comment="null: not entered as evidence"),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["complaint_id"], ["complaint.id"], name=op.f("fk_paper_complaint_id_complaint")
        ),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_paper_document_id_document")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper")),
        sa.UniqueConstraint("document_id", name=op.f("uq_paper_document_id")),
        sa.UniqueConstraint("key", name=op.f("uq_paper_key")),
    )
    with op.batch_alter_table("paper", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_paper_complaint_id"), ["complaint_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_paper_sha256"), ["sha256"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("paper", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_paper_sha256"))
        batch_op.drop_index(batch_op.f("ix_paper_complaint_id"))

    op.drop_table("paper")
    with op.batch_alter_table("submission_link", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_submission_link_draft_id"))

    op.drop_table("submission_link")
    with op.batch_alter_table("submission_file", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_submission_file_draft_id"))

    op.drop_table("submission_file")
    with op.batch_alter_table("submission_draft", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_submission_draft_touched_at"))
        batch_op.drop_index(batch_op.f("ix_submission_draft_email"))

    op.drop_table("submission_draft")
