"""Settings: read from the environment, and all mistakes told at once."""

from pathlib import Path
from typing import Any

import pytest

from app.kernel import config

REAL = {
    "SECRET_KEY": "0123456789abcdef0123456789abcdef",
    "PUBLIC_URL": "https://rundbrief.example/",
    "SMTP_URL": "smtp://post:geheim@mail.example:587",
    "MAIL_FROM": "Redaktion <redaktion@rundbrief.example>",
}


def _mistakes(**environ: str) -> list[str]:
    with pytest.raises(config.SettingsError) as refused:
        config.read(environ)
    return [text.split(":")[0].split(" is missing")[0] for text in refused.value.mistakes]


def test_an_instance_needs_four_settings() -> None:
    settings = config.read(REAL)
    assert (settings.public_url, settings.demo, settings.mail_domain) == (
        "https://rundbrief.example",
        False,
        "rundbrief.example",
    )
    assert _mistakes() == ["SECRET_KEY", "PUBLIC_URL", "SMTP_URL", "MAIL_FROM"]


def test_every_mistake_is_told_not_only_the_first() -> None:
    wrong = {
        "DEMO": "ja",
        "PORT": "0",
        "DATABASE_URL": "mysql://x",
        "SECRET_KEY": "kurz",
        "PUBLIC_URL": "rundbrief.example",
        "SMTP_URL": "mail.example:587",
        "MAIL_FROM": "Redaktion",
        "BOUNCE_ADDRESS": "@",
        "DKIM_KEY_FILE": "/there/is/none",
        "DKIM_SELECTOR": "kein selektor",
        "SEND_RATE": "viele",
        "SEND_CONNECTIONS": "0",
        "SMTP_CLIENT": "aiosmtplib",
        "LATE_GRACE_MINUTES": "-1",
        "TRUSTED_PROXIES": "99",
        "HTTPS_PROXY": "proxy",
        "CA_FILE": "/there/is/none",
    }
    assert sorted(_mistakes(**wrong)) == sorted(wrong)


@pytest.mark.parametrize(
    "url", ["http://[::1", "https://host:99999", "https://host:0", "ftp://host", "https://", "https://straße.example"]
)
def test_an_address_that_cannot_be_read_is_a_mistake_like_any_other(url: str) -> None:
    assert _mistakes(**REAL | {"PUBLIC_URL": url}) == ["PUBLIC_URL"]
    assert _mistakes(DEMO="1", PUBLIC_URL=url) == ["PUBLIC_URL"]


@pytest.mark.parametrize(
    ("environ", "said"),
    [
        ({"SMTP_URL": "smtp://mail.example"}, "Remove SMTP_URL"),
        ({"HOST": "0.0.0.0"}, "Set HOST=127.0.0.1"),
        ({"PUBLIC_URL": "https://rundbrief.example"}, "Remove PUBLIC_URL"),
    ],
)
def test_a_demo_stays_on_this_machine(environ: dict[str, str], said: str) -> None:
    with pytest.raises(config.SettingsError, match=said):
        config.read({"DEMO": "1", **environ})


@pytest.mark.parametrize(
    ("environ", "public_url"),
    [
        ({}, "http://127.0.0.1:8000"),
        ({"PORT": "9000", "HOST": "localhost"}, "http://localhost:9000"),
        ({"PUBLIC_URL": "http://127.0.0.1:7"}, "http://127.0.0.1:7"),
    ],
)
def test_a_demo_needs_nothing(environ: dict[str, str], public_url: str) -> None:
    settings = config.read({"DEMO": "1", **environ})
    assert settings.public_url == public_url
    assert settings.smtp_url == f"smtp://127.0.0.1:{settings.port + 1}"


def test_postgresql_is_spoken_to_by_psycopg(tmp_path: Path) -> None:
    settings: Any = config.read(REAL | {"DATABASE_URL": "postgresql://amt@db/x", "INSTANCE_PATH": str(tmp_path)})
    assert (settings.database_url, settings.instance_path) == ("postgresql+psycopg://amt@db/x", tmp_path)
    assert config.read(REAL | {"INSTANCE_PATH": "/x"}).database_url == "sqlite:////x/rundbrief.sqlite"


@pytest.mark.parametrize("name", ["MAIL_FROM", "BOUNCE_ADDRESS"])
def test_our_own_addresses_are_written_as_they_go_over_the_wire(name: str) -> None:
    assert _mistakes(**REAL | {name: "redaktion@straße.example"}) == [name]
