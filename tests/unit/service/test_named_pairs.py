import pytest
from fakes.candidates import listing

from signalbot.domain.listing import Exclusion, ExclusionCode, Listings
from signalbot.errors import InputError
from signalbot.service.named_pairs import known_symbols, meant

SPOT, SHARE = (
    Exclusion(venue="bybit", symbol=symbol, code=ExclusionCode.TRADFI, note="")
    for symbol in ("TOY/USDT", "TSLA/USDT:USDT")
)
LISTINGS = Listings(venue="bybit", listed=(listing("LAYER"),), excluded=(SPOT, SHARE))


def test_every_perpetual_has_a_name() -> None:
    assert known_symbols(LISTINGS) == ("LAYER/USDT:USDT", "TSLA/USDT:USDT")


@pytest.mark.parametrize(
    ("text", "symbol"),
    [
        ("layer", "LAYER/USDT:USDT"),
        ("$tsla", "TSLA/USDT:USDT"),
        ("toy", "TOY/USDT:USDT"),
        ("LAYER/USDT:USDT", "LAYER/USDT:USDT"),
    ],
)
def test_a_text_means_a_pair_whether_it_is_listed_or_not(text: str, symbol: str) -> None:
    assert meant(text, LISTINGS) == symbol


def test_what_is_no_name_is_refused() -> None:
    with pytest.raises(InputError, match="symbol was 'a b c'"):
        meant("a b c", LISTINGS)
