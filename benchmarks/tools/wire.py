"""The other end: Debian's smtp-sink and smtp-source (package postfix), and the usual way to send from Flask."""

import os
import shutil
import smtplib
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from email.utils import formatdate, make_msgid

from jinja2 import Environment

from benchmarks.tools.ground import MAIL

SIZE = 19_500


def pin() -> None:
    """Keep this process and those it starts on one processor: otherwise wake-ups between cores decide."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})


def find(tool: str) -> str:
    """Where this tool of the postfix package is."""
    found = shutil.which(tool, path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if found is None:
        sys.exit(f"{tool} is missing: apt-get install postfix (its daemon need not run)")
    return found


@contextmanager
def sink() -> Iterator[str]:
    """smtp-sink on a free port of loopback; its address as SMTP_URL."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    user = ["-u", "nobody"] if os.getuid() == 0 else []
    running = subprocess.Popen([find("smtp-sink"), *user, f"127.0.0.1:{port}", "1000"])
    try:
        _wait_for(port)
        yield f"smtp://127.0.0.1:{port}"
    finally:
        running.kill()
        running.wait()


def source(url: str, count: int, connections: int = 10) -> float:
    """Mails per second of ``smtp-source -d``, which sends one and the same text."""
    address = url.removeprefix("smtp://")
    command = [find("smtp-source"), "-d", "-s", str(connections), "-m", str(count), "-l", str(SIZE), address]
    begun = time.perf_counter()
    subprocess.run(command, check=True)
    return count / (time.perf_counter() - begun)


def usual_way(url: str, count: int) -> float:
    """Mails per second of a Jinja template, EmailMessage and a new smtplib connection for each recipient."""
    host, _, port = url.removeprefix("smtp://").partition(":")
    marks = {
        "%%greeting%%": "{{ greeting }}",
        "%%unsubscribe_url%%": "{{ leave }}",
        "%%preferences_url%%": "{{ change }}",
    }
    plain, html = MAIL.text, MAIL.html
    for mark, name in marks.items():
        plain, html = plain.replace(mark, name), html.replace(mark, name)
    templates = Environment(autoescape=True)
    as_text, as_html = templates.from_string(plain), templates.from_string(html)
    begun = time.perf_counter()
    for number in range(count):
        values = {
            "greeting": "Guten Tag,",
            "leave": f"https://rundbrief.example/a/{number}",
            "change": "https://x.example",
        }
        message = EmailMessage()
        message["Subject"], message["From"] = MAIL.subject, "redaktion@rundbrief.example"
        message["To"] = f"vorname.nachname{number}@gemeinde.example"
        message["Date"], message["Message-ID"] = formatdate(), make_msgid(domain="rundbrief.example")
        message.set_content(as_text.render(values))
        message.add_alternative(as_html.render(values), subtype="html")
        with smtplib.SMTP(host, int(port)) as smtp:
            smtp.send_message(message)
    return count / (time.perf_counter() - begun)


def _wait_for(port: int) -> None:
    for _ in range(200):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.02)
    sys.exit("smtp-sink did not start")
