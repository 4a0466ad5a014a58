"""Every figure of speed and memory as one JSON object: `make bench`.

Figures of two machines are never compared; ratios within one run may be.
"""

import json
import os
import platform

import baselines
import board
import charts
import describe
import ledger
import pictures
import replay
import risk
import scan
import stats


def figures() -> dict[str, object]:
    """Return the figures of every benchmark, by its name, and the machine they were taken on."""
    return {
        "machine": {
            "python": platform.python_version(),
            "system": platform.platform(),
            "processors": os.cpu_count(),
        },
        "scan": scan.figures(),
        "replay": replay.figures(),
        "describe": describe.figures(),
        "stats": stats.figures(),
        "risk": risk.figures(),
        "board": board.figures(),
        "ledger": ledger.figures(),
        "baselines": baselines.figures(),
        "pictures": pictures.figures(),
        "charts": charts.figures(),
    }


if __name__ == "__main__":
    print(json.dumps(figures(), indent=2))
