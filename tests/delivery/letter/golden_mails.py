"""Every mail of the product, in every language, as it was read and agreed."""

from functools import cache

from app.kernel.mail import Mail
from tests.support.golden import FOLDER


@cache
def golden_mails() -> dict[str, Mail]:
    """By name and language: ``newsletter/issue.de``."""
    mails = {}
    for path in sorted((FOLDER / "mails").rglob("*.subject.txt")):
        text, html = (path.with_name(path.name.replace(".subject.txt", end)).read_text() for end in (".txt", ".html"))
        name = path.relative_to(FOLDER / "mails").as_posix().removesuffix(".subject.txt")
        mails[name] = Mail(path.read_text().strip(), text, html, name.rpartition(".")[2])
    return mails
