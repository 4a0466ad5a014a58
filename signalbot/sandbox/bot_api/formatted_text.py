"""Text with its entities (bold, code, links, ...), counted in UTF-16 units as Telegram does."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice

from signalbot.sandbox.bot_api.envelope import Json, bad_request, present

MAX_ENTITIES = 100
MAY_SURROUND = (
    *("bold", "italic", "underline", "strikethrough", "spoiler"),
    *("blockquote", "expandable_blockquote"),
)
FOUND = re.compile(
    r"(?P<url>https?://[^\s<>\"]{0,2000}[^\s<>\".,;:!?)])"
    r"|(?P<bot_command>(?<![\w/<>])/[A-Za-z0-9_]{1,32}(?:@\w{3,32})?(?![\w/]))"
)


def utf16_length(text: str) -> int:
    """Return the length in UTF-16 units: an emoji beyond the first plane counts twice."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    """One formatted stretch of a text.

    Attributes
    ----------
    kind : str
        Telegram's `type`: bold, italic, code, pre, text_link, bot_command, ...
    offset, length : int
        In UTF-16 units.
    url, language, user_id
        Target of a text_link, language of a pre, person of a text_mention.
    """

    kind: str
    offset: int
    length: int
    url: str | None = None
    language: str | None = None
    user_id: int | None = None

    @property
    def end(self) -> int:
        """Offset behind its last unit."""
        return self.offset + self.length

    def wire(self) -> Json:
        """Return the entity as the Bot API shows it."""
        user = None
        if self.user_id is not None:
            user = {"id": self.user_id, "is_bot": False, "first_name": str(self.user_id)}
        return present(
            type=self.kind,
            offset=self.offset,
            length=self.length,
            url=self.url,
            language=self.language,
            user=user,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class FormattedText:
    """A text and the entities in it, sorted by offset, the longer first."""

    text: str
    entities: tuple[Entity, ...] = ()

    @property
    def length(self) -> int:
        """Length in UTF-16 units."""
        return utf16_length(self.text)

    def finished(self) -> "FormattedText":
        """Return what Telegram keeps: no white space at the end, commands and links found.

        Entities that would be empty are dropped, and those beyond the first 100.
        """
        text = self.text.rstrip()
        end = utf16_length(text)
        kept = [
            replace(entity, length=min(entity.length, end - entity.offset))
            for entity in self.entities
            if entity.length > 0 and entity.offset < end
        ][:MAX_ENTITIES]
        kept += [found for found in islice(_found(text), MAX_ENTITIES) if _is_free(found, kept)]
        kept.sort(key=lambda entity: (entity.offset, -entity.length))
        return FormattedText(text=text, entities=tuple(kept[:MAX_ENTITIES]))


def _is_free(found: Entity, kept: list[Entity]) -> bool:
    return all(
        found.offset >= entity.end or found.end <= entity.offset
        for entity in kept
        if entity.kind not in MAY_SURROUND
    )


def _found(text: str) -> Iterator[Entity]:
    for match in FOUND.finditer(text):
        yield Entity(
            kind=str(match.lastgroup),
            offset=utf16_length(text[: match.start()]),
            length=utf16_length(match.group()),
        )


def listed_entities(items: list[object]) -> tuple[Entity, ...]:
    """Read the `entities` of a call, the alternative to a parse mode.

    Raises
    ------
    Refused
        400 if one of them is no entity.
    """
    return tuple(_listed(item) for item in items)


def _listed(item: object) -> Entity:
    if not isinstance(item, dict):
        raise bad_request("can't parse entities: Expected an Object MessageEntity")
    kind, offset, length = item.get("type"), item.get("offset"), item.get("length")
    if not (isinstance(kind, str) and isinstance(offset, int) and isinstance(length, int)):
        raise bad_request("can't parse entities: type, offset and length are required")
    url, language = item.get("url"), item.get("language")
    return Entity(
        kind=kind,
        offset=max(offset, 0),
        length=length,
        url=url if isinstance(url, str) else None,
        language=language if isinstance(language, str) else None,
    )
