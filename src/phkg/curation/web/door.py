"""The door through which submissions come in, whatever they come as: who may, how often, what is wrong with it, and the commit in the end."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from phkg.curation.audit import Attempt, Audit
from phkg.curation.branches import DiskFull, Kept, Repository
from phkg.curation.judge_process import Busy, JudgeProcess, NotJudged
from phkg.curation.message import message
from phkg.curation.tokens import FILE, BadTokens, NotAllowed, Token, holder_of, read_tokens
from phkg.curation.web.limits import Limits, Rate
from phkg.publishing.sentences import Said, Sentences
from phkg.records.git import GitFault
from phkg.sparql.fairness import client_name
from phkg.validation.findings import Finding

if TYPE_CHECKING:
    from phkg.curation.judging import Judged

say = Sentences(Path(__file__).parent / "refusals.toml")
_LETTERS = "abcdefghijklmnopqrstuvwxyz234567"


@dataclass(eq=False)
class Refused(Exception):
    """An attempt that came to nothing. `code` is stable for programs, `detail` a sentence for people in every language; `findings` say what is wrong in what was sent,
    whose Turtle is `text`; `allowed` are the files that the token may write."""

    status: int
    code: str
    detail: Said
    findings: tuple[Finding, ...] = ()
    text: str = ""
    allowed: tuple[str, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Taken:
    """A submission that is in the repository. `is_new` is false when it was there already, sent by the same token."""

    kept: Kept
    judged: Judged
    is_new: bool


class Door:
    """Checks what is meant for one registry, and takes submissions where it lies in a repository that is open to them."""

    def __init__(
        self,
        folder: Path,
        audit: Audit | None,
        language: str,
        limits: Limits,
        complain: Callable[[str], None],
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """`folder` holds the registry. With an `audit` it is a repository that takes submissions, without one only checks are made.

        `language` is that of findings in commits. Raises GitFault when the folder is to take submissions and is no repository with a registry.
        """
        self.repository = Repository(folder) if audit else None
        self.limits = limits
        self._audit = audit
        self._language = language
        self._complain = complain
        self._now = now
        self._judge = JudgeProcess(folder, audit is not None, limits.judge_seconds, limits.memory, limits.queue)
        self._attempts = Rate(limits.attempts, 60.0)
        self._wrong = Rate(limits.wrong_tokens, 600.0)
        self._accepted = Rate(limits.accepted, 3600.0)

    async def stop(self) -> None:
        """End what runs beside."""
        await self._judge.stop()

    async def check(self, client: str, data: bytes, media_type: str, update: bool = False) -> Judged:
        """What would come of a submission (with `update` the rows of a table change records that are there); nothing is written and no token is needed. Raises Refused."""
        self._let_in(client_name(client))
        return await self._judged(data, media_type, update)

    async def submit(self, client: str, secret: str, data: bytes, media_type: str, update: bool = False) -> Taken:
        """Take a submission. Raises Refused; then nothing of it is there."""
        begin = time.monotonic()
        name = client_name(client)
        outcome: Refused | Taken | None = None
        token: Token | None = None
        if self.repository is None or self._audit is None:
            raise Refused(501, "not-taken-here", say("not-taken-here"))
        try:
            self._let_in(name)
            token = await asyncio.to_thread(self._token, self.repository, name, secret)
            judged = await self._judged(data, media_type, update)
            if not judged.conforms:
                raise _with_findings(judged)
            self._allow(token, judged)
            # Once begun it is ended, also when whoever asked for it has gone.
            outcome = await asyncio.shield(asyncio.to_thread(self._write, self.repository, token, media_type, judged))
            return outcome
        except Refused as refused:
            outcome = refused
            raise
        finally:
            status, code, id = _told(outcome)
            self._audit.add(Attempt(name, token.name if token else "", status, code, id, media_type, len(data), round(time.monotonic() - begin, 3)))

    def _let_in(self, client: str) -> None:
        wait = self._attempts.wait(client) or self._wrong.wait(client)
        if wait:
            raise _later(429, "too-often", say("tried-too-often", seconds=wait), wait)
        self._attempts.add(client)

    def _token(self, repository: Repository, client: str, secret: str) -> Token:
        try:
            kept = repository.file(repository.head(), FILE)
            tokens = read_tokens(kept.decode()) if kept else ()
            token = holder_of(secret, tokens, self._now().date())
        except NotAllowed as fault:
            if secret:
                self._wrong.add(client)
            raise Refused(401, fault.code, say(fault.code, day=str(fault.day)), headers={"WWW-Authenticate": 'Bearer realm="submissions"'}) from None
        except (BadTokens, UnicodeDecodeError, GitFault) as fault:
            self._complain(f"Nobody can submit: {fault}")
            raise Refused(503, "not-now", say("no-list")) from None
        wait = self._accepted.wait(token.name)
        if wait:
            raise _later(429, "too-often", say("accepted-too-often", most=self.limits.accepted, seconds=wait), wait)
        return token

    async def _judged(self, data: bytes, media_type: str, update: bool) -> Judged:
        try:
            return await self._judge.judge(data, media_type, update)
        except Busy:
            raise _later(503, "busy", say("busy"), self.limits.retry) from None
        except NotJudged as fault:
            if fault.fault == "input":
                raise Refused(422, "not-checkable", say("not-checkable")) from None
            self._complain(f"A submission could not be checked: {fault}")
            raise _no_room() if fault.fault == "disk" else Refused(503, "not-now", say("not-checked")) from None

    def _allow(self, token: Token, judged: Judged) -> None:
        """Raises Refused when a file is beyond the token's scope."""
        new = judged.submitted.new_files
        beyond = [name for name in judged.submitted.files if not token.may_write(name, name in new)]
        if beyond:
            may = [*token.writes, *(f"+ {path}" for path in token.adds)]
            detail = say("beyond-scope", beyond=", ".join(beyond), may=", ".join(may))
            raise Refused(403, "beyond-scope", detail, allowed=(*token.writes, *token.adds), text=judged.submitted.text)

    def _write(self, repository: Repository, token: Token, media_type: str, judged: Judged) -> Taken:
        files = dict(judged.submitted.files)
        if not files:
            raise Refused(422, "no-change", say("no-change"), text=judged.submitted.text)
        try:
            there = repository.same(judged.commit, files, token.name)
            if there:
                return Taken(there, judged, is_new=False)
            if repository.waiting(token.name) >= self.limits.waiting:
                raise Refused(429, "too-many-waiting", say("too-many-waiting", most=self.limits.waiting))
            id = f"{self._now():%Y%m%d}-{''.join(secrets.choice(_LETTERS) for _ in range(10))}"
            text = message(id, token, media_type, judged.submitted, judged.findings, self._language)
            repository.write(id, judged.commit, files, token.holder, token.name, text)
            self._accepted.add(token.name)
            kept = repository.kept(id)
            assert kept is not None  # It has just been written, and its second name stays.
            return Taken(kept, judged, is_new=True)
        except DiskFull as fault:
            self._complain(f"A submission could not be written: {fault}")
            raise _no_room() from None
        except (GitFault, OSError) as fault:
            self._complain(f"A submission could not be written: {fault}")
            if isinstance(fault, OSError) and fault.errno in (27, 28, 122):
                raise _no_room() from None
            raise Refused(503, "not-written", say("not-written")) from None


def _with_findings(judged: Judged) -> Refused:
    wrong = sum(finding.severity == "violation" for finding in judged.findings)
    detail = say("findings-one") if wrong == 1 else say("findings", errors=wrong)
    return Refused(422, "findings", detail, judged.findings, judged.submitted.text)


def _later(status: int, code: str, detail: Said, seconds: int) -> Refused:
    return Refused(status, code, detail, headers={"Retry-After": str(seconds)})


def _no_room() -> Refused:
    return Refused(507, "no-room", say("no-room"))


def _told(outcome: Refused | Taken | None) -> tuple[int, str, str]:
    if isinstance(outcome, Refused):
        return outcome.status, outcome.code, ""
    if outcome is None:
        return 499, "left", ""
    return (201 if outcome.is_new else 200), "taken" if outcome.is_new else "already-there", outcome.kept.id
