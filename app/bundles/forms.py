from __future__ import annotations

from collections.abc import Mapping, Sequence

from app.bundles.models import Whom
from app.web.fields import boxes, one_of, pick, prose
from app.web.forms import CreatingForm


class BundleForm(CreatingForm):
    whom = one_of("For whom is it?", Whom, required="Select for whom it is.")
    organisation = pick("Which organisation, if it is for one?", {})
    because = prose("Why do they need it?", required="Enter why they need it.", most=2000)
    documents = boxes("Documents, in the order of their dates", {}, required="Select at least one document.")

    def __init__(
        self,
        parties: Mapping[str, str],
        documents: Mapping[str, str],
        *,
        whom: Whom,
        organisation: str,
        chosen: Sequence[str],
    ) -> None:
        super().__init__(data={"whom": whom, "organisation": organisation, "documents": list(chosen)})
        self.organisation.choices = {"": "No organisation", **parties}
        self.documents.choices = dict(documents)
