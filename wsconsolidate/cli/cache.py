"""`wsconsolidate cache`: what is kept from earlier runs, and how to be rid of it."""

from typing import Annotated

import typer

from wsconsolidate.cli.output import emit
from wsconsolidate.store import MOST_BYTES, Store, cache_folder

Clear = Annotated[bool, typer.Option("--clear", help="Throw everything away; the next run reads anew.")]


def cache(clear: Clear = False) -> None:
    """Show where and how much is kept from earlier runs, or clear it."""
    folder = cache_folder()
    store = Store(folder)
    size = store.size()
    if clear:
        store.clear()
        emit(f"cleared {size.entries:,} entries, {_megabytes(size.bytes)} in {folder}\n", None)
    else:
        emit(
            f"{folder}\n{size.entries:,} entries, {_megabytes(size.bytes)} of {_megabytes(MOST_BYTES)}\n",
            None,
        )


def _megabytes(number: int) -> str:
    return f"{number / 1_000_000:,.1f} MB"
