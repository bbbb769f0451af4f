"""What to mind about people."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

#: 128 random bits in hexadecimal, once for each person there is.
NEW_KEY = {
    "sqlite": "lower(hex(randomblob(16)))",
    "postgresql": "replace(gen_random_uuid()::text, '-', '')",
}


def upgrade() -> None:
    op.create_table(
        "adjustment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("words", sa.String(), nullable=False, comment="what just that means for them"),
        sa.Column("added_by_id", sa.Integer(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["added_by_id"], ["account.id"], name=op.f("fk_adjustment_added_by_id_account")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_adjustment_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_adjustment")),
    )
    with op.batch_alter_table("adjustment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_adjustment_person_id"), ["person_id"], unique=False)

    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.add_column(sa.Column("key", sa.String(length=32), nullable=True))
        batch_op.add_column(sa.Column("contact_by", sa.String(40), nullable=False, server_default="not_said"))
        batch_op.add_column(
            sa.Column(
                "contact_note",
                sa.String(),
                nullable=False,
                server_default="",
                comment="when, through whom, what to leave out",
            )
        )
        batch_op.add_column(
            sa.Column(
                "is_unsafe_to_contact",
                sa.Boolean(),
                nullable=False,
                server_default=sa.false(),
                comment="somebody near them must not learn of it: ask before any letter or call",
            )
        )

    op.execute(f"UPDATE person SET key = {NEW_KEY[op.get_bind().dialect.name]}")
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.alter_column("key", nullable=False)
        for name in ("contact_by", "contact_note", "is_unsafe_to_contact"):
            batch_op.alter_column(name, server_default=None)
        batch_op.create_unique_constraint(batch_op.f("uq_person_key"), ["key"])


def downgrade() -> None:
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("uq_person_key"), type_="unique")
        batch_op.drop_column("is_unsafe_to_contact")
        batch_op.drop_column("contact_note")
        batch_op.drop_column("contact_by")
        batch_op.drop_column("key")

    with op.batch_alter_table("adjustment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_adjustment_person_id"))

    op.drop_table("adjustment")
