"""What every file that leaves the dashboard says of itself: whose figures, which release, in what state, chosen how."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from csp_data.analysis.periods import month_label
from csp_data.catalogue.licences import LICENCES, Licence
from csp_data.extracts.releases import Release
from csp_data.figures import wording
from csp_data.stories.pack import NOT_FOR_ALL, Pack


@dataclass(frozen=True)
class About:
    """The release that a file was made from, and the choices that were made. Nothing of the computer or its user."""

    partnership: str
    release: str
    status: str
    notice: str
    """What must be said of figures not published; empty for those that are."""
    made: datetime
    """When the release was made: the date of the file too, so that the same figures give the same file."""
    latest_month: str = ""
    attributions: tuple[str, ...] = ()
    licences: tuple[Licence, ...] = ()
    filters: tuple[tuple[str, str], ...] = ()
    """Label of a choice -> what was chosen."""
    address: str = ""
    """Where the same view can be seen again."""
    audience: str = ""
    """What must be said of figures that not everybody may see; empty for those that the public may."""
    facts: tuple[tuple[str, str], ...] = field(init=False)
    """All of it, as pairs of a label and its words."""

    def __post_init__(self) -> None:
        day = wording.release_words(self.release)
        facts = (
            ("Who may see this", self.audience),
            ("Partnership", self.partnership),
            ("Data release", self.release if day == self.release else f"{self.release}, made {day}"),
            ("Status", self.notice or wording.capitalised(self.status)),
            ("Latest month of the data", month_label(self.latest_month) if self.latest_month else ""),
            *self.filters,
            ("Link to this view", self.address),
        )
        object.__setattr__(self, "facts", tuple((label, words) for label, words in facts if words))


def about(release: Release, filters: Sequence[tuple[str, str]] = (), address: str = "", role: str = "public") -> About:
    """What a file made from a release for a role says of itself."""
    extracts = release.manifest["extracts"]
    licences = dict.fromkeys(
        source.get("licence", "") for extract in extracts.values() for source in extract.get("sources", ())
    )
    months = [month for extract in extracts.values() for month in extract.get("months", ())]
    return About(
        partnership=release.partnership.name,
        release=release.id,
        status=release.status,
        notice=release.notice,
        made=_moment(release.manifest.get("built_at", "")),
        latest_month=max(months, default=""),
        attributions=tuple(release.partnership.attributions),
        licences=tuple(LICENCES[id] for id in licences if id in LICENCES),
        filters=tuple(filters),
        address=address,
        audience="" if role == "public" else NOT_FOR_ALL,
    )


def about_pack(pack: Pack) -> About:
    """What a file made from a pack says of itself."""
    label, _, shown = pack.filters.partition(": ")
    return About(
        partnership=pack.name,
        release=pack.release,
        status=pack.status,
        notice=pack.notice,
        made=_moment(pack.made),
        filters=(("Data", pack.data_dates), (label, shown)),
        audience="" if pack.role == "public" else NOT_FOR_ALL,
    )


def _moment(built_at: str) -> datetime:
    """When a release was built; where its manifest does not say, a day before there were any."""
    try:
        return datetime.fromisoformat(built_at).astimezone(UTC)
    except ValueError:
        return datetime(2000, 1, 1, tzinfo=UTC)
