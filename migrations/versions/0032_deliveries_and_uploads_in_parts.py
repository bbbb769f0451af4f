"""Deliveries and uploads in parts."""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"


def upgrade() -> None:
    op.create_table(
        "delivery",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(), nullable=False, comment="what it calls itself, in its own words"),
        sa.Column("supplier", sa.String(40), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("supplied_on", sa.Date(), nullable=False, comment="the day it reached the office"),
        sa.Column("way", sa.String(40), nullable=False),
        sa.Column("copy_kind", sa.String(40), nullable=False),
        sa.Column("declared", sa.Integer(), nullable=True, comment="how many of `unit` it says are in it"),
        sa.Column("unit", sa.String(40), nullable=True),
        sa.Column("supplements_id", sa.Integer(), nullable=True, comment="the delivery that was incomplete"),
        sa.Column("added_by_id", sa.Integer(), nullable=False),
        sa.Column(
            "closed_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="when somebody said that all of it is in",
        ),
        sa.Column("found", sa.Integer(), nullable=True, comment="how many of `unit` were found by then"),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(supplier = 'organisation') = (organisation_id IS NOT NULL)",
            name=op.f("ck_delivery_organisation_when_supplier"),
        ),
        sa.CheckConstraint(
            "(declared IS NULL) = (unit IS NULL)", name=op.f("ck_delivery_unit_when_declared")
        ),
        sa.ForeignKeyConstraint(
            ["added_by_id"], ["account.id"], name=op.f("fk_delivery_added_by_id_account")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_delivery_case_id_case_file")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_delivery_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(
            ["supplements_id"], ["delivery.id"], name=op.f("fk_delivery_supplements_id_delivery")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery")),
        sa.UniqueConstraint("key", name=op.f("uq_delivery_key")),
    )
    with op.batch_alter_table("delivery", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_delivery_case_id"), ["case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_delivery_organisation_id"), ["organisation_id"], unique=False)

    op.create_table(
        "complainant_disclosure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("disclosed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("disclosed_by_id", sa.Integer(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["disclosed_by_id"],
            ["account.id"],
            name=op.f("fk_complainant_disclosure_disclosed_by_id_account"),
        ),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name=op.f("fk_complainant_disclosure_document_id_document")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_complainant_disclosure")),
    )
    with op.batch_alter_table("complainant_disclosure", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_complainant_disclosure_document_id"), ["document_id"], unique=False
        )

    op.create_table(
        "upload",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("delivery_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("filename", sa.String(), nullable=False),
        sa.Column("path", sa.String(), nullable=False, comment="the folders it lies in"),
        sa.Column("place", sa.String(), nullable=False, comment="path and name, by which it is gone on with"),
        sa.Column(
            "media_type", sa.String(), nullable=False, comment="as the sender declared it: not to be trusted"
        ),
        sa.Column(
            "modified", sa.String(), nullable=False, comment="when it was last changed, as the browser says"
        ),
        sa.Column("size", sa.BigInteger(), nullable=False, comment="bytes, as announced"),
        sa.Column("received", sa.BigInteger(), nullable=False, comment="bytes that are safe on disk"),
        sa.Column(
            "arriving",
            sa.String(length=32),
            nullable=False,
            comment="its name in the store until it is whole",
        ),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("problem", sa.String(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=True),
        sa.Column("touched_at", sa.DateTime(timezone=True), nullable=False, comment="by the machine's clock"),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_upload_account_id_account")),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_upload_case_id_case_file")),
        sa.ForeignKeyConstraint(
            ["delivery_id"], ["delivery.id"], name=op.f("fk_upload_delivery_id_delivery")
        ),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name=op.f("fk_upload_document_id_document")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_upload")),
        sa.UniqueConstraint("arriving", name=op.f("uq_upload_arriving")),
        sa.UniqueConstraint("key", name=op.f("uq_upload_key")),
    )
    with op.batch_alter_table("upload", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_upload_case_id"), ["case_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_upload_delivery_id_place"), ["delivery_id", "place"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_upload_document_id"), ["document_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_upload_state_touched_at"), ["state", "touched_at"], unique=False)

    with op.batch_alter_table("document", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "way", sa.String(40), nullable=True, comment="the channel it came by; null: nobody said"
            )
        )
        batch_op.add_column(sa.Column("delivery_id", sa.Integer(), nullable=True))
        batch_op.add_column(
            sa.Column(
                "path",
                sa.String(),
                server_default="",
                nullable=False,
                comment="the folders it lay in, on the disc or in the archive",
            )
        )
        batch_op.add_column(sa.Column("unpacked_from_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("follows_id", sa.Integer(), nullable=True))
        batch_op.add_column(
            sa.Column("following", sa.String(40), nullable=True, comment="what it is to the one it follows")
        )
        batch_op.add_column(sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("withdrawn_by_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("withdrawn_because", sa.String(), server_default="", nullable=False))
        batch_op.create_index(batch_op.f("ix_document_delivery_id"), ["delivery_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_document_follows_id"), ["follows_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_document_unpacked_from_id"), ["unpacked_from_id"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_document_withdrawn_by_id_account"), "account", ["withdrawn_by_id"], ["id"]
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_document_follows_id_document"), "document", ["follows_id"], ["id"]
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_document_unpacked_from_id_document"), "document", ["unpacked_from_id"], ["id"]
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_document_delivery_id_delivery"), "delivery", ["delivery_id"], ["id"]
        )
    # Apart from the above: within one batch the documents there are would be copied without the default
    with op.batch_alter_table("document", schema=None) as batch_op:
        batch_op.alter_column("path", server_default=None)
        batch_op.alter_column("withdrawn_because", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("document", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_document_delivery_id_delivery"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_document_unpacked_from_id_document"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_document_follows_id_document"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_document_withdrawn_by_id_account"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_document_unpacked_from_id"))
        batch_op.drop_index(batch_op.f("ix_document_follows_id"))
        batch_op.drop_index(batch_op.f("ix_document_delivery_id"))
        batch_op.drop_column("withdrawn_because")
        batch_op.drop_column("withdrawn_by_id")
        batch_op.drop_column("withdrawn_at")
        batch_op.drop_column("following")
        batch_op.drop_column("follows_id")
        batch_op.drop_column("unpacked_from_id")
        batch_op.drop_column("path")
        batch_op.drop_column("delivery_id")
        batch_op.drop_column("way")

    with op.batch_alter_table("upload", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_upload_state_touched_at"))
        batch_op.drop_index(batch_op.f("ix_upload_document_id"))
        batch_op.drop_index(batch_op.f("ix_upload_delivery_id_place"))
        batch_op.drop_index(batch_op.f("ix_upload_case_id"))

    op.drop_table("upload")
    with op.batch_alter_table("complainant_disclosure", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_complainant_disclosure_document_id"))

    op.drop_table("complainant_disclosure")
    with op.batch_alter_table("delivery", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_delivery_organisation_id"))
        batch_op.drop_index(batch_op.f("ix_delivery_case_id"))

    op.drop_table("delivery")
