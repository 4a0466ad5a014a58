"""Files that were uploaded: a file_id for each, the oldest forgotten when there are too many."""

import hashlib
import struct
from collections import OrderedDict
from dataclasses import dataclass

from signalbot.sandbox.bot_api.envelope import Json, bad_request, present
from signalbot.sandbox.bot_api.parameters import Upload

MAX_PHOTO = 10 * 2**20
PHOTO, DOCUMENT = "photo", "document"


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredFile:
    """An uploaded file, without its content: messages keep it longer than the content is stored.

    Attributes
    ----------
    kind : str
        photo or document.
    size : int
        Bytes of the content.
    mime_type : str
        Of the content, as far as it was recognised.
    width, height : int
        Pixels of a photo, 0 for a document.
    """

    file_id: str
    kind: str
    name: str
    size: int
    mime_type: str
    width: int = 0
    height: int = 0

    @property
    def path(self) -> str:
        """What getFile gives, and the file is fetched by."""
        return f"{self.kind}s/{self.file_id}"

    def wire(self) -> Json:
        """Return the Document, or the PhotoSize, as the Bot API shows it."""
        shared = present(
            file_id=self.file_id,
            file_unique_id=self.file_id[-16:],
            file_size=self.size,
        )
        if self.kind == PHOTO:
            return shared | {"width": self.width, "height": self.height}
        return shared | {"file_name": self.name, "mime_type": self.mime_type}


class Files:
    """What the server stores, `limit` bytes at most: the least recently sent are forgotten."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._size = 0
        self._files: OrderedDict[str, StoredFile] = OrderedDict()
        self._contents: dict[str, bytes] = {}

    def store(self, kind: str, upload: Upload) -> StoredFile:
        """Keep an upload and give it a file_id; the same file sent again keeps its own.

        Raises
        ------
        Refused
            400 for an empty file, and for a photo that is none or too large.
        """
        if not upload.content:
            raise bad_request("file must be non-empty")
        name = upload.name.encode(errors="replace")
        seal = hashlib.sha256(b"\0".join((kind.encode(), name, upload.content))).hexdigest()
        file_id = f"SIM{kind[0].upper()}{seal[:40]}"
        if file_id not in self._files:
            self._add(_recognised(file_id, kind, upload), upload.content)
        return self.find(file_id, kind)

    def find(self, file_id: str, kind: str | None = None) -> StoredFile:
        """Return a stored file, of the given kind if one is given.

        Raises
        ------
        Refused
            400 in Telegram's words: unknown, of the wrong kind, or an address to fetch it from,
            which this server never does.
        """
        if file_id.startswith(("http://", "https://")):
            raise bad_request("failed to get HTTP URL content")
        if file_id not in self._files:
            raise bad_request("wrong file identifier/HTTP URL specified")
        file = self._files[file_id]
        if kind and file.kind != kind:
            raise bad_request(f"can't use file of type {file.kind.title()} as {kind.title()}")
        self._files.move_to_end(file_id)
        return file

    def content(self, file: StoredFile) -> bytes:
        """Return the bytes of a file that `find` has just returned."""
        return self._contents[file.file_id]

    def _add(self, file: StoredFile, content: bytes) -> None:
        self._files[file.file_id] = file
        self._contents[file.file_id] = content
        self._size += file.size
        while self._size > self._limit and len(self._files) > 1:
            file_id, oldest = self._files.popitem(last=False)
            del self._contents[file_id]
            self._size -= oldest.size


def _recognised(file_id: str, kind: str, upload: Upload) -> StoredFile:
    mime_type, width, height = picture_size(upload.content)
    if kind == PHOTO:
        _check_photo(len(upload.content), width, height)
    return StoredFile(
        file_id=file_id,
        kind=kind,
        name=upload.name,
        size=len(upload.content),
        mime_type=mime_type or "application/octet-stream",
        width=width,
        height=height,
    )


def _check_photo(size: int, width: int, height: int) -> None:
    if size > MAX_PHOTO:
        limit = f"the maximum size is {MAX_PHOTO} bytes"
        raise bad_request(f"file of size {size} bytes is too big for a photo; {limit}")
    if not width or not height:
        raise bad_request("IMAGE_PROCESS_FAILED")
    if width + height > 10_000 or max(width, height) > 20 * min(width, height):
        raise bad_request("PHOTO_INVALID_DIMENSIONS")


def picture_size(content: bytes) -> tuple[str, int, int]:
    """Return mime type, width and height of a PNG or JPEG, `("", 0, 0)` for anything else."""
    try:
        if content.startswith(b"\x89PNG\r\n\x1a\n"):
            return "image/png", *struct.unpack(">II", content[16:24])
        if content.startswith(b"\xff\xd8"):
            return "image/jpeg", *_jpeg_size(content)
    except struct.error:  # it breaks off
        pass
    return "", 0, 0


def _jpeg_size(content: bytes) -> tuple[int, int]:
    # Segments follow each other, each with its length; the frame header (C0 to CF but for three
    # that are tables) has height and width behind the sample precision.
    position = 2
    while True:
        marker, length = struct.unpack(">HH", content[position : position + 4])
        if 0xFFC0 <= marker <= 0xFFCF and marker not in (0xFFC4, 0xFFC8, 0xFFCC):
            height, width = struct.unpack(">HH", content[position + 5 : position + 9])
            return width, height
        position += 2 + max(length, 2)
