"""How the runtime's tests run: on a loop in debug mode, which must be empty at the end."""

import asyncio
import gc
import os
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

LONGEST = 300
"""Seconds after which a test that hangs fails."""

Main = Callable[[], Coroutine[Any, Any, None]]


def run_long(main: Main) -> None:
    asyncio.run(main())


@pytest.fixture
def run() -> Callable[[Main], None]:
    """Runs `async def main()` with asyncio's debug mode on; any task it leaves behind fails the test.

    The long version of the fault suite is without debug mode, and without a limit.
    """

    async def alone(main: Main) -> None:
        loop = asyncio.get_running_loop()
        failures: list[dict[str, Any]] = []
        loop.set_exception_handler(lambda _, failure: failures.append(failure))
        async with asyncio.timeout(LONGEST):
            await main()
        left = asyncio.all_tasks() - {asyncio.current_task()}
        assert not left, f"left behind: {left}"
        gc.collect()
        await asyncio.sleep(0)
        assert not failures, failures

    def start(main: Main) -> None:
        asyncio.run(alone(main), debug=True)

    return run_long if "WSC_FAULT_EVENTS" in os.environ else start


@pytest.fixture
def run_plainly() -> Callable[[Main], None]:
    """Runs `async def main()` as an application does: debug mode keeps more than the runtime does."""
    return run_long
