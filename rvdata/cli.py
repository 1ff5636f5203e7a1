"""The commands. Heavy imports wait until a command needs them."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from figurefind.errors import FindError
from nbfleet.errors import FleetError
from rvdata import __version__
from rvdata.errors import DataError
from rvdata.schemas import VERDICTS
from rvdata.text import visible

#: What stands after Ctrl-C, and what to do.
_INTERRUPTED = {
    "build": "the old tables stand until all new ones do, so no table is half written; run `rvdata build` again",
    "report": "finished reports are kept; run the same command again for the others",
    "review": "every decision is in the file; run the same command to go on",
    "refresh": "refreshed notebooks are whole, the others stand as before; run `rvdata refresh` for those again",
}


class _Commands(click.Group):
    """A group whose commands end in one line, not in a traceback, when the user can mend the cause."""

    def main(self, *args, **kwargs):
        try:
            return super().main(*args, **kwargs)
        except OSError as error:
            # a full disk, a folder that is gone or closed to us; also behind what click prints by itself
            said = f"{error.filename or 'what is printed'}: {error.strerror or error}"
            echo(f"rvdata: {said}; free space, or change permissions or folder", err=True)
            with contextlib.suppress(OSError, ValueError):  # or Python tries the rest at its end
                os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            sys.exit(1)

    def invoke(self, ctx: click.Context):
        try:
            os.getcwd()
        except FileNotFoundError:
            echo("rvdata: the current folder has been deleted; change to another", err=True)
            ctx.exit(1)
        try:
            return super().invoke(ctx)
        except click.ClickException as error:  # it is shown by click
            error.message = visible(error.message)
            raise
        except (DataError, FindError, FleetError) as error:
            echo(f"rvdata: {error}", err=True)
            ctx.exit(1)
        except KeyboardInterrupt:
            stands = _INTERRUPTED.get(ctx.invoked_subcommand, "nothing was changed")
            echo(f"rvdata: interrupted; {stands}", err=True)
            ctx.exit(1)
        except BrokenPipeError:  # the reader of our output has gone
            sys.stderr.close()
            ctx.exit(1)


def echo(line: str, err: bool = False) -> None:
    """Print text as it may come from anywhere: nothing in it steers the terminal."""
    click.echo(visible(line), err=err)


def _folder(ctx: click.Context, option: click.Parameter, value: str | None) -> Path | None:
    """A folder to write to; an empty one, as from an unset variable, would be the current folder."""
    if value == "":
        raise click.BadParameter("the path is empty; name a folder or leave the option out")
    return None if value is None else Path(value)


def _cores() -> int:
    """How many processes this one may run at once."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _number(ctx: click.Context, option: click.Parameter, value: float) -> float:
    """A number: nan lies in every range."""
    if value != value:
        raise click.BadParameter("nan is no number; give one in the range")
    return value


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="rvdata")
def main() -> None:
    """What articles state about Russia and Venezuela, with its place, its doubt and its check."""
    if hasattr(sys.stdout, "reconfigure"):  # what a terminal lacks is a question mark there
        sys.stdout.reconfigure(errors="replace")


@main.command()
@click.option(
    "--check",
    is_flag=True,
    help="Only say whether the processed tables are what the raw files give.",
)
@click.option(
    "--out",
    type=click.Path(file_okay=False),
    callback=_folder,
    help="Write here instead of data/processed.",
)
def build(check: bool, out: Path | None) -> None:
    """Turn data/raw into the typed tables of data/processed."""
    from rvdata import build as building
    from rvdata import locks, paths, store
    from rvdata.sources import compiled

    folder = out or paths.processed()
    if compiled.begun():
        with locks.writing():
            compiled.finish()
    with locks.reading():  # until they are written: no build may put older tables over newer ones
        built = building.build()
        if not check:
            store.write(built.arrow, folder)
    if check:
        if found := building.differences(built, folder):
            wrong = f"{folder} is not what data/raw gives; run `rvdata build`"
            raise DataError("\n".join([wrong, *found]))
    else:
        for name, table in built.arrow.items():
            echo(f"{name:<20} {table.num_rows:>4} rows")
    for source, rows in sorted(built.waiting.items()):
        echo(f"{source:<20} {rows:>4} proposed rows wait: rvdata review {source}")
    waiting = f"; {built.proposed} proposed rows wait for a reader" if built.proposed else ""
    done = "are what data/raw gives" if check else f"written to {folder}"
    echo(f"{len(built.arrow)} tables {done}{waiting}")


@main.command()
@click.option(
    "--texts", required=True, type=click.Path(path_type=Path), help="Folder of the articles' texts."
)
def verify(texts: Path) -> None:
    """Hold every locator of the ledger, and every quotation of the notebooks, against the articles' texts."""
    from rvdata import articles, locks, origins, paths, quotations
    from rvdata.errors import refuse

    with locks.reading():
        ledger, faults = articles.read()
    refuse(faults)
    result = articles.verify(ledger, texts)
    published = origins.articles(ledger.origins)
    try:
        whole = [(texts / f"{source}.txt").read_text(encoding="utf-8") for source in published]
    except (OSError, UnicodeDecodeError):  # it is among the complaints
        echo("quotations in the notebooks are not checked: that takes the text of every article")
        misquoted = []
    else:
        titles = quotations.printed([], (row["title"] for row in published.values()))
        stands = quotations.in_texts(whole, titles)
        misquoted = quotations.in_notebooks(paths.notebooks(), stands)
    for complaint in [*result.complaints, *misquoted]:
        echo(complaint)
    echo(f"{result.derived} derived rows have no place of their own")
    if result.proposed:
        echo(f"{result.proposed_holding} of {result.proposed} proposed rows hold")
    echo(f"{result.holding} of {result.located} hold")
    if result.complaints or misquoted:
        raise SystemExit(1)


@main.command()
@click.argument("figure_ids", nargs=-1)
@click.option(
    "--fail-on",
    multiple=True,
    type=click.Choice(VERDICTS),
    help="Exit with 1 if a figure has this verdict.",
)
def check(figure_ids: tuple[str, ...], fail_on: tuple[str, ...]) -> None:
    """Print the verdict of every figure against the primary data; of those NAMED also what was tried.

    Reads the processed tables: run `rvdata build` after data have changed.
    """
    from rvdata import reconcile, store, words
    from rvdata.analysis import stated

    primary = stated.verdicts(figure_ids or None)
    figures = {row["figure_id"]: row for row in primary.to_dict("records")}
    shown = primary if figure_ids else primary[primary["verdict"] != "no data"]
    lines = [("figure", "stated", "computed", "verdict", "release", "vintage", "explained")]
    for row in shown.fillna({"vintage": "-", "coarse_verdict": ""}).to_dict("records"):
        coarse = row["coarse_verdict"]
        verdict = row["verdict"] + (f" (coarsely: {coarse})" if coarse else "")
        said = (words.quantity(row), words.computed(row, row), verdict, row["release"])
        explained = f"{row['matched']} of {row['tried']}"
        lines.append((row["figure_id"], *said, row["vintage"], explained))
    widths = [max(map(len, cells)) for cells in zip(*lines, strict=True)]
    for line in lines:
        echo("  ".join(map(str.ljust, line, widths)).rstrip())
    if figure_ids:  # of each figure, the verdict first
        tried = store.load("figure_checks", "all")
        tried = tried[tried["figure_id"].isin(figures)]
        tried = tried.sort_values(["figure_id", "is_primary"], ascending=[True, False])
        for row in tried.to_dict("records"):
            given = f", {words.computed(row, figures[row['figure_id']])}"
            given = "" if row["verdict"] in ("no data", "not comparable") else given
            how = f"{row['figure_id']}  {row['method']} [{row['origin_id']}]"
            echo(f"{how}: {row['verdict']}{given} - {row['reason']}")
    else:
        echo("")
        for line in reconcile.coverage(primary).to_string().splitlines():
            echo(line.rstrip())
        asked = "says what would be needed, or why no data can decide a figure"
        echo(f"`rvdata check FIGURE_ID` {asked}")
    counts = primary["verdict"].value_counts()
    if found := [f"{counts[verdict]} {verdict}" for verdict in fail_on if verdict in counts]:
        said = f"figures with a verdict that --fail-on names: {', '.join(found)}"
        raise DataError(f"{said}; see the table above")


@main.command("import")
@click.argument("provider")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--origin", "origin_id", required=True, help="Identifier of the release, such as sipri-2025-01."
)
@click.option(
    "--only",
    multiple=True,
    metavar="CODE",
    help="Compile only rows in which one of these countries takes part.",
)
@click.option(
    "--weapon",
    "weapons",
    multiple=True,
    metavar="DESIGNATION",
    help="Also count the weapons of this designation (sipri, trade register).",
)
@click.option(
    "--released",
    default="",
    metavar="DAY[/DAY]",
    help="Day of publication (YYYY-MM-DD) if the file does not say one, or "
    "earliest and latest possible day.",
)
@click.option(
    "--released-note",
    default="",
    metavar="TEXT",
    help="From what that day is inferred, if it is printed nowhere.",
)
@click.option(
    "--covers",
    metavar="TOKEN",
    help="What the release has in full where the file cannot show it, such as recipient=VEN; "
    "--released-note says how it is known.",
)
def import_release(
    provider: str,
    file: Path,
    origin_id: str,
    only: tuple[str, ...],
    weapons: tuple[str, ...],
    covers: str | None,
    **said: str,
) -> None:
    """Compile small tables from a publisher's FILE of PROVIDER into data/raw.

    PROVIDER is one of sipri, unhcr, worldbank, cpi, unga, ofac, series. What kind of file it is is seen from its content.
    """
    import dataclasses
    import importlib

    from rvdata import countries, rawcsv
    from rvdata.errors import unknown
    from rvdata.sources import compiled

    if provider not in compiled.PROVIDERS:
        raise click.UsageError(unknown("provider", provider, compiled.PROVIDERS))
    if weapons and provider != "sipri":
        raise click.UsageError("--weapon is for sipri only; leave it out")
    try:
        codes = frozenset(countries.codes(only))
    except countries.UnknownCountry as error:
        raise click.UsageError(f"--only: {error}") from None
    reader = importlib.import_module(f"rvdata.sources.{provider}")
    release = reader.read(file, codes, weapons) if provider == "sipri" else reader.read(file, codes)
    if covers:
        release = dataclasses.replace(release, covers=(covers,))
    folder = compiled.write(release, provider, origin_id, file, **said)
    for note in release.notes:
        echo(f"note: {note}")
    for name, frame in release.tables.items():
        echo(f"{name:<20} {len(frame):>6} rows")
    echo(
        f"written to {rawcsv.shown(folder)}, registered in data/raw/origins.csv; now run `rvdata build`"
    )


@contextlib.contextmanager
def _in_place(out: Path) -> Iterator[Path]:
    """A file that takes the place of `out` when all is in it."""
    from nbfleet import whole

    try:
        with whole.file(out) as stage:
            yield stage
    except OSError as error:
        raise DataError(
            f"{out}: cannot be written ({error.strerror}); name a file in a folder of your own"
        ) from None


@main.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE…")
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "csv", "jsonl", "parquet"]),
    help="How to write; by the ending of --out, or a table.",
)
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write into this file, all or nothing.",
)
def extract(files: tuple[Path, ...], form: str | None, out: Path | None) -> None:
    """Propose the figures of articles: texts, HTML pages, folders of them, or - for standard input."""
    import shutil

    from tqdm import tqdm

    from figurefind import extract as extraction
    from figurefind.files import beside, expand
    from rvdata import countries

    endings = {".csv": "csv", ".jsonl": "jsonl", ".parquet": "parquet"}
    form = form or (endings.get(out.suffix.lower(), "table") if out else "table")
    if form == "parquet" and out is None:
        raise click.UsageError("Parquet is no text for the terminal; name a file with --out.")
    if sum(str(file) == "-" for file in files) > 1:
        raise click.UsageError("Standard input can be read once; give - once.")
    failed = pages = 0
    paths = list(expand(files, lambda text: echo(f"rvdata: {text}", err=True)))
    with (
        _in_place(out) if out else contextlib.nullcontext() as stage,
        extraction.sink(form, stage, shutil.get_terminal_size().columns) as write,
        tqdm(
            total=len(paths), unit="file", disable=None if len(paths) > 1 else True, leave=False
        ) as bar,
    ):
        for path, found in extraction.batch(paths, countries.printed()):
            bar.update()
            if isinstance(found, FindError):
                failed += 1
                with bar.external_write_mode(file=sys.stderr):
                    echo(f"rvdata: {found}", err=True)
                continue
            write(path, found)
            pages += beside(path).is_file()
    if pages:
        beside_them = f"the text of {pages} HTML pages stands beside them as NAME.html.txt"
        echo(f"rvdata: {beside_them}; offsets are those of that text", err=True)
    if failed and len(paths) > 1:
        unread = f"{failed} of {len(paths)} files could not be read; the others are done"
        echo(f"rvdata: {unread}", err=True)
    if failed or not paths:
        raise SystemExit(1)


@main.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--title",
    required=True,
    help="As printed; kept to eight words. In brackets where none is printed.",
)
@click.option("--publisher", required=True, help="As printed.")
@click.option("--published", default="", metavar="DATE", help="YYYY-MM-DD, YYYY-MM or YYYY.")
@click.option(
    "--source-id",
    default="",
    metavar="ID",
    help="Identifier; otherwise made of publisher and year.",
)
@click.option("--authors", default="", help="Who wrote it, with post, as printed.")
@click.option("--about", default="", help="What publisher and author are, and how they are funded.")
@click.option("--url", default="", help="Address.")
@click.option(
    "--licence", default="", help="Terms; otherwise all rights reserved by the publisher."
)
def add(file: Path, **said: str) -> None:
    """Register the article in FILE (text or HTML) and put the figures found in it into the ledger, as proposals."""
    from rvdata.intake import add as adding

    for line in adding.summary(adding.add(file, **said)):
        echo(line)


@main.command()
@click.argument("source_id")
@click.option(
    "--text",
    type=click.Path(path_type=Path),
    help="Your copy of the text; otherwise SOURCE_ID.txt in the folder that RVDATA_TEXTS names.",
)
def review(source_id: str, text: Path | None) -> None:
    """Decide on the proposed figures of SOURCE_ID, one at a time: accept, edit, reject, skip, back."""
    from rvdata.intake import review as reviewing

    reviewing.review(source_id, text)


@main.command("list")
def list_all() -> None:
    """List the tables, the notebooks with their parameters, and the reports of the plan."""
    from nbfleet import plan
    from rvdata import articles, cards, fleet, paths

    batch = paths.notebooks() / "reports.yaml"
    lines = ["tables"]
    for row in cards.tables().itertuples():
        lines += [f"  {row.table:<20} {row.rows:>4} rows  {row.grain}"]
    if waiting := articles.read()[0].waiting():
        lines += ["proposals that wait for a reader"]
    for source, rows in sorted(waiting.items()):
        lines += [f"  {source:<20} {rows:>4} rows  rvdata review {source}"]
    lines += ["notebooks"]
    for path in sorted(paths.notebooks().glob("*.ipynb")):
        lines += [f"  {path.stem}"]
        for p in plan.read_parameters(path):
            lines += [f"    {p.name}: {p.type} = {p.default!r}  {p.help}"]
    lines += ["reports"]
    reports = fleet.plan() if batch.exists() else []
    width = max((len(report.name) for report in reports), default=0)
    lines += [f"  {report.name:<{width}}  {report.title}" for report in reports]
    echo("\n".join(lines))  # all or nothing: half a list looks like a whole one


@main.command()
@click.argument("table")
def describe(table: str) -> None:
    """Say what TABLE holds: grain, columns, units, warnings."""
    from rvdata import store

    echo(store.describe(table))


@main.command()
@click.argument("table")
def cite(table: str) -> None:
    """Say how to cite TABLE."""
    from rvdata import provenance

    echo(provenance.cite(table))


@main.command("open")
@click.argument("name")
def open_copy(name: str) -> None:
    """Copy the published notebook NAME to notebooks/mine, to try things out there."""
    from rvdata import fleet, rawcsv

    echo(f"{rawcsv.shown(fleet.copy(name))} is yours: `make lab` shows it in the folder mine")


@main.command()
@click.argument("identifier")
def trace(identifier: str) -> None:
    """Show what is behind IDENTIFIER: a figure, event, happening, argument, article or release."""
    from rvdata import cards

    echo(cards.trace(identifier))


@main.command()
@click.argument("names", nargs=-1)
@click.option(
    "-p",
    "parameters",
    nargs=2,
    multiple=True,
    metavar="NAME VALUE",
    help="Set a parameter in every chosen report.",
)
@click.option(
    "--jobs",
    type=click.IntRange(1, 1024),
    default=_cores,
    show_default="all cores",
    help="Reports to run at once.",
)
@click.option("--out", type=click.Path(), callback=_folder, help="Write here instead of reports.")
@click.option("--force", is_flag=True, help="Run also what has not changed since it was made.")
@click.option("--dry-run", is_flag=True, help="Only say what would run, and why.")
@click.option(
    "--retries", type=click.IntRange(0), default=0, show_default=True, help="Tries after a failure."
)
@click.option(
    "--timeout",
    "timeout_seconds",
    type=click.FloatRange(0, 604_800, min_open=True),
    callback=_number,
    default=900,
    show_default=True,
    metavar="SECONDS",
    help="Longest time of one report; it is killed then.",
)
@click.option(
    "--cluster",
    metavar="ADDRESS",
    help="Run on the workers of this Dask scheduler: tcp://host:8786.",
)
def report(
    names: tuple[str, ...],
    parameters: tuple[tuple[str, str], ...],
    out: Path | None,
    force: bool,
    dry_run: bool,
    **how: Any,
) -> None:
    """Run the reports of notebooks/reports.yaml through papermill into pages: all, or those NAMED.

    The name of a notebook means all its reports; `rvdata list` shows both. A report is left alone if its notebook,
    parameters, tables, packages and rvdata are what they were when it was made.
    """
    from nbfleet import plan, run
    from rvdata import fleet, paths

    chosen = plan.select(fleet.plan(), names)
    chosen = plan.override(chosen, parameters) if parameters else chosen
    folder = out or paths.reports()
    if folder.is_relative_to(Path.cwd()):  # shorter to read
        folder = folder.relative_to(Path.cwd())
    if dry_run:
        run.rehearse(chosen, folder, force, echo)
        return
    results = run.run(chosen, folder, force=force, **how)
    if not all(result.ok for result in results):
        raise SystemExit(1)


@main.command()
@click.argument("names", nargs=-1)
def refresh(names: tuple[str, ...]) -> None:
    """Run published notebooks again in place (all, or those NAMED), after data or code have changed."""
    from nbfleet import kernels, make
    from rvdata import fleet, paths
    from rvdata.errors import unknown

    folder = paths.notebooks()
    known = {path.stem: path for path in sorted(folder.glob("*.ipynb"))}
    if not known:
        raise DataError(f"{folder}: holds no notebook; put one there or correct RVDATA_HOME")
    for name in names:
        if name not in known:
            raise DataError(unknown("notebook", name, known))
    with kernels.warm(fleet.PROJECT.modules):
        for name in names or known:
            make.refresh(known[name], fleet.PROJECT)
            echo(f"refreshed {name}")
