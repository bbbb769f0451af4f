"""Images of hospitals: to which patient, study and series each belongs."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0036"
down_revision = "0035"


def upgrade() -> None:
    op.create_table(
        "imaging_study",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column(
            "told_apart",
            sa.String(length=64),
            nullable=False,
            comment="of its UID and the patient as the header has it",
        ),
        sa.Column("uid", sa.String(), nullable=False, comment="empty: its one file names no study"),
        sa.Column("patient_name", sa.String(), nullable=False, comment="as the header has it"),
        sa.Column(
            "patient_numbers",
            sa.JSON().with_variant(JSONB(), "postgresql"),
            nullable=False,
            comment="whoever gave them",
        ),
        sa.Column("born_on", sa.Date(), nullable=True),
        sa.Column("studied_on", sa.Date(), nullable=True),
        sa.Column("description", sa.String(), nullable=False),
        sa.Column("accession_number", sa.String(), nullable=False),
        sa.Column("institution", sa.String(), nullable=False),
        sa.Column("whose", sa.String(40), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_because", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(decided_at IS NULL) = (decided_by_id IS NULL)",
            name=op.f("ck_imaging_study_decided_by_somebody"),
        ),
        sa.CheckConstraint(
            "(decided_at IS NULL) = (whose IS NULL)", name=op.f("ck_imaging_study_decided_whose")
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_file.id"], name=op.f("fk_imaging_study_case_id_case_file")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["account.id"], name=op.f("fk_imaging_study_decided_by_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_imaging_study")),
        sa.UniqueConstraint("case_id", "told_apart", name=op.f("uq_imaging_study_case_id_told_apart")),
        sa.UniqueConstraint("key", name=op.f("uq_imaging_study_key")),
    )
    op.create_table(
        "imaging_series",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("study_id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("modality", sa.String(), nullable=False, comment="as the standard abbreviates it: CID 29"),
        sa.Column("body_part", sa.String(), nullable=False),
        sa.Column("description", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["study_id"], ["imaging_study.id"], name=op.f("fk_imaging_series_study_id_imaging_study")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_imaging_series")),
        sa.UniqueConstraint("study_id", "uid", name=op.f("uq_imaging_series_study_id_uid")),
    )
    op.create_table(
        "imaging_image",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("series_id", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("shows", sa.String(40), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=True),
        sa.Column("columns", sa.Integer(), nullable=True),
        sa.Column("frames", sa.Integer(), nullable=False),
        sa.Column(
            "packed", sa.String(), nullable=False, comment="its transfer syntax, as the standard names it"
        ),
        sa.Column(
            "unread",
            sa.JSON().with_variant(JSONB(), "postgresql"),
            nullable=False,
            comment="what of its header could not be read",
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name=op.f("fk_imaging_image_document_id_document")
        ),
        sa.ForeignKeyConstraint(
            ["series_id"], ["imaging_series.id"], name=op.f("fk_imaging_image_series_id_imaging_series")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_imaging_image")),
        sa.UniqueConstraint("document_id", name=op.f("uq_imaging_image_document_id")),
    )
    with op.batch_alter_table("imaging_image", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_imaging_image_series_id"), ["series_id"], unique=False)


def downgrade() -> None:
    op.drop_table("imaging_image")
    op.drop_table("imaging_series")
    op.drop_table("imaging_study")
