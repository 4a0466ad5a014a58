"""Where candles come from: recorded files now, venues through ccxt later."""
