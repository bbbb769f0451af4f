"""What happened on the way from a request to what was done about the image."""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"


def upgrade() -> None:
    op.create_table(
        "timeline_study",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False, comment="in the case"),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("named_by_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_file.id"], name=op.f("fk_timeline_study_case_id_case_file")
        ),
        sa.ForeignKeyConstraint(
            ["named_by_id"], ["account.id"], name=op.f("fk_timeline_study_named_by_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_timeline_study")),
        sa.UniqueConstraint("case_id", "number", name=op.f("uq_timeline_study_case_id_number")),
    )
    op.create_table(
        "timeline_row",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False, comment="in the case"),
        sa.Column("study_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(), nullable=False, comment="its key in the list of kinds"),
        sa.Column(
            "happened_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="the beginning of what is known",
        ),
        sa.Column(
            "until_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="evidenced absence: it was searched for from happened_at to here, and not found",
        ),
        sa.Column("exactness", sa.String(length=40), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column(
            "body", sa.String(), nullable=False, comment="where it happened, if at no organisation we know"
        ),
        sa.Column("document_id", sa.Integer(), nullable=True),
        sa.Column("page", sa.String(), nullable=False, comment="a page or an image, as people cite it"),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("disputed_by", sa.String(), nullable=False),
        sa.Column("disputed_because", sa.String(), nullable=False),
        sa.Column(
            "chosen_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="when this account was chosen to count",
        ),
        sa.Column("chosen_by_id", sa.Integer(), nullable=True),
        sa.Column("chosen_because", sa.String(), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=False),
        sa.Column("struck_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("struck_because", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(until_at IS NULL) OR (until_at >= happened_at)", name=op.f("ck_timeline_row_until_after_from")
        ),
        sa.CheckConstraint(
            "(chosen_at IS NULL) = (chosen_by_id IS NULL)", name=op.f("ck_timeline_row_chosen_by_somebody")
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_file.id"], name=op.f("fk_timeline_row_case_id_case_file")
        ),
        sa.ForeignKeyConstraint(
            ["study_id"], ["timeline_study.id"], name=op.f("fk_timeline_row_study_id_timeline_study")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_timeline_row_organisation_id_organisation"),
        ),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name=op.f("fk_timeline_row_document_id_document")
        ),
        sa.ForeignKeyConstraint(
            ["chosen_by_id"], ["account.id"], name=op.f("fk_timeline_row_chosen_by_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["account.id"], name=op.f("fk_timeline_row_recorded_by_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_timeline_row")),
        sa.UniqueConstraint("case_id", "number", name=op.f("uq_timeline_row_case_id_number")),
    )
    with op.batch_alter_table("timeline_row", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_timeline_row_document_id"), ["document_id"], unique=False)


def downgrade() -> None:
    op.drop_table("timeline_row")
    op.drop_table("timeline_study")
