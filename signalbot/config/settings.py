"""Settings: typed, frozen, complete.

A field is its key in lower case: `settings.signalbot_venues` holds `SIGNALBOT_VENUES`. The meaning,
unit and default of each key stand in `.env.example`.
"""

from collections.abc import Mapping
from dataclasses import fields
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, PrivateAttr, SecretStr
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from signalbot.config.kinds import (
    CODE,
    HTTP,
    ORIGIN,
    SQLITE,
    VENUES,
    Address,
    Channel,
    Database,
    Location,
    Number,
    Origin,
    Secret,
    Token,
    UserIds,
    Venues,
    Whole,
    number,
    rule,
)
from signalbot.domain.profile import REFERENCE_PROFILE, Profile
from signalbot.domain.rounding import plain
from signalbot.domain.rules import Rules
from signalbot.domain.universe import Range, UniverseRules

_PAIRS = UniverseRules()


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
    telegram_api_url: Address = Field("https://api.telegram.org", description=HTTP)
    telegram_channel_id: Channel | None = Field(None, description="@name or the negative id")
    telegram_automation_channel_id: Channel | None = Field(
        None, description="@name or the negative id"
    )
    telegram_admin_ids: UserIds = Field((), description="user ids between commas, each once")
    telegram_webhook_url: Address | None = Field(None, description=HTTP)
    telegram_webhook_secret: Secret | None = Field(None, description=f"{CODE}; a webhook needs one")
    telegram_paid_broadcast: Literal["yes", "no"] = Field("no", description="yes or no")
    port: Whole = number(8080, ge=1, le=65_535)
    database_url: Database = Field(
        f"{SQLITE}signalbot.db", description="sqlite:///FILE or sqlite:////ABSOLUTE/FILE"
    )
    signalbot_venues: Venues = Field(
        ("binanceusdm",), description=f"between commas, each once: {', '.join(VENUES)}"
    )
    venue_url_binanceusdm: Origin | None = Field(None, description=ORIGIN)
    venue_url_bybit: Origin | None = Field(None, description=ORIGIN)
    venue_url_bingx: Origin | None = Field(None, description=ORIGIN)
    venue_url_weex: Origin | None = Field(None, description=ORIGIN)
    venue_url_mexc: Origin | None = Field(None, description=ORIGIN)
    venue_url_bitget: Origin | None = Field(None, description=ORIGIN)
    coingecko_api_key: Secret | None = Field(None, description=CODE)
    coingecko_url: Address | None = Field(None, description=HTTP)
    signalbot_reference_equity: Number = number(REFERENCE_PROFILE.equity, gt=0, le=10**9)
    signalbot_reference_risk_pct: Number = number(REFERENCE_PROFILE.risk_pct, gt=0, le=1)
    signalbot_max_cost_r: Number = rule("max_cost_r")
    signalbot_min_stop_spreads: Number = rule("min_stop_spreads")
    signalbot_max_tick_share: Number = rule("max_tick_share")
    signalbot_liquidation_stops: Number = rule("liquidation_stops")
    signalbot_worst_maintenance_rate: Number = rule("worst_maintenance_rate")
    signalbot_replay_slippage_rate: Number = rule("replay_slippage_rate")
    signalbot_replay_slippage_ticks: Number = rule("replay_slippage_ticks")
    signalbot_decision_delay_ms: Whole = rule("decision_delay_ms")
    signalbot_latency_s: Whole = rule("latency_s")
    signalbot_entry_ttl_min: Whole = rule("entry_ttl_min")
    signalbot_repeat_min: Whole = rule("repeat_min")
    signalbot_hour_budget: Whole = rule("hour_budget")
    signalbot_day_budget: Whole = rule("day_budget")
    signalbot_universe_min_volume: Whole = number(
        10**6, ge=0, le=10**12, more=" and not above SIGNALBOT_UNIVERSE_MAX_VOLUME"
    )
    signalbot_universe_max_volume: Whole = number(
        3 * 10**8, ge=0, le=10**12, more=" and not below SIGNALBOT_UNIVERSE_MIN_VOLUME"
    )
    signalbot_universe_max_spread_share: Number = number(Decimal("0.1"), gt=0, le=1)
    signalbot_universe_min_age_days: Whole = number(14, ge=0, le=3_650)
    signalbot_universe_min_cap_rank: Whole = number(101, ge=1, le=100_000)
    signalbot_universe_unknown_cap: Literal["yes", "no"] = Field("yes", description="yes or no")
    signalbot_universe_most_pairs: Whole = number(_PAIRS.most_pairs, ge=1, le=1_000)
    signalbot_market_cap_hours: Whole = number(12, ge=6, le=24)
    signalbot_coin_ids_file: Location | None = Field(None, description="path of a file")
    signalbot_tiers_file: Location | None = Field(None, description="path of a file")
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
        return Path(self.database_url.removeprefix(SQLITE))

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
    def universe_rules(self) -> UniverseRules:
        """What is asked of a pair before it is watched.

        The tick is judged as that of an alert is: where every alert would be refused, nothing is
        looked for.
        """
        rank = Range(low=Decimal(self.signalbot_universe_min_cap_rank))
        return UniverseRules(
            quote_volume=Range(
                low=Decimal(self.signalbot_universe_min_volume),
                high=Decimal(self.signalbot_universe_max_volume),
            ),
            spread_share=Range(high=self.signalbot_universe_max_spread_share),
            tick_share=Range(high=self.signalbot_max_tick_share),
            age_days=Range(low=Decimal(self.signalbot_universe_min_age_days)),
            cap_rank=rank,
            trade_rank=rank,
            unknown_cap_is_small=self.signalbot_universe_unknown_cap == "yes",
            reference=self.reference_profile,
            most_pairs=self.signalbot_universe_most_pairs,
        )

    @property
    def market_caps_path(self) -> Path:
        """Where market caps are kept: beside the database."""
        return self.database_path.with_suffix(".caps.json")

    @property
    def reference_profile(self) -> Profile:
        """The account shown where there is no subscriber: the channel and a replay."""
        equity, risk_pct = self.signalbot_reference_equity, self.signalbot_reference_risk_pct
        return Profile(equity=equity, risk_pct=risk_pct, leverage=REFERENCE_PROFILE.leverage)

    def is_given(self, key: str) -> bool:
        """Return whether a key was set, not left at its default."""
        return key in self._sources

    def described(self) -> list[tuple[str, str, str]]:
        """Return key, value as in `.env` and source of each setting; a secret is only `set`.

        Sources are `default`, `environment` and the name of the file; no value is `not set`.
        """
        return [
            (key, _shown(getattr(self, name)), self._sources.get(key, "default"))
            for key, name in FIELDS.items()
        ]


FIELDS = {name.upper(): name for name in Settings.model_fields}
"""Names of the fields by their keys."""


def _shown(value: object) -> str:
    if value is None or value == ():
        return "not set"
    if isinstance(value, SecretStr):
        return "set"
    if isinstance(value, tuple):
        return ",".join(str(item) for item in value)
    return plain(value) if isinstance(value, Decimal) else str(value)
