import struct

import pytest
from fakes.sandbox_bot import png

from signalbot.sandbox.bot_api.envelope import Refused
from signalbot.sandbox.bot_api.files import Files, picture_size
from signalbot.sandbox.bot_api.parameters import Upload

EXIF = b"\xff\xe1\x00\x06Exif"
FRAME = b"\xff\xc0\x00\x11\x08" + struct.pack(">HH", 480, 640) + bytes(10)


def _store(content: bytes, kind: str = "photo", name: str = "a") -> str:
    return Files(2**20).store(kind, Upload(name=name, content=content)).file_id


@pytest.mark.parametrize(
    ("content", "size"),
    [
        (png(7, 5), ("image/png", 7, 5)),
        (b"\xff\xd8" + EXIF + FRAME, ("image/jpeg", 640, 480)),
        (b"\xff\xd8\xff\xc4\x00\x04ab" + FRAME, ("image/jpeg", 640, 480)),
        (b"\xff\xd8" + EXIF, ("", 0, 0)),
        (png()[:12], ("", 0, 0)),
        (b"GIF89a", ("", 0, 0)),
    ],
)
def test_size_of_a_picture(content: bytes, size: tuple[str, int, int]) -> None:
    assert picture_size(content) == size


def test_the_same_file_keeps_its_id_and_another_one_has_another() -> None:
    assert _store(png()) == _store(png())
    assert len({_store(png()), _store(png(9, 9)), _store(png(), name="b")}) == 3
    assert _store(png()) != _store(png(), kind="document")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "file must be non-empty"),
        (b"text", "IMAGE_PROCESS_FAILED"),
        (png(0, 5), "IMAGE_PROCESS_FAILED"),
        (png(21, 1), "PHOTO_INVALID_DIMENSIONS"),
        (png()[:16] + struct.pack(">II", 9000, 9000), "PHOTO_INVALID_DIMENSIONS"),
        (png() + bytes(10 * 2**20), "is too big for a photo"),
    ],
)
def test_a_photo_that_telegram_refuses(content: bytes, reason: str) -> None:
    with pytest.raises(Refused, match=reason):
        _store(content)
