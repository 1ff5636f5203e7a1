"""Pages as PDF, printed by weasyprint from the HTML that people read, with the same style sheet."""

from __future__ import annotations

import logging
import os

from nbfleet.errors import FleetError


class PdfError(FleetError):
    """No PDF can be made here: one line with the remedy."""


def require() -> None:
    """Import weasyprint.

    Raises
    ------
    PdfError
        If it, or the system library Pango that it draws text with, is not installed.
    """
    try:
        import weasyprint  # noqa: F401
    except (ImportError, OSError) as error:  # cffi finds no shared library
        raise PdfError(
            f"PDF needs weasyprint and the system library Pango ({' '.join(str(error).split())[:80]}); install what is"
            " missing (pip install weasyprint; libpango-1.0-0, libpangoft2-1.0-0 and libharfbuzz-subset0 on Debian,"
            " pango with conda) or leave pdf out of formats:"
        ) from None


def from_html(html: str) -> bytes:
    """A page of `nbfleet.pages` as PDF: the same bytes every time.

    Parameters
    ----------
    html : str
        A page that stands alone; nothing is fetched from anywhere.
    """
    require()
    from weasyprint import HTML
    from weasyprint.urls import URLFetcher

    # fontTools, which cuts fonts where there is no HarfBuzz for it, would write the time of day into them
    os.environ.setdefault("SOURCE_DATE_EPOCH", "0")
    for name in ("weasyprint", "fontTools"):  # they speak of every style that is for browsers alone
        logging.getLogger(name).setLevel(logging.CRITICAL)
    return HTML(string=html, url_fetcher=URLFetcher(allowed_protocols={"data"})).write_pdf()
