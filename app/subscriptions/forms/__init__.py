"""Forms of the people who listen, and of those who look after them."""

from app.subscriptions.forms.desk import FilterForm
from app.subscriptions.forms.preferences import PreferencesForm
from app.subscriptions.forms.sign_up import RenewForm, SignUpForm

__all__ = ["FilterForm", "PreferencesForm", "RenewForm", "SignUpForm"]
