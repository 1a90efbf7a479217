"""What `stepwell doctor` looks for: pure checks, each with what is wrong, why, and what to do.

Every check takes what it needs and returns its findings. Nothing here reads a clock, a file
or a database: `stepwell.cli.doctor` does.
"""

import stat
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import NamedTuple

GB = 2**30
LOW_DISK = 2 * GB
BACKUP_AGE = timedelta(days=2)
SOON = timedelta(days=60)
CLOCK_BACK = timedelta(minutes=5)
LATE_TASK = timedelta(minutes=30)
PAGES_UNWATCHED = timedelta(minutes=10)
SHORTEST_SECRET = 32
FEWEST_CHARACTERS = 10
OTHERS = stat.S_IRWXG | stat.S_IRWXO


class Finding(NamedTuple):
    """One thing that is not in order."""

    subject: str
    wrong: str
    why: str
    todo: str


class Site(NamedTuple):
    """The settings that the doctor looks at."""

    debug: bool
    site_url: str
    hosts: tuple[str, ...]
    secret_key: str
    unsigned_acknowledged: bool
    signed: bool
    contact_email: str
    email_host: str


class Work(NamedTuple):
    """One piece of regular work."""

    name: str
    due_at: datetime
    failures: int
    failed_with: str
    running: bool


def settings(site: Site) -> Iterator[Finding]:
    """Look at what the host chose."""
    if site.debug:
        yield Finding(
            "settings",
            "DEBUG is on.",
            "Error pages show the insides of the site, with what visitors typed, to anybody.",
            "Remove DEBUG from .env and start the site again.",
        )
    if not site.site_url.startswith("https://"):
        yield Finding(
            "settings",
            f"SITE_URL is {site.site_url}, which is not https.",
            "What visitors read and write can be read on the way, and cookies are not protected.",
            "Put a web server with a certificate in front, and write SITE_URL=https://... in .env.",
        )
    yield from _hosts(site.hosts)
    if len(site.secret_key) < SHORTEST_SECRET or len(set(site.secret_key)) < FEWEST_CHARACTERS:
        yield Finding(
            "settings",
            "SECRET_KEY is short or repeats itself.",
            "Whoever guesses it can sign in as anybody.",
            "Write a new one of 50 random characters in .env. Everybody has to sign in again.",
        )
    if not site.signed:
        known = " UNSIGNED_ACKNOWLEDGED lets it run." if site.unsigned_acknowledged else ""
        yield Finding(
            "settings",
            "No clinician of yours has signed the guide's rules and the crisis numbers." + known,
            "A wrong rule or number can hurt somebody. Every plan says that nobody has signed.",
            "Have them read (docs/editing/facts.md), record it in sign_off.toml, then remove "
            "UNSIGNED_ACKNOWLEDGED.",
        )


def _hosts(hosts: tuple[str, ...]) -> Iterator[Finding]:
    if "*" in hosts:
        yield Finding(
            "settings",
            "ALLOWED_HOSTS takes every name.",
            "Somebody can have links made that lead to a site of their own.",
            "Remove ALLOWED_HOSTS from .env; the name in SITE_URL is then the only one.",
        )


def mail(site: Site) -> Iterator[Finding]:
    """Look at how mail is sent."""
    if not site.email_host:
        yield Finding(
            "mail",
            "No mail server is set.",
            "Providers are not asked whether their listing is still right, and it is hidden "
            "after 90 days unless a steward calls them.",
            "Write EMAIL_HOST, EMAIL_HOST_USER and EMAIL_HOST_PASSWORD in .env.",
        )
    if site.contact_email.endswith(("@example.org", "@example.com")):
        yield Finding(
            "mail",
            f"CONTACT_EMAIL is still {site.contact_email}.",
            "People write to an address that nobody reads.",
            "Write the address of your organisation as CONTACT_EMAIL in .env.",
        )


def disk(free: int, total: int) -> Iterator[Finding]:
    """Look at the room on the disk, in bytes."""
    if free < min(LOW_DISK, total // 10):
        yield Finding(
            "disk",
            f"The disk has {free / GB:.1f} GB free of {total / GB:.0f} GB.",
            "On a full disk no letter and no edit can be kept, and no backup can be made.",
            "Delete what you do not need, such as old backups, or get a larger disk.",
        )


def permissions(modes: Mapping[str, int]) -> Iterator[Finding]:
    """Look at who may read secrets: path and mode of each."""
    for path, mode in modes.items():
        if stat.S_IMODE(mode) & OTHERS:
            right = "700" if stat.S_ISDIR(mode) else "600"
            yield Finding(
                "permissions",
                f"Other accounts of this machine may read {path} ({stat.S_IMODE(mode):04o}).",
                "Keys and the database hold what people trusted you with.",
                f"Run: chmod {right} {path}",
            )


def sealing(unopened: str | None) -> Iterator[Finding]:
    """Look whether the keys open what was sealed."""
    if unopened is not None:
        yield Finding(
            "keys",
            f"The keys do not open what is stored: {unopened}",
            "Letters and reports cannot be read.",
            "Put the copy of your keys back (docs/hosting/README.md, Keys), then run this again.",
        )


def database(unreachable: str | None, waiting: Iterable[str]) -> Iterator[Finding]:
    """Look whether the database answers and is up to date."""
    if unreachable is not None:
        yield Finding(
            "database",
            f"The database does not answer ({unreachable}).",
            "Only kept pages and help now are shown; nothing can be written.",
            "Look whether it runs, and whether DATABASE_URL in .env is right.",
        )
    missing = list(waiting)
    if missing:
        yield Finding(
            "database",
            f"{len(missing)} changes of the database were not made yet (first: {missing[0]}).",
            "Pages fail that need them.",
            "Make a backup, then run: stepwell manage migrate",
        )


def tasks(works: Iterable[Work], now: datetime) -> Iterator[Finding]:
    """Look whether regular work is done."""
    every = list(works)
    late = [work for work in every if now - work.due_at > LATE_TASK and not work.running]
    if late:
        oldest = min(late, key=lambda work: work.due_at)
        hours = (now - oldest.due_at) / timedelta(hours=1)
        yield Finding(
            "tasks",
            f"{len(late)} of {len(every)} pieces of regular work are late; {oldest.name} waits "
            f"for {hours:.1f} hours.",
            "Old letters are not deleted, dated articles do not appear, providers are not asked.",
            "Look whether `stepwell run` or `stepwell tasks` runs; start it again.",
        )
    for work in every:
        if work.failures >= 3:
            yield Finding(
                "tasks",
                f"{work.name} has not succeeded {work.failures} times in a row "
                f"({work.failed_with}).",
                "What it does is not done.",
                "Run `stepwell tasks --once` and send what it says to whoever looks after the "
                "software.",
            )


def backup(last: datetime | None, now: datetime) -> Iterator[Finding]:
    """Look how old the newest good backup is."""
    if last is None:
        yield Finding(
            "backup",
            "No backup was ever made here.",
            "If this disk dies, everything is lost.",
            "Run `stepwell backup FOLDER --keep 14` every night, FOLDER on another disk "
            "(docs/hosting/backup.md).",
        )
    elif now - last > BACKUP_AGE:
        yield Finding(
            "backup",
            f"The newest backup is {(now - last).days} days old.",
            "What was written since would be lost with this disk.",
            "Look why the nightly `stepwell backup` does not run, and run it now.",
        )


def facts(
    problems: Iterable[str], due: Iterable[tuple[str, date]], today: date
) -> Iterator[Finding]:
    """Look at facts that are wrong, past their review, or soon to be."""
    for problem in problems:
        yield Finding(
            "facts",
            problem,
            "The site does not start with a wrong fact.",
            "Repair the file as the sentence says, then run `stepwell check`.",
        )
    every = sorted(due, key=lambda one: one[1])
    for gone, words in ((True, "past"), (False, "within 60 days of")):
        some = [one for one in every if (one[1] < today) is gone and one[1] <= today + SOON]
        if some:
            name, day = some[0]
            yield Finding(
                "facts",
                f"{len(some)} files of facts are {words} the day of their next review; the "
                f"first is {name}, on {day:%Y-%m-%d}.",
                "A number or a rule may have changed. What is past its day is shown as such, or "
                "not at all.",
                "Have a clinician check each against its source (docs/editing/facts.md).",
            )


def clock(newest: datetime | None, now: datetime) -> Iterator[Finding]:
    """Compare the clock with the newest moment that was ever stored."""
    if newest is not None and newest - now > CLOCK_BACK:
        yield Finding(
            "clock",
            f"The clock says {now:%Y-%m-%d %H:%M} UTC, but something was stored at "
            f"{newest:%Y-%m-%d %H:%M} UTC.",
            "Expiry and deletion follow the clock; a wrong one hides or keeps too much.",
            "Set the clock (timedatectl set-ntp true), then run this again.",
        )


def pages(size: int, free: int, unwatched: float | None) -> Iterator[Finding]:
    """Look at the kept pages: bytes, bytes free, and seconds since changes were followed."""
    if size > max(free, GB):
        yield Finding(
            "pages",
            f"Kept pages take {size / GB:.1f} GB, more than is free.",
            "They fill the disk.",
            "Delete the folder pages/ while the site is stopped; it is made again. Or set "
            "KEEP_PAGES=no.",
        )
    if unwatched is not None and unwatched > PAGES_UNWATCHED.total_seconds():
        yield Finding(
            "pages",
            f"Nobody has looked after the kept pages for {unwatched / 60:.0f} minutes.",
            "Readers may see what editors have changed or taken away.",
            "Start `stepwell run`, or `stepwell tasks` on this machine.",
        )
