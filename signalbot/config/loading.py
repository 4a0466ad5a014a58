"""Read the settings once at start, from the environment and a `.env` file.

Every value arrives as text; an empty one means "not set". What is wrong is reported all at once,
and nothing here shows a secret.
"""

import re
from collections.abc import Mapping
from difflib import get_close_matches
from io import StringIO
from pathlib import Path
from typing import Any

from dotenv.parser import parse_stream
from pydantic import SecretStr, ValidationError

from signalbot.config.settings import FIELDS, Settings
from signalbot.errors import InputError

_RESERVED = ("SIGNALBOT_", "TELEGRAM_", "VENUE_")
_SECRETS = ("TELEGRAM_BOT_TOKEN", "TELEGRAM_WEBHOOK_SECRET", "COINGECKO_API_KEY")
_VOLUMES = ("SIGNALBOT_UNIVERSE_MAX_VOLUME", "SIGNALBOT_UNIVERSE_MIN_VOLUME")
_HIDDEN = SecretStr("always shown as asterisks")
# People paste a token or a password into the wrong line; it must not come back in a message.
_BURIED_SECRET = re.compile(r"[0-9]+(?::|%3[Aa])[A-Za-z0-9_-]{8,}|(?<=//).*@", re.DOTALL)


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
    ours = {k: v for k, v in environ.items() if k in FIELDS or k.upper().startswith(_RESERVED)}
    errors += [_unknown(key, "environment") for key in ours if key not in FIELDS]
    texts, sources = dict[str, Any](), dict[str, str]()
    for source, found in ((env_file.name if env_file else "", in_file), ("environment", ours)):
        given = {k: v.strip() for k, v in found.items() if k in FIELDS and v.strip()}
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
        elif key and key not in FIELDS:
            errors.append(_unknown(key, where))
        elif key:
            texts[key] = value or ""
    return texts, errors


def _unknown(key: str, where: str) -> InputError:
    nearest = get_close_matches(key[:64].upper(), FIELDS, n=1, cutoff=0)[0]
    # What is no plain name may be a secret without its key.
    was = key if re.fullmatch("[A-Z][A-Z0-9_]{1,63}", key) else _HIDDEN
    return InputError("key", was, f"the keys of .env.example; the nearest is {nearest}", where)


def _wrong_keys(texts: dict[str, Any]) -> list[str]:
    is_open = "TELEGRAM_WEBHOOK_URL" in texts and "TELEGRAM_WEBHOOK_SECRET" not in texts
    wrong = ["TELEGRAM_WEBHOOK_SECRET"] if is_open else []
    try:
        settings = Settings(**texts)
    except ValidationError as error:
        wrong += [str(detail["loc"][0]) for detail in error.errors()]
    else:
        if settings.signalbot_universe_min_volume > settings.signalbot_universe_max_volume:
            wrong.append(next(key for key in _VOLUMES if key in texts))
    return list(dict.fromkeys(wrong))  # a list has an error for each of its items


def _wrong(key: str, texts: dict[str, Any], where: str | None) -> InputError:
    allowed = str(Settings.model_fields[FIELDS[key]].description)
    if key in _SECRETS:
        return InputError(key, _HIDDEN if key in texts else None, allowed, where)
    text = texts[key]
    for secret in _SECRETS:
        text = text.replace(texts.get(secret, "******"), "******")
    return InputError(key, _BURIED_SECRET.sub("******", text), allowed, where)
