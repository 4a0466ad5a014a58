"""Settings: read once at start from the environment and a `.env` file, typed, frozen, complete.

A field is its key in lower case: `settings.signalbot_venues` holds `SIGNALBOT_VENUES`. Every value
arrives as text; an empty one means "not set". What is wrong is reported all at once, and nothing
here shows a secret. The meaning, unit and default of each key stand in `.env.example`.
"""

import re
from collections.abc import Mapping
from dataclasses import fields
from decimal import Decimal
from difflib import get_close_matches
from io import StringIO
from pathlib import Path
from typing import Annotated, Any, Literal, get_args

from dotenv.parser import parse_stream
from pydantic import AfterValidator, BeforeValidator, Field, PrivateAttr, SecretStr, ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from signalbot.domain.profile import REFERENCE_PROFILE, Profile
from signalbot.domain.rounding import plain
from signalbot.domain.rules import Rules
from signalbot.errors import InputError

Venue = Literal["binanceusdm", "bybit", "bingx", "weex", "mexc", "bitget"]
VENUES: tuple[Venue, ...] = get_args(Venue)
"""The venues that can be watched, by their ccxt names."""

_RULES = Rules()
_SQLITE = "sqlite:///"
_RESERVED = ("SIGNALBOT_", "TELEGRAM_", "VENUE_")
_SECRETS = ("TELEGRAM_BOT_TOKEN", "TELEGRAM_WEBHOOK_SECRET", "COINGECKO_API_KEY")
_HIDDEN = SecretStr("always shown as asterisks")
# People paste a token or a password into the wrong line; it must not come back in a message.
_BURIED_SECRET = re.compile(r"[0-9]+(?::|%3[Aa])[A-Za-z0-9_-]{8,}|(?<=//).*@", re.DOTALL)
_ADDRESS = re.compile(r"https?://[A-Za-z0-9._-]+(?::([0-9]{1,5}))?(?:/[A-Za-z0-9._~-]+)*/?")


class ConfigError(InputError):
    """Everything that is wrong with the configuration, one line each.

    Parameters
    ----------
    errors : tuple of InputError
        At least one. `field`, `was`, `allowed` and `where` are those of the first.
    """

    def __init__(self, errors: tuple[InputError, ...]) -> None:
        first = errors[0]
        super().__init__(first.field, first.was, first.allowed, first.where)
        self.errors = errors

    def __str__(self) -> str:
        return "\n".join(str(error) for error in self.errors)


def _check(text: str, is_right: object) -> str:
    if not is_right:
        raise ValueError
    return text


def _matching(pattern: str) -> BeforeValidator:
    return BeforeValidator(lambda text: _check(text, re.fullmatch(pattern, text)))


def _address(text: str) -> str:
    match = _ADDRESS.fullmatch(text)
    return _check(text, match and 1 <= int(match[1] or 443) <= 65_535).rstrip("/")


def _listed(text: str) -> tuple[str, ...]:
    items = tuple(item.strip() for item in text.split(","))
    _check(text, len(set(items)) == len(items))
    return items


def _number(default: Decimal | int, *, le: Any, ge: Any = None, gt: Any = None) -> Any:
    kind = "whole" if isinstance(default, int) else "plain"
    low = f"above {gt}" if ge is None else f"at least {ge}"
    return Field(default, gt=gt, ge=ge, le=le, description=f"a {kind} number {low}, at most {le}")


_PRINTABLE = BeforeValidator(lambda text: _check(text, text.isprintable()))
# No exponent, no sign, no NaN, no underscore: Decimal and int alone would take those.
Number = Annotated[Decimal, _matching(r"[0-9]{1,12}(\.[0-9]{1,12})?")]
Whole = Annotated[int, _matching(r"[0-9]{1,12}")]
UserId = Annotated[int, _matching(r"[1-9][0-9]{0,14}")]
UserIds = Annotated[tuple[UserId, ...], BeforeValidator(_listed)]
Venues = Annotated[tuple[Venue, ...], BeforeValidator(_listed)]
Token = Annotated[SecretStr, _matching(r"[0-9]{3,20}:[A-Za-z0-9_-]{30,64}")]
Secret = Annotated[SecretStr, _matching(r"[A-Za-z0-9_-]{1,256}")]
Channel = Annotated[str, _matching(r"@[A-Za-z][A-Za-z0-9_]{3,31}|-[1-9][0-9]{0,14}")]
Address = Annotated[str, AfterValidator(_address)]
Origin = Annotated[Address, _matching("[a-z]+://[^/]+/?")]
Location = Annotated[Path, _PRINTABLE]
# SQLAlchemy reads what follows a question mark as options; the record must outlive the process.
Database = Annotated[str, _PRINTABLE, _matching(rf"{_SQLITE}(?!:memory:$)[^?]*[^?/.]")]

_HTTP = "http:// or https:// with a host, perhaps a port and a path, nothing else"
_ORIGIN = "http:// or https:// with a host, perhaps a port, nothing else"
_CODE = "1 to 256 letters, digits, _ and -"


class Settings(BaseSettings):
    """Every setting of the product, valid as a whole; made by `load_settings` only.

    Attributes are the keys of `.env.example` in lower case; `None` means not set. Addresses end
    without a slash. The description of a field says what is allowed.
    """

    model_config = SettingsConfigDict(
        frozen=True, alias_generator=str.upper, hide_input_in_errors=True, validate_default=False
    )
    _sources: Mapping[str, str] = PrivateAttr(default_factory=dict)

    telegram_bot_token: Token | None = Field(None, description="digits:35 letters, digits, _ or -")
    telegram_api_url: Address = Field("https://api.telegram.org", description=_HTTP)
    telegram_channel_id: Channel | None = Field(None, description="@name or the negative id")
    telegram_admin_ids: UserIds = Field((), description="user ids between commas, each once")
    telegram_webhook_url: Address | None = Field(None, description=_HTTP)
    telegram_webhook_secret: Secret | None = Field(
        None, description=f"{_CODE}; a webhook needs one"
    )
    port: Whole = _number(8080, ge=1, le=65_535)
    database_url: Database = Field(
        f"{_SQLITE}signalbot.db", description="sqlite:///FILE or sqlite:////ABSOLUTE/FILE"
    )
    signalbot_venues: Venues = Field(
        ("binanceusdm",), description=f"between commas, each once: {', '.join(VENUES)}"
    )
    venue_url_binanceusdm: Origin | None = Field(None, description=_ORIGIN)
    venue_url_bybit: Origin | None = Field(None, description=_ORIGIN)
    venue_url_bingx: Origin | None = Field(None, description=_ORIGIN)
    venue_url_weex: Origin | None = Field(None, description=_ORIGIN)
    venue_url_mexc: Origin | None = Field(None, description=_ORIGIN)
    venue_url_bitget: Origin | None = Field(None, description=_ORIGIN)
    coingecko_api_key: Secret | None = Field(None, description=_CODE)
    coingecko_url: Address | None = Field(None, description=_HTTP)
    signalbot_reference_equity: Number = _number(REFERENCE_PROFILE.equity, gt=0, le=10**9)
    signalbot_reference_risk_pct: Number = _number(REFERENCE_PROFILE.risk_pct, gt=0, le=1)
    signalbot_max_cost_r: Number = _number(_RULES.max_cost_r, gt=0, le=1)
    signalbot_min_stop_spreads: Number = _number(_RULES.min_stop_spreads, ge=1, le=100)
    signalbot_max_tick_share: Number = _number(_RULES.max_tick_share, gt=0, le=Decimal("0.5"))
    signalbot_liquidation_stops: Number = _number(_RULES.liquidation_stops, ge=1, le=100)
    signalbot_worst_maintenance_rate: Number = _number(
        _RULES.worst_maintenance_rate, ge=Decimal("0.05"), le=Decimal("0.5")
    )
    signalbot_replay_slippage_rate: Number = _number(
        _RULES.replay_slippage_rate, ge=0, le=Decimal("0.05")
    )
    signalbot_replay_slippage_ticks: Number = _number(_RULES.replay_slippage_ticks, ge=0, le=100)
    signalbot_decision_delay_ms: Whole = _number(_RULES.decision_delay_ms, ge=0, le=30_000)
    signalbot_latency_s: Whole = _number(_RULES.latency_s, ge=0, le=600)
    signalbot_entry_ttl_min: Whole = _number(_RULES.entry_ttl_min, ge=1, le=1_440)
    signalbot_repeat_min: Whole = _number(_RULES.repeat_min, ge=0, le=1_440)
    signalbot_hour_budget: Whole = _number(_RULES.hour_budget, ge=1, le=60)
    signalbot_day_budget: Whole = _number(_RULES.day_budget, ge=1, le=1_440)
    signalbot_ledger_key_file: Location = Field(Path("signalbot.key"), description="path of a file")
    signalbot_log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"] = Field(
        "INFO", description="DEBUG, INFO, WARNING, ERROR or CRITICAL"
    )
    signalbot_log_format: Literal["text", "json"] = Field("text", description="text or json")
    signalbot_shared: Location = Field(Path("../shared"), description="path of a folder")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        *_: Any,
        **__: Any,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Take values from `load_settings` alone, which is told what the environment is."""
        return (init_settings,)

    @property
    def database_path(self) -> Path:
        """The SQLite file; relative to the working directory unless absolute."""
        return Path(self.database_url.removeprefix(_SQLITE))

    @property
    def venue_urls(self) -> dict[str, str]:
        """What replaces scheme and host of a venue's addresses, for the venues where it is set."""
        urls = {venue: getattr(self, f"venue_url_{venue}") for venue in VENUES}
        return {venue: url for venue, url in urls.items() if url is not None}

    @property
    def rules(self) -> Rules:
        """The thresholds every alert is judged by."""
        return Rules(**{f.name: getattr(self, f"signalbot_{f.name}") for f in fields(Rules)})

    @property
    def reference_profile(self) -> Profile:
        """The account shown where there is no subscriber: the channel and a replay."""
        equity, risk_pct = self.signalbot_reference_equity, self.signalbot_reference_risk_pct
        return Profile(equity=equity, risk_pct=risk_pct, leverage=REFERENCE_PROFILE.leverage)

    def described(self) -> list[tuple[str, str, str]]:
        """Return key, value as in `.env` and source of each setting; a secret is only `set`.

        Sources are `default`, `environment` and the name of the file; no value is `not set`.
        """
        return [
            (key, _shown(getattr(self, name)), self._sources.get(key, "default"))
            for key, name in _FIELDS.items()
        ]


_FIELDS = {name.upper(): name for name in Settings.model_fields}


def load_settings(environ: Mapping[str, str], env_file: Path | None) -> Settings:
    """Return the settings of an environment and a `.env` file; the environment wins.

    Parameters
    ----------
    environ : Mapping of str to str
        Keys of other programs are ignored, unless they begin like ours.
    env_file : Path, optional
        May be missing. Every key in it must be known; `${...}` is not replaced.

    Raises
    ------
    ConfigError
        With one line for each thing that is wrong.
    """
    in_file, errors = _read(env_file) if env_file else ({}, [])
    ours = {k: v for k, v in environ.items() if k in _FIELDS or k.upper().startswith(_RESERVED)}
    errors += [_unknown(key, "environment") for key in ours if key not in _FIELDS]
    texts, sources = dict[str, Any](), dict[str, str]()
    for source, found in ((env_file.name if env_file else "", in_file), ("environment", ours)):
        given = {k: v.strip() for k, v in found.items() if k in _FIELDS and v.strip()}
        texts |= given
        sources |= dict.fromkeys(given, source)
    errors += [_wrong(key, texts, sources.get(key)) for key in _wrong_keys(texts)]
    if errors:
        raise ConfigError(tuple(errors))
    settings = Settings(**texts)
    settings._sources = sources
    return settings


def _read(env_file: Path) -> tuple[dict[str, str], list[InputError]]:
    try:
        text = env_file.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return {}, []
    except (OSError, ValueError):
        return {}, [InputError(env_file.name, "unreadable", "a file of UTF-8 text")]
    texts, errors = dict[str, str](), list[InputError]()
    for key, value, (raw, line), is_broken in parse_stream(StringIO(text)):
        blank_lines = raw[: len(raw) - len(raw.lstrip())].count("\n")
        where = f"{env_file.name} line {line + blank_lines}"
        if is_broken or (key and value is None):
            errors.append(InputError("the line", _HIDDEN, "KEY=value", where))
        elif key and key not in _FIELDS:
            errors.append(_unknown(key, where))
        elif key:
            texts[key] = value or ""
    return texts, errors


def _unknown(key: str, where: str) -> InputError:
    nearest = get_close_matches(key[:64].upper(), _FIELDS, n=1, cutoff=0)[0]
    # What is no plain name may be a secret without its key.
    was = key if re.fullmatch("[A-Z][A-Z0-9_]{1,63}", key) else _HIDDEN
    return InputError("key", was, f"the keys of .env.example; the nearest is {nearest}", where)


def _wrong_keys(texts: dict[str, Any]) -> list[str]:
    is_open = "TELEGRAM_WEBHOOK_URL" in texts and "TELEGRAM_WEBHOOK_SECRET" not in texts
    wrong = ["TELEGRAM_WEBHOOK_SECRET"] if is_open else []
    try:
        Settings(**texts)
    except ValidationError as error:
        wrong += [str(detail["loc"][0]) for detail in error.errors()]
    return list(dict.fromkeys(wrong))  # a list has an error for each of its items


def _wrong(key: str, texts: dict[str, Any], where: str | None) -> InputError:
    allowed = str(Settings.model_fields[_FIELDS[key]].description)
    if key in _SECRETS:
        return InputError(key, _HIDDEN if key in texts else None, allowed, where)
    text = texts[key]
    for secret in _SECRETS:
        text = text.replace(texts.get(secret, "******"), "******")
    return InputError(key, _BURIED_SECRET.sub("******", text), allowed, where)


def _shown(value: object) -> str:
    if value is None or value == ():
        return "not set"
    if isinstance(value, SecretStr):
        return "set"
    if isinstance(value, tuple):
        return ",".join(str(item) for item in value)
    return plain(value) if isinstance(value, Decimal) else str(value)
