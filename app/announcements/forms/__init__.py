"""Forms of the announcements' desk pages."""

from app.announcements.forms.decisions import ApproveForm, RejectForm, WithdrawForm
from app.announcements.forms.writing import AnnouncementForm

__all__ = ["AnnouncementForm", "ApproveForm", "RejectForm", "WithdrawForm"]
