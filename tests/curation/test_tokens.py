"""Tokens: what is kept is no secret, only the right text opens, and a scope covers what it says and no more."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from hashlib import sha256

import pytest

from phkg.curation.tokens import BadTokens, NotAllowed, Token, holder_of, new_token, read_tokens, revoked, written

TODAY = date(2026, 11, 22)


def made(**changed) -> tuple[Token, str]:
    values = {"name": "north-1", "holder": "Northern “region”", "writes": ["registry/a/north.ttl"], "adds": ["registry/b/"], "today": TODAY, "days": 30}
    return new_token(**values | changed)


def test_the_file_holds_the_hash_and_not_the_token() -> None:
    token, secret = made()
    text = written([token])
    assert read_tokens(text) == (token,)
    assert secret not in text and secret.split("_")[2] not in text
    assert f"sha256:{sha256(secret.encode()).hexdigest()}" in text


def test_two_tokens_are_never_alike_and_hold_256_bits() -> None:
    secrets = {made()[1].split("_")[2] for _ in range(50)}
    assert len(secrets) == 50 and {len(bytes.fromhex(one)) for one in secrets} == {32}


def test_only_the_whole_token_opens() -> None:
    token, secret = made()
    assert holder_of(secret, [token], TODAY) == token
    for text in ("", secret[:-1], secret + "0", secret.upper(), "phkg_north-1_", f"phkg_other_{secret.split('_')[2]}", "_", "phkg__", secret.encode().hex()):
        with pytest.raises(NotAllowed) as refused:
            holder_of(text, [token], TODAY)
        assert refused.value.code == ("token-missing" if not text else "token-unknown")


def test_a_token_is_good_through_its_last_day() -> None:
    token, secret = made(days=30)
    assert holder_of(secret, [token], TODAY + timedelta(30)) == token
    with pytest.raises(NotAllowed) as refused:
        holder_of(secret, [token], TODAY + timedelta(31))
    assert refused.value.code == "token-expired"


def test_a_revoked_token_opens_nothing_from_that_day_on() -> None:
    token, secret = made()
    (left,) = revoked([token], "north-1", TODAY)
    with pytest.raises(NotAllowed) as refused:
        holder_of(secret, [left], TODAY)
    assert refused.value.code == "token-revoked"
    assert revoked([left], "north-1", TODAY + timedelta(1)) == (left,)
    with pytest.raises(BadTokens, match="north-1"):
        revoked([token], "south-1", TODAY)


def test_that_a_token_is_revoked_or_expired_is_told_only_to_who_has_it() -> None:
    token, secret = made()
    (left,) = revoked([replace(token, expires=date(2026, 1, 1))], "north-1", TODAY)
    with pytest.raises(NotAllowed) as refused:
        holder_of(secret[:-1] + ("0" if secret[-1] != "0" else "1"), [left], TODAY)
    assert refused.value.code == "token-unknown"


def test_a_scope_covers_a_file_or_a_folder_and_nothing_beside() -> None:
    token, _ = made()
    assert token.may_write("registry/a/north.ttl", is_new=False)
    assert not token.may_write("registry/a/north.ttl.ttl", is_new=True)
    assert not token.may_write("registry/a/north-2.ttl", is_new=True)
    assert token.may_write("registry/b/new.ttl", is_new=True)
    assert not token.may_write("registry/b/new.ttl", is_new=False)
    assert not token.may_write("registry/b-2/new.ttl", is_new=True)


@pytest.mark.parametrize(
    "scope", ["registry", "registry/../src/", "/registry/a/", "ontology/", "registry/a", "registry/A/", "registry//", "registry/a.ttl/b.ttl", "registry/a\n/"]
)
def test_a_scope_outside_of_the_registry_is_refused(scope: str) -> None:
    with pytest.raises(BadTokens, match="no place"):
        made(writes=[scope])


@pytest.mark.parametrize(
    "changed", [{"name": "North_1"}, {"holder": " "}, {"holder": "A <a@b>"}, {"holder": "A\nB"}, {"writes": [], "adds": []}, {"days": 0}, {"days": 99999}]
)
def test_what_cannot_be_a_token_is_not_made(changed) -> None:
    with pytest.raises(BadTokens):
        made(**changed)


@pytest.mark.parametrize(
    "text",
    [
        "token = 1",
        "[[token]]\nname = 'a'",
        "[[token]",
        "scope = 'x'",
        "[[token]]\nname='a'\nholder='A'\nhash='sha256:0'\nwrites=['registry/']\nadds=[]\ncreated=2026-01-01\nexpires=2026-01-01",
        "[[token]]\nname='a'\nholder='A'\nhash='%s'\nwrites=['registry/']\nadds=[]\ncreated=2026-01-01\nexpires=2026-01-01T00:00:00" % ("sha256:" + 64 * "0"),
    ],
)
def test_a_file_that_is_no_list_of_tokens_gives_no_rights(text: str) -> None:
    with pytest.raises(BadTokens):
        read_tokens(text)


def test_a_name_is_there_once() -> None:
    with pytest.raises(BadTokens, match="two tokens"):
        read_tokens(written([made()[0], made()[0]]))
