"""Every store promises the same: numbers without holes, once per key, another epoch when it went back."""

import asyncio

import pytest

from wsconsolidate.runtime import (
    RedisBackplane,
    SqliteBackplane,
    WebSocketBackplaneError,
)
from wsconsolidate.runtime.backplanes.backplane import READ_BYTES, Message, Want
from wsconsolidate.runtime.backplanes.redis import Failures
from wsconsolidate.runtime.relay import BEYOND

from .stores import SMALL, STORES, killed, valkey


def messages(*numbers, user_id="ada"):
    return [Message(user_id, f"{user_id}-{number}", f'"{number}"') for number in numbers]


async def read(backplane, user_id, after, limit, known):
    (page,) = await backplane.read([Want(user_id, after, limit)], known)
    return page


def texts(history):
    return [entry.text for entry in history.entries]


@STORES
def test_a_users_log_is_numbered_without_holes_and_nobody_elses(run, store, tmp_path):
    async def main():
        async with store(tmp_path) as make:
            backplane = make()
            await backplane.open()
            empty = await read(backplane, "ada", 0, 10, 0)
            assert (empty.tail, empty.place.seq, empty.entries) == (0, 0, ())
            places = await backplane.append(messages(1, 2, 3), 0)
            assert [place.seq for place in places] == [1, 2, 3]
            bob = await backplane.append(messages(1, user_id="bob"), 0)
            assert (await backplane.append(messages(4), 0))[0].seq == 4
            page = await read(backplane, "ada", 2, 10, 0)
            assert (texts(page), page.tail, page.place.seq, page.place.total) == (['"3"', '"4"'], 0, 4, 5)
            assert texts(await read(backplane, "ada", 0, 2, 0)) == ['"1"', '"2"']
            assert texts(await read(backplane, "bob", bob[0].seq - 1, 9, 0)) == ['"1"']
            assert bob[0].epoch == places[0].epoch == page.place.epoch
            both = await backplane.read([Want("bob", bob[0].seq - 1, 9), Want("ada", 3, 9)], 0)
            assert [texts(each) for each in both] == [['"1"'], ['"4"']]
            await backplane.close()
            await backplane.close()

    run(main)


@STORES
def test_a_key_is_taken_in_once(run, store, tmp_path):
    async def main():
        async with store(tmp_path) as make:
            backplane = make()
            await backplane.open()
            first = await backplane.append(messages(1, 2), 0)
            again = await backplane.append(messages(1, 2, 3), 0)
            assert [place.seq for place in again] == [first[0].seq, first[1].seq, first[1].seq + 1]
            assert len((await read(backplane, "ada", 0, 9, 0)).entries) == 3
            await backplane.close()

    run(main)


@STORES
def test_only_so_many_are_kept_and_the_store_says_from_where(run, store, tmp_path):
    async def main():
        async with store(tmp_path, SMALL) as make:
            backplane = make()
            await backplane.open()
            await backplane.append(messages(*range(1, 10)), 0)
            page = await read(backplane, "ada", 0, 99, 0)
            assert (page.tail, texts(page)) == (4, [f'"{number}"' for number in range(5, 10)])
            await backplane.close()

    run(main)


@STORES
def test_a_read_is_bounded_in_bytes_and_goes_on_where_it_ended(run, store, tmp_path):
    async def main():
        async with store(tmp_path) as make:
            backplane = make()
            await backplane.open()
            large = [
                Message(user, f"{user}{n}", f"{n}" + "é" * 60_000)
                for user in ("ada", "bob")
                for n in range(20)
            ]
            places = await backplane.append(large, 0)
            begins = {"ada": 0, "bob": places[20].seq - 1}
            seen = {"ada": [], "bob": []}
            while any(len(texts) < 20 for texts in seen.values()):
                wants = [Want(user, begin + len(seen[user]), 99) for user, begin in begins.items()]
                pages = await backplane.read(wants, 0)
                assert sum(len(text.encode()) for page in pages for text in texts(page)) <= 2.5 * READ_BYTES
                for user, page in zip(seen, pages, strict=True):
                    seen[user] += texts(page)
            assert seen["ada"] + seen["bob"] == [message.text for message in large]
            await backplane.close()

    run(main)


@STORES
def test_a_store_that_has_less_than_is_known_begins_another_epoch(run, store, tmp_path):
    async def main():
        async with store(tmp_path) as make:
            backplane = make()
            await backplane.open()
            (before,) = await backplane.append(messages(1), 0)
            assert (await read(backplane, "ada", 0, 9, before.total)).place.epoch == before.epoch
            (after,) = await backplane.append(messages(2), before.total + 10)
            assert after.epoch != before.epoch
            assert after.total > before.total + 10
            assert (await read(backplane, "ada", 0, 9, after.total)).place.epoch == after.epoch
            await backplane.close()

    run(main)


@pytest.mark.parametrize("durable", [False, True], ids=["forgetful", "durable"])
def test_a_server_that_went_back_begins_another_epoch_although_nobody_knows_more(run, tmp_path, durable):
    """Who had seen the lost events may ask last, when others have used their numbers again."""

    async def main():
        async with valkey(tmp_path, durable=durable) as server:
            backplane = RedisBackplane(server.url, durable=durable)
            await backplane.open()
            await backplane.append(messages(1, 2), 0)
            await server.take_snapshot()
            lost = (await backplane.append(messages(3, 4), 2))[-1]
            assert lost.seq == 4
            await backplane.close()
            await killed(server)
            await backplane.open()
            again = (await backplane.append(messages(5, 6, 7), 2))[-1]
            late = await read(backplane, "ada", lost.seq, 9, lost.total)
            assert late.place.epoch == again.epoch
            assert (again.epoch == lost.epoch, again.seq) == ((True, 7) if durable else (False, 5))
            await backplane.close()

    run(main)


def test_a_user_whose_number_was_evicted_goes_on_behind_a_gap(run, tmp_path):
    async def main():
        async with valkey(tmp_path) as server:
            backplane = RedisBackplane(server.url)
            await backplane.open()
            await backplane.append(messages(1, 2), 0)
            await backplane.append(messages(1, user_id="bob"), 0)
            await server.command("DEL", "wsconsolidate:n:ada")
            await backplane.append(messages(3), 0)
            page = await read(backplane, "ada", 0, 9, 0)
            assert (page.tail, page.place.seq, texts(page)) == (3, 4, ['"3"'])
            await backplane.close()

    run(main)


@STORES
def test_who_was_read_before_the_first_event_is_told_of_no_hole(run, store, tmp_path):
    async def main():
        async with store(tmp_path) as make:
            backplane = make()
            await backplane.open()
            await backplane.append(messages(1, 2), 0)
            before = await read(backplane, "bob", BEYOND, 9, 0)
            await backplane.append(messages(3), 0)
            (place,) = await backplane.append(messages(1, user_id="bob"), 0)
            assert place.seq == before.place.seq + 1
            after = await read(backplane, "bob", before.place.seq, 9, 0)
            assert (after.tail, texts(after)) == (before.place.seq, ['"1"'])
            await backplane.close()

    run(main)


@STORES
def test_listeners_are_woken_by_every_process(run, store, tmp_path):
    async def main():
        async with store(tmp_path) as make:
            here, there = make(), make()
            await here.open()
            await there.open()
            woken, ready = asyncio.Queue(), asyncio.Event()
            listening = asyncio.create_task(here.listen(lambda *what: woken.put_nowait(what), ready.set))
            await ready.wait()
            (place,) = await there.append(messages(1), 0)
            user_id, heard, text = await woken.get()
            assert (user_id, heard.epoch, heard.seq) == ("ada", place.epoch, place.seq)
            assert text in (messages(1)[0].text, None)
            listening.cancel()
            await asyncio.gather(listening, return_exceptions=True)
            await here.close()
            await there.close()

    run(main)


@pytest.mark.parametrize(
    "backplane", [SqliteBackplane("/nowhere/events.db"), RedisBackplane("redis://127.0.0.1:1/0")]
)
def test_a_store_that_is_not_there_says_so(run, backplane):
    async def main():
        with pytest.raises(WebSocketBackplaneError, match="not open"):
            await backplane.append(messages(1), 0)

        async def use():
            await backplane.open()
            await backplane.append(messages(1), 0)

        with pytest.raises(WebSocketBackplaneError):
            await use()
        await backplane.close()

    run(main)


def test_a_cancellation_that_redis_py_loses_ends_the_task_nevertheless(run):
    async def main():
        async def listen():
            with Failures("redis://"):
                try:
                    await asyncio.get_running_loop().create_future()
                except asyncio.CancelledError:
                    raise RuntimeError("aclose(): asynchronous generator is already running") from None

        listening = asyncio.create_task(listen())
        await asyncio.sleep(0)
        listening.cancel()
        await asyncio.wait([listening])
        assert listening.cancelled()

    run(main)
