"""Messages of hospital systems, HL7 version 2 and FHIR R4: what each says, and when it says things happened.

The answer is `{"messages": [...]}`, the same shape for both. Each message has its identity (`kind`, `sender`,
`control_id`, `sent`), a `digest` of all it says, its `patient`, what it is `about`, `numbers` of the examination,
`study_uid`, `status`, `notes` in sentences, and `events`. An event has the `kind` of a row of a timeline, a
`moment` (see `messages_told`), the `place` it stands at, `words`, and a `note` where something is to be known of it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from . import Unreadable, messages_fhir, messages_hl7, reader

LARGEST = 5 * 1024 * 1024
MOST_MESSAGES, MOST_EVENTS = 200, 50


@reader
def hl7(path: str) -> dict[str, Any]:
    """What the messages of a file of HL7 version 2 say: one, several in frames, or a batch."""
    return _bounded(messages_hl7.messages(_content(path)))


@reader
def fhir(path: str) -> dict[str, Any]:
    """What a FHIR resource says, in JSON or XML; of a bundle, each resource in it that we read is one message."""
    return _bounded(messages_fhir.messages(_content(path)))


def _content(path: str) -> bytes:
    with Path(path).open("rb") as file:
        content = file.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise Unreadable(f"A message of more than {LARGEST // 1024**2} MB is not read.")
    if not content.strip():
        raise Unreadable("This file is empty. Ask for it again.")
    return content


def _bounded(messages: list[dict[str, Any]]) -> dict[str, Any]:
    if len(messages) > MOST_MESSAGES:
        raise Unreadable(
            f"There are more than {MOST_MESSAGES} messages in this file. Ask for fewer at a time."
        )
    if any(len(message["events"]) > MOST_EVENTS for message in messages):
        raise Unreadable(f"A message of this file tells of more than {MOST_EVENTS} events: it is not read.")
    return {"messages": messages}
