"""What the doctor looks at: whether sign-ups are answered."""

from typing import Final

from app.kernel import config
from app.kernel.health import Check, Finding
from app.subscriptions import limits


def sign_ups() -> Finding:
    """Whether nobody waits for the mail that answers a sign-up."""
    waiting, ceiling = limits.waiting(), config.current().sign_up_ceiling
    if not waiting:
        return Finding("sign-ups", True, "nobody waits for an answer")
    if limits.is_full():
        advice = f"more than {ceiling} mails an hour: is somebody abusing the form? Else raise SIGNUP_CEILING"
    else:
        advice = "is the worker running? flask --app wsgi worker"
    return Finding("sign-ups", False, f"{waiting} wait for their mail for more than a minute: {advice}")


CHECKS: Final[list[Check]] = [sign_ups]
