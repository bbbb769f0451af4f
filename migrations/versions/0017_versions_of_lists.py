"""The office's own versions of the lists, which the database refuses to change, and drafts of the next."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    op.create_table(
        "list_draft",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("list_key", sa.String(), nullable=False),
        sa.Column("content", sa.JSON().with_variant(JSONB(), "postgresql"), nullable=False),
        sa.Column("based_on", sa.String(), nullable=False, comment="the name of the version it follows"),
        sa.Column(
            "goes_back_to",
            sa.String(),
            nullable=False,
            comment="the name of the version it copies, if it copies one",
        ),
        sa.Column("begun_by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["begun_by_id"], ["account.id"], name=op.f("fk_list_draft_begun_by_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_list_draft")),
        sa.UniqueConstraint("list_key", name=op.f("uq_list_draft_list_key")),
    )
    op.create_table(
        "list_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False, comment="by which a process sees it is new"),
        sa.Column("list_key", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("in_force_from", sa.Date(), nullable=False),
        sa.Column(
            "content",
            sa.JSON().with_variant(JSONB(), "postgresql"),
            nullable=False,
            comment="its rows, in order",
        ),
        sa.Column(
            "based_on", sa.String(), nullable=False, comment="the name of the version it was drawn up from"
        ),
        sa.Column("reasons", sa.String(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=True, comment="null: the operator"),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("number > 0", name=op.f("ck_list_version_after_what_is_shipped")),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["account.id"], name=op.f("fk_list_version_made_by_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_list_version")),
        sa.UniqueConstraint("key", name=op.f("uq_list_version_key")),
        sa.UniqueConstraint("list_key", "number", name=op.f("uq_list_version_list_key_number")),
    )
    with op.batch_alter_table("list_version", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_list_version_list_key_in_force_from_number"),
            ["list_key", "in_force_from", "number"],
            unique=False,
        )
    for statement in _refuse(op.get_context().dialect.name):
        op.execute(statement)


def downgrade() -> None:
    with op.batch_alter_table("list_version", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_list_version_list_key_in_force_from_number"))

    op.drop_table("list_version")
    op.drop_table("list_draft")


def _refuse(dialect: str) -> list[str]:
    """As migration 0002 does for the record, whose function is used."""
    table = "list_version"
    if dialect == "sqlite":
        return [
            f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table}"
            f" BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            for verb in ("UPDATE", "DELETE")
        ]
    return [
        f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table}"
        " FOR EACH ROW EXECUTE FUNCTION refuse_change()",
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}"
        " FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()",
    ]
