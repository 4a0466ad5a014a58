"""The documents say what the code does: every constant, parameter, command and package."""

import re
from dataclasses import fields
from pathlib import Path

import pytest

import signalbot.cli
from signalbot.analysis.btc_context import BtcRules
from signalbot.analysis.features import FEATURES
from signalbot.domain.profile import Profile
from signalbot.domain.rules import Rules
from signalbot.domain.universe import UniverseRules
from signalbot.record.entries import EntryType
from signalbot.risk.guards import GuardRules
from signalbot.risk.venue_rules import VENUE_RULES
from signalbot.setups.catalogue import CATALOGUE

ROOT = Path(__file__).parents[2]


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "rules", [Rules(), BtcRules(), GuardRules()], ids=["gates", "btc", "guards"]
)
def test_every_rule_stands_in_the_assumptions_with_its_value(rules: object) -> None:
    rows = dict(re.findall(r"^\| `(\w+)` \| ([^|]+) \|", read("docs/assumptions.md"), re.M))

    for field in fields(rules):  # type: ignore[arg-type]
        assert float(rows[field.name]) == float(getattr(rules, field.name)), field.name


def test_what_is_asked_of_a_pair_stands_in_the_assumptions() -> None:
    rows = dict(re.findall(r"^\| `(\w+)` \| ([^|]+) \|", read("docs/assumptions.md"), re.M))

    for field in fields(UniverseRules):
        value = getattr(UniverseRules(), field.name)
        if not isinstance(value, Profile):
            assert rows[field.name] == str(value), field.name


@pytest.mark.parametrize("name", sorted({listed.name for listed in CATALOGUE}))
def test_every_setup_parameter_stands_in_the_setups_with_both_values(name: str) -> None:
    section = read("docs/setups.md").split(f"## `{name}`")[1].split("\n## ")[0]
    rows = {
        row[0]: row[1:] for row in re.findall(r"^\| `(\w+)` \| (\S+) \| (\S+) \|", section, re.M)
    }
    on_1m, on_5m = (listed for listed in CATALOGUE if listed.name == name)

    assert set(rows) == {field.name for field in fields(on_1m.parameters)}
    for parameter, values in rows.items():
        shown = (getattr(on_1m.parameters, parameter), getattr(on_5m.parameters, parameter))
        assert values == tuple(str(value) for value in shown), parameter


def test_every_described_feature_stands_in_the_setups() -> None:
    text = read("docs/setups.md")

    assert [feature.name for feature in FEATURES if f"| `{feature.name}` |" not in text] == []


def test_every_command_stands_in_the_readme() -> None:
    text = read("README.md")
    commands = [command.name for command in signalbot.cli.app.registered_commands]
    groups = [group.name for group in signalbot.cli.app.registered_groups]

    assert [
        name for name in (*commands, *groups) if f"`{name}" not in text.replace("`signalbot ", "`")
    ] == []


def test_every_package_stands_in_the_architecture() -> None:
    text = read("docs/architecture.md")
    packages = [path.parent.name for path in (ROOT / "signalbot").glob("*/__init__.py")]

    assert [name for name in packages if f"`{name}/`" not in text] == []


def test_every_entry_type_that_is_written_stands_in_the_ledger_document() -> None:
    text = read("docs/ledger.md")
    written = [
        kind
        for kind in EntryType
        if re.search(
            rf"EntryType\.{kind.name}\b",
            "".join(path.read_text() for path in (ROOT / "signalbot/service").glob("*.py")),
        )
    ]

    assert written
    assert [kind.value for kind in written if f"`{kind.value}`" not in text] == []


def test_links_between_documents_lead_somewhere() -> None:
    for document in [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]:
        for target in re.findall(r"\]\(([^)#]+)", document.read_text(encoding="utf-8")):
            assert (document.parent / target).exists(), f"{document.name}: {target}"


def test_every_venue_rule_stands_in_the_risk_document() -> None:
    rows = re.findall(
        r"^\| `([\w-]+)` \| ([^|]+) \| ([^|]+) \| ([^|]+) \|", read("docs/risk.md"), re.M
    )
    shown = {row[0]: tuple(cell.strip() for cell in row[1:]) for row in rows}

    assert shown == {
        rule.venue: (
            rule.basis.value,
            rule.closing_fee.value,
            rule.maintenance_amount.value + (f": `{rule.amount_name}`" if rule.amount_name else ""),
        )
        for rule in VENUE_RULES
    }
