import pytest
from hypothesis import given
from hypothesis import strategies as st

from signalbot.domain.symbols import LONGEST, find_symbol, unified
from signalbot.errors import InputError

LAYER = "LAYER/USDT:USDT"
KNOWN = (
    "BTC/USDT:USDT",
    LAYER,
    "LINEA/USDT:USDT",
    "X/USDT:USDT",
    "1000X/USDT:USDT",
    "1000PEPE/USDT:USDT",
    "10000SATS/USDT:USDT",
    "1000SATS/USDT:USDT",
    "1MBABYDOGE/USDT:USDT",
    "1INCH/USDT:USDT",
    "0G/USDT:USDT",
    "4/USDT:USDT",
    "龙虾/USDT:USDT",
)
SPELLINGS = (
    "layer",
    "Layer",
    "LAYERUSDT",
    "layerusdt.p",
    "LAYER.P",
    "LAYER/USDT",
    "LAYER/USDT:USDT",
    "layer/usdt:usdt",
    "LAYER-USDT",
    "LAYER_USDT",
    "LAYER_USDT_USDT",
    "LAYER USDT",
    "$layer",
    "#LAYER",
    "#layerusdt",
    "  layer\n",
    "ＬＡＹＥＲ",  # noqa: RUF001 - full-width, as an Asian keyboard writes it
)


@pytest.mark.parametrize("text", SPELLINGS)
def test_every_common_spelling_means_the_same_contract(text: str) -> None:
    assert unified(text) == LAYER
    assert find_symbol(text, KNOWN) == LAYER
    assert find_symbol(text, []) == LAYER


@pytest.mark.parametrize(
    ("text", "symbol"),
    [
        ("龙虾", "龙虾/USDT:USDT"),
        ("#龙虾usdt", "龙虾/USDT:USDT"),
        ("1inch", "1INCH/USDT:USDT"),
        ("0g", "0G/USDT:USDT"),
        ("4", "4/USDT:USDT"),
        ("4usdt", "4/USDT:USDT"),
    ],
)
def test_a_coin_may_be_written_in_any_script_and_begin_with_a_digit(text: str, symbol: str) -> None:
    assert find_symbol(text, KNOWN) == unified(text) == symbol


@pytest.mark.parametrize(
    ("text", "symbol"),
    [
        ("pepe", "1000PEPE/USDT:USDT"),
        ("$PEPEUSDT", "1000PEPE/USDT:USDT"),
        ("1000pepe", "1000PEPE/USDT:USDT"),
        ("babydoge", "1MBABYDOGE/USDT:USDT"),
        ("10000sats", "10000SATS/USDT:USDT"),
        ("1000x", "1000X/USDT:USDT"),
    ],
)
def test_a_coin_traded_by_the_thousand_is_found_by_either_name(text: str, symbol: str) -> None:
    assert find_symbol(text, KNOWN) == symbol


def test_of_several_multiples_of_a_coin_the_smallest_is_found() -> None:
    assert find_symbol("sats", KNOWN) == "1000SATS/USDT:USDT"


@pytest.mark.parametrize("known", [KNOWN, KNOWN[::-1]])
def test_a_coin_that_is_traded_itself_comes_before_a_multiple_of_it(known: tuple[str, ...]) -> None:
    assert find_symbol("x", known) == "X/USDT:USDT"


def test_a_multiple_that_is_not_traded_does_not_mean_the_plain_coin() -> None:
    with pytest.raises(InputError, match="nearest: LAYER/USDT:USDT"):
        find_symbol("1000layer", KNOWN)


def test_a_known_name_means_itself_whatever_it_looks_like() -> None:
    known = ["KPEPE/USDT:USDT", "kPEPE/USDT:USDT", "BRK.B/USDT:USDT"]

    assert [find_symbol(symbol, known) for symbol in known] == known


def test_a_name_of_two_known_ones_that_differ_in_case_means_always_the_same() -> None:
    known = ["kPEPE/USDT:USDT", "KPEPE/USDT:USDT"]

    assert find_symbol("kpepe", known) == find_symbol("kpepe", known[::-1]) == "KPEPE/USDT:USDT"


@pytest.mark.parametrize(
    ("typo", "meant"),
    [
        ("layre", LAYER),
        ("lyaerusdt", LAYER),
        ("LAYERR/USDT", LAYER),
        ("lin3a", "LINEA/USDT:USDT"),
        ("pepee", "1000PEPE/USDT:USDT"),
        ("1000pepee", "1000PEPE/USDT:USDT"),
        ("bct", "BTC/USDT:USDT"),
    ],
)
def test_an_unknown_name_is_answered_with_the_nearest_first(typo: str, meant: str) -> None:
    with pytest.raises(InputError) as error:
        find_symbol(typo, KNOWN)

    assert error.value.field == "symbol"
    assert error.value.was == typo
    assert error.value.allowed.startswith(f"a known contract; nearest: {meant}, ")


@pytest.mark.parametrize("size", [1, 2, 3, 6])
def test_at_most_three_names_are_offered_each_once(size: int) -> None:
    with pytest.raises(InputError) as error:
        find_symbol("pepee", ["1000PEPE/USDT:USDT", *KNOWN[: size - 1]])

    offered = error.value.allowed.partition("nearest: ")[2].split(", ")
    assert len(offered) == len(set(offered)) == min(size, 3)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "$",
        "USDT",
        "usdtusdt",
        "/USDT:USDT",
        "LAYER/USDC",
        "LAYER/USDC:USDC",
        "BTC/USD:BTC",
        "BTC/USDT:USDT-260327",
        "$$layer",
        "la yer",
        "la_yer",
        "la\x00yer",
        "layer\u202e",
        "\ud800",
        "🚀",
        "../../etc/passwd",
        "<b>layer</b>",
        "layer; DROP TABLE instrument",
        "A" * 31,
        "A" * (LONGEST + 1),
        "﷽" * LONGEST,  # each is 18 letters when normalised
    ],
)
@pytest.mark.parametrize("known", [(), KNOWN])
def test_what_cannot_be_a_name_is_refused_naming_the_field(
    text: str, known: tuple[str, ...]
) -> None:
    with pytest.raises(InputError, match=r"^symbol was .*such as LAYER/USDT:USDT$"):
        find_symbol(text, known)


def test_a_huge_text_is_refused_with_a_short_message() -> None:
    with pytest.raises(InputError) as error:
        find_symbol("layer" * 1_000_000, KNOWN)

    assert len(str(error.value)) < 200


@given(text=st.text(max_size=2 * LONGEST))
def test_any_text_is_found_or_refused_with_a_printable_message(text: str) -> None:
    assert _answer(text) in KNOWN or _answer(text).isprintable()


@given(text=st.text(max_size=2 * LONGEST))
def test_a_unified_name_is_its_own_unified_name(text: str) -> None:
    try:
        symbol = unified(text)
    except InputError:
        return

    assert unified(symbol) == symbol


@given(st.from_regex(r"[A-Z0-9]{1,12}", fullmatch=True).filter(lambda name: "USDT" not in name))
def test_every_contract_is_found_by_its_coin(name: str) -> None:
    symbol = f"{name}/USDT:USDT"

    assert find_symbol(name.lower(), [*KNOWN, symbol]) == symbol
    assert find_symbol(f"${name}usdt", [*KNOWN, symbol]) == symbol


def _answer(text: str) -> str:
    try:
        return find_symbol(text, KNOWN)
    except InputError as error:
        return str(error)
