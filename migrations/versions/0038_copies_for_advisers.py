"""De-identified copies of images, and headers read again for what they identify."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0038"
down_revision = "0037"


def upgrade() -> None:
    op.create_table(
        "adviser_copy",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("study_id", sa.Integer(), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=False),
        sa.Column("made_for", sa.String(), nullable=False),
        sa.Column("reasons", sa.String(), nullable=False),
        sa.Column(
            "sha256",
            sa.String(length=64),
            nullable=True,
            comment="in the store of copies; null: not made, or not kept",
        ),
        sa.Column("size", sa.Integer(), nullable=True, comment="bytes"),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=False, comment="by the machine's clock"),
        sa.Column(
            "leased_until", sa.DateTime(timezone=True), nullable=True, comment="by the machine's clock"
        ),
        sa.Column("problem", sa.String(), nullable=False, comment="what went wrong the last time"),
        sa.ForeignKeyConstraint(
            ["asked_by_id"], ["account.id"], name=op.f("fk_adviser_copy_asked_by_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["study_id"], ["imaging_study.id"], name=op.f("fk_adviser_copy_study_id_imaging_study")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_adviser_copy")),
        sa.UniqueConstraint("key", name=op.f("uq_adviser_copy_key")),
    )
    op.create_index(op.f("ix_adviser_copy_study_id"), "adviser_copy", ["study_id"])
    op.create_index(op.f("ix_adviser_copy_state_not_before"), "adviser_copy", ["state", "not_before"])
    op.create_table(
        "copied_image",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("copy_id", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column(
            "boxes",
            sa.JSON().with_variant(JSONB(), "postgresql"),
            nullable=False,
            comment="left, top, width, height in points",
        ),
        sa.Column("problem", sa.String(), nullable=False, comment="why it is not in the copy"),
        sa.ForeignKeyConstraint(
            ["copy_id"], ["adviser_copy.id"], name=op.f("fk_copied_image_copy_id_adviser_copy")
        ),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name=op.f("fk_copied_image_document_id_document")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_copied_image")),
        sa.UniqueConstraint("copy_id", "document_id", name=op.f("uq_copied_image_copy_id_document_id")),
    )
    op.create_index(op.f("ix_copied_image_document_id"), "copied_image", ["document_id"])
    # What came before is read once more: what identifies somebody was not listed, and no frame was drawn.
    op.execute(
        "UPDATE examination SET state = 'waiting', attempts = 0 WHERE kind = 'dicom' AND state = 'done'"
    )


def downgrade() -> None:
    op.execute("DELETE FROM examination WHERE kind = 'frames'")
    op.drop_table("copied_image")
    op.drop_table("adviser_copy")
