import asyncio
import contextvars

from wsconsolidate.runtime.stepping import begin

WHO = contextvars.ContextVar("WHO", default="nobody")


def test_the_whole_coroutine_runs_as_one_task_in_one_context(run):
    async def main():
        loop = asyncio.get_running_loop()
        rests, seen = loop.create_future(), []
        context = contextvars.copy_context()

        async def work():
            token = WHO.set("work")
            try:
                async with asyncio.timeout(60):
                    seen.append(asyncio.current_task())
                    await asyncio.sleep(0)
                    await asyncio.sleep(0.0001)
                    seen.append(asyncio.current_task())
            finally:
                WHO.reset(token)

        async def writer():
            await (await rests)

        task = loop.create_task(writer(), context=context)
        await asyncio.sleep(0)
        here = asyncio.current_task()
        rests.set_result(begin(work(), task, context))
        assert asyncio.current_task() is here
        assert WHO.get() == "nobody"
        await task
        assert seen == [task, task]

    run(main)


def test_a_coroutine_that_never_waits_is_done_at_once(run):
    async def main():
        done = []

        async def work():
            done.append(asyncio.current_task())

        async def writer():
            await asyncio.Event().wait()

        context = contextvars.copy_context()
        task = asyncio.get_running_loop().create_task(writer(), context=context)
        await asyncio.sleep(0)
        assert begin(work(), task, context) is None
        assert done == [task]
        asyncio.get_running_loop().call_soon(lambda: begin(work(), task, context))
        await asyncio.sleep(0)
        assert done == [task, task], "also from a callback, where no task runs"
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    run(main)


def test_a_cancellation_reaches_the_coroutine(run):
    async def main():
        ended = []

        async def work():
            try:
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                await asyncio.sleep(0)
                ended.append("tidy")
                raise

        rests = asyncio.get_running_loop().create_future()

        async def writer():
            await (await rests)

        context = contextvars.copy_context()
        task = asyncio.get_running_loop().create_task(writer(), context=context)
        await asyncio.sleep(0)
        rests.set_result(begin(work(), task, context))
        await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        assert ended == ["tidy"]

    run(main)
