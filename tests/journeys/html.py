"""What every page owes, beyond what axe looks for."""

from __future__ import annotations

from collections import Counter
from html.parser import HTMLParser


class Page(HTMLParser):
    """A page read from its HTML; `faults` says what it owes and does not have."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.labels: set[str] = set()
        self.inputs: list[str] = []
        self.headings: list[int] = []
        self.fieldsets: list[bool] = []
        self.inline: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag, attrs) -> None:
        attributes = dict(attrs)
        if "id" in attributes:
            self.ids.append(attributes["id"])
        if tag == "label":
            self.labels.add(attributes.get("for", ""))
        hidden = attributes.get("type") in {"hidden", "submit", "button"}
        if tag in {"input", "select", "textarea"} and not hidden:
            self.inputs.append(attributes.get("id", "an input without an id"))
        if len(tag) == 2 and tag[0] == "h" and tag[1].isdigit():
            self.headings.append(int(tag[1]))
        if tag == "fieldset":
            self.fieldsets.append(False)
        if tag == "legend" and self.fieldsets:
            self.fieldsets[-1] = True
        scripted = {name for name in attributes if name.startswith("on") or name == "style"}
        source = attributes.get("src") if tag == "script" else ""
        if scripted or tag == "style" or source is None or "javascript:" in str(attributes.get("href")):
            self.inline.append(tag)

    @property
    def faults(self) -> list[str]:
        twice = [name for name, count in Counter(self.ids).items() if count > 1]
        return [
            *(f"the id {name} stands twice" for name in twice),
            *(f"{name} has no label" for name in self.inputs if name not in self.labels),
            *("a fieldset has no legend" for has_legend in self.fieldsets if not has_legend),
            *(
                [f"{self.headings.count(1)} headings of the first level"]
                if self.headings.count(1) != 1
                else []
            ),
            *(
                f"a heading of level {after} follows one of level {before}"
                for before, after in zip(self.headings, self.headings[1:], strict=False)
                if after > before + 1
            ),
            *(f"something is inline in <{tag}>" for tag in self.inline),
        ]
