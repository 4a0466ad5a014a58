"""What the Bot API answers with: `{"ok": true, "result": ..}` or an error with its code.

The HTTP status of an answer is its `error_code`. Descriptions are Telegram's own words, because
bots read them.
"""

from collections.abc import Mapping
from typing import Any

Json = dict[str, Any]
PREFIXES: Mapping[int, str] = {
    400: "Bad Request: ",
    403: "Forbidden: ",
    404: "Not Found: ",
    409: "Conflict: ",
    429: "Too Many Requests: ",
}


class Refused(Exception):  # noqa: N818 - an answer of the API, no failure of ours
    """A call is answered with an error.

    Parameters
    ----------
    code : int
        HTTP status and `error_code`.
    description : str
        Telegram's words, without the prefix that belongs to the code.
    parameters : mapping, optional
        `retry_after` or `migrate_to_chat_id`.
    """

    def __init__(self, code: int, description: str, parameters: Json | None = None) -> None:
        self.code = code
        self.description = PREFIXES.get(code, "") + description
        self.parameters = parameters
        super().__init__(self.description)


def bad_request(description: str) -> Refused:
    """Return the error of a call that can never succeed as it is."""
    return Refused(400, description)


def succeeded(result: object) -> Json:
    """Return the envelope of a result."""
    return {"ok": True, "result": result}


def failed(refused: Refused) -> Json:
    """Return the envelope of an error."""
    envelope: Json = {"ok": False, "error_code": refused.code, "description": refused.description}
    if refused.parameters:
        envelope["parameters"] = refused.parameters
    return envelope


def present(**fields: object) -> Json:
    """Return the fields that are not None: the Bot API leaves out what is not there."""
    return {name: value for name, value in fields.items() if value is not None}
