"""What a batch has to know of the project whose notebooks it runs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from nbfleet.pages import Page
    from nbfleet.plan import Parameter


def nothing(*_: object) -> Any:
    """Let everything be: no value is refused, no file known by anything but its bytes, no first page made."""
    return ""


@dataclass(frozen=True)
class Project:
    """The hooks of a project. Functions are named ones of a module, so that other processes and machines find them.

    Parameters
    ----------
    name, version : str
        How pages and messages call it.
    home : callable
        The folder that data and notebooks lie in, asked for at each use, and on the machine that runs a report.
    home_variable : str
        Variable of the environment that names this folder to kernels, empty if there is none.
    data : tuple of str
        Folders below it whose files reports may rest on.
    packages : tuple of str
        Import packages whose source every report rests on, as it rests on nbfleet's.
    modules : tuple of str
        What notebooks import of these, imported beforehand by warm kernels.
    rehearse : callable
        Called once before warm kernels are forked: what it leaves in caches they find at hand.
    refusal : callable
        Takes a parameter and a word that it is to have; what is wrong with it, empty if nothing.
    conflict : callable
        Takes all values of a report by parameter; what is wrong with them together, empty if nothing.
    worded : callable
        A word as the title of a report says it.
    contents : callable
        Takes a data file and its SHA-256; what it says where its bytes may change without that, else an empty text.
    around : callable
        What stands around every page: ``site``, its name; ``links``, file and text of the pages beside the first one;
        ``foot``, sentences on citation, licence and date; ``places``, file of the project that a notebook
        names → address and name of the page that says the same. See ``base.html``.
    front : callable
        Takes the reports as `Page` and the folder that they lie in; name and HTML of the first page and those beside
        it, in place of a mere list of reports.
    """

    name: str = "nbfleet"
    version: str = ""
    home: Callable[[], Path] = Path.cwd
    home_variable: str = ""
    data: tuple[str, ...] = ("data",)
    packages: tuple[str, ...] = ()
    modules: tuple[str, ...] = ()
    rehearse: Callable[[], object] = nothing
    refusal: Callable[[Parameter, str], str] = nothing
    conflict: Callable[[Mapping[str, object]], str] = nothing
    worded: Callable[[str], str] = str
    contents: Callable[[Path, str], str] = nothing
    around: Callable[[], Mapping[str, Any]] = dict
    front: Callable[[Sequence[Page], Path], Mapping[str, str]] = nothing

    @property
    def maker(self) -> str:
        """Name and version."""
        return f"{self.name} {self.version}".rstrip()


#: Notebooks that belong to nothing.
ALONE = Project()
