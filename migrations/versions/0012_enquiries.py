"""Enquiries."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    op.create_table(
        "enquiry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("way", sa.String(40), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_by_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("is_identity_checked", sa.Boolean(), nullable=False),
        sa.Column(
            "said", sa.String(), nullable=False, comment="what was said, as the one who took it wrote it down"
        ),
        sa.Column("about", sa.String(), nullable=False, comment="the organisation, in their words"),
        sa.Column(
            "offered_on", sa.Date(), nullable=True, comment="when we offered to write it down for them"
        ),
        sa.Column("offered_how", sa.String(), nullable=False),
        sa.Column("written", sa.String(), nullable=False, comment="what we wrote down for them, as sent"),
        sa.Column("written_sent_on", sa.Date(), nullable=True),
        sa.Column(
            "confirmed_on", sa.Date(), nullable=True, comment="when they confirmed it in writing: s.9(2)"
        ),
        sa.Column("confirmed_how", sa.String(), nullable=False),
        sa.Column("back_on", sa.Date(), nullable=True, comment="in the diary: they may come back"),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "closing", sa.String(), nullable=False, comment="what they were told, and who can help them"
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(state = 'closed') = (closed_at IS NOT NULL)", name=op.f("ck_enquiry_closed_at_when_closed")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_enquiry_person_id_person")),
        sa.ForeignKeyConstraint(["taken_by_id"], ["account.id"], name=op.f("fk_enquiry_taken_by_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enquiry")),
        sa.UniqueConstraint("reference", name=op.f("uq_enquiry_reference")),
    )
    with op.batch_alter_table("enquiry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_enquiry_back_on"), ["back_on"], unique=False)
        batch_op.create_index(batch_op.f("ix_enquiry_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_enquiry_state_id"), ["state", "id"], unique=False)

    with op.batch_alter_table("complaint", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("enquiry_id", sa.Integer(), nullable=True, comment="the contact it began with")
        )
        batch_op.create_unique_constraint(batch_op.f("uq_complaint_enquiry_id"), ["enquiry_id"])
        batch_op.create_foreign_key(
            batch_op.f("fk_complaint_enquiry_id_enquiry"), "enquiry", ["enquiry_id"], ["id"]
        )


def downgrade() -> None:
    with op.batch_alter_table("complaint", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_complaint_enquiry_id_enquiry"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("uq_complaint_enquiry_id"), type_="unique")
        batch_op.drop_column("enquiry_id")

    with op.batch_alter_table("enquiry", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_enquiry_state_id"))
        batch_op.drop_index(batch_op.f("ix_enquiry_person_id"))
        batch_op.drop_index(batch_op.f("ix_enquiry_back_on"))

    op.drop_table("enquiry")
