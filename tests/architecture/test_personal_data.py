"""Whatever may hold a name or an address is looked after: it is shown, ended and forgotten by somebody."""

from sqlalchemy import Column, Integer, MetaData, String, Table

from app import wiring
from app.kernel.db import Base
from tests.architecture.personal_data import unattended, unknown


def test_every_column_that_may_hold_a_name_or_an_address_is_looked_after() -> None:
    assert unattended(Base.metadata, wiring.PERSONAL_DATA) == []


def test_a_column_that_nobody_looks_after_is_caught() -> None:
    planted = MetaData()
    Table("planted", planted, Column("id", Integer), Column("phone", String(40)))
    assert unattended(planted, wiring.PERSONAL_DATA) == ["planted.phone"]


def test_no_kind_of_personal_data_names_a_column_that_is_not_there() -> None:
    assert unknown(Base.metadata, wiring.PERSONAL_DATA) == []


def test_every_kind_has_a_name_of_its_own_and_a_period() -> None:
    names = [kind.name for kind in wiring.PERSONAL_DATA]
    assert sorted(set(names)) == sorted(names)
    assert [kind.name for kind in wiring.PERSONAL_DATA if not str(kind.period.sentence)] == []


def test_what_ends_by_time_is_ended_by_a_job_that_there_is() -> None:
    jobs = {job.name for job in wiring.JOBS}
    assert [kind.name for kind in wiring.PERSONAL_DATA if kind.ended_by and kind.ended_by not in jobs] == []
    assert [kind.name for kind in wiring.PERSONAL_DATA if kind.period.length and not kind.ended_by] == []


def test_what_can_be_shown_about_an_address_can_be_forgotten_or_says_what_remains() -> None:
    from app.kernel import privacy

    mute = [
        kind.name
        for kind in wiring.PERSONAL_DATA
        if kind.disclose is not privacy._nothing and kind.erase is privacy._none and not kind.remains
    ]
    assert mute == []
