"""Signed on the way out: what a receiving server gets is what we signed, dots and all."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from app.delivery import dkim
from app.delivery.jobs import JOBS
from tests.delivery.mails import ANNA, BERND, CARLA, owe
from tests.support.smtp import SmtpSink


@pytest.mark.needs("dkimpy")
@pytest.mark.parametrize("client", ["own", "stdlib"])
def test_what_arrives_is_signed_and_verifies(
    database_url: str, make_app: Callable[..., Any], smtp: SmtpSink, tmp_path: Path, client: str
) -> None:
    import dkim as dkimpy

    key = tmp_path / "dkim.pem"
    form = (serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    key.write_bytes(rsa.generate_private_key(65537, 2048).private_bytes(serialization.Encoding.PEM, *form))
    app = make_app(database_url, DKIM_KEY_FILE=str(key), DKIM_SELECTOR="rundbrief2026", SMTP_CLIENT=client)
    with app.app_context():
        owe(ANNA, BERND, CARLA)
        while sum(job.run() or 0 for job in JOBS):
            pass
    _name, record = dkim.record(app.config["RUNDBRIEF"])
    assert len(smtp.received) == 3
    for mail in smtp.received:
        assert dkimpy.verify(mail.content, dnsfunc=lambda _name, timeout=5: record.encode())
        assert not dkimpy.verify(mail.content + b"PS: x\r\n", dnsfunc=lambda _name, timeout=5: record.encode())
