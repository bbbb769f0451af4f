"""Files as they arrive in a form, and files as they go out: never run, never shown, always named safely."""

from __future__ import annotations

import re
from os import SEEK_END
from typing import BinaryIO, cast

from flask import Response, current_app, request, send_file
from werkzeug.datastructures import FileStorage
from werkzeug.exceptions import RequestedRangeNotSatisfiable
from wtforms import FileField, MultipleFileField
from wtforms.validators import ValidationError

from app.core.errors import NotFound, RuleBroken
from app.core.files import Files, Kept, LocalFiles, TooLarge
from app.core.kinds import kind_of
from app.core.text import clean, file_size
from app.evidence.models import Document
from app.examining.models import Rendition
from app.papers.models import Paper

LONGEST_NAME, LONGEST_PATH = 200, 1000
#: What turns the direction of what follows, so that an ending seems to be another.
_TURNING = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
SANDBOX = "sandbox; default-src 'none'"


def one_file(label: str, *, required: str, hint: str = "") -> FileField:
    """A file that must be chosen, and must not be empty."""

    def chosen(_form: object, field: FileField) -> None:
        if not isinstance(field.data, FileStorage) or not field.data.filename:
            raise ValidationError(required)
        if not field.data.stream.read(1):
            raise ValidationError("This file is empty. Choose the one you mean.")
        field.data.stream.seek(0)

    return FileField(label, description=hint, validators=[chosen])


def several_files(label: str, *, required: str, most: int, hint: str = "") -> MultipleFileField:
    """One file or a few, none of them empty."""

    def chosen(_form: object, field: MultipleFileField) -> None:
        files = [file for file in field.data or () if isinstance(file, FileStorage) and file.filename]
        if not files:
            raise ValidationError(required)
        if len(files) > most:
            raise ValidationError(f"Choose at most {most} files at a time.")
        for file in files:
            if not file.stream.read(1):
                raise ValidationError(f"{name_of(file)} is empty. Choose the file you mean.")
            file.stream.seek(0)
        field.data = files

    return MultipleFileField(label, description=hint, validators=[chosen])


def keep(upload: FileStorage, *, field: str) -> Kept:
    """Keep the file byte for byte under its hash. Raises `RuleBroken` at `field` if it is too large."""
    limit = current_app.config["UPLOAD_LIMIT"]
    try:
        return stored().keep(cast(BinaryIO, upload.stream), limit=limit)
    except TooLarge:
        raise RuleBroken(
            f"This file is larger than {file_size(limit)}, and was not kept.", field=field
        ) from None


def keep_unsent(upload: FileStorage, *, limit: int, field: str) -> tuple[Kept, str]:
    """Keep a stranger's file apart from evidence, and say what it is. Raises `RuleBroken` for what we do not take."""
    name = name_of(upload)
    if size_of(upload) > limit:  # before anything of it is read
        raise RuleBroken(
            f"{name} is larger than {file_size(limit)}, and was not kept. Send it on paper, or in parts.",
            field=field,
        )
    kind = kind_of(name, cast(BinaryIO, upload.stream))
    if kind is None:
        raise RuleBroken(
            f"{name} is not a kind of file we can take, or not what its name says. Send it as PDF or as a picture.",
            field=field,
        )
    return unsent().keep(cast(BinaryIO, upload.stream), limit=limit), kind


def size_of(upload: FileStorage) -> int:
    """How many bytes there are of it."""
    size = upload.stream.seek(0, SEEK_END)
    upload.stream.seek(0)
    return int(size)


def name_of(upload: FileStorage) -> str:
    """The file's own name, without any folder, as it can be kept and shown."""
    return folders_and_name(upload.filename or "")[1]


def folders_and_name(place: str) -> tuple[str, str]:
    """Where a file lay on a disc or in a folder, and its own name, as they can be kept and shown.

    Nothing is ever opened by either: what leads up or back to the root is left out.
    """
    told = _TURNING.sub("", clean(place.replace("\\", "/")).replace("\n", " "))
    parts = [part.strip() for part in told.split("/")]
    *folders, name = [part for part in parts if part not in {"", ".", ".."}] or ["unnamed"]
    return "/".join(folders)[-LONGEST_PATH:], name[-LONGEST_NAME:]


def type_of(upload: FileStorage) -> str:
    """What the sender says it is."""
    return clean(upload.mimetype or "")[:100] or "application/octet-stream"


def download(document: Document | Paper) -> Response:
    """The original, or the range of it that is asked for, as an attachment that no browser opens by itself."""
    answer = send_file(
        stored().open(document.sha256),
        mimetype="application/octet-stream",
        as_attachment=True,
        download_name=document.filename,
        conditional=False,
        etag=False,
    )
    answer.headers["Content-Length"] = str(document.size)
    answer.headers["Content-Security-Policy"] = SANDBOX
    answer.set_etag(document.sha256)
    try:
        answer.make_conditional(request, accept_ranges=True, complete_length=document.size)
    except RequestedRangeNotSatisfiable:
        answer.close()
        raise
    return answer


def drawn_picture(picture: Rendition) -> Response:
    """A picture that the worker drew, to be shown within a page of ours. Raises `NotFound` if its file is gone."""
    try:
        content = current_app.extensions["renditions"].open(picture.sha256)
    except FileNotFoundError:
        raise NotFound("The file of this picture is not there. Tell whoever runs the service.") from None
    answer = send_file(content, mimetype="image/png", conditional=False, etag=False)
    answer.headers["Content-Length"] = str(picture.size)
    answer.headers["Content-Security-Policy"] = SANDBOX
    return answer


def as_attachment(answer: Response, filename: str) -> Response:
    """Have the browser save what we made, under that name, and never open it by itself."""
    answer.headers["Content-Disposition"] = f"attachment; filename={filename}"
    answer.headers["Content-Security-Policy"] = SANDBOX
    return answer


def unsent() -> LocalFiles:
    """The store of what waits with forms of the public, and may be thrown away."""
    return cast(LocalFiles, current_app.extensions["unsent"])


def stored() -> Files:
    """The store of this office."""
    return cast(Files, current_app.extensions["files"])
