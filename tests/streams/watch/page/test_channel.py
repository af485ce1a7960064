import orjson

from streams.watch.page.channel import Channel


def test_a_follower_who_comes_back_is_sent_what_changed_meanwhile_and_nothing_twice() -> None:
    channel = Channel()
    channel.publish({"run": {"n": 1}, "lag": {"n": 1}})
    seen = channel.since(0)[-1]
    channel.publish({"run": {"n": 2}, "lag": {"n": 1}})
    channel.publish({"run": {"n": 3}, "lag": {"n": 1}})
    known = channel.known(f"{channel.name}-{seen.version}")
    (update,) = channel.since(known)
    assert (update.panel, orjson.loads(update.data)) == ("run", {"n": 3})
    assert channel.since(update.version) == []


def test_ids_of_another_server_and_nonsense_mean_everything_is_news() -> None:
    channel = Channel()
    channel.publish({"run": {"n": 1}})
    for given in ("", "x", "0-1", f"{channel.name}-", f"{channel.name}-²", f"{channel.name}--1", "9" * 400):
        assert channel.known(given) == 0, given
    assert channel.known(f"{channel.name}-999999") == channel.version, "never ahead of what there is"


def test_what_waits_for_a_follower_does_not_grow() -> None:
    channel = Channel()
    for number in range(1_000):
        channel.publish({"run": {"n": number}, "throughput": {"at": list(range(number % 7))}})
    assert len(channel.since(0)) == 2


def test_an_event_is_one_line_of_data_whatever_the_text() -> None:
    channel = Channel()
    channel.publish({"run": {"about": "two\nlines\r\n\nid: forged"}})
    event = channel.event(channel.since(0)[0])
    assert event.count(b"\n\n") == 1
    assert event.endswith(b"\n\n")
    assert [line.split(b":")[0] for line in event.splitlines() if line] == [b"id", b"event", b"data"]
