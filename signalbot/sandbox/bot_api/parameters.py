"""The parameters of a call, however they came: query, form, multipart or JSON.

Numbers and booleans may arrive as text and nested values as JSON text, since that is what forms
can carry. Everything is checked here, so that the methods can trust it.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from aiohttp import BodyPartReader, web

from signalbot.sandbox.bot_api.envelope import Json, Refused, bad_request

MAX_FILE = 50 * 2**20  # bytes of one upload
MAX_BODY = MAX_FILE + 2**20
TOO_LARGE = "Request Entity Too Large"


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A file that came with a call."""

    name: str
    content: bytes


class Parameters:
    """What a method was called with."""

    def __init__(self, values: Mapping[str, object], uploads: Mapping[str, Upload]) -> None:
        self._values = values
        self._uploads = uploads

    def text(self, name: str) -> str:
        """Return a string, empty where there is none.

        Raises
        ------
        Refused
            400 if it is no valid Unicode.
        """
        value = self._values.get(name)
        if value is None or isinstance(value, dict | list):
            return ""
        text = str(value)
        try:
            text.encode()
        except UnicodeEncodeError:
            raise bad_request(f"{name} must be encoded in UTF-8") from None
        return text

    def number(self, name: str) -> int | None:
        """Return a whole number, None where there is none.

        Raises
        ------
        Refused
            400 if it is something else.
        """
        text = self.text(name).strip()
        if not text:
            return None
        try:
            return int(text[:20])
        except ValueError:
            raise bad_request(f"invalid {name} specified") from None

    def has(self, name: str) -> bool:
        """Return whether the call names this parameter at all."""
        return name in self._values

    def flag(self, name: str) -> bool:
        """Return whether a boolean parameter is true."""
        return self.text(name).strip().lower() in ("true", "yes", "1")

    def structure(self, name: str) -> object:
        """Return a nested value, None where there is none.

        Raises
        ------
        Refused
            400 if it is no JSON.
        """
        value = self._values.get(name)
        if not isinstance(value, str):
            return value
        if not value:
            return None
        try:
            return load_json(value)
        except ValueError:
            raise bad_request(f"can't parse {name} JSON object") from None

    def mapping(self, name: str) -> Json | None:
        """Return a nested object, None where there is none.

        Raises
        ------
        Refused
            400 if it is no JSON object.
        """
        value = self.structure(name)
        if value is None or isinstance(value, dict):
            return value
        raise bad_request(f"object expected as {name}")

    def items(self, name: str) -> list[object]:
        """Return a nested list, empty where there is none.

        Raises
        ------
        Refused
            400 if it is no JSON list.
        """
        value = self.structure(name)
        if value is None:
            return []
        if isinstance(value, list):
            return value
        raise bad_request(f"expected an Array as {name}")

    def upload(self, name: str) -> Upload | None:
        """Return the file of a parameter: that of its own name, or that of `attach://other`."""
        address = self.text(name)
        attached = address.removeprefix("attach://") if address.startswith("attach://") else name
        return self._uploads.get(attached)

    def nested(self, item: object) -> "Parameters":
        """Return the parameters that one object of a list stands for, with the same uploads.

        Raises
        ------
        Refused
            400 if it is no object.
        """
        if not isinstance(item, dict):
            raise bad_request("expected an Object")
        return Parameters(item, self._uploads)


def load_json(text: str | bytes) -> object:
    """Read JSON from a stranger: whatever is wrong with it is a ValueError."""
    try:
        return json.loads(text)
    except RecursionError:
        raise ValueError("nested too deeply") from None


async def read_parameters(request: web.Request) -> Parameters:
    """Return the parameters of a request; those of the body win over those of the query.

    Raises
    ------
    Refused
        400 for a body that cannot be read, 413 for one that is too large.
    """
    query = dict(request.query)
    try:
        if request.content_type == "application/json":
            return Parameters(query | _object(await request.read()), {})
        if request.content_type != "multipart/form-data":
            return Parameters(query | dict(await request.post()), {})
        texts: dict[str, object] = {**query}
        uploads: dict[str, Upload] = {}
        async for part in await request.multipart():
            if isinstance(part, BodyPartReader):
                content = await _content(part)
                if part.filename is None:
                    texts[part.name or ""] = content.decode()
                else:
                    uploads[part.name or ""] = Upload(name=part.filename[:255], content=content)
    except web.HTTPRequestEntityTooLarge:
        raise Refused(413, TOO_LARGE) from None
    except (ValueError, LookupError):
        raise bad_request("can't parse the request body") from None
    return Parameters(texts, uploads)


async def _content(part: BodyPartReader) -> bytes:
    content = bytearray()
    while chunk := await part.read_chunk(2**16):
        content += chunk
        if len(content) > MAX_FILE:
            raise Refused(413, TOO_LARGE)
    return bytes(content)


def _object(body: bytes) -> Json:
    value = load_json(body or b"{}")
    if not isinstance(value, dict):
        raise bad_request("can't parse the request body: an object is expected")
    return value
