"""Which columns may hold an address or a name, and which of them nobody looks after."""

from collections.abc import Iterable

from sqlalchemy import JSON, Enum, LargeBinary, MetaData, String

from app.kernel.privacy import PersonalData

# Columns that take text and hold nothing about anybody, each with the reason.
FREE = {
    "the words of the product: states, kinds, codes, languages, slugs, numbers": """
        announcement_revisions.change announcement_revisions.kind announcement_revisions.slug announcements.change
        announcements.channels announcements.event_uid announcements.kind announcements.slug announcements.state
        approvals.state approvals.subject audit_entries.verb channels.kind confirmations.purpose contributions.kind
        contributions.lang contributions.state data_links.lang delivery_holds.group dispatches.state erasures.by
        event_changes.state events.kind events.slug events.state events.uid issues.hold_reason issues.lang
        issues.number issues.send_local issues.slug issues.state message_groups.name messages.group messages.kind
        messages.lang messages.subject_kind newsletters.lang newsletters.list_id newsletters.slug
        password_links.purpose returned_mails.cause returned_mails.consequence returned_mails.kind
        returned_mails.proof returned_mails.status subscriber_imports.done subscriber_imports.found
        subscriber_imports.kind subscriber_imports.lang subscriber_imports.mapping transports.name
        welcome_texts.lang
        """,
    "hashes of content, not of people": """
        announcement_revisions.content_hash announcements.content_hash approvals.content_hash
        confirmations.shown_text declaration_seals.chain declaration_seals.mac declaration_seals.walked
        declarations.also_shown declarations.shown_text issues.content_hash messages.content_hash messages.reference
        returned_mails.digest shown_texts.hash sign_up_requests.shown_text subscriber_imports.information
        subscribers.chain
        """,
    "ids of people of the team, who are named in users only": """
        announcements.authors approvals.authors issues.author_ids
        """,
    "our own texts": """
        announcement_revisions.reason delivery_holds.reason messages.from messages.reply_to newsletters.description
        newsletters.title roles.description roles.name shown_texts.lang shown_texts.text subscriber_imports.how
        subscriber_imports.wording transports.trouble
        """,
    "what the team publishes: issues, dates, welcome mails": """
        event_changes.data event_changes.words events.body events.lead events.online_url events.place events.planned
        events.regions events.title events.topics events.vevent issues.blocks issues.closing issues.content
        issues.easy_language issues.preheader issues.salutation issues.title welcome_texts.blocks
        welcome_texts.closing welcome_texts.preheader welcome_texts.title
        """,
    "processes that send, and the pace of mail domains that many share": """
        delivery_senders.owner delivery_spans.owner domain_paces.domain job_runs.error job_runs.name
        """,
    "who publishes, as in the imprint": "identity",
    "reference data: regions, topics, services, projects": """
        projects regions reuses services topics
        """,
}


def columns_with_text(metadata: MetaData) -> set[str]:
    """``table.column`` of every column that can hold a name or an address."""
    return {
        f"{table.name}.{column.name}"
        for table in metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, String | JSON | LargeBinary) and not isinstance(column.type, Enum)
    }


def unattended(metadata: MetaData, kinds: Iterable[PersonalData]) -> list[str]:
    """Columns that neither belong to a kind of personal data nor are named as free of it."""
    covered = {column for kind in kinds for column in kind.columns}
    free = [name for names in FREE.values() for name in names.split()]
    return sorted(column for column in columns_with_text(metadata) - covered if not _is_free(column, free))


def unknown(metadata: MetaData, kinds: Iterable[PersonalData]) -> list[str]:
    """Columns that a kind of personal data names and that do not exist."""
    there = {f"{table.name}.{column.name}" for table in metadata.sorted_tables for column in table.columns}
    return sorted({column for kind in kinds for column in kind.columns} - there)


def _is_free(column: str, free: list[str]) -> bool:
    table = column.partition(".")[0]
    return column in free or table in free or any(name.endswith("_") and table.startswith(name) for name in free)
