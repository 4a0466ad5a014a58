"""The families of errors; a concrete error lives beside the function that raises it.

::

    SignalbotError
    ├── InputError        an input is wrong: field, what it was, what is allowed (exit 2)
    ├── RecordError       the record on disk contradicts itself or what is to be written (exit 1)
    └── UnavailableError  something outside did not answer in time (exit 1)

A trade that must not be taken is no error: it is a `Refusal` (domain/refusal.py), a value.
"""


class SignalbotError(Exception):
    """Root of everything this product raises on purpose."""


class InputError(SignalbotError):
    """One field of some input is wrong.

    Parameters
    ----------
    field : str
        Name of the option, key or column, as the user wrote it.
    was : object
        The offending value; shown shortened, so that hostile input cannot flood a terminal.
    allowed : str
        What would have been right.
    where : str, optional
        File and line, or another place, put in front.
    """

    def __init__(self, field: str, was: object, allowed: str, where: str | None = None) -> None:
        self.field = field
        self.was = was
        self.allowed = allowed
        self.where = where
        place = f"{where}: " if where else ""
        text = f"{place}{_cut(field)} was {_short(was)}; allowed: {allowed}"
        super().__init__(_printable(text))


class RecordError(SignalbotError):
    """The ledger does not fit itself, or does not fit what should be appended to it."""


class UnavailableError(SignalbotError):
    """A venue, a messenger or a disk did not answer."""


def _short(value: object) -> str:
    if value is None:
        return "missing"
    return _cut(repr(value) if isinstance(value, str) else str(value))


def _cut(text: str, limit: int = 80) -> str:
    return text if len(text) <= limit else text[: limit - 3] + "..."


def _printable(text: str) -> str:
    return "".join(c if c.isprintable() else "?" for c in text)
