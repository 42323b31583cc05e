"""The demo's mailbox and partner are real servers, and their pages exist in the demo only."""

import smtplib
import threading
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from standardwebhooks import Webhook

from app.factory import create_app
from app.kernel import config
from app.operations.demo import mailbox, partners
from app.operations.demo.mailbox import Mailbox
from app.operations.demo.partners import Inbox
from tests.support import house, live


@pytest.fixture
def demo(tmp_path: Path, databases_of: Callable[[str], Any]) -> Iterator[Any]:
    """A demo instance on SQLite, without demo data."""
    url = databases_of("sqlite").fresh("empty", house.build_empty)
    app = create_app(config.read({"DEMO": "1", "DATABASE_URL": url, "INSTANCE_PATH": str(tmp_path)}))
    yield app
    house.close(app)


def test_a_mail_in_the_mailbox_is_kept_byte_for_byte_with_its_envelope(tmp_path: Path) -> None:
    key = _send(
        tmp_path,
        "Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\r\nList-Unsubscribe: <https://a.example/1>,\r\n <x>\r\n\r\nText\r\n",
    )
    stored = Mailbox(tmp_path).find(key)
    assert stored is not None
    assert (stored.sender, stored.recipients) == ("from@rundbrief.example", ("to@amt.example",))
    assert (stored.subject, stored.body("plain")) == ("Grüße", "Text\r\n")
    assert stored.raw_header("list-unsubscribe") == "<https://a.example/1>,\r\n <x>"
    assert stored.content.endswith(b"\r\n\r\nText\r\n")


def test_the_newest_mail_comes_first(tmp_path: Path) -> None:
    for number in range(3):
        Mailbox(tmp_path).store("a@b.example", ["c@d.example"], b"Subject: %d\r\n\r\n" % number)
    assert [mail.subject for mail in Mailbox(tmp_path).mails()] == ["2", "1", "0"]


def test_the_partner_takes_what_is_signed_and_refuses_what_is_not(tmp_path: Path) -> None:
    inbox = Inbox(tmp_path)
    server = partners.serve(inbox, live.free_port())
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    body = '{"type": "announcement.published"}'
    moment = datetime.now(UTC)
    signature = Webhook(partners.SECRET).sign("msg_1", moment, body)
    headers = {"webhook-id": "msg_1", "webhook-timestamp": str(int(moment.timestamp())), "webhook-signature": signature}
    try:
        assert _post(server.server_address[1], body, headers) == 200
        assert _post(server.server_address[1], body.replace("published", "forged"), headers) == 401
        assert _post(server.server_address[1], body, {}) == 401
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
    assert [arrival.verified for arrival in inbox.arrivals()] == [False, False, True]
    assert inbox.arrivals()[2].payload == {"type": "announcement.published"}


def test_mails_can_be_read_in_the_demo(demo: Any, tmp_path: Path) -> None:
    message = EmailMessage()
    message["Subject"] = "Willkommen"
    message.set_content("Guten Tag")
    message.add_alternative("<p>Guten Tag</p>", subtype="html")
    key = Mailbox(tmp_path / "mailbox").store("a@b.example", ["c@d.example"], message.as_bytes())
    visitor = demo.test_client()
    assert f'href="/dev/mail/{key}">Willkommen</a>' in visitor.get("/dev/mail").text
    assert "<pre>Guten Tag" in visitor.get(f"/dev/mail/{key}").text
    html = visitor.get(f"/dev/mail/{key}/html")
    assert html.text == "<p>Guten Tag</p>\n"
    assert html.headers["Content-Security-Policy"].startswith("sandbox allow-popups; default-src 'none'")
    source = visitor.get(f"/dev/mail/{key}/source")
    assert (source.mimetype, source.data) == ("text/plain", message.as_bytes())


def test_a_mail_that_is_not_there_is_a_helpful_page(demo: Any) -> None:
    response = demo.test_client().get("/dev/mail/20260101-nothing")
    assert response.status_code == 404
    assert "Diese E-Mail liegt nicht im Postfach der Demo. Bitte öffnen Sie die Liste." in response.text


def test_what_partners_received_can_be_read_in_the_demo(demo: Any, tmp_path: Path) -> None:
    Inbox(tmp_path / "partners").take("/info", {}, b'{"type": "announcement.published"}')
    text = demo.test_client().get("/dev/partners").text
    assert "announcement.published" in text
    assert "Signatur ungültig" in text


def test_without_the_demo_these_pages_do_not_exist(client: Any) -> None:
    paths = ["/dev/mail", "/dev/mail/x", "/dev/partners", "/dev/components"]
    assert [client.get(path).status_code for path in paths] == [404] * 4


def test_the_services_refuse_to_run_without_the_demo(app: Any) -> None:
    result = app.test_cli_runner().invoke(args=["demo-services"])
    assert (result.exit_code, result.output) == (1, "Error: This runs with DEMO=1 only: make run sets it.\n")


@pytest.mark.parametrize(
    ("environ", "said"),
    [
        ({"SMTP_URL": "smtp://mail.example.org:587"}, "DEMO=1 keeps its mails in its own mailbox."),
        ({"HOST": "0.0.0.0"}, "DEMO=1 is for loopback only"),
        ({"PUBLIC_URL": "https://rundbrief.example.org"}, "DEMO=1 is for this machine only."),
    ],
)
def test_a_demo_refuses_to_start_where_it_could_reach_or_be_reached(environ: dict[str, str], said: str) -> None:
    with pytest.raises(config.SettingsError) as refusal:
        config.read({"DEMO": "1", **environ})
    assert said in str(refusal.value)


def _send(folder: Path, content: str) -> str:
    server = mailbox.serve(Mailbox(folder), live.free_port())
    server.start()
    try:
        with smtplib.SMTP("127.0.0.1", server.port) as connection:
            connection.sendmail("from@rundbrief.example", ["to@amt.example"], content.encode())
    finally:
        server.stop()
    [mail] = Mailbox(folder).mails()
    return mail.key


def _post(port: int, body: str, headers: dict[str, str]) -> int:
    request = urllib.request.Request(f"http://127.0.0.1:{port}/info", body.encode(), headers, method="POST")
    try:
        with urllib.request.urlopen(request) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        with error:
            return error.code
