"""What a letter costs in CPU time: an issue filled in for each recipient, against the ways it is usually done."""

import statistics
import time
from collections.abc import Callable, Sequence
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from typing import Any

from jinja2 import Environment

from app.delivery.letter import Stencil
from app.factory import create_app
from app.kernel import tokens
from app.kernel.mail import Mail
from tests.delivery.letter import oracle
from tests.delivery.letter.golden_mails import golden_mails
from tests.delivery.letter.letters import DATE, Person, message, settings

ROUNDS, MANY, FEW = 7, 2_000, 40
PLACES = ("greeting", "unsubscribe_url", "preferences_url", "email")


def main() -> None:
    with create_app(settings()).app_context():
        issue = golden_mails()["newsletter/issue.de"]
        frozen = message(issue)
        stencil = Stencil(frozen, settings())
        plain = [Person(number, f"person{number}@amt.example", "Anna Amsel", number) for number in range(MANY)]
        wide = [
            Person(number, f"person{number}@amt.example", "Änne Müller-Lüdenscheidt", number) for number in range(MANY)
        ]
        size = len(stencil.fill(plain[0], DATE).content)
        stamp = tokens.stamp("unsubscribe")
        ours = each(lambda person: stencil.fill(person, DATE), plain)
        figures = {
            "filled in": ours,
            "filled in, a name with umlauts": each(lambda person: stencil.fill(person, DATE), wide),
            "of it one token (there are three)": each(lambda person: stamp(person.id, 1), plain),
            "compiled, once per message": each(lambda _person: Stencil(frozen, settings()), plain[:FEW]),
            "composed by EmailMessage, for each": each(
                lambda person: oracle.write(frozen, person, settings(), DATE), plain[:FEW]
            ),
            "the usual Flask way: Jinja and EmailMessage, for each": each(usual_way(issue), plain[:FEW]),
        }
    print(f"composition: {size / 1000:.1f} KB, medians of {ROUNDS}")
    for what, taken in figures.items():
        print(f"  {taken:9.1f} µs  {taken / ours:7.1f} ×  {what}")


def each(do: Callable[[Person], Any], people: Sequence[Person]) -> float:
    """The median of several rounds, in microseconds of CPU per person."""
    rounds = []
    for _ in range(ROUNDS):
        begun = time.process_time()
        for person in people:
            do(person)
        rounds.append((time.process_time() - begun) / len(people) * 1e6)
    return statistics.median(rounds)


def usual_way(mail: Mail) -> Callable[[Person], bytes]:
    """Templates rendered and a message built for each recipient; the links cost nothing here."""
    environment = Environment(autoescape=True)
    text, html = mail.text, mail.html
    for place in PLACES:
        text, html = (part.replace(f"%%{place}%%", f"{{{{ {place} }}}}") for part in (text, html))
    plain, rich = environment.from_string(text), environment.from_string(html)

    def write(person: Person) -> bytes:
        values = dict.fromkeys(PLACES, f"https://rundbrief.example/newsletter/{person.id}")
        values["greeting"] = f"Guten Tag {person.name},"
        made = EmailMessage()
        made["Subject"], made["From"] = mail.subject, "Redaktion <redaktion@rundbrief.example>"
        made["To"], made["Date"], made["Message-ID"] = (
            person.address,
            formatdate(),
            make_msgid(domain="rundbrief.example"),
        )
        made.set_content(plain.render(values))
        made.add_alternative(rich.render(values), subtype="html")
        return made.as_bytes()

    return write


if __name__ == "__main__":
    main()
