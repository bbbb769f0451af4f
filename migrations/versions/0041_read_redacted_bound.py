"""Pages that are read, cited and redacted; bundles of a case."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0041"
down_revision = "0040"


def upgrade() -> None:
    with op.batch_alter_table("page_text") as batch:
        batch.add_column(
            sa.Column(
                "recognised",
                sa.Boolean(),
                nullable=False,
                server_default=sa.false(),
                comment="whether a machine recognised them in a picture, and may be wrong",
            )
        )
    with op.batch_alter_table("page_text") as batch:
        batch.alter_column(
            "recognised", server_default=None, existing_type=sa.Boolean(), existing_nullable=False
        )
    op.create_table(
        "citation_region",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("evidence_link_id", sa.Integer(), nullable=False),
        sa.Column("page", sa.Integer(), nullable=False, comment="from 1"),
        sa.Column("left", sa.Integer(), nullable=False),
        sa.Column("top", sa.Integer(), nullable=False),
        sa.Column("right", sa.Integer(), nullable=False),
        sa.Column("bottom", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            '0 <= "left" AND "left" < "right" AND "right" <= 1000',
            name=op.f("ck_citation_region_from_left_to_right"),
        ),
        sa.CheckConstraint(
            "0 <= top AND top < bottom AND bottom <= 1000", name=op.f("ck_citation_region_from_top_to_bottom")
        ),
        sa.ForeignKeyConstraint(
            ["evidence_link_id"],
            ["evidence_link.id"],
            name=op.f("fk_citation_region_evidence_link_id_evidence_link"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_citation_region")),
        sa.UniqueConstraint("evidence_link_id", name=op.f("uq_citation_region_evidence_link_id")),
    )
    op.create_table(
        "redaction_mark",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("page", sa.Integer(), nullable=False, comment="from 1"),
        sa.Column(
            "left", sa.Integer(), nullable=False, comment="in thousandths of the page, as are the other three"
        ),
        sa.Column("top", sa.Integer(), nullable=False),
        sa.Column("right", sa.Integer(), nullable=False),
        sa.Column("bottom", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(40), nullable=False),
        sa.Column("words", sa.String(), nullable=False, comment="the reason in words"),
        sa.Column(
            "is_proposed",
            sa.Boolean(),
            nullable=False,
            comment="found by its words, and looked at by nobody yet",
        ),
        sa.Column("added_by_id", sa.Integer(), nullable=False),
        sa.Column("struck_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("struck_by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(struck_at IS NULL) = (struck_by_id IS NULL)", name=op.f("ck_redaction_mark_struck_by_somebody")
        ),
        sa.CheckConstraint(
            '0 <= "left" AND "left" < "right" AND "right" <= 1000',
            name=op.f("ck_redaction_mark_from_left_to_right"),
        ),
        sa.CheckConstraint(
            "0 <= top AND top < bottom AND bottom <= 1000", name=op.f("ck_redaction_mark_from_top_to_bottom")
        ),
        sa.ForeignKeyConstraint(
            ["added_by_id"], ["account.id"], name=op.f("fk_redaction_mark_added_by_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name=op.f("fk_redaction_mark_document_id_document")
        ),
        sa.ForeignKeyConstraint(
            ["struck_by_id"], ["account.id"], name=op.f("fk_redaction_mark_struck_by_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_redaction_mark")),
        sa.UniqueConstraint("key", name=op.f("uq_redaction_mark_key")),
    )
    op.create_index(
        op.f("ix_redaction_mark_document_id_page"), "redaction_mark", ["document_id", "page"], unique=False
    )
    op.create_table(
        "redacting",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("aim", sa.String(40), nullable=False),
        sa.Column(
            "words", sa.String(), nullable=False, comment="the words to find, or what the copy is called"
        ),
        sa.Column("reason", sa.String(40), nullable=True, comment="of the marks that are proposed"),
        sa.Column(
            "marks",
            sa.JSON().with_variant(JSONB(), "postgresql"),
            nullable=False,
            comment="as they were when the copy was asked for",
        ),
        sa.Column("pages_in_all", sa.Integer(), nullable=True),
        sa.Column("pages_done", sa.Integer(), nullable=False),
        sa.Column("found", sa.Integer(), nullable=True, comment="how many places were proposed"),
        sa.Column("copy_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=False, comment="by the machine's clock"),
        sa.Column(
            "leased_until", sa.DateTime(timezone=True), nullable=True, comment="by the machine's clock"
        ),
        sa.Column("problem", sa.String(), nullable=False, comment="what went wrong the last time"),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_redacting_account_id_account")),
        sa.ForeignKeyConstraint(["copy_id"], ["document.id"], name=op.f("fk_redacting_copy_id_document")),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name=op.f("fk_redacting_document_id_document")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_redacting")),
        sa.UniqueConstraint("copy_id", name=op.f("uq_redacting_copy_id")),
        sa.UniqueConstraint("key", name=op.f("uq_redacting_key")),
    )
    op.create_index(op.f("ix_redacting_document_id"), "redacting", ["document_id"], unique=False)
    op.create_index(op.f("ix_redacting_state_not_before"), "redacting", ["state", "not_before"], unique=False)
    op.create_table(
        "bundle",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False, comment="1, 2, 3 … in its case"),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("whom", sa.String(40), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("because", sa.String(), nullable=False),
        sa.Column("parts_done", sa.Integer(), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=True),
        sa.Column(
            "notes",
            sa.JSON().with_variant(JSONB(), "postgresql"),
            nullable=False,
            comment="what is in it otherwise than as it came",
        ),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("size", sa.Integer(), nullable=True, comment="in bytes"),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=False, comment="by the machine's clock"),
        sa.Column(
            "leased_until", sa.DateTime(timezone=True), nullable=True, comment="by the machine's clock"
        ),
        sa.Column("problem", sa.String(), nullable=False, comment="what went wrong the last time"),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(whom = 'organisation') = (organisation_id IS NOT NULL)",
            name=op.f("ck_bundle_organisation_when_for_one"),
        ),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_bundle_account_id_account")),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_bundle_case_id_case_file")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_bundle_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bundle")),
        sa.UniqueConstraint("case_id", "number", name=op.f("uq_bundle_case_id_number")),
        sa.UniqueConstraint("key", name=op.f("uq_bundle_key")),
    )
    op.create_index(op.f("ix_bundle_account_id"), "bundle", ["account_id"], unique=False)
    op.create_index(op.f("ix_bundle_expires_at"), "bundle", ["expires_at"], unique=False)
    op.create_index(op.f("ix_bundle_sha256"), "bundle", ["sha256"], unique=False)
    op.create_index(op.f("ix_bundle_state_not_before"), "bundle", ["state", "not_before"], unique=False)
    op.create_table(
        "bundle_part",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("bundle_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False, comment="from 1"),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column(
            "is_apart", sa.Boolean(), nullable=False, comment="whether it can only be supplied separately"
        ),
        sa.Column("first_page", sa.Integer(), nullable=True, comment="of the bundle"),
        sa.Column("last_page", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["bundle_id"], ["bundle.id"], name=op.f("fk_bundle_part_bundle_id_bundle")),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name=op.f("fk_bundle_part_document_id_document")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bundle_part")),
        sa.UniqueConstraint("bundle_id", "position", name=op.f("uq_bundle_part_bundle_id_position")),
    )
    op.create_index(op.f("ix_bundle_part_document_id"), "bundle_part", ["document_id"], unique=False)


def downgrade() -> None:
    for table in ("bundle_part", "bundle", "redacting", "redaction_mark", "citation_region"):
        op.drop_table(table)
    with op.batch_alter_table("page_text") as batch:
        batch.drop_column("recognised")
