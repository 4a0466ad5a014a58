"""A version changes with anything that decides about an alert, and with nothing else."""

import re
from collections.abc import Callable
from dataclasses import fields, replace
from typing import Any

import pytest

from signalbot.analysis.btc_context import BtcRules
from signalbot.domain.profile import REFERENCE_PROFILE
from signalbot.domain.rules import Rules
from signalbot.domain.timeframe import M1, M5, Timeframe
from signalbot.setups import catalogue
from signalbot.setups.catalogue import (
    CATALOGUE,
    Listed,
    Terms,
    published_parameters,
    setups_for,
    title_of,
)

NAMES = ("rsi_stochastic_reversal", "range_breakout")
DOCUMENTED = sorted(
    {type(listed.parameters) for listed in CATALOGUE} | {Rules, BtcRules},
    key=lambda each: f"{each.__module__}.{each.__name__}",
)


def versions(rules: Rules | None = None, btc_rules: BtcRules | None = None) -> list[str]:
    return [
        setup.version
        for timeframe in (M1, M5)
        for setup in setups_for(
            timeframe, rules or Rules(), btc_rules or BtcRules(), REFERENCE_PROFILE
        )
    ]


def changed(value: Any, name: str) -> Any:
    was = getattr(value, name)
    return replace(value, **{name: was + type(was)(1)})


def field_names(*types: type) -> list[str]:
    return sorted({field.name for each in types for field in fields(each)})


def by_timeframe() -> list[Listed]:
    return [
        listed for timeframe in (M1, M5) for listed in CATALOGUE if listed.timeframe == timeframe
    ]


@pytest.fixture
def relist(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[Listed], Listed]], list[str]]:
    """Return a function that edits every line of the catalogue and returns the versions then."""

    def versions_of(edit: Callable[[Listed], Listed]) -> list[str]:
        monkeypatch.setattr(catalogue, "CATALOGUE", tuple(map(edit, CATALOGUE)))
        return versions()

    return versions_of


@pytest.mark.parametrize("timeframe", [M1, M5])
def test_every_setup_is_listed_for_both_timeframes(timeframe):
    setups = setups_for(timeframe, Rules(), BtcRules(), REFERENCE_PROFILE)

    assert tuple(setup.name for setup in setups) == NAMES
    assert {setup.timeframe for setup in setups} == {timeframe}
    assert {setup.warmup for setup in setups} == {200}
    assert {setup.max_hold_min for setup in setups} == {60 if timeframe is M1 else 240}


def test_another_timeframe_has_no_setups():
    assert (
        setups_for(Timeframe(name="15m", step_ms=900_000), Rules(), BtcRules(), REFERENCE_PROFILE)
        == ()
    )


def test_the_same_terms_give_the_same_version_and_each_setup_and_timeframe_its_own():
    assert versions() == versions(Rules(), BtcRules())
    assert len(set(versions())) == len(CATALOGUE)


def test_a_version_names_the_code_and_a_hash():
    for version in versions():
        assert re.fullmatch(r"1\.[0-9a-f]{8}", version)


@pytest.mark.parametrize("name", field_names(Rules))
def test_a_changed_gate_changes_every_version(name):
    assert not set(versions()) & set(versions(changed(Rules(), name)))


@pytest.mark.parametrize("name", field_names(BtcRules))
def test_a_changed_btc_rule_changes_every_version(name):
    assert not set(versions()) & set(versions(btc_rules=changed(BtcRules(), name)))


@pytest.mark.parametrize("name", field_names(*(type(listed.parameters) for listed in CATALOGUE)))
def test_a_changed_parameter_changes_the_versions_of_the_setups_that_have_it(name, relist):
    before = versions()

    def edit(listed: Listed) -> Listed:
        if name not in field_names(type(listed.parameters)):
            return listed
        return replace(listed, parameters=changed(listed.parameters, name))

    after = relist(edit)

    for listed, was, is_now in zip(by_timeframe(), before, after, strict=True):
        assert (was == is_now) == (name not in field_names(type(listed.parameters)))


@pytest.mark.parametrize("name", field_names(Terms))
def test_a_changed_warmup_or_holding_time_changes_every_version(name, relist):
    before = versions()

    after = relist(lambda listed: replace(listed, terms=changed(listed.terms, name)))

    assert not set(before) & set(after)


def test_changed_code_changes_the_version(relist):
    hashes = [version.partition(".")[2] for version in versions()]

    after = relist(lambda listed: replace(listed, code_version=2))

    assert after == [f"2.{each}" for each in hashes]


def test_a_changed_title_keeps_the_record(relist):
    assert versions() == relist(lambda listed: replace(listed, title="Another name"))


def test_a_reader_is_shown_the_title_and_the_bare_name_of_a_setup_of_the_past():
    assert title_of("range_breakout") == "Range breakout"
    assert title_of("moon_phase") == "moon_phase"


def test_every_parameter_is_published_as_text():
    published = published_parameters(M5)

    assert tuple(published) == NAMES
    assert published["range_breakout"]["range_period"] == "24"
    assert published["range_breakout"]["max_hold_min"] == "240"
    assert published_parameters(M1)["range_breakout"]["max_hold_min"] == "60"
    for listed in CATALOGUE:
        expected = field_names(type(listed.parameters), Terms)
        assert sorted(published[listed.name]) == expected


@pytest.mark.parametrize("documented", DOCUMENTED, ids=lambda each: each.__module__)
def test_every_parameter_is_documented_by_its_class(documented):
    attributes = documented.__doc__.partition("Attributes\n")[2]
    named = re.findall(r"^ {4}(\w[\w, ]*) : ", attributes, re.MULTILINE)

    names = [name for line in named for name in line.split(", ")]

    assert sorted(names) == field_names(documented)
