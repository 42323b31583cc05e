"""What people are called, and where they get their mail: everything that has broken a mail somewhere."""

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

QUICK = settings(max_examples=80, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))

AWKWARD = [
    *("\r", "\n", "\r\n", "\r\n.\r\n", "\0", "\x1c", "\x85", "\u2028", "\t", "  ", "\ud800", "\x7f", "\xa0", "\u202e"),
    *("=?utf-8?q?x?=", "=?", "?=", "=3D", "=\n", "=", '"', "\\", ",", "<", ">", "@", ";", "(", ")", ":", "..", "."),
    *("%%greeting%%", "%%email%%", "%s", "%b", "\x01text.greeting\x02", "--=_rundbrief_alternative", "&amp;", "'"),
    *("Bcc: x@y.example", "ä", "ß", "Ł", "👩‍👧", "日本", "é", "Ä" * 40, "a" * 100, "x" * 1000),
]
TEXTS = st.lists(st.characters(exclude_categories=()) | st.sampled_from(AWKWARD), max_size=30).map("".join)

_atoms = st.text("abcxyz0189!#$%&'*+-/=?^_`{|}~", min_size=1, max_size=12)
_labels = st.sampled_from(["amt", "straße", "görlitz", "xn--strae-oqa", "a-b", "x" * 60, "日本", "SACHSEN"])
ADDRESSES = st.builds(
    lambda local, domain: f"{'.'.join(local)}@{'.'.join(domain)}.example",
    st.lists(_atoms, min_size=1, max_size=4),
    st.lists(_labels, min_size=1, max_size=2),
)
