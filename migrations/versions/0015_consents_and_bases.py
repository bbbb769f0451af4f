"""Consents and bases."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    op.create_table(
        "basis",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("party_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False, comment="of this party: the last one stands"),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column(
            "words", sa.String(), nullable=False, comment="how it is so: whose child, why they cannot act"
        ),
        sa.Column("document_id", sa.Integer(), nullable=True),
        sa.Column("evidence", sa.String(), nullable=False, comment="what shows it, and where it is kept"),
        sa.Column("said_by_id", sa.Integer(), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("accepted_by_id", sa.Integer(), nullable=True),
        sa.Column("accepted_because", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(accepted_at IS NULL) = (accepted_by_id IS NULL)", name=op.f("ck_basis_accepted_by_somebody")
        ),
        sa.ForeignKeyConstraint(
            ["accepted_by_id"], ["account.id"], name=op.f("fk_basis_accepted_by_id_account")
        ),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_basis_document_id_document")),
        sa.ForeignKeyConstraint(["party_id"], ["party.id"], name=op.f("fk_basis_party_id_party")),
        sa.ForeignKeyConstraint(["said_by_id"], ["account.id"], name=op.f("fk_basis_said_by_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_basis")),
        sa.UniqueConstraint("party_id", "number", name=op.f("uq_basis_party_id_number")),
    )
    op.create_table(
        "consent",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("complaint_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False, comment="in the complaint"),
        sa.Column("giver_id", sa.Integer(), nullable=False),
        sa.Column("to_id", sa.Integer(), nullable=True, comment="who may act for them"),
        sa.Column(
            "scopes",
            sa.JSON().with_variant(JSONB(), "postgresql"),
            nullable=False,
            comment="keys of the list of what can be consented to",
        ),
        sa.Column("list_version", sa.String(), nullable=False),
        sa.Column(
            "words", sa.String(), nullable=False, comment="what just that covers, and what it does not"
        ),
        sa.Column("given_on", sa.Date(), nullable=False),
        sa.Column("way", sa.String(40), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=True, comment="its last day; null: until it is withdrawn"),
        sa.Column("document_id", sa.Integer(), nullable=True),
        sa.Column(
            "evidence", sa.String(), nullable=False, comment="where what shows it is kept, if not with us"
        ),
        sa.Column("recorded_by_id", sa.Integer(), nullable=False),
        sa.Column("withdrawn_on", sa.Date(), nullable=True),
        sa.Column("withdrawn_because", sa.String(), nullable=False),
        sa.Column("withdrawn_by_id", sa.Integer(), nullable=True, comment="who recorded it"),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(withdrawn_on IS NULL) = (withdrawn_by_id IS NULL)",
            name=op.f("ck_consent_withdrawn_by_somebody"),
        ),
        sa.CheckConstraint("until_on >= given_on", name=op.f("ck_consent_ends_after_it_begins")),
        sa.ForeignKeyConstraint(
            ["complaint_id"], ["complaint.id"], name=op.f("fk_consent_complaint_id_complaint")
        ),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name=op.f("fk_consent_document_id_document")
        ),
        sa.ForeignKeyConstraint(["giver_id"], ["person.id"], name=op.f("fk_consent_giver_id_person")),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["account.id"], name=op.f("fk_consent_recorded_by_id_account")
        ),
        sa.ForeignKeyConstraint(["to_id"], ["person.id"], name=op.f("fk_consent_to_id_person")),
        sa.ForeignKeyConstraint(
            ["withdrawn_by_id"], ["account.id"], name=op.f("fk_consent_withdrawn_by_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent")),
        sa.UniqueConstraint("complaint_id", "number", name=op.f("uq_consent_complaint_id_number")),
    )
    with op.batch_alter_table("consent", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_consent_giver_id"), ["giver_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_consent_withdrawn_on_until_on"), ["withdrawn_on", "until_on"], unique=False
        )


def downgrade() -> None:
    with op.batch_alter_table("consent", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_consent_withdrawn_on_until_on"))
        batch_op.drop_index(batch_op.f("ix_consent_giver_id"))

    op.drop_table("consent")
    op.drop_table("basis")
