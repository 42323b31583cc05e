"""Which region a list means: by its official key or by its name."""

from functools import cached_property

from app import taxonomy


class Places:
    """Reads regions; all of them are asked for once."""

    def read(self, said: str) -> str | None:
        """The key (AGS) of the region; empty for nothing said; None if it is unknown or not clear which is meant.

        A municipality goes before a Kreis of the same name; what exists no longer leads to what took over.
        """
        if not said:
            return ""
        if said.isdigit():
            return taxonomy.current_ags(said) if said in taxonomy.tree().parents else None
        found = self._by_name.get(taxonomy.fold(said), set())
        return next(iter(found)) if len(found) == 1 else None

    @cached_property
    def _by_name(self) -> dict[str, set[str]]:
        names: dict[str, set[str]] = {}
        for region in taxonomy.municipalities():
            for name in (region.name, region.name_hsb, region.label, f"Stadt {region.name}", f"Gemeinde {region.name}"):
                if name:
                    names.setdefault(taxonomy.fold(name), set()).add(region.ags)
        for region in taxonomy.districts():
            for name in (region.name, region.label, region.listed):
                names.setdefault(taxonomy.fold(name), {region.ags})
        return names
