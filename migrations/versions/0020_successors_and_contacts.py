"""Successors and contacts."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    op.create_table(
        "organisation_contact",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("post", sa.String(), nullable=False, comment="as they call it themselves"),
        sa.Column("email", sa.String(), nullable=False, comment="lower case"),
        sa.Column("telephone", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=True, comment="their last day; null: it goes on"),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("from_on <= until_on", name=op.f("ck_organisation_contact_begins_before_it_ends")),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_organisation_contact_organisation_id_organisation"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation_contact")),
        sa.UniqueConstraint("key", name=op.f("uq_organisation_contact_key")),
    )
    with op.batch_alter_table("organisation_contact", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_organisation_contact_email"), ["email"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_organisation_contact_organisation_id_until_on"),
            ["organisation_id", "until_on"],
            unique=False,
        )

    op.create_table(
        "organisation_merge",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("duplicate_id", sa.Integer(), nullable=False),
        sa.Column("into_id", sa.Integer(), nullable=False),
        sa.Column("reasons", sa.String(), nullable=False),
        sa.Column(
            "moved",
            sa.JSON().with_variant(JSONB(), "postgresql"),
            nullable=False,
            comment="ids of the rows, by table and column",
        ),
        sa.Column("merged_by_id", sa.Integer(), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_by_id", sa.Integer(), nullable=True),
        sa.Column("undone_because", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["duplicate_id"],
            ["organisation.id"],
            name=op.f("fk_organisation_merge_duplicate_id_organisation"),
        ),
        sa.ForeignKeyConstraint(
            ["into_id"], ["organisation.id"], name=op.f("fk_organisation_merge_into_id_organisation")
        ),
        sa.ForeignKeyConstraint(
            ["merged_by_id"], ["account.id"], name=op.f("fk_organisation_merge_merged_by_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["undone_by_id"], ["account.id"], name=op.f("fk_organisation_merge_undone_by_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation_merge")),
        sa.UniqueConstraint("key", name=op.f("uq_organisation_merge_key")),
    )
    with op.batch_alter_table("organisation_merge", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_organisation_merge_duplicate_id"), ["duplicate_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_organisation_merge_into_id"), ["into_id"], unique=False)

    op.create_table(
        "succession",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("was_id", sa.Integer(), nullable=False),
        sa.Column("to_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("source", sa.String(), nullable=False, comment="where we have it from"),
        sa.Column(
            "words", sa.String(), nullable=False, comment="which functions, or what else is to be known"
        ),
        sa.Column("recorded_by_id", sa.Integer(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_because", sa.String(), nullable=False),
        sa.Column(
            "opened_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="null: the portal is not open to officers of `to`",
        ),
        sa.Column("opened_by_id", sa.Integer(), nullable=True),
        sa.Column("opened_because", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("was_id != to_id", name=op.f("ck_succession_of_two_organisations")),
        sa.ForeignKeyConstraint(
            ["opened_by_id"], ["account.id"], name=op.f("fk_succession_opened_by_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["account.id"], name=op.f("fk_succession_recorded_by_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["to_id"], ["organisation.id"], name=op.f("fk_succession_to_id_organisation")
        ),
        sa.ForeignKeyConstraint(
            ["was_id"], ["organisation.id"], name=op.f("fk_succession_was_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_succession")),
        sa.UniqueConstraint("key", name=op.f("uq_succession_key")),
    )
    with op.batch_alter_table("succession", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_succession_to_id_withdrawn_at"), ["to_id", "withdrawn_at"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_succession_was_id_withdrawn_at"), ["was_id", "withdrawn_at"], unique=False
        )

    with op.batch_alter_table("organisation", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "merged_into_id",
                sa.Integer(),
                nullable=True,
                comment="of which it was a duplicate; see lineage",
            )
        )
        batch_op.create_index(batch_op.f("ix_organisation_merged_into_id"), ["merged_into_id"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_organisation_merged_into_id_organisation"),
            "organisation",
            ["merged_into_id"],
            ["id"],
        )


def downgrade() -> None:
    with op.batch_alter_table("organisation", schema=None) as batch_op:
        batch_op.drop_constraint(
            batch_op.f("fk_organisation_merged_into_id_organisation"), type_="foreignkey"
        )
        batch_op.drop_index(batch_op.f("ix_organisation_merged_into_id"))
        batch_op.drop_column("merged_into_id")

    with op.batch_alter_table("succession", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_succession_was_id_withdrawn_at"))
        batch_op.drop_index(batch_op.f("ix_succession_to_id_withdrawn_at"))

    op.drop_table("succession")
    with op.batch_alter_table("organisation_merge", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_organisation_merge_into_id"))
        batch_op.drop_index(batch_op.f("ix_organisation_merge_duplicate_id"))

    op.drop_table("organisation_merge")
    with op.batch_alter_table("organisation_contact", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_organisation_contact_organisation_id_until_on"))
        batch_op.drop_index(batch_op.f("ix_organisation_contact_email"))

    op.drop_table("organisation_contact")
