"""`stats --pictures`: four files beside the text, and nothing else touched."""

import subprocess
import sys
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from signalbot.app.pictures import PICTURES
from signalbot.app.records import statistics_of_database, statistics_of_file
from signalbot.cli import run_command

COLUMNS = "alert_id,setup,version,symbol,side,published_at,outcome,net_r,breakeven_win_rate"
ROW = "{0},{1},1.0,TOY/USDT:USDT,long,2026-11-01T0{0}:00:00Z,TARGET,0.9,0.5"


@pytest.fixture
def outcomes(here: Path) -> Path:
    """Three alerts of setups with hostile names."""
    rows = [ROW.format(number, name) for number, name in enumerate(("🚀", "$x$", "币" * 99))]
    path = here / "outcomes.csv"
    path.write_text("\n".join([COLUMNS, *rows, ""]), encoding="utf-8")
    return path


def draw(outcomes: Path, folder: Path | str) -> int:
    return run_command(["stats", "--outcomes", str(outcomes), "--pictures", str(folder)])


def test_the_text_stays_and_four_pictures_are_written(
    told: Any, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_command(["stats", "--db", str(told.database)]) == 0
    text = capsys.readouterr().out

    assert run_command(["stats", "--db", str(told.database), "--pictures", "new"]) == 0

    printed = capsys.readouterr()
    assert printed.out == text
    assert printed.err == "".join(f"picture written to new/{name}\n" for name in PICTURES)
    assert sorted(path.name for path in (here / "new").iterdir()) == sorted(PICTURES)
    for name in PICTURES:
        with Image.open(BytesIO((here / "new" / name).read_bytes())) as picture:
            picture.load()
            assert picture.size == (900, 600)


def test_a_record_is_drawn_from_what_its_ledger_says(told: Any) -> None:
    shown = statistics_of_database(told.database)

    decided = shown.sample.decided
    costs = [float(entry["body"]["cost_r"] or 0) for entry in told.entries("outcome")]
    assert len(decided) > 30
    assert shown.head is not None
    assert shown.head.seq == len(told.lines())
    assert shown.source == "replay of past candles"
    assert (decided.gross_r >= decided.net_r).all()
    assert (decided.gross_r - decided.net_r).sum() == pytest.approx(sum(costs))


def test_a_file_of_outcomes_has_no_ledger_and_no_result_before_costs(outcomes: Path) -> None:
    shown = statistics_of_file(outcomes)

    assert (shown.source, shown.head) == ("a file of outcomes", None)
    assert np.isnan(shown.sample.gross_r).all()


def test_hostile_names_are_drawn_without_a_warning(outcomes: Path, here: Path) -> None:
    assert draw(outcomes, here) == 0


def test_json_stays_one_object(outcomes: Path, capsys: pytest.CaptureFixture[str]) -> None:
    command = ["stats", "--outcomes", str(outcomes), "--json"]
    assert run_command(command) == 0
    alone = capsys.readouterr().out

    assert run_command([*command, "--pictures", "."]) == 0

    assert capsys.readouterr().out == alone


def test_earlier_pictures_are_replaced_by_the_same_bytes(outcomes: Path, here: Path) -> None:
    assert draw(outcomes, here / "drawn") == 0
    first = {name: (here / "drawn" / name).read_bytes() for name in PICTURES}

    assert draw(outcomes, here / "drawn") == 0

    assert {name: (here / "drawn" / name).read_bytes() for name in PICTURES} == first
    assert len(list((here / "drawn").iterdir())) == len(PICTURES)


@pytest.mark.parametrize("name", PICTURES)
@pytest.mark.parametrize("content", [b"", b"notes\n", b"\x89PNG of a holiday"])
def test_another_file_of_that_name_is_kept_and_nothing_is_written(
    name: str, content: bytes, outcomes: Path, here: Path, refused: Callable[..., str]
) -> None:
    (here / "photos").mkdir()
    (here / "photos" / name).write_bytes(content)

    message = refused(draw(outcomes, "photos"))

    assert message == (
        f"pictures was 'photos/{name}'; allowed: a new file, or an earlier picture of this name"
    )
    assert [path.read_bytes() for path in (here / "photos").iterdir()] == [content]


def test_a_photograph_of_that_name_is_kept(outcomes: Path, here: Path) -> None:
    Image.new("RGB", (9, 9)).save(here / "hours.png")
    photograph = (here / "hours.png").read_bytes()

    assert draw(outcomes, here) == 2
    assert (here / "hours.png").read_bytes() == photograph


def test_a_link_is_not_followed(outcomes: Path, here: Path) -> None:
    (here / "precious").write_bytes(b"kept")
    (here / "hours.png").symlink_to(here / "precious")

    assert draw(outcomes, here) == 2
    assert (here / "precious").read_bytes() == b"kept"


@pytest.mark.parametrize("folder", ["a_file", "a_file/below", "no/such/folder", "x" * 300])
def test_a_folder_that_cannot_be_is_refused(
    folder: str, outcomes: Path, here: Path, refused: Callable[..., str]
) -> None:
    (here / "a_file").write_bytes(b"kept")

    message = refused(draw(outcomes, folder))

    assert message.startswith("pictures was ")
    assert "allowed: a folder that can be written" in message
    assert (here / "a_file").read_bytes() == b"kept"


PROGRAM = """
import sys
from signalbot.cli import run_command
code = run_command(sys.argv[1:])
sys.exit(code or (2 if "matplotlib" in sys.modules else 0))
"""


def in_a_process(here: Path, arguments: list[str], **environment: str) -> tuple[int, str]:
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-c", PROGRAM, *arguments],
        cwd=here,
        env={"PYTHONPATH": ":".join(sys.path), **environment},
        capture_output=True,
        text=True,
    )
    return done.returncode, done.stderr


def test_statistics_without_pictures_do_not_load_matplotlib(outcomes: Path, here: Path) -> None:
    assert in_a_process(here, ["stats", "--outcomes", str(outcomes)]) == (0, "")


def test_settings_of_the_machine_do_not_stop_a_picture(outcomes: Path, here: Path) -> None:
    (here / "matplotlibrc").write_text("lines.linewidth: 9\ntext.usetex: True\n")
    command = ["stats", "--outcomes", str(outcomes), "--pictures"]
    assert run_command([*command, "usual"]) == 0

    code, errors = in_a_process(
        here, [*command, "odd"], MPLBACKEND="nonsense", MPLCONFIGDIR=str(here / "cache")
    )

    assert code == 2  # it has loaded matplotlib
    assert "Traceback" not in errors
    for name in PICTURES:
        assert (here / "odd" / name).read_bytes() == (here / "usual" / name).read_bytes()
