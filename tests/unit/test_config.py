import re
import traceback
from dataclasses import fields, replace
from decimal import Decimal
from pathlib import Path

import pydantic
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from signalbot.config import VENUES, ConfigError, Settings, load_settings
from signalbot.domain.profile import REFERENCE_PROFILE, Profile
from signalbot.domain.rules import Rules
from signalbot.domain.universe import Range, UniverseRules
from signalbot.errors import InputError

EXAMPLE = Path(__file__).parents[2] / ".env.example"
ZERO = Decimal(0)
KEYS = tuple(name.upper() for name in Settings.model_fields)
SECRETS = ("TELEGRAM_BOT_TOKEN", "TELEGRAM_WEBHOOK_SECRET", "COINGECKO_API_KEY")
TOKEN = "123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw_"  # noqa: S105 - made up

unhurried = settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def refusal(environ: dict[str, str], env_file: Path | None = None) -> ConfigError:
    with pytest.raises(ConfigError) as caught:
        load_settings(environ, env_file)
    return caught.value


def outcome(environ: dict[str, str], env_file: Path | None) -> Settings | ConfigError:
    try:
        return load_settings(environ, env_file)
    except ConfigError as error:
        return error


def env_file(folder: Path, text: str) -> Path:
    path = folder / ".env"
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    return path


def documented() -> dict[str, str]:
    return dict(re.findall(r"^#([A-Z_]+)=(.*)$", EXAMPLE.read_text("utf-8"), re.MULTILINE))


# --- what is given


def test_nothing_given_means_the_defaults_of_the_method() -> None:
    given_nothing = load_settings({}, None)

    assert given_nothing.rules == Rules()
    assert given_nothing.reference_profile == REFERENCE_PROFILE
    assert given_nothing.universe_rules == UniverseRules()
    assert given_nothing.market_caps_path == Path("signalbot.caps.json")
    assert given_nothing.signalbot_venues == ("binanceusdm",)
    assert given_nothing.database_path == Path("signalbot.db")
    assert given_nothing.telegram_bot_token is None
    assert given_nothing.venue_urls == {}


def test_every_key_reaches_its_field() -> None:
    everything = load_settings(
        {
            "TELEGRAM_BOT_TOKEN": TOKEN,
            "TELEGRAM_API_URL": "http://127.0.0.1:8081/",
            "TELEGRAM_CHANNEL_ID": "-1001234567890",
            "TELEGRAM_ADMIN_IDS": "42, 7",
            "TELEGRAM_WEBHOOK_URL": "https://bot.example/hook",
            "TELEGRAM_WEBHOOK_SECRET": "only-telegram_knows",
            "PORT": "8443",
            "DATABASE_URL": "sqlite:////var/lib/signalbot/record.db",
            "SIGNALBOT_VENUES": "bybit,mexc",
            "VENUE_URL_BYBIT": "http://localhost:9001/",
            "VENUE_URL_WEEX": "https://weex.test",
            "COINGECKO_API_KEY": "CG-abcdef",
            "COINGECKO_URL": "http://localhost:9002/api/v3",
            "SIGNALBOT_REFERENCE_EQUITY": "250.50",
            "SIGNALBOT_REFERENCE_RISK_PCT": "1",
            "SIGNALBOT_LEDGER_KEY_FILE": "/etc/signalbot/ledger key",
            "SIGNALBOT_LOG_LEVEL": "DEBUG",
            "SIGNALBOT_LOG_FORMAT": "json",
            "SIGNALBOT_SHARED": "..",
        },
        None,
    )

    assert everything.telegram_bot_token is not None
    assert everything.telegram_bot_token.get_secret_value() == TOKEN
    assert everything.telegram_api_url == "http://127.0.0.1:8081"
    assert everything.telegram_channel_id == "-1001234567890"
    assert everything.telegram_admin_ids == (42, 7)
    assert everything.telegram_webhook_url == "https://bot.example/hook"
    assert everything.telegram_webhook_secret is not None
    assert everything.telegram_webhook_secret.get_secret_value() == "only-telegram_knows"
    assert everything.port == 8443
    assert everything.database_path == Path("/var/lib/signalbot/record.db")
    assert everything.signalbot_venues == ("bybit", "mexc")
    assert everything.venue_urls == {"bybit": "http://localhost:9001", "weex": "https://weex.test"}
    assert everything.coingecko_api_key is not None
    assert everything.coingecko_api_key.get_secret_value() == "CG-abcdef"
    assert everything.coingecko_url == "http://localhost:9002/api/v3"
    assert everything.reference_profile == Profile(equity=Decimal("250.5"), risk_pct=Decimal(1))
    assert everything.signalbot_ledger_key_file == Path("/etc/signalbot/ledger key")
    assert everything.signalbot_log_level == "DEBUG"
    assert everything.signalbot_log_format == "json"
    assert everything.signalbot_shared == Path("..")


@pytest.mark.parametrize("name", [field.name for field in fields(Rules)])
def test_every_rule_can_be_changed_by_its_own_key(name: str) -> None:
    default = getattr(Rules(), name)
    changed = default + (1 if isinstance(default, int) else Decimal("0.01"))

    rules = load_settings({f"SIGNALBOT_{name.upper()}": str(changed)}, None).rules

    assert rules == replace(Rules(), **{name: changed})
    assert type(getattr(rules, name)) is type(default)


@pytest.mark.parametrize(
    ("key", "value", "changes"),
    [
        ("UNIVERSE_MIN_VOLUME", "0", {"quote_volume": Range(low=ZERO, high=Decimal(3 * 10**8))}),
        (
            "UNIVERSE_MAX_VOLUME",
            "1000000",
            {"quote_volume": Range(low=Decimal(10**6), high=Decimal(10**6))},
        ),
        ("UNIVERSE_MAX_SPREAD_SHARE", "0.2", {"spread_share": Range(high=Decimal("0.2"))}),
        ("MAX_TICK_SHARE", "0.1", {"tick_share": Range(high=Decimal("0.1"))}),
        ("UNIVERSE_MIN_AGE_DAYS", "0", {"age_days": Range(low=ZERO)}),
        (
            "UNIVERSE_MIN_CAP_RANK",
            "51",
            {"cap_rank": Range(low=Decimal(51)), "trade_rank": Range(low=Decimal(51))},
        ),
        ("UNIVERSE_UNKNOWN_CAP", "no", {"unknown_cap_is_small": False}),
        ("UNIVERSE_MOST_PAIRS", "20", {"most_pairs": 20}),
    ],
)
def test_the_universe_can_be_changed(key: str, value: str, changes: dict[str, object]) -> None:
    rules = load_settings({f"SIGNALBOT_{key}": value}, None).universe_rules

    assert rules == replace(UniverseRules(), **changes)


@pytest.mark.parametrize(
    ("environ", "named"),
    [
        ({"MIN": "400000000"}, "MIN_VOLUME was '400000000'; allowed: a whole number"),
        ({"MAX": "5"}, "MAX_VOLUME was '5'; allowed: a whole number"),
        ({"MIN": "7", "MAX": "6"}, "not below SIGNALBOT_UNIVERSE_MIN_VOLUME"),
    ],
)
def test_a_range_without_anything_in_it_is_refused(environ: dict[str, str], named: str) -> None:
    given = {f"SIGNALBOT_UNIVERSE_{end}_VOLUME": value for end, value in environ.items()}

    error = refusal(given)
    assert named in str(error)
    assert len(error.errors) == 1


def test_every_venue_has_a_key_for_its_address() -> None:
    environ = {f"VENUE_URL_{venue.upper()}": f"http://{venue}.test" for venue in VENUES}

    urls = load_settings(environ, None).venue_urls

    assert urls == {venue: f"http://{venue}.test" for venue in VENUES}


def test_settings_cannot_be_changed() -> None:
    with pytest.raises(pydantic.ValidationError):
        load_settings({}, None).port = 1


def test_the_process_environment_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "1")
    monkeypatch.setenv("SIGNALBOT_TYPO", "1")

    assert load_settings({}, None).port == 8080


# --- where it comes from


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    path = env_file(tmp_path, "PORT=1000\nSIGNALBOT_LATENCY_S=20\n")

    both = load_settings({"PORT": "2000"}, path)

    assert (both.port, both.signalbot_latency_s) == (2000, 20)


def test_an_empty_value_means_not_set(tmp_path: Path) -> None:
    path = env_file(tmp_path, "PORT=1000\nTELEGRAM_BOT_TOKEN=\nSIGNALBOT_LATENCY_S=''\n")

    mostly_empty = load_settings({"PORT": " ", "SIGNALBOT_VENUES": ""}, path)

    assert mostly_empty.port == 1000
    assert mostly_empty.telegram_bot_token is None
    assert mostly_empty.signalbot_venues == ("binanceusdm",)
    assert mostly_empty.signalbot_latency_s == 10


def test_comments_quotes_export_and_a_byte_order_mark_are_understood(tmp_path: Path) -> None:
    path = env_file(tmp_path, "\ufeff# note\n\nexport PORT='1000' # why\r\nSIGNALBOT_SHARED=a b\n")

    read = load_settings({}, path)

    assert (read.port, read.signalbot_shared) == (1000, Path("a b"))


def test_a_reference_to_a_variable_is_not_replaced(tmp_path: Path) -> None:
    path = env_file(tmp_path, "SIGNALBOT_SHARED=${HOME}/shared\n")

    assert load_settings({"HOME": "/root"}, path).signalbot_shared == Path("${HOME}/shared")


def test_a_missing_file_is_no_error(tmp_path: Path) -> None:
    assert load_settings({}, tmp_path / ".env") == load_settings({}, None)


def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    (tmp_path / "latin-1").write_bytes(b"PORT=\xff")

    assert "latin-1 was 'unreadable'" in str(refusal({}, tmp_path / "latin-1"))
    assert "was 'unreadable'" in str(refusal({}, tmp_path))


def test_each_setting_is_described_with_its_source(tmp_path: Path) -> None:
    path = env_file(tmp_path, f"TELEGRAM_BOT_TOKEN={TOKEN}\nPORT=1000\nSIGNALBOT_LATENCY_S=1\n")
    environ = {"PORT": "2000", "SIGNALBOT_VENUES": "bybit,mexc", "SIGNALBOT_MAX_COST_R": "0.30"}

    lines = load_settings(environ, path).described()

    assert [key for key, _, _ in lines] == list(KEYS)
    assert {line for line in lines if line[2] != "default"} == {
        ("TELEGRAM_BOT_TOKEN", "set", ".env"),
        ("PORT", "2000", "environment"),
        ("SIGNALBOT_LATENCY_S", "1", ".env"),
        ("SIGNALBOT_VENUES", "bybit,mexc", "environment"),
        ("SIGNALBOT_MAX_COST_R", "0.3", "environment"),
    }
    assert ("COINGECKO_API_KEY", "not set", "default") in lines
    assert ("TELEGRAM_ADMIN_IDS", "not set", "default") in lines


# --- what is refused


@pytest.mark.parametrize(
    ("key", "value"),
    [
        *[("SIGNALBOT_MAX_COST_R", text) for text in ("0", "1.01", "-0.1", "+0.1", ".5", "1.")],
        *[("SIGNALBOT_MAX_COST_R", text) for text in ("1e-1", "NaN", "inf", "\u0661")],
        *[("SIGNALBOT_REFERENCE_EQUITY", text) for text in ("0", "1000000001", "1_000", "1,000")],
        ("SIGNALBOT_REFERENCE_RISK_PCT", "1.5"),
        ("SIGNALBOT_WORST_MAINTENANCE_RATE", "0.01"),
        ("SIGNALBOT_REPLAY_SLIPPAGE_RATE", "0.06"),
        *[("SIGNALBOT_HOUR_BUDGET", text) for text in ("0", "61", "6.0", "-1", "six", "9" * 5000)],
        *[("PORT", text) for text in ("0", "65536", "80 80")],
        *[("TELEGRAM_CHANNEL_ID", text) for text in ("channel", "@x", "12345", "-0", "t.me/name")],
        *[("TELEGRAM_ADMIN_IDS", text) for text in ("0", "-1", "1,,2", "1,1", "@me", "1;2", "1.0")],
        *[("SIGNALBOT_VENUES", text) for text in ("binance", "bybit,bybit", "bybit,", "Bybit")],
        *[("DATABASE_URL", text) for text in ("signalbot.db", "sqlite://a.db", "sqlite:///")],
        *[("DATABASE_URL", f"sqlite:///{text}") for text in (":memory:", "a/", "..", "a?b", "a\0")],
        ("DATABASE_URL", "postgresql://host/name"),
        *[("TELEGRAM_API_URL", text) for text in ("api.telegram.org", "ftp://host", "http://")],
        *[
            ("TELEGRAM_API_URL", f"http://host{text}")
            for text in (":0", ":65536", "?a", "#a", "//")
        ],
        ("COINGECKO_URL", "https://host:port"),
        *[("VENUE_URL_MEXC", text) for text in ("ws://host", "http://host/path", "https://a b")],
        ("SIGNALBOT_LEDGER_KEY_FILE", "a\0b"),
        ("SIGNALBOT_SHARED", "\udce9"),
        *[("SIGNALBOT_LOG_LEVEL", text) for text in ("info", "TRACE", "20")],
        ("SIGNALBOT_LOG_FORMAT", "xml"),
    ],
)
def test_a_wrong_value_is_refused_with_what_it_was_and_what_is_allowed(
    key: str, value: str
) -> None:
    error = refusal({key: value})

    (only,) = error.errors
    assert (only.field, only.was, only.where) == (key, value, "environment")
    assert only.allowed == Settings.model_fields[key.lower()].description
    assert isinstance(error, InputError)


def test_all_errors_are_reported_at_once_one_line_each(tmp_path: Path) -> None:
    path = env_file(tmp_path, "PORT=no\nHOSTNAME=x\n\n\nnot an assignment\n")
    environ = {"SIGNALBOT_LATENCY_S": "-1", "SIGNALBOT_VENUES": "a,b", "TELEGRAM_TOKEN": "1"}

    error = refusal(environ, path)

    assert str(error).splitlines() == [str(one) for one in error.errors]
    assert [(one.where, one.field, str(one.was)) for one in error.errors] == [
        (".env line 2", "key", "HOSTNAME"),
        (".env line 5", "the line", "**********"),
        ("environment", "key", "TELEGRAM_TOKEN"),
        (".env", "PORT", "no"),
        ("environment", "SIGNALBOT_VENUES", "a,b"),
        ("environment", "SIGNALBOT_LATENCY_S", "-1"),
    ]
    assert (error.field, error.was) == ("key", "HOSTNAME")


@pytest.mark.parametrize(
    ("unknown", "nearest"),
    [
        ("SIGNALBOT_MAX_COST", "SIGNALBOT_MAX_COST_R"),
        ("TELEGRAM_BOT_TOKN", "TELEGRAM_BOT_TOKEN"),
        ("VENUE_URL_BIBIT", "VENUE_URL_BYBIT"),
        ("telegram_bot_token", "TELEGRAM_BOT_TOKEN"),
    ],
)
def test_an_unknown_key_is_refused_and_the_nearest_suggested(
    unknown: str, nearest: str, tmp_path: Path
) -> None:
    in_environment = refusal({unknown: ""})
    in_file = refusal({}, env_file(tmp_path, f"{unknown}=\n"))

    assert str(in_environment).endswith(f"the nearest is {nearest}")
    assert str(in_file).endswith(f"the nearest is {nearest}")


def test_keys_of_other_programs_are_ignored_in_the_environment_only(tmp_path: Path) -> None:
    load_settings({"PATH": "/bin", "DATABASE": "x", "PORTS": "1"}, None)

    assert "PORTS" in str(refusal({}, env_file(tmp_path, "PORTS=1\n")))


def test_a_webhook_without_its_secret_is_refused() -> None:
    error = refusal({"TELEGRAM_WEBHOOK_URL": "https://bot.example"})

    assert str(error).startswith("TELEGRAM_WEBHOOK_SECRET was missing; allowed: ")


def test_every_secret_that_is_malformed_is_refused_without_being_shown() -> None:
    for key in SECRETS:
        error = refusal({key: "my secret!"})

        assert f"{key} was ******" in str(error)
        assert "my secret!" not in everything_written(error)


# --- secrets


def everything_written(result: Settings | ConfigError) -> str:
    if isinstance(result, Settings):
        return f"{result} {result!r} {result.described()} {result.model_dump()}"
    assert result.__context__ is None  # nothing is chained that holds the raw values
    parts = [str(result), repr(result), *traceback.format_exception(result)]
    for error in result.errors:
        parts += [str(error), repr(error), repr(vars(error))]
    return "\n".join(parts)


PATHS = {
    *("SIGNALBOT_LEDGER_KEY_FILE", "SIGNALBOT_SHARED"),
    *("SIGNALBOT_COIN_IDS_FILE", "SIGNALBOT_TIERS_FILE"),
}


@pytest.mark.parametrize("key", sorted({*KEYS} - PATHS))
def test_a_token_under_any_key_but_a_path_never_comes_back(key: str) -> None:
    secret_part = TOKEN.partition(":")[2]
    values = (TOKEN, f"{TOKEN}!", f"http://x/bot{TOKEN}", f"https://x/{TOKEN.replace(':', '%3A')}")

    for value in values:
        assert secret_part not in everything_written(outcome({key: value}, None))


def test_a_password_in_an_address_never_comes_back() -> None:
    for key in ("DATABASE_URL", "TELEGRAM_API_URL", "VENUE_URL_BYBIT"):
        assert "pass" not in everything_written(refusal({key: "https://me:p@pass/w@host/x"}))


def test_a_known_secret_inside_another_value_never_comes_back() -> None:
    error = refusal(
        {
            "TELEGRAM_WEBHOOK_SECRET": "only-telegram_knows",
            "TELEGRAM_WEBHOOK_URL": "https://bot.example/?secret=only-telegram_knows",
        }
    )

    assert "only-telegram_knows" not in everything_written(error)


@pytest.mark.parametrize(
    "line", [TOKEN, f"{TOKEN}=", f"TELEGRAM_BOT_TOKEN {TOKEN}", f"'{TOKEN}", f"=\n{TOKEN}"]
)
def test_a_token_without_its_key_never_comes_back(line: str, tmp_path: Path) -> None:
    error = refusal({}, env_file(tmp_path, f"PORT=1\n{line}\n"))

    assert TOKEN.partition(":")[2] not in everything_written(error)


@unhurried
@given(
    key=st.sampled_from(SECRETS), secret=st.from_regex(r"[A-Za-z0-9_:é\n -]{12,80}", fullmatch=True)
)
def test_a_secret_never_appears_whether_right_or_wrong(key: str, secret: str) -> None:
    secret = f"zq{secret}qz"

    assert secret not in everything_written(outcome({key: secret, "PORT": "80"}, None))
    assert secret not in everything_written(outcome({key: secret, "PORT": secret}, None))


# --- hostile input


hostile = st.one_of(
    st.text(max_size=60),
    st.text(alphabet="0123456789.eE+-_,:/@?#[]%\0\n\udcff ", max_size=60),
    st.floats().map(str),
    st.integers().map(str),
)


def assert_is_settings_or_one_line_for_each_error(result: Settings | ConfigError) -> None:
    if isinstance(result, Settings):
        assert [key for key, _, _ in result.described()] == list(KEYS)
    else:
        assert len(str(result).splitlines()) == len(result.errors) > 0


@unhurried
@given(environ=st.dictionaries(st.one_of(st.sampled_from(KEYS), st.text(max_size=40)), hostile))
def test_any_environment_gives_settings_or_a_config_error(environ: dict[str, str]) -> None:
    result = outcome(environ, None)

    assert_is_settings_or_one_line_for_each_error(result)


@unhurried
@given(
    text=st.lists(
        st.one_of(
            st.text(max_size=40),
            st.tuples(st.sampled_from(KEYS), hostile).map("=".join),
            st.sampled_from(["_env_file=x", "self=1", "__pydantic_self__=1", "export", "'", '"']),
        )
    ).map("\n".join)
)
def test_any_file_gives_settings_or_a_config_error(text: str, tmp_path: Path) -> None:
    path = tmp_path / ".env"
    path.write_bytes(text.encode("utf-8", "surrogatepass"))

    result = outcome({}, path)

    assert_is_settings_or_one_line_for_each_error(result)


# --- .env.example


def test_the_example_has_every_key_once_and_no_other() -> None:
    listed = re.findall(r"^#?([A-Z_]+)=", EXAMPLE.read_text("utf-8"), re.MULTILINE)

    assert sorted(listed) == sorted(KEYS)


def test_the_example_shows_the_defaults_of_the_code() -> None:
    defaults = {key: shown for key, shown, _ in load_settings({}, None).described()}

    assert {key: text or "not set" for key, text in documented().items()} == defaults


def test_the_example_sets_nothing_until_a_line_is_uncommented(tmp_path: Path) -> None:
    uncommented = re.sub(r"^#([A-Z_]+=)", r"\1", EXAMPLE.read_text("utf-8"), flags=re.MULTILINE)

    as_it_is = load_settings({}, EXAMPLE)
    all_lines = load_settings({}, env_file(tmp_path, uncommented))

    assert {source for _, _, source in as_it_is.described()} == {"default"}
    assert all_lines.model_dump() == as_it_is.model_dump()


def test_the_example_says_of_every_key_what_is_allowed() -> None:
    blocks = EXAMPLE.read_text("utf-8").split("\n\n")

    for key in KEYS:
        (block,) = (block for block in blocks if f"#{key}=" in block)
        assert f"# Allowed: {Settings.model_fields[key.lower()].description}\n" in block
