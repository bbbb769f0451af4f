"""What is done with the files of documents, and what is known of their safety."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0033"
down_revision = "0032"


def upgrade() -> None:
    op.create_table(
        "examination",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False, comment="its name in app.examining.kinds"),
        sa.Column("result", sa.JSON().with_variant(JSONB(), "postgresql"), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=False, comment="by the machine's clock"),
        sa.Column(
            "leased_until", sa.DateTime(timezone=True), nullable=True, comment="by the machine's clock"
        ),
        sa.Column("problem", sa.String(), nullable=False, comment="what went wrong the last time"),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name=op.f("fk_examination_document_id_document")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_examination")),
        sa.UniqueConstraint("document_id", "kind", name=op.f("uq_examination_document_id_kind")),
    )
    with op.batch_alter_table("examination", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_examination_state_not_before"), ["state", "not_before"], unique=False
        )

    op.create_table(
        "page_text",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("page", sa.Integer(), nullable=False, comment="from 1"),
        sa.Column("words", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name=op.f("fk_page_text_document_id_document")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_page_text")),
        sa.UniqueConstraint("document_id", "page", name=op.f("uq_page_text_document_id_page")),
    )
    op.create_table(
        "quarantine",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("infection", sa.String(), nullable=False, comment="as the scanner calls it"),
        sa.Column(
            "media_type", sa.String(), nullable=False, comment="as we found it; empty: nothing we know"
        ),
        sa.Column("mismatch", sa.String(), nullable=False, comment="how it is not what its name says"),
        sa.Column("scanned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("released_by_id", sa.Integer(), nullable=True),
        sa.Column("release_reasons", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(released_at IS NULL) = (released_by_id IS NULL)",
            name=op.f("ck_quarantine_released_by_somebody"),
        ),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name=op.f("fk_quarantine_document_id_document")
        ),
        sa.ForeignKeyConstraint(
            ["released_by_id"], ["account.id"], name=op.f("fk_quarantine_released_by_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quarantine")),
        sa.UniqueConstraint("document_id", name=op.f("uq_quarantine_document_id")),
    )
    with op.batch_alter_table("quarantine", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_quarantine_state_document_id"), ["state", "document_id"], unique=False
        )

    op.create_table(
        "rendition",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("page", sa.Integer(), nullable=False, comment="from 1"),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False, comment="bytes"),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name=op.f("fk_rendition_document_id_document")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rendition")),
        sa.UniqueConstraint("document_id", "kind", "page", name=op.f("uq_rendition_document_id_kind_page")),
    )

    # What is there already is examined as what comes is: the sweep of the worker takes it up.
    op.execute(
        "INSERT INTO quarantine (document_id, state, infection, media_type, mismatch, release_reasons, created_at)"
        " SELECT id, 'received', '', '', '', '', CURRENT_TIMESTAMP FROM document"
    )
    for kind in ("scan", "describe"):
        op.execute(
            "INSERT INTO examination"
            " (document_id, kind, result, state, attempts, not_before, problem, created_at)"
            f" SELECT id, '{kind}', '{{}}', 'waiting', 0, CURRENT_TIMESTAMP, '', CURRENT_TIMESTAMP FROM document"
        )


def downgrade() -> None:
    op.drop_table("rendition")
    with op.batch_alter_table("quarantine", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_quarantine_state_document_id"))

    op.drop_table("quarantine")
    op.drop_table("page_text")
    with op.batch_alter_table("examination", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_examination_state_not_before"))

    op.drop_table("examination")
