"""Settings come from the environment (https://12factor.net/config); all mistakes are told at once, before the start."""

import ipaddress
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.utils import parseaddr
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import urlsplit

from flask import current_app

from app.kernel.later import Later

if TYPE_CHECKING:
    from app.kernel import keys
else:
    keys = Later("app.kernel.keys")  # not before there is a key

ROOT = Path(__file__).parent.parent.parent
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
LEDGER_DAYS = 90  # unless the setting says otherwise
DEMO_MAIL_FROM = "Redaktion <redaktion@rundbrief.example>"
BOUNCE_LOCAL_AT_MOST = 20  # with +<token> behind it, the local part keeps to 64 octets (RFC 5321, 4.5.3.1.1)
DEMO_SECRET = "demo: this key protects nothing"  # noqa: S105  (used with DEMO=1 on loopback only)


class SettingsError(Exception):
    """One or more settings are missing or malformed; ``mistakes`` lists all of them, each with what to do."""

    def __init__(self, mistakes: list[str]) -> None:
        super().__init__("These settings need your attention:\n" + "\n".join(f"  - {text}" for text in mistakes))
        self.mistakes = mistakes


@dataclass(frozen=True, slots=True)
class Settings:
    """What the environment decided. Rates are mails per minute, times in minutes; see the table in the README."""

    demo: bool
    database_url: str
    secret_key: str
    secret_key_previous: tuple[str, ...]
    public_url: str
    smtp_url: str
    smtp_url_bulk: str
    mail_from: str
    bounce_address: str
    imap_url: str
    ledger_days: int
    dkim_key_file: str
    dkim_selector: str
    send_rate: int
    send_rate_hour: int
    send_rate_day: int
    send_domains: Mapping[str, int]
    send_connections: int
    send_processes: int
    smtp_client: Literal["own", "stdlib"]
    late_grace_minutes: int
    confirm_hours: int
    sign_up_ceiling: int
    trusted_proxies: int
    shared_networks: tuple[Network, ...]
    metrics_token: str
    https_proxy: str
    ca_file: str
    instance_path: Path
    host: str
    port: int

    @property
    def mail_domain(self) -> str:
        """The domain that our mails come from, for Message-ID and List-Id."""
        return parseaddr(self.mail_from)[1].rpartition("@")[2]


def read(environ: Mapping[str, str]) -> Settings:
    """Read all settings. Raises SettingsError with every mistake, not just the first."""
    reader = _Reader(environ)
    settings = _settings(reader, environ)
    if bool(settings.dkim_key_file) != bool(settings.dkim_selector):
        reader.mistakes.append("DKIM_KEY_FILE and DKIM_SELECTOR belong together. Set both, or none if the relay signs.")
    if reader.mistakes:
        raise SettingsError(reader.mistakes)
    return settings


def _settings(reader: "_Reader", environ: Mapping[str, str]) -> Settings:
    demo = reader.flag("DEMO")
    port = reader.number("PORT", 8000, least=1, most=65535)
    host = environ.get("HOST", "127.0.0.1")
    instance = Path(environ.get("INSTANCE_PATH") or ROOT / "instance").absolute()
    if demo:
        _check_demo(reader, host)
    return Settings(
        demo=demo,
        database_url=reader.database(f"sqlite:///{instance / 'rundbrief.sqlite'}"),
        secret_key=reader.text("SECRET_KEY", DEMO_SECRET if demo else None, check=_is_secret),
        secret_key_previous=tuple(key for key in environ.get("SECRET_KEY_PREVIOUS", "").split(",") if key),
        public_url=reader.text("PUBLIC_URL", f"http://{host}:{port}" if demo else None, check=_is_url).rstrip("/"),
        smtp_url=reader.text("SMTP_URL", f"smtp://127.0.0.1:{port + 1}" if demo else None, check=_is_smtp_url),
        smtp_url_bulk=reader.text("SMTP_URL_BULK", "", check=_is_smtp_url),
        mail_from=reader.text("MAIL_FROM", DEMO_MAIL_FROM if demo else None, check=_is_mailbox),
        **_incoming(reader),
        dkim_key_file=reader.text("DKIM_KEY_FILE", "", check=_is_signing_key),
        dkim_selector=reader.text("DKIM_SELECTOR", "", check=_is_selector),
        send_rate=reader.number("SEND_RATE", 6000 if demo else 120, least=0),
        send_rate_hour=reader.number("SEND_RATE_HOUR", 0, least=0),
        send_rate_day=reader.number("SEND_RATE_DAY", 0, least=0, most=100_000_000),
        send_domains=reader.rates("SEND_DOMAINS"),
        send_connections=reader.number("SEND_CONNECTIONS", 2, least=1, most=200),
        send_processes=reader.number("SEND_PROCESSES", 1, least=0, most=64),
        smtp_client="stdlib" if reader.choice("SMTP_CLIENT", ("own", "stdlib")) == "stdlib" else "own",
        late_grace_minutes=reader.number("LATE_GRACE_MINUTES", 60, least=1),
        confirm_hours=reader.number("CONFIRM_HOURS", 72, least=24, most=14 * 24),
        sign_up_ceiling=reader.number("SIGNUP_CEILING", 1000, least=1),
        trusted_proxies=reader.number("TRUSTED_PROXIES", 0, least=0, most=10),
        shared_networks=reader.networks("SHARED_NETWORKS"),
        metrics_token=reader.text("METRICS_TOKEN", "", check=_is_token),
        https_proxy=reader.text("HTTPS_PROXY", "", check=_is_url),
        ca_file=reader.text("CA_FILE", "", check=_is_file),
        instance_path=instance,
        host=host,
        port=port,
    )


def _incoming(reader: "_Reader") -> dict[str, Any]:
    return {
        "bounce_address": reader.text("BOUNCE_ADDRESS", "", check=_is_bounce_mailbox),
        "imap_url": reader.text("IMAP_URL", "", check=_is_imap_url),
        "ledger_days": reader.number("LEDGER_DAYS", LEDGER_DAYS, least=1, most=3650),
    }


def current() -> Settings:
    """The settings of the application that runs now, for those who are not given them."""
    settings: Settings = current_app.config["RUNDBRIEF"]
    return settings


def is_loopback(host: str) -> bool:
    """Whether this name or address is the machine itself and nothing else."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _check_demo(reader: "_Reader", host: str) -> None:
    if reader.environ.get("SMTP_URL"):
        reader.mistakes.append("DEMO=1 keeps its mails in its own mailbox. Remove SMTP_URL, or remove DEMO.")
    if not is_loopback(host):
        reader.mistakes.append(f"DEMO=1 is for loopback only, its passwords are known. Set HOST=127.0.0.1, not {host}.")
    public = reader.environ.get("PUBLIC_URL", "").strip()
    if public and not _is_url(public) and not is_loopback(urlsplit(public).hostname or ""):
        reader.mistakes.append("DEMO=1 is for this machine only. Remove PUBLIC_URL, or remove DEMO.")


class _Reader:
    def __init__(self, environ: Mapping[str, str]) -> None:
        self.environ = environ
        self.mistakes: list[str] = []

    def text(self, name: str, default: str | None, check: Callable[[str], str | None]) -> str:
        """The value, or the default; without a default the setting is required."""
        value = self.environ.get(name, "").strip()
        if not value:
            if default is None:
                self.mistakes.append(f"{name} is missing. {check('') or ''}".strip())
            return default or ""
        if advice := check(value):
            self.mistakes.append(f"{name}: {advice}")
        return value

    def flag(self, name: str) -> bool:
        value = self.environ.get(name, "").strip()
        if value not in ("", "0", "1"):
            self.mistakes.append(f"{name}: write 1 for yes, or leave it out.")
        return value == "1"

    def choice(self, name: str, values: tuple[str, ...]) -> str:
        """One of these values; the first is the default."""
        value = self.environ.get(name, "").strip() or values[0]
        if value not in values:
            self.mistakes.append(f"{name}: write {' or '.join(values)}.")
        return value

    def number(self, name: str, default: int, *, least: int, most: int = 1_000_000) -> int:
        value = self.environ.get(name, "").strip() or str(default)
        if not value.isdecimal() or not least <= int(value) <= most:
            self.mistakes.append(f"{name}: write a whole number from {least} to {most}.")
            return default
        return int(value)

    def networks(self, name: str) -> tuple[Network, ...]:
        """The networks in CIDR notation (RFC 4632, 4291), separated by commas."""
        given = [part.strip() for part in self.environ.get(name, "").split(",") if part.strip()]
        try:
            return tuple(ipaddress.ip_network(part, strict=False) for part in given)
        except ValueError:
            self.mistakes.append(f"{name}: write networks separated by commas, such as 192.0.2.0/24,2001:db8::/32.")
            return ()

    def rates(self, name: str) -> dict[str, int]:
        """``gmx.de=60,web.de=60``: a whole number for each domain."""
        rates: dict[str, int] = {}
        for part in filter(None, self.environ.get(name, "").replace(" ", "").lower().split(",")):
            domain, _, rate = part.partition("=")
            if not domain or not rate.isdecimal() or int(rate) < 1:
                self.mistakes.append(f"{name}: write domains with mails per minute: gmx.de=60,web.de=60.")
                break
            rates[domain] = int(rate)
        return rates

    def database(self, default: str) -> str:
        url = self.environ.get("DATABASE_URL", "").strip() or default
        if not url.startswith(("sqlite:///", "postgresql://", "postgresql+psycopg://")):
            self.mistakes.append("DATABASE_URL: write sqlite:///… or postgresql://user:password@host/database.")
        return url.replace("postgresql://", "postgresql+psycopg://", 1)


def _is_secret(value: str) -> str | None:
    if len(value) >= 32:
        return None
    return 'Write at least 32 random characters: python3 -c "import secrets; print(secrets.token_hex(32))".'


def _is_token(value: str) -> str | None:
    if len(value) >= 16 and value.isascii() and value.isprintable() and " " not in value:
        return None
    return "Write at least 16 random letters and digits, without spaces."


def _is_url(value: str) -> str | None:
    try:
        parts = urlsplit(value)
        valid = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0 and value.isascii()
    except ValueError:
        valid = False
    return None if valid else "Write a whole address: https://host (ä, ö, ü and ß in its name as xn--…)."


def _is_smtp_url(value: str) -> str | None:
    try:
        parts = urlsplit(value)
        valid = parts.scheme in ("smtp", "smtps") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        valid = False
    return None if valid else "Write smtp://user:password@host:587 (STARTTLS) or smtps://user:password@host:465."


def _is_imap_url(value: str) -> str | None:
    try:
        parts = urlsplit(value)
        valid = parts.scheme in ("imap", "imaps") and bool(parts.hostname and parts.username) and parts.port != 0
    except ValueError:
        valid = False
    return None if valid else "Write imaps://user:password@host/INBOX, with special letters as %40."


def _is_mailbox(value: str) -> str | None:
    address = parseaddr(value)[1]
    valid = address.count("@") == 1 and all(address.split("@")) and "\n" not in value and address.isascii()
    advice = "Write an address, with a name if you like: Redaktion <redaktion@example.org> (a domain with ä as xn--…)."
    return None if valid else advice


def _is_bounce_mailbox(value: str) -> str | None:
    local = parseaddr(value)[1].rpartition("@")[0]
    if _is_mailbox(value) is None and local.isascii() and len(local) <= BOUNCE_LOCAL_AT_MOST:
        return None
    return f"Write an address of at most {BOUNCE_LOCAL_AT_MOST} letters before the @: bounce@example.org."


def _is_signing_key(value: str) -> str | None:
    try:
        keys.read_rsa(value)
    except ValueError as error:
        return str(error)
    return None


def _is_selector(value: str) -> str | None:
    valid = re.fullmatch(r"[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?", value)
    return None if valid else "Write letters, digits and hyphens, such as rundbrief2026."


def _is_file(value: str) -> str | None:
    return None if Path(value).is_file() else f"There is no file {value}."
