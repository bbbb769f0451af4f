"""What is planted in forms, addresses and records to see whether it stays words, and what became of it otherwise."""

from __future__ import annotations

from html.parser import HTMLParser
from urllib.parse import urlsplit

from sqlalchemy import String, literal, update

from app.models import Model

#: Stands in everything that is planted, so that it can be found again.
MARK = "zqplantedqz"

_OPENING = ("", '"', "'", "</textarea>", "</option></select>", "</title>", "-->", "&#34;", "]]>", "</h1>")
_MARKUP = (
    f"><{MARK} id=x>",
    f"<img src=x onerror={MARK}()>",
    f" onfocus={MARK}() autofocus ",
    f"<svg/onload={MARK}()>",
    f"javascript:{MARK}()",
    f"<script>{MARK}</script>",
)
#: 60 ways to write markup into what becomes a page.
MARKUP = [f"{opening}{markup}" for opening in _OPENING for markup in _MARKUP]
#: 25 ways to write SQL into what becomes a question to the database.
SQL = [
    f"{closing} {asked} {MARK}{rest}"
    for closing in ("'", '"', "1", "')", "%'")
    for asked, rest in (
        ("OR 1=1 --", ""),
        ("; DROP TABLE", "; --"),
        ("UNION SELECT", ", NULL --"),
        ("AND pg_sleep(5) --", ""),
        ("|| (SELECT", ") ||"),
    )
]
#: What other languages and letters make of words: templates, formats, headers, lines of a log.
OTHERS = [
    f"{{{{7*7}}}}{MARK}",
    f"{{% raw %}}{MARK}",
    f"%({MARK})s %s %n",
    f"{{0.__class__}}{MARK}",
    f"${{{MARK}}}",
    f"{MARK}\r\nBcc: all@evil.example",
    f"{MARK}\nSet-Cookie: evil=1",
    f"{MARK}\x1b[31m",
    f"{MARK}\u2028{MARK}",
    f"=cmd|'/c {MARK}'!A1",
]


class Elements(HTMLParser):
    """The planted elements and attributes of a page, if anything planted became one."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.planted: list[str] = []
        self._in_script = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._in_script = tag == "script"
        acting = {
            name: value or "" for name, value in attrs if name.startswith("on") or name in {"href", "src"}
        }
        if MARK in tag or any(MARK in name for name, _ in attrs):
            self.planted.append(tag)
        for name, value in acting.items():
            begins = urlsplit(value.strip()).scheme in {"javascript", "data", "vbscript"}
            if MARK in value and (name.startswith("on") or begins):
                self.planted.append(f"{tag} {name}")

    def handle_data(self, data: str) -> None:
        if self._in_script and MARK in data:
            self.planted.append("script")

    def handle_endtag(self, tag: str) -> None:
        if tag == "script":
            self._in_script = False


#: Tables and columns in which nobody writes in their own words, or which the database does not let be changed.
NOT_WRITTEN_IN = {
    "access_entry", "account_session", "attempt_count", "audit_entry", "draft", "known_device", "list_draft",
    "list_version", "message", "name_key", "name_word", "person_name_word", "receipt",
    "search_text",
}  # fmt: skip
NOT_WORDS = {
    "address", "based_on", "calendar", "code", "codes", "control_id", "due_rule", "email", "kind", "list_version",
    "media_type", "modality", "modified", "nhs_number", "option", "packed", "password_hash", "permission",
    "public_key", "query", "rule", "search_email", "search_name", "search_postcode", "search_telephone", "secret",
    "sheet", "test", "uid", "value", "key", "standard",
}  # fmt: skip


def written_in():
    """Every column in which somebody writes in their own words."""
    for table in Model.metadata.sorted_tables:
        for column in table.columns if table.name not in NOT_WRITTEN_IN else ():
            of_words = type(column.type) is String and column.type.length is None and not column.unique
            if of_words and column.name not in NOT_WORDS:
                yield column


def plant(office, columns):
    """Let every row say markup in these columns, each in another way."""
    for number, column in enumerate(columns):
        words = literal(f" {MARKUP[number % len(MARKUP)]}")
        office.execute(update(column.table).where(column != "").values({column.name: column + words}))
