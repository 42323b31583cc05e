"""The jobs of the delivery."""

from datetime import timedelta

from app.delivery.pump import recover, send_due, send_single
from app.kernel.jobs import Job

JOBS = [
    Job("delivery.recover", recover, every=timedelta(seconds=1)),
    Job("delivery.send_single", send_single, every=timedelta(seconds=1)),
    Job("delivery.send_due", send_due, every=timedelta(seconds=1)),
]
