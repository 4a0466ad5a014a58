"""Every byte of fifty entries, and every other change of a record of five hundred entries.

`make chaos` runs it; the suite has a smaller one. Both programs have to name the first entry that
differs: `signalbot ledger verify` and the stranger's `verify.py`.
"""

import importlib.util
from pathlib import Path
from random import Random

import pytest
from fakes.tampering import Package, Stranger, one_byte_changed, rearranged, signed_again
from fakes.whole_record import lines_of, long_record

SIZE, SAMPLED = 500, 50
SEED = 11


def stranger() -> Stranger:
    place = Path(__file__).parents[2] / "verify.py"
    spec = importlib.util.spec_from_file_location("strangers_verify", place)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return Stranger(module)


@pytest.mark.parametrize("make", [Package, stranger], ids=["package", "stranger"])
def test_no_change_of_a_record_goes_unnoticed(make: type[Package]) -> None:
    checker, random = make(), Random(SEED)  # noqa: S311 - no secret
    record = long_record(SIZE)
    lines, forgeries = lines_of(record), 0
    sampled = set(random.sample(range(SIZE), SAMPLED))

    for place, line in enumerate(lines):
        changed = list(rearranged(lines, place))
        changed += one_byte_changed(line, random) if place in sampled else []
        changed += lines_of(signed_again(record[: place + 1], place + 1))[-1:]
        changed += [line + line, line[:-1]]
        for other in changed:
            assert checker.named(other) == place + 1, other
        forgeries += len(changed)
        checker.take(line)

    assert len(lines) == SIZE
    assert forgeries > sum(len(lines[place]) for place in sampled)
