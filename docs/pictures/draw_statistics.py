"""Draw the statistics of the simulated market: the examples of docs/pictures.md."""

from pathlib import Path
from tempfile import TemporaryDirectory

from signalbot.app.pictures import write_pictures
from signalbot.app.records import statistics_of_database
from signalbot.app.replaying import Account, replay_scene
from signalbot.app.simulation import generated_scene
from signalbot.cli.simulate import SEED
from signalbot.config import load_settings

FOLDER = Path(__file__).parent
DAYS = 21  # so that some cells of the heat map hold enough alerts


def main() -> None:
    """Run the simulated market into a record, and draw that."""
    settings = load_settings({}, None)
    account = Account(profile=settings.reference_profile, rules=settings.rules)
    with TemporaryDirectory() as folder:
        database = Path(folder) / "simulated.db"
        replay_scene(generated_scene(DAYS, SEED), database, account)
        write_pictures(statistics_of_database(database), FOLDER)


if __name__ == "__main__":
    main()
