"""The case file: notes, links, proceedings, stays, conflicts of interest, cover, named access, and who opened it."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.create_table(
        "absence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("cover_id", sa.Integer(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("to_on", sa.Date(), nullable=False),
        sa.Column("arranged_by_id", sa.Integer(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True, comment="null: as arranged"),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("account_id != cover_id", name=op.f("ck_absence_covered_by_another")),
        sa.CheckConstraint("from_on <= to_on", name=op.f("ck_absence_begins_before_it_ends")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_absence_account_id_account")),
        sa.ForeignKeyConstraint(
            ["arranged_by_id"], ["account.id"], name=op.f("fk_absence_arranged_by_id_account")
        ),
        sa.ForeignKeyConstraint(["cover_id"], ["account.id"], name=op.f("fk_absence_cover_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absence")),
        sa.UniqueConstraint("key", name=op.f("uq_absence_key")),
    )
    with op.batch_alter_table("absence", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_absence_account_id_to_on"), ["account_id", "to_on"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_absence_cover_id_to_on"), ["cover_id", "to_on"], unique=False)

    op.create_table(
        "complaint_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("complaint_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False, comment="in the complaint it was made from"),
        sa.Column("other_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("words", sa.String(), nullable=False, comment="what they have to do with each other"),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by_id", sa.Integer(), nullable=True),
        sa.Column("ended_because", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("complaint_id != other_id", name=op.f("ck_complaint_link_to_another")),
        sa.ForeignKeyConstraint(
            ["complaint_id"], ["complaint.id"], name=op.f("fk_complaint_link_complaint_id_complaint")
        ),
        sa.ForeignKeyConstraint(
            ["ended_by_id"], ["account.id"], name=op.f("fk_complaint_link_ended_by_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["account.id"], name=op.f("fk_complaint_link_made_by_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["other_id"], ["complaint.id"], name=op.f("fk_complaint_link_other_id_complaint")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_complaint_link")),
        sa.UniqueConstraint("complaint_id", "number", name=op.f("uq_complaint_link_complaint_id_number")),
    )
    with op.batch_alter_table("complaint_link", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_complaint_link_other_id"), ["other_id"], unique=False)

    op.create_table(
        "conflict",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("complaint_id", sa.Integer(), nullable=True),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("declared_by_id", sa.Integer(), nullable=False),
        sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lifted_by_id", sa.Integer(), nullable=True),
        sa.Column("lifted_because", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(CASE WHEN complaint_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN organisation_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN person_id IS NULL THEN 0 ELSE 1 END) = 1",
            name=op.f("ck_conflict_with_one_thing"),
        ),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_conflict_account_id_account")),
        sa.ForeignKeyConstraint(
            ["complaint_id"], ["complaint.id"], name=op.f("fk_conflict_complaint_id_complaint")
        ),
        sa.ForeignKeyConstraint(
            ["declared_by_id"], ["account.id"], name=op.f("fk_conflict_declared_by_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["lifted_by_id"], ["account.id"], name=op.f("fk_conflict_lifted_by_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_conflict_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_conflict_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conflict")),
        sa.UniqueConstraint("key", name=op.f("uq_conflict_key")),
    )
    with op.batch_alter_table("conflict", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_conflict_account_id_lifted_at"), ["account_id", "lifted_at"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_conflict_complaint_id"), ["complaint_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_conflict_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_conflict_person_id"), ["person_id"], unique=False)

    op.create_table(
        "named_access",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("complaint_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("named_by_id", sa.Integer(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_named_access_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["complaint_id"], ["complaint.id"], name=op.f("fk_named_access_complaint_id_complaint")
        ),
        sa.ForeignKeyConstraint(
            ["named_by_id"], ["account.id"], name=op.f("fk_named_access_named_by_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_named_access")),
    )
    with op.batch_alter_table("named_access", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_named_access_account_id_ended_at_complaint_id"),
            ["account_id", "ended_at", "complaint_id"],
            unique=False,
        )
        batch_op.create_index(batch_op.f("ix_named_access_complaint_id"), ["complaint_id"], unique=False)

    op.create_table(
        "note",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("complaint_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False, comment="in the complaint"),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("corrects_id", sa.Integer(), nullable=True),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("struck_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("struck_by_id", sa.Integer(), nullable=True),
        sa.Column("struck_because", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(struck_at IS NULL) = (struck_by_id IS NULL)", name=op.f("ck_note_struck_by_somebody")
        ),
        sa.ForeignKeyConstraint(["author_id"], ["account.id"], name=op.f("fk_note_author_id_account")),
        sa.ForeignKeyConstraint(
            ["complaint_id"], ["complaint.id"], name=op.f("fk_note_complaint_id_complaint")
        ),
        sa.ForeignKeyConstraint(["corrects_id"], ["note.id"], name=op.f("fk_note_corrects_id_note")),
        sa.ForeignKeyConstraint(["struck_by_id"], ["account.id"], name=op.f("fk_note_struck_by_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_note")),
        sa.UniqueConstraint("complaint_id", "number", name=op.f("uq_note_complaint_id_number")),
    )
    op.create_table(
        "opening_reason",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("complaint_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_opening_reason_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["complaint_id"], ["complaint.id"], name=op.f("fk_opening_reason_complaint_id_complaint")
        ),
        sa.ForeignKeyConstraint(
            ["session_id"], ["account_session.id"], name=op.f("fk_opening_reason_session_id_account_session")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opening_reason")),
        sa.UniqueConstraint(
            "session_id", "complaint_id", name=op.f("uq_opening_reason_session_id_complaint_id")
        ),
    )
    with op.batch_alter_table("opening_reason", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_opening_reason_complaint_id"), ["complaint_id"], unique=False)

    op.create_table(
        "proceeding",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("complaint_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False, comment="in the complaint"),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("body", sa.String(), nullable=False, comment="before whom"),
        sa.Column("their_reference", sa.String(), nullable=False),
        sa.Column("began_on", sa.Date(), nullable=True),
        sa.Column("expected_on", sa.Date(), nullable=True, comment="when something is expected next"),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["complaint_id"], ["complaint.id"], name=op.f("fk_proceeding_complaint_id_complaint")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["account.id"], name=op.f("fk_proceeding_recorded_by_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proceeding")),
        sa.UniqueConstraint("complaint_id", "number", name=op.f("uq_proceeding_complaint_id_number")),
    )
    op.create_table(
        "restriction",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("complaint_id", sa.Integer(), nullable=False),
        sa.Column("reasons", sa.String(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_because", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["complaint_id"], ["complaint.id"], name=op.f("fk_restriction_complaint_id_complaint")
        ),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["account.id"], name=op.f("fk_restriction_made_by_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_restriction")),
    )
    with op.batch_alter_table("restriction", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_restriction_complaint_id"), ["complaint_id"], unique=False)

    op.create_table(
        "stay",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("proceeding_id", sa.Integer(), nullable=False),
        sa.Column("reasons", sa.String(), nullable=False),
        sa.Column(
            "review_on", sa.Date(), nullable=False, comment="when somebody looks whether it still has to wait"
        ),
        sa.Column("stayed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("stayed_by_id", sa.Integer(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_because", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_stay_case_id_case_file")),
        sa.ForeignKeyConstraint(
            ["proceeding_id"], ["proceeding.id"], name=op.f("fk_stay_proceeding_id_proceeding")
        ),
        sa.ForeignKeyConstraint(["stayed_by_id"], ["account.id"], name=op.f("fk_stay_stayed_by_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stay")),
    )
    with op.batch_alter_table("stay", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_stay_case_id_ended_at"), ["case_id", "ended_at"], unique=False)

    # Not by rebuilding: the table would lose the triggers that refuse changes
    op.add_column(
        "access_entry",
        sa.Column("reference", sa.String(length=20), nullable=True, comment="of the complaint it was about"),
    )
    op.create_index(op.f("ix_access_entry_reference_id"), "access_entry", ["reference", "id"])

    review_on = sa.Column(
        "review_on",
        sa.Date(),
        nullable=False,
        server_default="9999-12-31",
        comment="when a stay is looked at again; 9999-12-31: it is not stayed",
    )
    with op.batch_alter_table("caseload_line") as line:
        line.add_column(_restricted())
        line.add_column(review_on)
    with op.batch_alter_table("caseload_line") as line:
        line.alter_column(
            "is_restricted", server_default=None, existing_type=sa.Boolean(), existing_nullable=False
        )
        line.alter_column("review_on", server_default=None, existing_type=sa.Date(), existing_nullable=False)
        line.create_index(line.f("ix_caseload_line_review_on"), ["review_on"], unique=False)

    with op.batch_alter_table("complaint") as complaint:
        complaint.add_column(_restricted())
    with op.batch_alter_table("complaint") as complaint:
        complaint.alter_column(
            "is_restricted", server_default=None, existing_type=sa.Boolean(), existing_nullable=False
        )
        complaint.create_index(complaint.f("ix_complaint_is_restricted"), ["is_restricted"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("complaint", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_complaint_is_restricted"))
        batch_op.drop_column("is_restricted")

    with op.batch_alter_table("caseload_line", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_caseload_line_review_on"))
        batch_op.drop_column("review_on")
        batch_op.drop_column("is_restricted")

    op.drop_index(op.f("ix_access_entry_reference_id"), "access_entry")
    op.drop_column("access_entry", "reference")

    with op.batch_alter_table("stay", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_stay_case_id_ended_at"))

    op.drop_table("stay")
    with op.batch_alter_table("restriction", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_restriction_complaint_id"))

    op.drop_table("restriction")
    op.drop_table("proceeding")
    with op.batch_alter_table("opening_reason", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_opening_reason_complaint_id"))

    op.drop_table("opening_reason")
    op.drop_table("note")
    with op.batch_alter_table("named_access", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_named_access_complaint_id"))
        batch_op.drop_index(batch_op.f("ix_named_access_account_id_ended_at_complaint_id"))

    op.drop_table("named_access")
    with op.batch_alter_table("conflict", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_conflict_person_id"))
        batch_op.drop_index(batch_op.f("ix_conflict_organisation_id"))
        batch_op.drop_index(batch_op.f("ix_conflict_complaint_id"))
        batch_op.drop_index(batch_op.f("ix_conflict_account_id_lifted_at"))

    op.drop_table("conflict")
    with op.batch_alter_table("complaint_link", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_complaint_link_other_id"))

    op.drop_table("complaint_link")
    with op.batch_alter_table("absence", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_absence_cover_id_to_on"))
        batch_op.drop_index(batch_op.f("ix_absence_account_id_to_on"))

    op.drop_table("absence")


def _restricted() -> sa.Column:
    return sa.Column(
        "is_restricted",
        sa.Boolean(),
        nullable=False,
        server_default=sa.false(),
        comment="only those who are named may know of it",
    )
