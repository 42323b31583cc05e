"""The issues that are sent while senders are killed: as many as it takes, 2,000 recipients each."""

from sqlalchemy import Integer, String, TextualSelect, text

RECIPIENTS = 2000
GROUPS = [f"issue:{number}" for number in range(1, 1000)]


def people(group: str) -> TextualSelect:
    """The audience of one of these issues; everybody is in one only."""
    name = group.replace(":", "-")
    rows = text(
        f"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {RECIPIENTS})"
        f" SELECT 'leserin' || i || '@{name}.example' AS address, '' AS name, i AS subject_id, 1 AS generation FROM n"
    )
    return rows.columns(address=String, name=String, subject_id=Integer, generation=Integer)
