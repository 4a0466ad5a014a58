import pytest
from hypothesis import given
from hypothesis import strategies as st

from signalbot.sandbox.bot_api.envelope import Refused
from signalbot.sandbox.bot_api.formatted_text import Entity, FormattedText, utf16_length
from signalbot.sandbox.bot_api.html_entities import parse_html

TAGS = ("b", "strong", "i", "em", "u", "ins", "s", "strike", "del", "code", "pre", "blockquote")


def _kinds(source: str) -> list[tuple[str, int, int]]:
    return [(e.kind, e.offset, e.length) for e in parse_html(source).entities]


@pytest.mark.parametrize(
    ("tag", "kind"),
    [
        ("b", "bold"),
        ("STRONG", "bold"),
        ("i", "italic"),
        ("em", "italic"),
        ("u", "underline"),
        ("ins", "underline"),
        ("s", "strikethrough"),
        ("strike", "strikethrough"),
        ("del", "strikethrough"),
        ("code", "code"),
        ("pre", "pre"),
        ("tg-spoiler", "spoiler"),
        ("blockquote", "blockquote"),
    ],
)
def test_every_tag_becomes_its_entity(tag: str, kind: str) -> None:
    assert parse_html(f"a <{tag}>bc</{tag}>").text == "a bc"
    assert _kinds(f"a <{tag}>bc</{tag}>") == [(kind, 2, 2)]


def test_offsets_count_utf16_units() -> None:
    assert _kinds("😀é<b>😀</b><i>x</i>") == [("bold", 3, 2), ("italic", 5, 1)]


def test_tags_nest_the_outer_one_first() -> None:
    assert _kinds("<b>a<i>b</i></b>") == [("bold", 0, 2), ("italic", 1, 1)]
    assert _kinds("<i><b>ab</b>c</i>") == [("italic", 0, 3), ("bold", 0, 2)]


def test_nothing_is_formatted_inside_code_but_a_language_is_named() -> None:
    assert _kinds("<code>a<b>b</b></code>") == [("code", 0, 2)]
    (pre,) = parse_html('<pre><code class="language-python">x</code></pre>').entities
    assert (pre.kind, pre.language) == ("pre", "python")


def test_special_links_and_attributes() -> None:
    (link,) = parse_html('<a href="https://e.com/?a=1&amp;b=2">x</a>').entities
    assert (link.kind, link.url) == ("text_link", "https://e.com/?a=1&b=2")
    (person,) = parse_html("<a href='tg://user?id=7'>x</a>").entities
    assert (person.kind, person.user_id) == ("text_mention", 7)
    assert parse_html('<a href="javascript:alert(1)">x</a>') == FormattedText(text="x")
    (link,) = parse_html("<a>https://e.com</a>").entities
    assert link.url == "https://e.com"
    assert _kinds('<span class="tg-spoiler">x</span>') == [("spoiler", 0, 1)]
    assert _kinds("<blockquote expandable>x</blockquote>") == [("expandable_blockquote", 0, 1)]


def test_characters_are_decoded_and_unknown_ones_left_alone() -> None:
    source = "&lt;&gt;&amp;&quot; &#65;&#x42; &nbsp; & &copy; &#0; &#xD800; &#x110000; &amp;lt;"
    decoded = '<>&" AB &nbsp; & &copy; &#0; &#xD800; &#x110000; &lt;'
    assert parse_html(source).text == decoded


def test_empty_entities_vanish() -> None:
    assert parse_html("<b></b>x<i></i>") == FormattedText(text="x")


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("<b>x", 'Can\'t find end tag corresponding to start tag "b"'),
        ("x</b>", "Unexpected end tag at byte offset 1"),
        ("<b>é</i>", 'Unmatched end tag at byte offset 5, expected "</b>", found "</i>"'),
        ("é<br/>", 'Unsupported start tag "br" at byte offset 2'),
        ("a < b", 'Unsupported start tag "" at byte offset 2'),
        ("<b", "Unclosed start tag at byte offset 0"),
        ("<b x", "Unclosed start tag at byte offset 0"),
        ("<b>x</b", "Unclosed end tag at byte offset 4"),
        ("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
        ('<a href="x>y</a>', 'Invalid attribute in the tag "a" at byte offset 0'),
        ("<script>x</script>", 'Unsupported start tag "script" at byte offset 0'),
    ],
)
def test_what_is_wrong_is_told_with_its_byte(source: str, reason: str) -> None:
    with pytest.raises(Refused) as caught:
        parse_html(source)
    assert caught.value.description == f"Bad Request: can't parse entities: {reason}"


@given(st.text())
def test_escaped_text_comes_back_as_it_was(text: str) -> None:
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    assert parse_html(f"<b>{escaped}</b>").text == text


@given(
    st.recursive(
        st.text("a😀&", max_size=4), lambda inner: st.tuples(st.sampled_from(TAGS), inner, inner)
    )
)
def test_every_entity_lies_within_the_text(tree) -> None:
    def source(node) -> str:
        if isinstance(node, str):
            return node
        tag, first, second = node
        return f"<{tag}>{source(first)}</{tag}>{source(second)}"

    parsed = parse_html(source(tree))
    assert all(0 <= e.offset < e.end <= parsed.length for e in parsed.entities)


@given(st.text("<>/&;b= \"'iaspn#x1", max_size=30))
def test_rubbish_is_read_or_refused_and_nothing_else(source: str) -> None:
    try:
        parsed = parse_html(source)
    except Refused:
        return
    assert utf16_length(parsed.text) <= utf16_length(source)


def test_commands_and_links_are_found_but_not_inside_code() -> None:
    text = parse_html(
        "/size@my_bot see https://e.com/a. <code>/no</code> a/b <b>/yes</b>  "
    ).finished()
    assert text.text.endswith("/yes")
    found = [e for e in text.entities if e.kind in ("bot_command", "url")]
    assert found == [
        Entity(kind="bot_command", offset=0, length=12),
        Entity(kind="url", offset=17, length=15),
        Entity(kind="bot_command", offset=42, length=4),
    ]


def test_entities_beyond_the_first_hundred_are_dropped() -> None:
    assert len(parse_html("<b>x</b> " * 150).finished().entities) == 100
