"""Dask distributed: the one place that knows it."""

import asyncio
import logging
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from itertools import islice
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from wsconsolidate import __version__
from wsconsolidate.errors import UsageError
from wsconsolidate.fleet.record import Failure, to_line
from wsconsolidate.fleet.request import Request
from wsconsolidate.fleet.task import perform

if TYPE_CHECKING:
    from distributed import Client, Future, LocalCluster

WAIT = 20
"""Seconds that a scheduler, and then its first worker, may take to answer."""

ATTEMPTS = 3
"""How often a repository is handed out whose workers were lost; Dask blames their whole queue for it."""

LOSSES = 1
"""How often a local cluster tries another worker before that counts."""

_AHEAD = 2
_RESTART = "1 hour"
_MISSING = "fleet needs Dask distributed: pip install 'wsconsolidate[fleet]'"


@contextmanager
def connected(address: str | None, workers: int) -> "Iterator[Client]":
    """A client of the scheduler at `address`, or of a cluster of `workers` processes on this machine.

    Raises:
        UsageError: Dask is not installed, the scheduler does not answer, or its workers lack this tool.
    """
    try:
        import distributed
    except ImportError as error:
        raise UsageError(_MISSING) from error
    with ExitStack() as stack:
        cluster = address or stack.enter_context(_local(workers))
        try:
            if address:
                asyncio.run(_reach(address))
            client = stack.enter_context(distributed.Client(cluster, set_as_default=False))
            client.wait_for_workers(1, timeout=WAIT)
        except (OSError, ValueError, TimeoutError) as error:
            where = address or "the cluster on this machine"
            raise UsageError(f"{where}: no scheduler with a worker answers there: {error}") from error
        _compare_versions(client)
        yield client


def spread(client: "Client", requests: Iterable[Request], on_answer: Callable[[str | None], None]) -> None:
    """Have the workers perform all requests; hand each line to `on_answer` in the order in which they end.

    No more are handed out than keep the workers busy, so that neither side holds them all. What a
    lost worker had is handed out again at the end, alone, and fails when that happens too often: so whoever
    shared a worker with what kills it is not blamed for it.
    """
    from distributed import as_completed

    waiting = iter(requests)
    asked: dict[Future[str | None], tuple[Request, int]] = {}
    suspects: deque[tuple[Request, int]] = deque()
    ended = as_completed(loop=client.loop)

    def hand_out(request: Request, attempt: int = 1) -> None:
        future = client.submit(_on_worker, request, pure=False, retries=0)
        asked[future] = (request, attempt)
        ended.add(future)

    for request in islice(waiting, _window(client)):
        hand_out(request)
    for future in ended:
        request, attempt = asked.pop(future)
        error = _error(future)
        if error is None:
            on_answer(future.result())
        elif attempt == ATTEMPTS:
            on_answer(_failure(request, error))
        else:
            suspects.append((request, attempt + 1))
        future.release()
        for following in islice(waiting, max(0, _window(client) - len(asked))):
            hand_out(following)
        if suspects and not asked:
            hand_out(*suspects.popleft())


async def _reach(address: str) -> None:
    """Knock; a client whose scheduler does not answer hangs when it is thrown away."""
    from distributed.comm.core import connect
    from distributed.security import Security

    with_tls = Security().get_connection_args("client")
    await (await connect(address, timeout=WAIT, **with_tls)).close()


@contextmanager
def _local(workers: int) -> "Iterator[LocalCluster]":
    import dask
    from distributed import LocalCluster

    with (
        TemporaryDirectory(prefix="wsconsolidate-", ignore_cleanup_errors=True) as scratch,
        dask.config.set(
            {
                "distributed.scheduler.allowed-failures": LOSSES,
                "distributed.deploy.lost-worker-timeout": _RESTART,  # after that nobody starts it again
            }
        ),
        LocalCluster(
            n_workers=workers,
            threads_per_worker=1,
            processes=True,
            memory_limit=0,  # each repository has a limit of its own
            dashboard_address="127.0.0.1:0",
            local_directory=scratch,
            silence_logs=logging.CRITICAL,
            preload=[__name__],
        ) as cluster,
    ):
        yield cluster


def dask_setup(worker: object) -> None:  # noqa: ARG001 - Dask calls it by this name with a worker of its own
    """Leave Ctrl-C, which a terminal sends to all processes, to the client."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _on_worker(request: Request) -> str | None:
    from distributed import get_worker

    return perform(request, get_worker().local_directory)


def _window(client: "Client") -> int:
    threads: dict[str, int] = client.nthreads()
    return _AHEAD * max(1, sum(threads.values()))


def _error(future: "Future[str | None]") -> BaseException | None:
    """Why there is no answer: the task failed, or the scheduler has forgotten it."""
    if future.status == "finished":
        return None
    return (future.exception() if future.status == "error" else None) or ConnectionError("it was lost")


def _failure(request: Request, error: BaseException) -> str:
    from distributed import KilledWorker

    what = "died" if isinstance(error, KilledWorker) else f"failed ({type(error).__name__}: {error})"
    return to_line(Failure(repository=request.repository.name, reason=f"every worker that had it {what}"))


def _compare_versions(client: "Client") -> None:
    try:
        versions = client.run(_version)
    except ImportError as error:
        raise UsageError(
            f"the workers lack wsconsolidate: install wsconsolidate=={__version__} there"
        ) from error
    for worker, version in sorted(versions.items()):
        if version != __version__:
            raise UsageError(f"the worker {worker} has wsconsolidate {version}: install {__version__} there")


def _version() -> str:
    return __version__
