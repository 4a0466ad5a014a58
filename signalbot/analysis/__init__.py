"""What the candles say: indicators, the description of one pair, the BTC context. Pure."""
