import pytest

from signalbot.sandbox.bot_api.envelope import Refused
from signalbot.sandbox.bot_api.keyboards import buttons, read_keyboard


def _one(**button: object) -> dict[str, object]:
    return {"inline_keyboard": [[{"text": "Go"} | button]]}


def test_rows_of_every_kind_of_button_are_read() -> None:
    rows = read_keyboard(
        {
            "inline_keyboard": [
                [{"text": "a", "callback_data": "é" * 32}],
                [],
                [
                    {"text": "b", "url": "https://t.me/x?start=y"},
                    {"text": "c", "copy_text": {"text": "1"}},
                ],
            ]
        }
    )
    assert [len(row) for row in rows] == [1, 2]
    assert [button["text"] for button in buttons(rows)] == ["a", "b", "c"]


@pytest.mark.parametrize("markup", [None, {"remove_keyboard": True}, {"keyboard": [["x"]]}])
def test_other_markups_are_no_inline_keyboard(markup: dict[str, object] | None) -> None:
    assert read_keyboard(markup) == ()


@pytest.mark.parametrize(
    ("markup", "reason"),
    [
        ({"inline_keyboard": 5}, "can't parse reply keyboard markup JSON object"),
        ({"inline_keyboard": ["x"]}, "can't parse reply keyboard markup JSON object"),
        ({"inline_keyboard": [[5]]}, "Expected an Object"),
        (_one(), "Text buttons are unallowed in the inline keyboard"),
        (_one(callback_data="x", url="https://e.com"), "Text buttons are unallowed"),
        (_one(callback_data="x", text=" "), "Button text must be non-empty"),
        (_one(callback_data=""), "BUTTON_DATA_INVALID"),
        (_one(callback_data="é" * 33), "BUTTON_DATA_INVALID"),
        (_one(callback_data=5), "BUTTON_DATA_INVALID"),
        (_one(url="javascript:alert(1)"), "Wrong HTTP URL"),
        (_one(copy_text={"text": "x" * 257}), "BUTTON_COPY_TEXT_INVALID"),
        (_one(copy_text="x"), "BUTTON_COPY_TEXT_INVALID"),
        ({"inline_keyboard": [[{"text": "x", "callback_data": "x"}] * 9]}, "too long"),
        ({"inline_keyboard": [[{"text": "x", "callback_data": "x"}] * 8] * 13}, "too long"),
    ],
)
def test_what_telegram_refuses(markup: dict[str, object], reason: str) -> None:
    with pytest.raises(Refused, match=reason):
        read_keyboard(markup)
