"""Who may submit what: tokens with their scopes, in a file under version control that holds hashes only.

A token is `phkg_<name>_<secret>`. The secret is 256 random bits, so that a plain SHA-256 of the token is enough: nobody can try that many,
and a slow hash, which guards short passwords, would only let strangers keep the server busy.
"""

from __future__ import annotations

import json
import re
import secrets
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from hashlib import sha256
from hmac import compare_digest

FILE = "curators.toml"
"""The name of the file, beside the folder of the records."""
PREFIX = "phkg"
"""What every token begins with, so that programs that look for leaked secrets can tell one."""
NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*", re.ASCII)
SCOPE = re.compile(r"registry(/[a-z0-9]+(-[a-z0-9]+)*)*(/|\.ttl)", re.ASCII)
HASH = re.compile(r"sha256:[0-9a-f]{64}", re.ASCII)
MOST_DAYS = 731
"""How many days a token may be good for."""
HEAD = """# Who may submit changes to which files over HTTP. Written by `phkg token`; review a change of it like any other.
# Each token is kept as a hash only: whoever loses one gets another. `writes`: files and folders (with a slash at the end) that
# may be changed; `adds`: where new files may be made, and nothing changed.
"""


class BadTokens(Exception):
    """The file of tokens cannot be used; the text says what is wrong in it and what would be right."""


class NotAllowed(Exception):
    """A token that gives no right. `code` is token-missing, token-unknown, token-expired or token-revoked, the last two since a `day`."""

    def __init__(self, code: str, day: date | None = None) -> None:
        super().__init__(code, day)
        self.code, self.day = code, day


@dataclass(frozen=True)
class Token:
    """A token as the file holds it: its name, for whom it is, the hash, what it may write and where add, and its days.

    `writes` and `adds` are paths from the root of the registry: a file, or a folder with a slash at its end. It is good up to and
    with the day `expires`, and until the day it was `revoked`.
    """

    name: str
    holder: str
    hash: str
    writes: tuple[str, ...]
    adds: tuple[str, ...]
    created: date
    expires: date
    revoked: date | None = None

    def may_write(self, path: str, is_new: bool) -> bool:
        """Whether a file may be changed, or made where there is none, by whoever holds the token."""
        return any(_covers(scope, path) for scope in (*self.writes, *(self.adds if is_new else ())))


def _covers(scope: str, path: str) -> bool:
    return path.startswith(scope) if scope.endswith("/") else path == scope


def new_token(name: str, holder: str, writes: Sequence[str], adds: Sequence[str], today: date, days: int) -> tuple[Token, str]:
    """A token to keep and the secret text to hand over, which is nowhere kept. Raises BadTokens for values that cannot be."""
    text = f"{PREFIX}_{name}_{secrets.token_hex(32)}"
    if not 1 <= days <= MOST_DAYS:
        raise BadTokens(f"A token is good for 1 to {MOST_DAYS} days.")
    token = Token(name, holder, hashed(text), tuple(sorted(set(writes))), tuple(sorted(set(adds))), today, today + timedelta(days))
    _check(token)
    return token, text


def hashed(text: str) -> str:
    """The hash under which a token is kept."""
    return f"sha256:{sha256(text.encode()).hexdigest()}"


def holder_of(text: str, tokens: Iterable[Token], today: date) -> Token:
    """The token that a text is. Raises NotAllowed for none, an unknown one, and one that is not good any more.

    How long it takes says nothing about the secret, and that a token was good once is told only to who has it.
    """
    if not text:
        raise NotAllowed("token-missing")
    name = text.split("_")[1] if text.count("_") == 2 else ""
    found = next((token for token in tokens if token.name == name), None)
    # Compared even with nothing, so that names cannot be told from the time it takes.
    same = compare_digest(hashed(text), found.hash if found else hashed(""))
    if found is None or not same:
        raise NotAllowed("token-unknown")
    if found.revoked is not None and found.revoked <= today:
        raise NotAllowed("token-revoked", found.revoked)
    if found.expires < today:
        raise NotAllowed("token-expired", found.expires)
    return found


def read_tokens(text: str) -> tuple[Token, ...]:
    """The tokens of a file. Raises BadTokens when it is none."""
    try:
        told = tomllib.loads(text)
        rows = told.pop("token", [])
        if told or not isinstance(rows, list):
            raise BadTokens(f"{FILE} holds something other than [[token]] tables.")
        found = tuple(_token(row) for row in rows)
    except tomllib.TOMLDecodeError as error:
        raise BadTokens(f"{FILE} is no TOML: {error}") from None
    names = [token.name for token in found]
    if len(set(names)) < len(names):
        raise BadTokens(f"{FILE} has two tokens of one name; give each a name of its own.")
    return found


def _token(row: dict) -> Token:
    fields = {"name": str, "holder": str, "hash": str, "writes": list, "adds": list, "created": date, "expires": date, "revoked": date}
    name = row.get("name", "?")
    for key, value in row.items():
        if type(value) is not fields.get(key):
            raise BadTokens(f"{FILE}: the token {name} has a {key} that cannot be read.")
    missing = [key for key in fields if key not in row and key != "revoked"]
    if missing:
        raise BadTokens(f"{FILE}: the token {name} lacks {', '.join(missing)}.")
    token = Token(**row | {"writes": tuple(row["writes"]), "adds": tuple(row["adds"])})
    _check(token)
    return token


def _check(token: Token) -> None:
    if not NAME.fullmatch(token.name):
        raise BadTokens(f"“{token.name}” cannot name a token: use small letters a–z, digits and single hyphens.")
    if not token.holder.strip() or not token.holder.isprintable() or set("<>") & set(token.holder):
        raise BadTokens(f"The token {token.name} needs a holder: a name on one line, without < and >.")
    if not HASH.fullmatch(token.hash):
        raise BadTokens(f"The token {token.name} has no hash that can be used; make it anew with phkg token new.")
    wrong = [scope for scope in (*token.writes, *token.adds) if not isinstance(scope, str) or not SCOPE.fullmatch(scope)]
    if wrong:
        raise BadTokens(f"“{wrong[0]}” is no place in the registry: name a file such as registry/methods/x.ttl, or a folder such as registry/methods/.")
    if not token.writes and not token.adds:
        raise BadTokens(f"The token {token.name} gives no right; say what it may write or add.")


def written(tokens: Iterable[Token]) -> str:
    """The file that holds the tokens."""
    return HEAD + "".join(_row(token) for token in tokens)


def _row(token: Token) -> str:
    def quoted(value: object) -> str:
        # A printable text in JSON is one in TOML.
        return json.dumps(value, ensure_ascii=False)

    lines = [f"name = {quoted(token.name)}", f"holder = {quoted(token.holder)}", f"hash = {quoted(token.hash)}"]
    lines += [f"writes = {quoted(token.writes)}", f"adds = {quoted(token.adds)}", f"created = {token.created}", f"expires = {token.expires}"]
    lines += [f"revoked = {token.revoked}"] if token.revoked else []
    return "\n[[token]]\n" + "\n".join(lines) + "\n"


def revoked(tokens: Sequence[Token], name: str, today: date) -> tuple[Token, ...]:
    """The tokens with one of them revoked from today on. Raises BadTokens when there is none of the name."""
    if name not in [token.name for token in tokens]:
        raise BadTokens(f"There is no token {name}; there are: {', '.join(token.name for token in tokens) or 'none'}.")
    return tuple(replace(token, revoked=token.revoked or today) if token.name == name else token for token in tokens)
