"""Read a file that says which coin a venue's name means: `{"BOB": "build-on-bnb"}`.

Names are those of the venues, such as `BOB` or `1000BOB`; ids are CoinGecko's.
"""

from pathlib import Path

from signalbot.errors import InputError
from signalbot.market.coin_names import is_name
from signalbot.market.json_files import Number, read_json

MOST_NAMES = 10_000


def read_coin_ids(path: Path | None) -> dict[str, str]:
    """Return the id of a coin by name; nothing without a file.

    Raises
    ------
    InputError
        Naming file and name of the first thing that is wrong.
    """
    if path is None:
        return {}
    listed = read_json(path)
    if not isinstance(listed, dict) or len(listed) > MOST_NAMES:
        allowed = f"an object of at most {MOST_NAMES} ids by name"
        raise InputError("coins", type(listed).__name__, allowed, str(path))
    for name, coin_id in listed.items():
        if not is_name(name) or not is_name(coin_id) or isinstance(coin_id, Number):
            raise InputError(name, coin_id, "the id of a coin, such as build-on-bnb", str(path))
    return listed
