"""A local venue that speaks Binance USD-M: candles, books, trades and faults without a network."""
