"""What evidence weighs for an allegation, links of timeline rows and links taken back; pages found by their words."""

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0041"

TAKEN_BACK_OR_OF_A_ROW = "struck_at IS NOT NULL OR document_id IS NULL"


def upgrade() -> None:
    with op.batch_alter_table("evidence_link") as batch:
        batch.alter_column("document_id", existing_type=sa.Integer(), nullable=True)
        batch.add_column(sa.Column("timeline_row_id", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("weight", sa.String(40), nullable=False, server_default="context"))
        batch.add_column(
            sa.Column(
                "reason",
                sa.String(),
                nullable=False,
                server_default="",
                comment="why it has that weight; empty: nobody said",
            )
        )
        batch.add_column(sa.Column("struck_at", sa.DateTime(timezone=True), nullable=True))
        batch.add_column(sa.Column("struck_by_id", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("struck_because", sa.String(), nullable=False, server_default=""))
        batch.drop_constraint(op.f("uq_evidence_link_document_id_allegation_id_page"), type_="unique")
        batch.create_foreign_key(
            op.f("fk_evidence_link_timeline_row_id_timeline_row"),
            "timeline_row",
            ["timeline_row_id"],
            ["id"],
        )
        batch.create_foreign_key(
            op.f("fk_evidence_link_struck_by_id_account"), "account", ["struck_by_id"], ["id"]
        )
        batch.create_check_constraint(
            op.f("ck_evidence_link_of_one_source"), "(document_id IS NULL) != (timeline_row_id IS NULL)"
        )
        batch.create_check_constraint(
            op.f("ck_evidence_link_struck_by_somebody"), "(struck_at IS NULL) = (struck_by_id IS NULL)"
        )
        batch.create_index(op.f("ix_evidence_link_timeline_row_id"), ["timeline_row_id"])
        batch.create_index(
            op.f("ix_evidence_link_document_id_allegation_id"), ["document_id", "allegation_id"]
        )
    terms = "what it is looked for by; empty: it is not indexed yet"
    with op.batch_alter_table("page_text") as batch:
        batch.add_column(sa.Column("terms", sa.String(), nullable=False, server_default="", comment=terms))
    _no_defaults("evidence_link", {"weight": 40, "reason": None, "struck_because": None})
    _no_defaults("page_text", {"terms": None})
    for statement in INDEX[op.get_context().dialect.name]:
        op.execute(statement)


def downgrade() -> None:
    for statement in NO_INDEX[op.get_context().dialect.name]:
        op.execute(statement)
    with op.batch_alter_table("page_text") as batch:
        batch.drop_column("terms")
    gone = f"SELECT id FROM evidence_link WHERE {TAKEN_BACK_OR_OF_A_ROW}"
    op.execute(f"DELETE FROM finding_evidence WHERE link_id IN ({gone})")
    op.execute(f"DELETE FROM evidence_link WHERE {TAKEN_BACK_OR_OF_A_ROW}")
    with op.batch_alter_table("evidence_link") as batch:
        batch.drop_index(op.f("ix_evidence_link_document_id_allegation_id"))
        batch.drop_index(op.f("ix_evidence_link_timeline_row_id"))
        batch.drop_constraint(op.f("ck_evidence_link_struck_by_somebody"), type_="check")
        batch.drop_constraint(op.f("ck_evidence_link_of_one_source"), type_="check")
        batch.drop_constraint(op.f("fk_evidence_link_struck_by_id_account"), type_="foreignkey")
        batch.drop_constraint(op.f("fk_evidence_link_timeline_row_id_timeline_row"), type_="foreignkey")
        for name in ("struck_because", "struck_by_id", "struck_at", "reason", "weight", "timeline_row_id"):
            batch.drop_column(name)
        batch.alter_column("document_id", existing_type=sa.Integer(), nullable=False)
        batch.create_unique_constraint(
            op.f("uq_evidence_link_document_id_allegation_id_page"), ["document_id", "allegation_id", "page"]
        )


def _no_defaults(table: str, columns: dict[str, int | None]) -> None:
    with op.batch_alter_table(table) as batch:
        for name, length in columns.items():
            batch.alter_column(
                name, server_default=None, existing_type=sa.String(length), existing_nullable=False
            )


_GONE = "INSERT INTO search_index_of_pages (search_index_of_pages, rowid, terms) VALUES ('delete', old.id, old.terms)"
_COME = "INSERT INTO search_index_of_pages (rowid, terms) VALUES (new.id, new.terms)"
# Which terms stand on a page is all that is asked: not where, nor how often.
INDEX = {
    "sqlite": (
        "CREATE VIRTUAL TABLE search_index_of_pages USING fts5"
        " (terms, content='page_text', content_rowid='id', detail='none')",
        "INSERT INTO search_index_of_pages (search_index_of_pages) VALUES ('rebuild')",
        f"CREATE TRIGGER page_text_come AFTER INSERT ON page_text BEGIN {_COME}; END",
        f"CREATE TRIGGER page_text_gone AFTER DELETE ON page_text BEGIN {_GONE}; END",
        f"CREATE TRIGGER page_text_changed AFTER UPDATE ON page_text BEGIN {_GONE}; {_COME}; END",
    ),
    "postgresql": (
        "CREATE TABLE search_index_of_pages (page_id integer PRIMARY KEY REFERENCES page_text (id)"
        " ON DELETE CASCADE, terms tsvector NOT NULL)",
        "CREATE INDEX search_index_of_pages_terms ON search_index_of_pages USING gin (terms)",
        "CREATE FUNCTION index_page_text() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        " INSERT INTO search_index_of_pages (page_id, terms) VALUES"
        " (new.id, array_to_tsvector(string_to_array(new.terms, ' ')))"
        " ON CONFLICT (page_id) DO UPDATE SET terms = excluded.terms; RETURN new; END $$",
        "CREATE TRIGGER page_text_indexed AFTER INSERT OR UPDATE ON page_text"
        " FOR EACH ROW EXECUTE FUNCTION index_page_text()",
    ),
}
NO_INDEX = {
    "sqlite": (
        "DROP TRIGGER page_text_come",
        "DROP TRIGGER page_text_gone",
        "DROP TRIGGER page_text_changed",
        "DROP TABLE search_index_of_pages",
    ),
    "postgresql": (
        "DROP TRIGGER page_text_indexed ON page_text",
        "DROP FUNCTION index_page_text",
        "DROP TABLE search_index_of_pages",
    ),
}
