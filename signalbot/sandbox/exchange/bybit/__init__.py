"""The same market as Bybit would show it."""
