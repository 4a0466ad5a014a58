"""The tables, as the newest revision in `migrations/versions` makes them.

Rows never leave this package: the ports speak in values of `record` and `service`.
"""

from sqlalchemy import Index, Table
from sqlmodel import Field, SQLModel

REVISION = "0002"
"""The revision that makes these tables; revisions are four digits and sort in their order."""


class LedgerRow(SQLModel, table=True):
    """One entry of the ledger; triggers refuse to change, delete or replace it.

    `body` is canonical JSON. The last three columns repeat what the body of an alert, of a
    publication and of an outcome says, so that each alert has at most one of each.
    """

    __tablename__ = "ledger"

    seq: int = Field(primary_key=True)
    v: int
    type: str
    ts: str
    prev: str
    body: str
    hash: str = Field(unique=True)
    sig: str
    alert_id: str | None = Field(unique=True)
    published_of: int | None = Field(unique=True, foreign_key="ledger.seq")
    outcome_of: int | None = Field(unique=True, foreign_key="ledger.seq")


class RefusalRow(SQLModel, table=True):
    """One refused match; `refused_at` is in ms UTC, `day` is its UTC day."""

    __tablename__ = "refusal"
    __table_args__ = (Index("ix_refusal_day_code", "day", "code"),)

    alert_id: str = Field(primary_key=True)
    day: str
    refused_at: int
    setup: str
    symbol: str
    side: str
    code: str
    message: str


class InstrumentRow(SQLModel, table=True):
    """What a venue said of one contract at `seen_at`, in ms UTC; numbers are text, exact.

    `assumed` names the fields that did not come from the venue, between commas.
    """

    __tablename__ = "instrument"

    venue: str = Field(primary_key=True)
    symbol: str = Field(primary_key=True)
    tick: str
    step: str
    min_qty: str
    min_notional: str
    contract_size: str
    taker_rate: str
    maker_rate: str
    assumed: str
    seen_at: int


LEDGER: Table = SQLModel.metadata.tables["ledger"]
REFUSAL: Table = SQLModel.metadata.tables["refusal"]
INSTRUMENT: Table = SQLModel.metadata.tables["instrument"]
