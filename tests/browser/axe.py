"""Accessibility, as far as a machine can see it: axe-core on the page as it stands."""

from typing import Any

GRAVE = ("serious", "critical")


def grave_findings(page: Any) -> list[str]:
    """What axe finds on this page that is serious or critical: rule, element, advice."""
    from axe_playwright_python.sync_playwright import Axe

    results = Axe().run(page).response
    return [
        f"{page.url}: {violation['id']} at {' '.join(map(str, node['target']))}: {violation['help']}"
        for violation in results["violations"]
        if violation["impact"] in GRAVE
        for node in violation["nodes"]
    ]
