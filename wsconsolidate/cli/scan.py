"""`wsconsolidate scan`: the classes by role, with MRO, event coverage and duplicates."""

from wsconsolidate.cli.session import Session, show
from wsconsolidate.cli.sharing import RENDERING, sharing


@sharing(*RENDERING)
def scan(session: Session) -> None:
    """Show the classes by role, with their events, MRO and duplicates."""
    show(session)
