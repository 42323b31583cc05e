"""Forms of the people who listen, and of those who look after them."""

from app.subscriptions.forms.desk import BulkForm, FilterForm, ReconfirmForm, WithdrawForm
from app.subscriptions.forms.imports import ExportForm, ImportForm, mapping_form
from app.subscriptions.forms.preferences import AddressForm, NewAddressForm, PreferencesForm, WhyForm
from app.subscriptions.forms.sign_up import RenewForm, SignUpForm

__all__ = [
    "AddressForm",
    "BulkForm",
    "ExportForm",
    "FilterForm",
    "ImportForm",
    "NewAddressForm",
    "PreferencesForm",
    "ReconfirmForm",
    "RenewForm",
    "SignUpForm",
    "WhyForm",
    "WithdrawForm",
    "mapping_form",
]
