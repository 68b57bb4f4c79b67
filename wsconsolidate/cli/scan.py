"""`wsconsolidate scan`: the classes by role, with MRO, event coverage and duplicates."""

from wsconsolidate.cli import options as given
from wsconsolidate.cli.session import Session, show
from wsconsolidate.reporters.registry import Format


def scan(
    paths: given.Paths = None,
    format: given.FormatOption = Format.CONSOLE,  # noqa: A002 - the option's name
    output: given.Output = None,
    exclude: given.Exclude = None,
    python: given.Python = None,
    all_classes: given.AllClasses = False,
    statistics: given.Statistics = False,
    timings: given.Timings = False,
    timestamp: given.Timestamp = False,
    no_cache: given.NoCache = False,
    quiet: given.Quiet = False,
    verbose: given.Verbose = False,
) -> None:
    """Show the classes by role, with their events, MRO and duplicates."""
    session = Session(
        paths=paths or (),
        exclude=exclude or (),
        python=python,
        format=format,
        output=output,
        statistics=statistics,
        timings=timings,
        timestamp=timestamp,
        no_cache=no_cache,
        quiet=quiet,
        verbose=verbose,
    )
    show(session, all_classes=all_classes)
