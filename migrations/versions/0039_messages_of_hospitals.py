"""Messages of hospital systems, and the rows of a timeline they propose."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0039"
down_revision = "0038"


def upgrade() -> None:
    listed = sa.JSON().with_variant(JSONB(), "postgresql")
    op.create_table(
        "hospital_message",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False, comment="in the document"),
        sa.Column(
            "kind", sa.String(), nullable=False, comment="of HL7, as ORU^R01, or the type of a FHIR resource"
        ),
        sa.Column(
            "sender",
            sa.String(),
            nullable=False,
            comment="the sending system and its body, as the message has them",
        ),
        sa.Column(
            "control_id", sa.String(), nullable=False, comment="what the sender tells its messages apart by"
        ),
        sa.Column("sent", sa.String(), nullable=False, comment="when it was sent, as the message has it"),
        sa.Column("digest", sa.String(length=64), nullable=False, comment="of all that it says"),
        sa.Column("status", sa.String(), nullable=False, comment="of what it tells, as the message has it"),
        sa.Column("about", sa.String(), nullable=False, comment="the examination, as the message calls it"),
        sa.Column("examination_numbers", listed, nullable=False),
        sa.Column("study_uid", sa.String(), nullable=False),
        sa.Column("patient_name", sa.String(), nullable=False),
        sa.Column(
            "nhs_number", sa.String(), nullable=False, comment="the number that the message says is one"
        ),
        sa.Column("patient_numbers", listed, nullable=False, comment="others, with who gave them"),
        sa.Column("born_on", sa.Date(), nullable=True),
        sa.Column("notes", listed, nullable=False, comment="what is to be known of it, in sentences"),
        sa.Column("repeats_id", sa.Integer(), nullable=True),
        sa.Column("contradicts_id", sa.Integer(), nullable=True),
        sa.Column("whose", sa.String(40), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_because", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(decided_at IS NULL) = (decided_by_id IS NULL)",
            name=op.f("ck_hospital_message_decided_by_somebody"),
        ),
        sa.CheckConstraint(
            "(decided_at IS NULL) = (whose IS NULL)", name=op.f("ck_hospital_message_decided_whose")
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_file.id"], name=op.f("fk_hospital_message_case_id_case_file")
        ),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name=op.f("fk_hospital_message_document_id_document")
        ),
        sa.ForeignKeyConstraint(
            ["repeats_id"],
            ["hospital_message.id"],
            name=op.f("fk_hospital_message_repeats_id_hospital_message"),
        ),
        sa.ForeignKeyConstraint(
            ["contradicts_id"],
            ["hospital_message.id"],
            name=op.f("fk_hospital_message_contradicts_id_hospital_message"),
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["account.id"], name=op.f("fk_hospital_message_decided_by_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hospital_message")),
        sa.UniqueConstraint("key", name=op.f("uq_hospital_message_key")),
        sa.UniqueConstraint("document_id", "number", name=op.f("uq_hospital_message_document_id_number")),
    )
    with op.batch_alter_table("hospital_message", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_hospital_message_case_id_sender_control_id"), ["case_id", "sender", "control_id"]
        )
        batch_op.create_index(batch_op.f("ix_hospital_message_case_id_digest"), ["case_id", "digest"])
    op.create_table(
        "proposed_row",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False, comment="in the message"),
        sa.Column("kind", sa.String(), nullable=False, comment="its key in the list of kinds of rows"),
        sa.Column("given", sa.String(), nullable=False, comment="the time as the message has it"),
        sa.Column(
            "happened_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="none: it is known to the year only",
        ),
        sa.Column("exactness", sa.String(40), nullable=True),
        sa.Column("place", sa.String(), nullable=False, comment="where in the message it stands"),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column(
            "note", sa.String(), nullable=False, comment="what is to be known of the time or the place"
        ),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_because", sa.String(), nullable=False, comment="why it was dismissed"),
        sa.Column("row_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(state = 'open') = (decided_at IS NULL)", name=op.f("ck_proposed_row_open_until_decided")
        ),
        sa.CheckConstraint(
            "(decided_at IS NULL) = (decided_by_id IS NULL)", name=op.f("ck_proposed_row_decided_by_somebody")
        ),
        sa.CheckConstraint(
            "(state = 'accepted') = (row_id IS NOT NULL)", name=op.f("ck_proposed_row_accepted_as_a_row")
        ),
        sa.ForeignKeyConstraint(
            ["message_id"], ["hospital_message.id"], name=op.f("fk_proposed_row_message_id_hospital_message")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["account.id"], name=op.f("fk_proposed_row_decided_by_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["row_id"], ["timeline_row.id"], name=op.f("fk_proposed_row_row_id_timeline_row")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposed_row")),
        sa.UniqueConstraint("message_id", "number", name=op.f("uq_proposed_row_message_id_number")),
        sa.UniqueConstraint("row_id", name=op.f("uq_proposed_row_row_id")),
    )


def downgrade() -> None:
    op.drop_table("proposed_row")
    op.drop_table("hospital_message")
