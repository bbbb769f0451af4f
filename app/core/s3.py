"""The same store as `app.core.files` describes, in a bucket of an S3-compatible service.

A file is one object under its hash, sent in one request with its SHA-256, which the service compares with
what it received. What comes in parts waits as an object for each part, in the order in which the parts came,
and is put together as a file would be into which they are written.
"""

from __future__ import annotations

import base64
import hashlib
import io
import json
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from tempfile import TemporaryFile
from threading import Lock
from typing import Any, BinaryIO, cast
from urllib.parse import parse_qs, urlsplit

from app.core.files import PIECE, Gap, Kept, TooLarge

#: How much is fetched at a time of what is read: parts of it may be read in any order.
FETCHED = 8 * PIECE
SEALED = "sealed"
_OPENING = Lock()


@dataclass(frozen=True)
class Part:
    """A part that has come: which in order, where it begins and how long it is, as its name says."""

    number: int
    offset: int
    size: int
    key: str


class S3Files:
    """A store at `s3://bucket/prefix?endpoint=https://host&region=name`. Who may use it is left to the
    environment, as boto3 reads it: `AWS_ACCESS_KEY_ID` and its companions, or the role of the machine.
    """

    def __init__(self, address: str) -> None:
        parts = urlsplit(address)
        asked = parse_qs(parts.query)
        self.bucket, self.prefix = parts.netloc, parts.path.strip("/")
        self.endpoint = asked.get("endpoint", [None])[0]
        self.region = asked.get("region", ["us-east-1"])[0]
        self._client: Any = None

    def keep(self, stream: BinaryIO, *, limit: int) -> Kept:
        with TemporaryFile() as whole:
            digest, size = hashlib.sha256(), 0
            while piece := stream.read(PIECE):
                size += len(piece)
                if size > limit:
                    raise TooLarge
                digest.update(piece)
                whole.write(piece)
            return self._put(cast(BinaryIO, whole), digest.digest(), size)

    def open(self, sha256: str) -> BinaryIO:
        key = self._place(sha256)
        with _absent_as(FileNotFoundError(sha256)):
            size = self.client.head_object(Bucket=self.bucket, Key=key)["ContentLength"]
        return cast(BinaryIO, io.BufferedReader(_Remote(self, key, size), FETCHED))

    def digest(self, sha256: str) -> str | None:
        try:
            with self.open(sha256) as stream:
                digest = hashlib.sha256()
                while piece := stream.read(PIECE):
                    digest.update(piece)
                return digest.hexdigest()
        except FileNotFoundError:
            return None

    def begin(self) -> str:
        name = secrets.token_hex(16)
        self.client.put_object(Bucket=self.bucket, Key=f"{self._arriving(name)}begun", Body=b"")
        return name

    def append(self, name: str, offset: int, stream: BinaryIO, *, limit: int) -> int:
        parts = self._parts(name)
        reached = max((part.offset + part.size for part in parts), default=0)
        if offset > reached or self._sealed(name) is not None:
            raise Gap
        with TemporaryFile() as whole:
            size = 0
            while piece := stream.read(PIECE):
                size += len(piece)
                if offset + size > limit:
                    raise TooLarge
                whole.write(piece)
            whole.seek(0)
            number = max((part.number for part in parts), default=0) + 1
            key = f"{self._arriving(name)}part-{number:08d}-{offset}-{size}-{secrets.token_hex(4)}"
            self.client.put_object(Bucket=self.bucket, Key=key, Body=whole)
        return offset + size

    def finish(self, name: str) -> Kept:
        """What has come is put together once; asked again, it answers the same. Needs as much room on this
        machine's disk as the whole has."""
        if sealed := self._sealed(name):
            return sealed
        parts = self._parts(name)
        with TemporaryFile() as whole:
            for part in parts:
                whole.seek(part.offset)
                body = self.client.get_object(Bucket=self.bucket, Key=part.key)["Body"]
                while piece := body.read(PIECE):
                    whole.write(piece)
            whole.seek(0)
            digest = hashlib.file_digest(whole, "sha256").digest()
            kept = self._put(cast(BinaryIO, whole), digest, whole.tell())
        seal = json.dumps(vars(kept)).encode()
        self.client.put_object(Bucket=self.bucket, Key=self._arriving(name) + SEALED, Body=seal)
        return kept

    def forget(self, name: str) -> None:
        for found in self._list(self._arriving(name)):
            self.client.delete_object(Bucket=self.bucket, Key=found["Key"])

    def arriving(self) -> Iterator[tuple[str, datetime]]:
        latest: dict[str, datetime] = {}
        for found in self._list(self._key("arriving/")):
            name = found["Key"].removeprefix(self._key("arriving/")).split("/")[0]
            latest[name] = max(found["LastModified"], latest.get(name, found["LastModified"]))
        yield from latest.items()

    def listed(self, prefix: str) -> Iterator[tuple[str, datetime]]:
        folder = self._key(f"{prefix}/")
        for found in self._list(folder):
            yield found["Key"].removeprefix(folder), found["LastModified"]

    def strays(self) -> Iterator[str]:
        for found in self._list(self._key("")):
            name = found["Key"].removeprefix(self._key(""))
            if not re.match(r"(arriving|[0-9a-f]{2})/", name):
                yield name

    def take_away_stray(self, sha256: str, *, before: datetime) -> bool:
        """There is no moving aside here: a file kept again in the very moment in between would go with it.

        It is asked of what has lain for hours without a row.
        """
        with suppress(FileNotFoundError), _absent_as(FileNotFoundError(sha256)):
            key = self._place(sha256)
            if self.client.head_object(Bucket=self.bucket, Key=key)["LastModified"] < before:
                self.client.delete_object(Bucket=self.bucket, Key=key)
                return True
        return False

    @property
    def client(self) -> Any:
        """Made when it is first needed, and shared by all threads."""
        with _OPENING:
            if self._client is None:
                import boto3  # slow to import, and most offices keep their files in a folder
                from botocore.config import Config

                how = Config(connect_timeout=5, read_timeout=60, retries={"mode": "standard"})
                self._client = boto3.client(
                    "s3", endpoint_url=self.endpoint, region_name=self.region, config=how
                )
            return self._client

    def _put(self, whole: BinaryIO, digest: bytes, size: int) -> Kept:
        whole.seek(0)
        self.client.put_object(
            Bucket=self.bucket,
            Key=self._place(digest.hex()),
            Body=whole,
            ContentLength=size,
            ChecksumSHA256=base64.b64encode(digest).decode(),
        )
        return Kept(digest.hex(), size)

    def _parts(self, name: str) -> list[Part]:
        """What has come under this name, in the order in which it came. Raises FileNotFoundError."""
        folder = self._arriving(name)
        keys = sorted(found["Key"] for found in self._list(folder))
        if not keys:
            raise FileNotFoundError(name)
        said = [(key, key.removeprefix(folder).split("-")) for key in keys]
        return [Part(int(w[1]), int(w[2]), int(w[3]), key) for key, w in said if w[0] == "part"]

    def _sealed(self, name: str) -> Kept | None:
        with suppress(FileNotFoundError), _absent_as(FileNotFoundError(name)):
            key = self._arriving(name) + SEALED
            return Kept(**json.load(self.client.get_object(Bucket=self.bucket, Key=key)["Body"]))
        return None

    def _list(self, prefix: str) -> Iterator[dict[str, Any]]:
        pages = self.client.get_paginator("list_objects_v2").paginate(Bucket=self.bucket, Prefix=prefix)
        for page in pages:
            yield from page.get("Contents", ())

    def _arriving(self, name: str) -> str:
        if not re.fullmatch(r"[0-9a-f]{32}", name):
            raise FileNotFoundError(name)
        return self._key(f"arriving/{name}/")

    def _place(self, sha256: str) -> str:
        if not re.fullmatch(r"[0-9a-f]{64}", sha256):
            raise FileNotFoundError(sha256)
        return self._key(f"{sha256[:2]}/{sha256}")

    def _key(self, name: str) -> str:
        return f"{self.prefix}/{name}" if self.prefix else name


@contextmanager
def _absent_as(refusal: FileNotFoundError) -> Iterator[None]:
    """Say of an object that is not there what the other store says of a file."""
    try:
        yield
    except Exception as error:
        if getattr(error, "response", {}).get("Error", {}).get("Code") in {"404", "NoSuchKey"}:
            raise refusal from None
        raise


class _Remote(io.RawIOBase):
    """An object in the bucket, read from wherever the reader stands."""

    def __init__(self, files: S3Files, key: str, size: int) -> None:
        self.files, self.key, self.size, self.at = files, key, size, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        self.at = max(0, offset + {io.SEEK_SET: 0, io.SEEK_CUR: self.at, io.SEEK_END: self.size}[whence])
        return self.at

    def tell(self) -> int:
        return self.at

    def readinto(self, buffer: Any) -> int:
        """Raises FileNotFoundError if the object has gone since it was opened."""
        wanted = min(len(buffer), self.size - self.at)
        if wanted <= 0:
            return 0
        reach = f"bytes={self.at}-{self.at + wanted - 1}"
        with _absent_as(FileNotFoundError(self.key)):
            answer = self.files.client.get_object(Bucket=self.files.bucket, Key=self.key, Range=reach)
        content = answer["Body"].read()
        buffer[: len(content)] = content
        self.at += len(content)
        return len(content)
