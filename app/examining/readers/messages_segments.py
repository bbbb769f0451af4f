"""One line of a message of HL7 version 2, asked for its fields by their numbers in the standard."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .messages_told import cleaned, prose

#: What is there and says: nothing.
NULL = '""'


@dataclass(frozen=True)
class Segment:
    """`nth` is its place among those of its name, from 1; `segment` and `message` are as `hl7` has them."""

    name: str
    nth: int
    segment: Any
    message: Any

    def part(self, field: int, component: int = 1, sub: int = 1, repeat: int = 1) -> str:
        """The words there, on one line, their escapes undone; empty where there are none."""
        try:
            said = self.segment.extract_field(1, field, repeat, component, sub)
        except Exception:
            return ""  # the library raises for what is not there, in several ways
        return "" if said in {None, NULL} else cleaned(str(said))

    def text(self, field: int) -> str:
        """All the words of a field, in lines, whatever its parts."""
        try:
            given = str(self.segment(field))
            told = given.replace(self._parts, " ").split(self._repeats)
            said = "\n".join(str(self.message.unescape(one)) for one in told)
        except (MemoryError, RecursionError):
            raise
        except Exception:
            return ""
        return "" if given == NULL else prose(said.replace("\r", "\n"))

    @property
    def _parts(self) -> str:
        return str(self.message.separators[3])

    @property
    def _repeats(self) -> str:
        return str(self.message.separators[2])

    def place(self, field: int) -> str:
        """Where a field stands, as it is cited."""
        return f"{self.name}[{self.nth}]-{field}"
