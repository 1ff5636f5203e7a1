"""How a number moves with the window of years over which it is taken: a triangle of all first and last years."""

from __future__ import annotations

from typing import TYPE_CHECKING

import matplotlib.pyplot as plt
from matplotlib.collections import PatchCollection
from matplotlib.colors import LinearSegmentedColormap

from rvdata.charts import INK, MUTED, WIDTH, _frame, house_style

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

# one hue from light to dark: read in grey print and in colour blindness alike
_SCALE = LinearSegmentedColormap.from_list(
    "share", ["#dfebf7", "#bdd7ee", "#8fbfdf", "#4b94c7", "#1c64a5", "#08306b"], N=10
)
_ZERO = {"facecolor": "#f1efe9", "lw": 0}
_NOTHING = {"facecolor": "white", "edgecolor": "#8a8a8a", "hatch": "xxxxx", "lw": 0}


def triangle(
    plotted: pd.DataFrame,
    *,
    stated: tuple[int, int, str] | None,
    holds: str,
    zero: str,
    nothing: str,
    title: str,
    subtitle: str,
    source: str,
    unit: str,
) -> Figure:
    """One cell for every window of years, its first year downwards and its last year to the right, filled by a share.

    Parameters
    ----------
    plotted : DataFrame
        Columns first, last (years, first ≤ last), share_pct (0 to 100; NaN where there is nothing to share) and holds
        (bool: marked with a dot).
    stated : tuple, optional
        First year, last year and words of the window that is outlined; words alone are shown if it is not on the map.
    holds, zero, nothing : str
        What a dot, a cell of the share 0 and a hatched cell mean, for the key; what does not occur is left out.
    title, subtitle, source, unit : str
        Texts on the figure; `unit` heads the scale.

    Returns
    -------
    Figure
    """
    first, last = int(plotted["first"].min()), int(plotted["last"].max())
    n = last - first + 1
    cell = min(0.42, 5.4 / n)  # inches
    side, above = cell * n, 0.45
    tall = max(side, 1.9)
    fig, ax = _frame(title, subtitle, source, tall + above - 0.35)
    with house_style():
        bottom, high = ax.get_position().y0 - 0.35 / fig.get_figheight(), fig.get_figheight()
        ax.set_position((0.0, bottom, 1.0, (tall + above) / high))
        ax.set_axis_off()
        ax.set_xlim(0, WIDTH)
        ax.set_ylim(0, tall + above)
        left, top = WIDTH - 0.12 - side, tall
        gap = 0.0 if n > 40 else 0.012
        x, y = left + (plotted["last"] - first) * cell, top - (plotted["first"] - first + 1) * cell
        share = plotted["share_pct"]
        for chosen, look in (
            (share > 0, {"facecolor": _SCALE(share[share > 0] / 100), "lw": 0}),
            (share == 0, _ZERO),
            (share.isna(), _NOTHING),
        ):
            squares = [
                plt.Rectangle((a + gap, b + gap), cell - 2 * gap, cell - 2 * gap)
                for a, b in zip(x[chosen], y[chosen], strict=False)
            ]
            ax.add_collection(PatchCollection(squares, zorder=2, **look))
        dots = plotted["holds"]
        ax.plot(
            x[dots] + cell / 2,
            y[dots] + cell / 2,
            "o",
            ms=min(6.5, cell * 72 * 0.5),
            mfc="white",
            mec=INK,
            mew=min(1.1, cell * 6),
            zorder=4,
        )
        outlined = (
            bool(stated)
            and ((plotted["first"] == stated[0]) & (plotted["last"] == stated[1])).any()
        )
        if outlined:
            x, y = left + (stated[1] - first) * cell, top - (stated[0] - first + 1) * cell
            ax.add_patch(
                plt.Rectangle((x, y), cell, cell, fill=False, ec="white", lw=4.0, zorder=5)
            )
            ax.add_patch(
                plt.Rectangle((x, y), cell, cell, fill=False, ec="#d55e00", lw=2.2, zorder=6)
            )
        _label_years(ax, first, last, cell, left, top)
        # the lower left half is free: the scale and the key stand there
        entries = [("dot", holds)] if plotted["holds"].any() else []
        entries += [("outline" if outlined else "", stated[2])] if stated else []
        entries += [("zero", zero)] if (plotted["share_pct"] == 0).any() else []
        entries += [("hatch", nothing)] if plotted["share_pct"].isna().any() else []
        y = 0.14 + 0.24 * len(entries)
        ax.text(0.12, y + 0.62, unit, size=9, va="bottom", color=MUTED)
        for i in range(10):
            ax.add_patch(
                plt.Rectangle(
                    (0.12 + 0.2 * i, y + 0.36),
                    0.2,
                    0.17,
                    facecolor=_SCALE(i / 10 + 0.05),
                    lw=0,
                    zorder=2,
                )
            )
        ax.add_patch(
            plt.Rectangle((0.12, y + 0.36), 2.0, 0.17, fill=False, ec=MUTED, lw=0.6, zorder=3)
        )
        for share in (0, 50, 100):
            ax.text(
                0.12 + 0.02 * share,
                y + 0.30,
                str(share),
                size=8,
                va="top",
                color=MUTED,
                ha={0: "left", 50: "center", 100: "right"}[share],
            )
        for i, (what, words) in enumerate(entries):
            at = y - 0.08 - 0.24 * i
            if what == "dot":
                ax.plot(0.22, at, "o", ms=6, mfc="white", mec=INK, mew=1.1, zorder=4)
            elif what == "outline":
                ax.add_patch(
                    plt.Rectangle(
                        (0.145, at - 0.075), 0.15, 0.15, fill=False, ec="#d55e00", lw=2.0, zorder=4
                    )
                )
            elif what in ("hatch", "zero"):
                look = _NOTHING if what == "hatch" else {**_ZERO, "edgecolor": MUTED, "lw": 0.5}
                ax.add_patch(plt.Rectangle((0.145, at - 0.075), 0.15, 0.15, zorder=2, **look))
            ax.text(0.40 if what else 0.12, at, words, size=9, va="center")
    return fig


def _label_years(ax, first: int, last: int, cell: float, left: float, top: float) -> None:
    """First years along the diagonal, where each row begins; last years above the columns."""
    step = next(s for s in (1, 2, 5, 10, 20) if s * cell >= 0.2)
    across = next(s for s in (1, 2, 5, 10, 20) if s * cell >= 0.42)
    for year in range(first, last + 1):
        x, y = left + (year - first) * cell, top - (year - first + 0.5) * cell
        if year % step == 0 or last == first:
            ax.text(x - 0.05, y, str(year), size=7.5, ha="right", va="center", color=MUTED)
        if year % across == 0 or last == first:
            ax.text(
                x + cell / 2, top + 0.05, str(year), size=7.5, ha="center", va="bottom", color=MUTED
            )
    ax.text(
        WIDTH - 0.12, top + 0.24, "last year of the window →", size=8.5, ha="right", va="bottom"
    )
