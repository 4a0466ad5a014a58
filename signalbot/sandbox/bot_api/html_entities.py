"""Telegram's HTML: the few tags it knows, and its words for everything that is wrong.

Source: Bot API, "HTML style"; the error texts are those of tdlib's `parse_html`.
"""

import re
from dataclasses import dataclass

from signalbot.sandbox.bot_api.envelope import Refused, bad_request
from signalbot.sandbox.bot_api.formatted_text import Entity, FormattedText, utf16_length

KINDS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "code": "code",
    "pre": "pre",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "blockquote": "blockquote",
    "a": "text_link",
}
VERBATIM = ("code", "pre")
NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
PLAIN = re.compile(r"[^<&]+|&")
CHARACTER = re.compile(
    r"&(?:#(?P<decimal>[0-9]{1,7})|#[xX](?P<hex>[0-9a-fA-F]{1,6})|(?P<name>[a-z]{2,4}));"
)
TAG = re.compile(r"<(?P<end>/?)(?P<name>[^\s<>/]*)(?P<rest>[^<>]*)>")
NAME = re.compile(r"<(?P<name>[^\s<>/]*)\s")
ATTRIBUTE = re.compile(
    r"\s+(?P<name>[\w-]+)"
    r"(?:\s*=\s*(?:\"(?P<double>[^\"]*)\"|'(?P<single>[^']*)'|(?P<bare>[\w.-]+)))?"
)
LINK = re.compile(r"(?:https?|tg)://\S+", re.IGNORECASE)
PERSON = re.compile(r"tg://user\?id=([0-9]{1,15})", re.IGNORECASE)


def parse_html(source: str) -> FormattedText:
    """Return text and entities of a string in Telegram's HTML.

    Raises
    ------
    Refused
        400 `can't parse entities: ...` with the reason and the byte offset.
    """
    parser = _Parser(source)
    while parser.position < len(source):
        parser.step()
    if parser.open:
        tag = parser.open[-1].tag
        raise _broken(f'Can\'t find end tag corresponding to start tag "{tag}"')
    ordered = sorted(parser.entities, key=lambda entity: (entity.offset, -entity.length))
    return FormattedText(text="".join(parser.text), entities=tuple(ordered))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Open:
    tag: str
    attributes: dict[str, str]
    offset: int  # UTF-16 units of text before it
    piece: int  # pieces of text before it


class _Parser:
    def __init__(self, source: str) -> None:
        self.source = source
        self.position = 0
        self.text: list[str] = []
        self.units = 0
        self.open: list[_Open] = []
        self.entities: list[Entity] = []

    def step(self) -> None:
        if self.source[self.position] == "<":
            self._tag()
            return
        match = CHARACTER.match(self.source, self.position)
        decoded = match and _decoded(match)
        if not (match and decoded):
            match = PLAIN.match(self.source, self.position)
            decoded = match and match.group()
        if match and decoded:
            self.text.append(decoded)
            self.units += utf16_length(decoded)
            self.position = match.end()

    def _tag(self) -> None:
        match = TAG.match(self.source, self.position)
        if match is None:
            raise self._unclosed()
        name = match["name"].lower()
        if match["end"]:
            self._close(name)
        else:
            self._begin(name, match["rest"])
        self.position = match.end()

    def _unclosed(self) -> Refused:
        if self.source.startswith("</", self.position):
            return self._wrong("Unclosed end tag")
        named = NAME.match(self.source, self.position)
        if named and named["name"].lower() not in KINDS:
            return self._wrong(f'Unsupported start tag "{named["name"].lower()}"')
        return self._wrong("Unclosed start tag")

    def _begin(self, name: str, rest: str) -> None:
        if name not in KINDS:
            raise self._wrong(f'Unsupported start tag "{name}"')
        attributes = _attributes(rest)
        if attributes is None:
            raise self._wrong(f'Invalid attribute in the tag "{name}"')
        if name == "span" and attributes.get("class") != "tg-spoiler":
            raise self._wrong('Tag "span" must have class "tg-spoiler"')
        self.open.append(
            _Open(tag=name, attributes=attributes, offset=self.units, piece=len(self.text))
        )

    def _close(self, name: str) -> None:
        if not self.open:
            raise self._wrong("Unexpected end tag")
        opened = self.open.pop()
        if name not in (opened.tag, ""):
            detail = f', expected "</{opened.tag}>", found "</{name}>"'
            raise self._wrong("Unmatched end tag", detail)
        if any(tag.tag in VERBATIM for tag in self.open):
            self._name_language(opened)
        elif self.units > opened.offset:
            self.entities += _entities(opened, self.units - opened.offset, self.text)

    def _name_language(self, opened: _Open) -> None:
        # Nothing is formatted inside code, but <pre><code class="language-x"> names a language.
        outer = self.open[-1]
        language = opened.attributes.get("class", "").removeprefix("language-")
        if opened.tag == "code" and outer.tag == "pre" and language:
            outer.attributes["language"] = language

    def _wrong(self, reason: str, detail: str = "") -> Refused:
        at = len(self.source[: self.position].encode())
        return _broken(f"{reason} at byte offset {at}{detail}")


def _entities(opened: _Open, length: int, text: list[str]) -> list[Entity]:
    kind, offset = KINDS[opened.tag], opened.offset
    if opened.tag == "a":
        target = opened.attributes.get("href") or "".join(text[opened.piece :])
        if person := PERSON.fullmatch(target):
            user_id = int(person[1])
            return [Entity(kind="text_mention", offset=offset, length=length, user_id=user_id)]
        if LINK.fullmatch(target):
            return [Entity(kind=kind, offset=offset, length=length, url=target)]
        return []  # Telegram keeps the words and forgets the link
    if "expandable" in opened.attributes and opened.tag == "blockquote":
        kind = "expandable_blockquote"
    language = opened.attributes.get("language") if opened.tag == "pre" else None
    return [Entity(kind=kind, offset=offset, length=length, language=language)]


def _attributes(rest: str) -> dict[str, str] | None:
    found: dict[str, str] = {}
    position = 0
    rest = rest.rstrip()
    while position < len(rest):
        match = ATTRIBUTE.match(rest, position)
        if match is None:
            return None
        value = match["double"] or match["single"] or match["bare"] or ""
        found[match["name"].lower()] = CHARACTER.sub(lambda m: _decoded(m) or m.group(), value)
        position = match.end()
    return found


def _decoded(match: re.Match[str]) -> str | None:
    if match["name"]:
        return NAMED.get(match["name"])
    code = int(match["decimal"]) if match["decimal"] else int(match["hex"], 16)
    is_character = 0 < code < 0x110000 and not 0xD800 <= code < 0xE000
    return chr(code) if is_character else None


def _broken(reason: str) -> Refused:
    return bad_request(f"can't parse entities: {reason}")
