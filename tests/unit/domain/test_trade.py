from decimal import Decimal

from signalbot.domain.side import Side
from signalbot.domain.trade import Quote, Trade

QUOTE = Quote(time=1_746_369_120_012, bid=Decimal("0.99990"), ask=Decimal("1.0001"))


def test_a_trade_is_written_plainly() -> None:
    trade = Trade(time=1_746_369_120_007, price=Decimal("1.230"), size=Decimal("1E+3"))

    assert trade.csv_line() == "1746369120007,1.23,1000"


def test_a_quote_is_written_plainly() -> None:
    assert QUOTE.csv_line() == "1746369120012,0.9999,1.0001"


def test_a_long_buys_at_the_ask_and_a_short_sells_at_the_bid() -> None:
    assert QUOTE.price_for(Side.LONG) == Decimal("1.0001")
    assert QUOTE.price_for(Side.SHORT) == Decimal("0.9999")
