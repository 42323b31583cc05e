"""Health for machines, the doctor for people."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from flask_migrate import upgrade

from app.kernel import audit, identity
from app.kernel.db import transaction
from tests.support import house
from tests.support.smtp import SmtpSink


@pytest.fixture
def installed(empty_database_url: str, make_app: Callable[..., Any]) -> Any:
    """An installation whose tables were built by migrations, with nothing in them."""
    app = make_app(empty_database_url)
    with app.app_context():
        upgrade()
    return app


def test_a_living_process_says_so(client: Any) -> None:
    response = client.get("/healthz")
    assert (response.status_code, response.json) == (200, {"status": "ok"})
    assert response.headers["Cache-Control"] == "no-store"


def test_an_installation_with_current_tables_is_ready(installed: Any) -> None:
    response = installed.test_client().get("/readyz")
    assert (response.status_code, response.json) == (200, {"status": "ok"})


def test_an_installation_without_tables_is_not_ready_and_says_why(client: Any) -> None:
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json["migrations"].endswith("Run: flask --app wsgi db upgrade")


def test_the_doctor_finds_nothing_wrong_with_a_whole_installation(installed: Any, smtp: SmtpSink) -> None:
    with installed.app_context(), transaction():
        identity.set_values(**house.IDENTITY)
    result = installed.test_cli_runner().invoke(args=["doctor"])
    assert [line[:3] for line in result.output.splitlines()] == ["ok "] * 11
    assert result.exit_code == 0


def test_the_doctor_names_everything_that_is_wrong(installed: Any, make_app: Callable[..., Any]) -> None:
    app = make_app(installed.config["RUNDBRIEF"].database_url, SMTP_URL="smtp://127.0.0.1:1")
    result = app.test_cli_runner().invoke(args=["doctor"])
    assert _bad(result.output) == ["identity", "smtp"]
    assert "Run: flask --app wsgi setup" in result.output
    assert result.exit_code == 2


def test_the_doctor_speaks_even_without_tables(empty_database_url: str, make_app: Callable[..., Any]) -> None:
    result = make_app(empty_database_url).test_cli_runner().invoke(args=["doctor"])
    assert _bad(result.output) == ["migrations", "wall_clock", "jobs_run", "identity_is_complete", "sign_ups"]
    assert result.exit_code == 5


def test_the_doctor_notices_a_clock_that_went_back(installed: Any, clock: house.HeldClock) -> None:
    with installed.app_context(), transaction():
        audit.record("tested", "clock:1")
    clock.move_to(clock.START - timedelta(days=1))
    assert "clock" in _bad(installed.test_cli_runner().invoke(args=["doctor"]).output)


def _bad(output: str) -> list[str]:
    return [line.split()[1] for line in output.splitlines() if line.startswith("BAD")]


def test_the_doctor_says_who_signs_and_what_the_dns_needs_for_it(
    installed: Any, make_app: Callable[..., Any], smtp: SmtpSink, tmp_path: Path
) -> None:
    assert "the relay signs" in installed.test_cli_runner().invoke(args=["doctor"]).output
    key = tmp_path / "dkim.pem"
    private = rsa.generate_private_key(65537, 2048)
    plain = (serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    key.write_bytes(private.private_bytes(serialization.Encoding.PEM, *plain))
    app = make_app(installed.config["RUNDBRIEF"].database_url, DKIM_KEY_FILE=str(key), DKIM_SELECTOR="rundbrief2026")
    said = app.test_cli_runner().invoke(args=["doctor"]).output
    assert "rundbrief2026._domainkey.rundbrief.example TXT v=DKIM1; k=rsa; p=MIIB" in said
    key.unlink()
    result = app.test_cli_runner().invoke(args=["doctor"])
    assert "mails cannot be signed. Check DKIM_KEY_FILE." in result.output
    assert _bad(result.output) == ["identity", "dkim"]
