"""The tables, as the newest revision in `migrations/versions` makes them.

Rows never leave this package: the ports speak in values of `record` and `service`.
"""

from sqlalchemy import Index, Table, UniqueConstraint
from sqlmodel import Field, SQLModel

REVISION = "0007"
"""The revision that makes these tables; revisions are four digits and sort in their order."""


class LedgerRow(SQLModel, table=True):
    """One entry of the ledger; triggers refuse to change, delete or replace it.

    `body` is canonical JSON. The last three columns repeat what the body of an alert, of a
    publication and of an outcome says, so that each alert has at most one of each.
    """

    __tablename__ = "ledger"

    seq: int = Field(primary_key=True)
    v: int
    type: str = Field(index=True)
    ts: str
    prev: str
    body: str
    hash: str = Field(unique=True)
    sig: str
    alert_id: str | None = Field(unique=True)
    published_of: int | None = Field(unique=True, foreign_key="ledger.seq")
    outcome_of: int | None = Field(unique=True, foreign_key="ledger.seq")


class SettledRow(SQLModel, table=True):
    """One alert as the statistics see it, after corrections; inserts into the ledger write it.

    `seq` is that of the alert, `published_at` in ms UTC; numbers are text as in the ledger. What a
    body does not say is NULL.
    """

    __tablename__ = "settled"

    seq: int = Field(primary_key=True, foreign_key="ledger.seq")
    alert_id: str | None
    setup: str | None
    version: str | None
    symbol: str | None
    side: str | None
    published_at: int | None
    kind: str | None
    net_r: str | None
    gross_r: str | None
    ambiguous: bool | None
    worst_net_r: str | None
    best_net_r: str | None
    breakeven_win_rate: str | None
    volatility: str | None
    regime: str | None


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


class JournalRow(SQLModel, table=True):
    """What one reader says of one alert; times in ms UTC, numbers are text, exact.

    No reference leads to or from the ledger, so that people can be deleted.
    """

    __tablename__ = "journal"

    reader: int = Field(primary_key=True)
    alert_seq: int = Field(primary_key=True)
    decision: str
    marked_at: int
    on_paper: bool
    quantity: str | None
    fill_price: str | None
    fill_at: int | None
    exit_price: str | None
    exit_at: int | None


class SubscriberRow(SQLModel, table=True):
    """One reader; times in ms UTC, numbers are text, exact, lists are JSON.

    No reference leads to or from another table, so that people can be deleted.
    """

    __tablename__ = "subscriber"

    reader: int = Field(primary_key=True)
    joined_at: int
    role: str
    venue: str | None
    equity: str | None
    risk_pct: str
    leverage: str
    zone: str
    quiet_since: int | None
    quiet_until: int | None
    subscribed: bool
    paused_until: int | None
    muted_coins: str
    muted_setups: str
    alerts_received: int
    real_since: int | None
    reachable: bool
    question: str | None


class PostRow(SQLModel, table=True):
    """Something that is told to several chats; times in ms UTC.

    `seq` is the entry of the ledger that it tells of, `html` its text where there is none;
    `file_id` is the picture that was uploaded for it.
    """

    __tablename__ = "post"

    subject: str = Field(primary_key=True)
    kind: str
    seq: int | None
    html: str | None
    made_at: int
    expires_at: int
    file_id: str | None


class DeliveryRow(SQLModel, table=True):
    """One post on its way to one chat; `qty` and `on_paper` are what an alert has shown."""

    __tablename__ = "delivery"
    __table_args__ = (
        UniqueConstraint("subject", "chat"),
        Index("ix_delivery_state", "state", "id"),
        Index("ix_delivery_chat", "chat", "state"),
    )

    id: int = Field(primary_key=True)
    subject: str = Field(foreign_key="post.subject")
    chat: int
    thread: int | None
    state: str
    attempt: int
    not_before: int
    is_resent: bool
    is_plain: bool
    was_unknown: bool
    message_id: int | None
    sent_at: int | None
    qty: str | None
    on_paper: bool | None


class PlaceRow(SQLModel, table=True):
    """A channel or group that is told everything; `thread` is a topic of a group."""

    __tablename__ = "place"

    chat: int = Field(primary_key=True)
    thread: int | None
    title: str
    kind: str
    reachable: bool


class LeaseRow(SQLModel, table=True):
    """Who alone may do something until then, in ms UTC."""

    __tablename__ = "lease"

    name: str = Field(primary_key=True)
    owner: str
    until: int


class ControlChangeRow(SQLModel, table=True):
    """One change of a control by an admin; triggers refuse to change or delete it.

    `at` is in ms UTC; NULL before or after is "as configured". The newest row of a key is in force.
    """

    __tablename__ = "control_change"

    number: int = Field(primary_key=True)
    at: int
    who: int
    key: str = Field(index=True)
    before: str | None
    after: str | None


LEDGER: Table = SQLModel.metadata.tables["ledger"]
SETTLED: Table = SQLModel.metadata.tables["settled"]
REFUSAL: Table = SQLModel.metadata.tables["refusal"]
INSTRUMENT: Table = SQLModel.metadata.tables["instrument"]
JOURNAL: Table = SQLModel.metadata.tables["journal"]
SUBSCRIBER: Table = SQLModel.metadata.tables["subscriber"]
POST: Table = SQLModel.metadata.tables["post"]
DELIVERY: Table = SQLModel.metadata.tables["delivery"]
PLACE: Table = SQLModel.metadata.tables["place"]
LEASE: Table = SQLModel.metadata.tables["lease"]
CONTROL_CHANGE: Table = SQLModel.metadata.tables["control_change"]
