"""Every page a person can open, as addresses: read from the routes, so that none is forgotten."""

from collections.abc import Iterable, Mapping
from typing import Any

Arguments = Mapping[str, Any]
Examples = Mapping[str, Iterable[Arguments]]


def addresses(app: Any, examples: Examples) -> list[str]:
    """The paths of all GET routes; those with arguments once for each example.

    Raises KeyError, naming the endpoint, for a route with arguments that has no example.
    """
    paths = []
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: str(rule)):
        if "GET" not in rule.methods or rule.endpoint == "static":
            continue
        for arguments in examples[rule.endpoint] if rule.arguments else [{}]:
            with app.test_request_context():
                paths.append(app.url_for(rule.endpoint, **arguments))
    return paths
