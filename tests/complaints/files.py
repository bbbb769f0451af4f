"""Files of complaints as tests write them."""

from __future__ import annotations

import csv
import io

from app.complaints.rows import COLUMNS

PLAIN = {
    "source": "Old ledger",
    "reference": "417",
    "received_on": "2021-04-30",
    "narrative": "She was told the X-ray was clear. It was not.",
    "issue": "The X-ray was reported as normal.",
}
FULL = PLAIN | {
    "received_precision": "day",
    "wanted": "An apology.",
    "kind": "administrative",
    "modality": "CT",
    "organisations": "Northmoor Hospitals NHS Trust|Fenwick Imaging",
}


def csv_of(*rows: dict[str, str], columns: dict[str, object] | list[str] | None = None) -> bytes:
    written = io.StringIO(newline="")
    writer = csv.DictWriter(written, columns or COLUMNS, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return written.getvalue().encode()
