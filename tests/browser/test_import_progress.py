"""The progress of a list renews itself while it is gone through, and says when it is done."""

from typing import Any

from app.kernel.db import session, transaction
from app.subscriptions.importing import pump
from app.subscriptions.models import Import
from tests.browser.axe import grave_findings
from tests.browser.test_live import PERSON, opened
from tests.subscriptions import lists
from tests.subscriptions.story import found_newsletters
from tests.support.live import LiveSite
from tests.support.team import create_person


def renewed(page: Any, path: str) -> None:
    with page.expect_response(lambda answer: answer.url.endswith(path)):
        page.clock.run_for(2_000)
    page.evaluate("() => new Promise((done) => requestAnimationFrame(done))")


def test_the_progress_of_a_list_moves_by_itself_and_ends_with_a_word(site: LiveSite, page: Any) -> None:
    found_newsletters(site.app)
    create_person(site.app, PERSON, ("editor",))
    rows = "".join(f"person{number}@amt.example;;;;08.11.2025\n" for number in range(4))
    import_id = lists.begin(site.app, lists.HEAD + rows)
    path = f"/redaktion/abonnements/importe/{import_id}"
    shown = opened(page, site, path)
    progress = shown.locator("live-part progress")
    assert progress.get_attribute("value") == "0"
    with site.app.app_context():
        with transaction(write=False):
            way = pump._Way.of(session.get_one(Import, import_id))
        ahead = way.ahead()
        assert way.go([next(ahead), next(ahead)])
        renewed(shown, path)
        assert progress.get_attribute("value") == "2"
        assert grave_findings(shown) == []
        assert way.go(list(ahead))
        way.finish()
    renewed(shown, path)
    shown.locator("live-part [role=status]", has_text="Fertig.").wait_for()
    assert shown.locator(".rb-live__button").count() == 0
    shown.get_by_role("link", name="Stand aktualisieren").click()
    assert "4 Zeilen übernehmen" in shown.inner_text("main")
