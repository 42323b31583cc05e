"""What the tests of imports share: a list handed in, checked and taken over by the jobs."""

import io
from typing import Any

from app.kernel.db import session, transaction
from app.subscriptions import importing
from app.subscriptions.models import Basis, Import
from tests.subscriptions.story import OZG

HEAD = "E-Mail;Name;Behörde;Gemeinde;Einwilligung am\n"
CONSENT = importing.Grounds(Basis.CONSENT, how="Formular auf der Website", wording="Ich möchte den Newsletter.")
TASK = importing.Grounds(Basis.PUBLIC_TASK, justification="Setzt das Onlinezugangsgesetz um.")


def hand_in(app: Any, content: bytes | str, grounds: importing.Grounds = CONSENT, filename: str = "liste.csv") -> int:
    """Hand in a list with the columns that are guessed, and let it be checked; its number."""
    import_id = begin(app, content, grounds, filename)
    with app.app_context():
        importing.go_through(import_id)
    return import_id


def begin(app: Any, content: bytes | str, grounds: importing.Grounds = CONSENT, filename: str = "liste.csv") -> int:
    """Hand in a list, to be checked; its number."""
    file = io.BytesIO(content.encode() if isinstance(content, str) else content)
    with app.app_context(), transaction():
        newsletter = importing_newsletter()
        made = importing.hand_in(file, filename, newsletter, grounds, "Vera Beispiel")
        importing.check(made, made.mapping)
        return made.id


def importing_newsletter() -> int:
    """The newsletter that the lists are for."""
    from app import subscriptions

    found = subscriptions.find_newsletter(OZG)
    assert found is not None
    return found.id


def take_over(app: Any, import_id: int) -> dict[str, Any]:
    """Take the list over; what was done, by verdict."""
    with app.app_context():
        with transaction():
            importing.take_over(session.get_one(Import, import_id))
        importing.go_through(import_id)
    return found(app, import_id).done


def found(app: Any, import_id: int) -> Import:
    """The import as it stands."""
    with app.app_context():
        return session.get_one(Import, import_id)


def verdicts(app: Any, import_id: int) -> list[tuple[int, str, str]]:
    """Number, verdict and reason of each row, in German."""
    with app.app_context():
        return [
            (number, verdict.value, importing.sentence(reason, about))
            for number, _address, verdict, reason, about in importing.judged(import_id)
        ]
