"""Draw `size.svg`: how large a position may be, against the distance of its stop."""

from decimal import Decimal
from pathlib import Path

from signalbot.domain.rules import Rules
from signalbot.service.advise import SizeInput, ask_desk

FOLDER = Path(__file__).parent
WIDTH, HEIGHT = 760, 400
LEFT, TOP, RIGHT, BOTTOM = 80, 50, 730, 340
LARGEST_STOP_PCT, LARGEST_NOTIONAL = 2.0, 3000
STOPS_PCT = [Decimal(n) / 100 for n in range(15, 201)]


def main() -> None:
    """Size one account for every stop distance, with costs and without, and save the picture."""
    honest = [(float(stop), _notional(stop, costs=True)) for stop in STOPS_PCT]
    naive = [(float(stop), _notional(stop, costs=False)) for stop in STOPS_PCT]
    limit = next(float(stop) for stop in STOPS_PCT if _fits(stop))
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}"'
        ' font-family="sans-serif" font-size="13">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>',
        _text(LEFT, 26, "Position that loses 5 USDT at the stop (1000 USDT, 0.5 % risk)", size=16),
        *_grid(),
        f'<rect x="{_x(0)}" y="{TOP}" width="{_x(limit) - _x(0)}" height="{BOTTOM - TOP}"'
        ' fill="#c0392b" opacity="0.08"/>',
        _text(_x(0) + 8, BOTTOM - 30, f"stop below {limit:.2f} %:", color="#c0392b"),
        _text(_x(0) + 8, BOTTOM - 13, "refused, costs above 0.25 R", color="#c0392b"),
        _line(naive, "#7f8c8d", dashed=True),
        _line(honest, "#1f6f43"),
        _text(_x(1.02), _y(760), "costs ignored: loses more than you chose", color="#5f6c6d"),
        _text(
            _x(0.62), _y(130), "fees and slippage counted: loses what you chose", color="#1f6f43"
        ),
        "</svg>",
    ]
    (FOLDER / "size.svg").write_text("\n".join(parts) + "\n", encoding="utf-8")


def _ask(stop_pct: Decimal, *, costs: bool) -> SizeInput:
    rate = Decimal(1) / 10_000 if costs else Decimal(0)
    return SizeInput(
        entry=Decimal("1.0000"),
        stop=1 - stop_pct / 100,
        equity=Decimal(1000),
        taker_rate=5 * rate,
        maker_rate=2 * rate,
        slippage_rate=2 * rate,
        tick=Decimal("0.0001"),
        step=Decimal("0.01"),
    )


def _notional(stop_pct: Decimal, *, costs: bool) -> float:
    every = Rules(max_cost_r=Decimal(10), max_tick_share=Decimal(1))
    return float(ask_desk(_ask(stop_pct, costs=costs), {}, every).advice.size.notional)


def _fits(stop_pct: Decimal) -> bool:
    return not ask_desk(_ask(stop_pct, costs=True), {}, Rules()).advice.refusals


def _x(stop_pct: float) -> float:
    return LEFT + (RIGHT - LEFT) * stop_pct / LARGEST_STOP_PCT


def _y(notional: float) -> float:
    return BOTTOM - (BOTTOM - TOP) * min(notional, LARGEST_NOTIONAL) / LARGEST_NOTIONAL


def _line(points: list[tuple[float, float]], color: str, *, dashed: bool = False) -> str:
    path = " ".join(f"{_x(stop):.1f},{_y(notional):.1f}" for stop, notional in points)
    dash = ' stroke-dasharray="6 5"' if dashed else ""
    return f'<polyline points="{path}" fill="none" stroke="{color}" stroke-width="2.5"{dash}/>'


def _text(x: float, y: float, text: str, *, size: int = 13, color: str = "#222222") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" fill="{color}">{text}</text>'


def _grid() -> list[str]:
    lines = []
    for notional in range(0, LARGEST_NOTIONAL + 1, 500):
        y = _y(notional)
        lines.append(f'<path d="M{LEFT} {y:.1f}H{RIGHT}" stroke="#e3e3e3"/>')
        lines.append(_text(LEFT - 68, y + 4, f"{notional} USDT"))
    for tenth in range(0, 21, 5):
        x = _x(tenth / 10)
        lines.append(f'<path d="M{x:.1f} {TOP}V{BOTTOM}" stroke="#e3e3e3"/>')
        lines.append(_text(x - 14, BOTTOM + 20, f"{tenth / 10:.1f} %"))
    lines.append(_text((LEFT + RIGHT) / 2 - 90, BOTTOM + 42, "distance of the stop from the entry"))
    return lines


if __name__ == "__main__":
    main()
