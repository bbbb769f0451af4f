"""A disc of one case of the demonstration office: two images that the library of images brings with it, and a report.

The images are of nobody this office knows, so they are held until somebody has decided whose they are. The worker
reads and draws them once the office is served. The report is typeset here.
"""

from __future__ import annotations

from importlib.util import find_spec
from io import BytesIO
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import Account
from app.bundles.typesetting import set_words
from app.cases.models import Case
from app.core.files import Files
from app.demonstration.released import released
from app.evidence.actions import Arrived
from app.receiving import actions as receiving
from app.receiving.actions import MB, Limits
from app.receiving.models import Delivery

#: Which of the library's own images, and the name each has on the disc.
IMAGES = (("J2K_pixelrep_mismatch.dcm", "IM0001"), ("CT_small.dcm", "IM0002"))
REPORT = (
    "CT of the chest with contrast. There is a nodule of 9 mm in the right upper lobe, not seen on the film of"
    " two years before. No pleural effusion. No haemorrhage.",
    "Addendum. On looking again, the opacity was there on the earlier film. Suggest that the case is discussed at"
    " the next learning meeting, and that the referrer is told.",
)
ROOM = Limits(file=10 * MB, case=100 * MB)


def put_in(session: Session, files: Files, case: Case, *, actor: Account, manager: Account) -> None:
    """Enter what is on the disc that came to the case."""
    delivery = session.scalars(select(Delivery).where(Delivery.case_id == case.id)).one()
    for name, content in contents().items():
        is_image = not name.endswith(".pdf")
        arrived = Arrived(
            kept=files.keep(BytesIO(content), limit=len(content)),
            filename=name,
            media_type="application/dicom" if is_image else "application/pdf",
        )
        document = receiving.add(session, delivery, actor=actor, arrived=arrived, limits=ROOM)
        released(session, document, manager=manager)


def contents() -> dict[str, bytes]:
    """What is on the disc, by name. The library is found and not imported: that takes a second."""
    found = find_spec("pydicom")
    assert found is not None
    assert found.submodule_search_locations is not None
    folder = Path(next(iter(found.submodule_search_locations))) / "data" / "test_files"
    images = {name: (folder / file).read_bytes() for file, name in IMAGES}
    return images | {"report.pdf": set_words("CT of the chest: report and addendum", REPORT)}
