"""A Community Safety Partnership: its names, codes and ward sets, as written in partnership.toml."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any


@dataclass(frozen=True)
class Vintage:
    """A set of wards. ``label`` is part of public addresses: unique within the partnership and never changed."""

    id: str
    label: str
    used_from: date | None = None
    used_to: date | None = None


@dataclass(frozen=True)
class Partnership:
    id: str
    name: str
    short_name: str
    districts: tuple[str, ...]
    force: str
    """The home police force as police.uk files name it: the months it covers are the months that are complete."""
    csp_code: str = ""
    part_of: tuple[str, ...] = ()
    """ONS codes of the county and region it lies in: some published figures are for those alone."""
    responsible_authorities: tuple[str, ...] = ()
    attributions: tuple[str, ...] = ()
    vintages: tuple[Vintage, ...] = field(default=())

    def vintage(self, vintage_id: str | None) -> Vintage:
        """The ward set with this id; the newest when ``None``. Raises KeyError naming those that exist."""
        if not self.vintages:
            raise KeyError(f"{self.short_name} has no ward sets.")
        if vintage_id is None:
            return self.vintages[-1]
        for vintage in self.vintages:
            if vintage_id in (vintage.id, vintage.label):
                return vintage
        names = ", ".join(f"{v.id} ({v.label})" for v in self.vintages)
        raise KeyError(f"{self.short_name} has no ward set '{vintage_id}'. Choose one of: {names}.")


def partnership_from_toml(content: dict[str, Any]) -> Partnership:
    """Read the content of a partnership.toml. Ward sets are put in order of ``used_from``; the last is current.

    Raises
    ------
    KeyError
        When ``id``, ``name``, ``districts`` or ``force`` is missing.
    """
    vintages = tuple(
        sorted(
            (
                Vintage(str(v["id"]), v.get("label", f"Wards of {v['id']}"), v.get("used_from"), v.get("used_to"))
                for v in content.get("vintages", [])
            ),
            key=lambda v: v.used_from or date.min,
        )
    )
    return Partnership(
        id=content["id"],
        name=content["name"],
        short_name=content.get("short_name", content["name"]),
        districts=tuple(content["districts"]),
        force=content["force"],
        csp_code=content.get("csp_code", ""),
        part_of=tuple(content.get("part_of", ())),
        responsible_authorities=tuple(content.get("responsible_authorities", ())),
        attributions=tuple(content.get("attributions", ())),
        vintages=vintages,
    )


def partnership_to_toml(partnership: Partnership) -> dict[str, Any]:
    """The content of a partnership.toml, without empty entries."""
    content: dict[str, Any] = {
        "id": partnership.id,
        "name": partnership.name,
        "short_name": partnership.short_name,
        "districts": list(partnership.districts),
        "csp_code": partnership.csp_code,
        "part_of": list(partnership.part_of),
        "force": partnership.force,
        "responsible_authorities": list(partnership.responsible_authorities),
        "attributions": list(partnership.attributions),
        "vintages": [{k: v for k, v in vars(vintage).items() if v is not None} for vintage in partnership.vintages],
    }
    return {key: value for key, value in content.items() if value not in ("", [])}
