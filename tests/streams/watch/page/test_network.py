import orjson

from streams.watch.page.network import EDGE, WINDOW_MS, network
from streams.watch.page.posts import Posts

CROWD = [f"u{number:08d}" for number in range(12)]


def post(number: int, account: str, text: str, at: int) -> bytes:
    words = {
        "event_id": f"7f3ac00012-{number:012d}",
        "kind": "comment",
        "occurred_at": at,
        "user_id": account,
    }
    return orjson.dumps(words | {"text": text})


def label(number: int, campaign: str) -> bytes:
    words = {"event_id": f"7f3at00012-{number:012d}", "kind": "label", "subject": f"7f3ac00012-{number:012d}"}
    truth = {"campaign": campaign, "policy": "scam", "role": "amplifier", "violating": True}
    return orjson.dumps(words | truth)


def waves(posts: Posts, *, lag: int, campaign: str = "vouchers") -> None:
    """Three waves of one text by the same accounts, disguised by each in its own way, and loners in between."""
    number = 0
    for wave in range(3):
        for place, account in enumerate(CROWD):
            text = f"free v\u043eucher number {wave} for you".replace(" ", " " * (1 + place % 2))
            posts.take([post(number, account, text, wave * 10**8 + place * lag)])
            posts.take_truth([label(number, campaign)])
            number += 1
        posts.take([post(number, f"u{90 + wave:08d}", f"what a lovely evening {wave}", wave * 10**8)])
        posts.take_truth([label(number, "")])
        number += 1


def test_accounts_of_a_campaign_are_noticed_without_labels_and_told_from_them() -> None:
    posts = Posts()
    waves(posts, lag=1_000)
    found = network(posts.look())
    (campaign,) = found["campaigns"]
    assert (campaign["name"], campaign["accounts_in_all"], campaign["noticed"]) == ("vouchers", 12, 12)
    assert campaign["posts"] == campaign["violating"] == 36
    assert {account["id"] for account in campaign["accounts"]} == set(CROWD)
    assert found["bystanders"] == []
    assert all({one, other} <= set(CROWD) and weight >= EDGE for one, other, weight in found["ties"])


def test_a_campaign_without_labels_is_shown_as_noticed_in_none() -> None:
    posts = Posts()
    waves(posts, lag=1_000, campaign="")
    found = network(posts.look())
    assert found["campaigns"] == []
    assert set(found["bystanders"]) == set(CROWD)


def test_a_campaign_that_takes_its_time_is_labelled_and_not_noticed() -> None:
    posts = Posts()
    waves(posts, lag=WINDOW_MS + 1)
    (campaign,) = network(posts.look())["campaigns"]
    assert (campaign["accounts_in_all"], campaign["noticed"]) == (12, 0)


def test_a_text_that_everybody_posts_costs_no_more_than_some_of_it() -> None:
    posts = Posts()
    for number in range(5_000):
        posts.take([post(number, f"u{number % 900:08d}", "the same old song again", number)])
        if number % 500 == 0:
            posts.look()
    found = network(posts.look())
    assert found["bystanders_in_all"] <= 150


def test_records_that_are_none_are_passed_over() -> None:
    posts = Posts()
    posts.take([None, b"", b"?", b'{"event_id": 3}', b"[]"])
    posts.take_truth([None, b'"campaign"', b'{"kind":"label","campaign":"x"}'])
    assert posts.look() == []
    assert network([])["noticed"] == 0
