"""The Saxon demo: what it holds, and that it loads once, in a demo only, and reaches nobody."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from app import accounts, announcements, events, subscriptions
from app.events import EventState
from app.factory import create_app
from app.kernel import config, identity
from app.kernel.db import db
from app.operations.demo import seed
from tests.support import house
from tests.support.client import Operator
from tests.support.dump import dump


@pytest.fixture
def demo(tmp_path: Path, empty_database_url: str) -> Iterator[Any]:
    """A demo instance whose database has no tables yet."""
    app = create_app(config.read({"DEMO": "1", "DATABASE_URL": empty_database_url, "INSTANCE_PATH": str(tmp_path)}))
    app.test_cli_runner_class = Operator
    yield app
    house.close(app)


@pytest.fixture
def loaded(demo: Any) -> Any:
    """The demo instance with its data."""
    result = demo.test_cli_runner().invoke(args=["demo-load"])
    assert (result.exit_code, result.output) == (10, "demo: loaded\n")
    return demo


def test_the_demo_has_a_team_newsletters_partners_and_an_identity(loaded: Any) -> None:
    with loaded.app_context():
        assert identity.missing() == []
        assert {person.email: sorted(role.name for role in person.roles) for person in accounts.everybody()} == {
            "redaktion@rundbrief.example": ["editor"],
            "freigabe@rundbrief.example": ["approver"],
            "verwaltung@rundbrief.example": ["admin"],
        }
        assert [newsletter.title for newsletter in subscriptions.newsletters()] == ["OZG-Newsletter", "SAKD-aktuell"]
        assert [(channel.name, channel.kind) for channel in announcements.channels()] == [
            ("SSG-Infokanal", "mail_format"),
            ("SLKT-Infokanal", "webhook"),
        ]


def test_the_dates_lie_in_all_ten_landkreise_and_in_every_state(loaded: Any) -> None:
    with loaded.app_context():
        everything = events.everything()
        districts = {ags for event in everything for ags in event.regions if len(ags) == 5}
        assert len(districts) == 10
        assert {event.state for event in everything} == {
            EventState.PROPOSED,
            EventState.TENTATIVE,
            EventState.CONFIRMED,
        }
        assert all(event.is_public for event in everything)
        assert len(events.undated()) == 2


def test_an_open_date_says_so_on_the_website(loaded: Any) -> None:
    assert "Termin wird noch abgestimmt" in loaded.test_client().get("/termine").text


def test_nothing_is_owed_to_partners_for_what_was_there_before_them(loaded: Any) -> None:
    with loaded.app_context():
        assert list(announcements.dispatches()) == []


def test_every_address_of_the_demo_ends_in_example(loaded: Any) -> None:
    with loaded.app_context():
        text = repr(dump(db.engine))
    addresses = set(re.findall(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+", text))
    assert addresses != set()
    assert [address for address in addresses if not address.endswith(".example")] == []


def test_loading_again_changes_nothing_and_tells_the_passwords(loaded: Any) -> None:
    with loaded.app_context():
        before = dump(db.engine)
    result = loaded.test_cli_runner().invoke(args=["demo-load"])
    assert result.exit_code == 0
    assert result.output.startswith("demo: already loaded\n")
    assert [person.password for person in seed.PEOPLE if person.password not in result.output] == []
    with loaded.app_context():
        assert dump(db.engine) == before


@pytest.mark.parametrize("command", ["demo-load", "demo-services", "demo-addresses", "tour"])
def test_without_the_demo_its_commands_refuse(command: str, make_app: Callable[..., Any], database_url: str) -> None:
    result = make_app(database_url).test_cli_runner().invoke(args=[command])
    assert (result.exit_code, result.output) == (1, "Error: This runs with DEMO=1 only: make run sets it.\n")
