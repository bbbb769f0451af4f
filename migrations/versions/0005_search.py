"""Search: what is said in complaints, the words of names and their keys, and the full-text index."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "search_text",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("complaint_id", sa.Integer(), nullable=False),
        sa.Column("people", sa.String(), nullable=False, comment="names, as written"),
        sa.Column("narrative", sa.String(), nullable=False),
        sa.Column("issues", sa.String(), nullable=False),
        sa.Column("notes", sa.String(), nullable=False, comment="of evidence links and initial checks"),
        sa.Column("findings", sa.String(), nullable=False),
        sa.Column("name_terms", sa.String(), nullable=False, comment="the terms of the names"),
        sa.Column("terms", sa.String(), nullable=False, comment="the terms of everything else"),
        sa.ForeignKeyConstraint(
            ["complaint_id"], ["complaint.id"], name=op.f("fk_search_text_complaint_id_complaint")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_text")),
        sa.UniqueConstraint("complaint_id", name=op.f("uq_search_text_complaint_id")),
    )
    op.create_table(
        "name_word",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("word", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_name_word")),
        sa.UniqueConstraint("word", name=op.f("uq_name_word_word")),
    )
    op.create_table(
        "name_key",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("word_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["word_id"], ["name_word.id"], name=op.f("fk_name_key_word_id_name_word")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_name_key")),
        sa.UniqueConstraint("word_id", "key", name=op.f("uq_name_key_word_id_key")),
    )
    op.create_index(op.f("ix_name_key_key_word_id"), "name_key", ["key", "word_id"])
    op.create_index(op.f("ix_person_born_on"), "person", ["born_on"])
    op.create_index(op.f("ix_complaint_source_reference"), "complaint", ["source_reference"])
    comment = "the organisation’s own for the complaint, in capitals"
    with op.batch_alter_table("allegation") as batch:
        batch.add_column(
            sa.Column(
                "organisation_reference", sa.String(), nullable=False, server_default="", comment=comment
            )
        )
        batch.create_index(op.f("ix_allegation_organisation_reference"), ["organisation_reference"])
    with op.batch_alter_table("allegation") as batch:
        batch.alter_column(
            "organisation_reference", server_default=None, existing_type=sa.String(), existing_nullable=False
        )
    for statement in INDEX[op.get_context().dialect.name]:
        op.execute(statement)


def downgrade() -> None:
    for statement in NO_INDEX[op.get_context().dialect.name]:
        op.execute(statement)
    with op.batch_alter_table("allegation") as batch:
        batch.drop_index(op.f("ix_allegation_organisation_reference"))
        batch.drop_column("organisation_reference")
    op.drop_index(op.f("ix_complaint_source_reference"), "complaint")
    op.drop_index(op.f("ix_person_born_on"), "person")
    op.drop_table("name_key")
    op.drop_table("name_word")
    op.drop_table("search_text")


_GONE = (
    "INSERT INTO search_index (search_index, rowid, name_terms, terms)"
    " VALUES ('delete', old.complaint_id, old.name_terms, old.terms)"
)
_COME = (
    "INSERT INTO search_index (rowid, name_terms, terms) VALUES (new.complaint_id, new.name_terms, new.terms)"
)


def _positions(of: str, weight: str) -> str:
    """The terms with where they stand, in the form a tsvector is written in. No parser comes between."""
    written = f"quote_literal(word) || chr(58) || least(place, 16383) || '{weight}'"
    words = f"unnest(string_to_array(new.{of}, ' ')) WITH ORDINALITY AS part (word, place)"
    return (
        f"CAST(coalesce((SELECT string_agg({written}, ' ') FROM {words} WHERE word <> ''), '') AS tsvector)"
    )


INDEX = {
    "sqlite": (
        "CREATE VIRTUAL TABLE search_index USING fts5"
        " (name_terms, terms, content='search_text', content_rowid='complaint_id')",
        f"CREATE TRIGGER search_text_come AFTER INSERT ON search_text BEGIN {_COME}; END",
        f"CREATE TRIGGER search_text_gone AFTER DELETE ON search_text BEGIN {_GONE}; END",
        f"CREATE TRIGGER search_text_changed AFTER UPDATE ON search_text BEGIN {_GONE}; {_COME}; END",
    ),
    "postgresql": (
        "CREATE TABLE search_index (complaint_id integer PRIMARY KEY REFERENCES search_text (complaint_id)"
        " ON DELETE CASCADE, terms tsvector NOT NULL)",
        "CREATE INDEX search_index_terms ON search_index USING gin (terms)",
        "CREATE FUNCTION index_search_text() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        " INSERT INTO search_index (complaint_id, terms) VALUES"
        f" (new.complaint_id, {_positions('name_terms', 'A')} || {_positions('terms', 'D')})"
        " ON CONFLICT (complaint_id) DO UPDATE SET terms = excluded.terms; RETURN new; END $$",
        "CREATE TRIGGER search_text_indexed AFTER INSERT OR UPDATE ON search_text"
        " FOR EACH ROW EXECUTE FUNCTION index_search_text()",
    ),
}
NO_INDEX = {
    "sqlite": (
        "DROP TRIGGER search_text_come",
        "DROP TRIGGER search_text_gone",
        "DROP TRIGGER search_text_changed",
        "DROP TABLE search_index",
    ),
    "postgresql": (
        "DROP TRIGGER search_text_indexed ON search_text",
        "DROP FUNCTION index_search_text",
        "DROP TABLE search_index",
    ),
}
