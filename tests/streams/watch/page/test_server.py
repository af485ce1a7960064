import http.client
import re
import socket
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import orjson
import pytest

from media_gen.rendition import MediaFile, Rendition
from sim.steering.change import CHANGES
from streams.control.propose import NobodyThereError, Outcome
from streams.endpoint import Answers
from streams.exits import UsageError
from streams.store import AssetStore
from streams.watch.page.openapi import description
from streams.watch.page.server import PageServer
from streams.watch.page.shelf import Shelf
from streams.watch.page.steering import Steering

NAME = "c0ffee" + "0" * 58
SOUND = bytes(range(256)) * 40
SCRIPT = b"<script>alert(1)</script>"
FILES = (
    MediaFile("audio", "song.wav", "audio/wav", SOUND),
    MediaFile("page", "page.html", "text/html", SCRIPT),
)
ANSWERS = Answers(ready=lambda: True, pages={"/audit": lambda: {"lost": 0}, "/drift": dict})


class Fleet:
    """Shards that accept what is a change, unless they shall not."""

    def __init__(self) -> None:
        self.asked: list[Mapping[str, Any]] = []
        self.absent = False

    def propose(self, change: Mapping[str, Any]) -> Outcome:
        if self.absent:
            raise NobodyThereError("no shard answers")
        try:
            parsed = CHANGES.parse({"at": 0, **change})
        except ValueError as error:
            raise UsageError(str(error)) from error
        self.asked.append(change)
        return Outcome(
            "1", parsed, change["kind"] != "pause", 0, reason="not now" * (change["kind"] == "pause")
        )


@pytest.fixture
def fleet() -> Fleet:
    return Fleet()


@pytest.fixture
def server(tmp_path: Path, fleet: Fleet) -> Iterator[PageServer]:
    store = AssetStore(tmp_path / "store")
    files = [stored.as_record() for stored in store.put(NAME, Rendition(FILES, {"chords": []}))]
    store.seal(NAME, {"asset_id": NAME, "files": files})
    (tmp_path / "secret").write_text("secret")
    (tmp_path / "store" / "c0" / "ff" / NAME / "link.wav").symlink_to(tmp_path / "secret")
    linked = {
        "role": "audio",
        "name": "link.wav",
        "media_type": "audio/wav",
        "sha256": "0",
        "uri": "",
        "bytes": 6,
    }
    store.seal(NAME, {"asset_id": NAME, "files": [*files, linked, linked | {"name": "../../../../secret"}]})
    with PageServer(port=0, answers=ANSWERS, steering=Steering(fleet.propose), shelf=Shelf(store)) as made:
        yield made


Answer = tuple[int, dict[str, str], bytes]


def ask(
    server: PageServer, path: str, *, method: str = "GET", body: bytes | None = None, **headers: str
) -> Answer:
    host = server.url.removeprefix("http://")
    connection = http.client.HTTPConnection(host, timeout=10)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    connection.request(method, path, body, named)
    answer = connection.getresponse()
    try:
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
    finally:
        connection.close()


def steer(server: PageServer, body: bytes, **headers: str) -> tuple[int, Any]:
    given = {"Origin": server.url, "Content_Type": "application/json"} | headers
    status, _, answer = ask(server, "/steer", method="POST", body=body, **given)
    return status, orjson.loads(answer)


def test_the_page_and_everything_that_it_names_is_there_and_nothing_comes_from_elsewhere(
    server: PageServer,
) -> None:
    status, headers, page = ask(server, "/")
    assert (status, headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert "default-src 'none'" in headers["content-security-policy"]
    assert "access-control-allow-origin" not in headers
    seen, left = set(), set(re.findall(r'(?:src|href)="(/static/[^"]+)"', page.decode()))
    while left:
        name = left.pop()
        seen.add(name)
        status, headers, text = ask(server, name)
        assert status == 200, name
        assert headers["x-content-type-options"] == "nosniff"
        folder = name.rpartition("/")[0]
        for found in re.findall(r'^import .* from "([^"]+)";', text.decode(), re.MULTILINE):
            path = Path(folder, found)
            left |= {"/" + "/".join(Path(*path.parts[1:]).resolve().relative_to(Path.cwd()).parts)} - seen
    assert any(name.endswith("panels/steer.js") for name in seen)
    assert not re.search(rb'(?:src|href)="(?:https?:)?//', page)
    status, headers, _ = ask(server, "/static/page.css")
    assert ask(server, "/static/page.css", If_None_Match=headers["etag"])[0] == 304


def test_the_endpoints_of_every_process_are_beside_the_page(server: PageServer) -> None:
    assert ask(server, "/healthz")[2] == b"ok\n"
    assert orjson.loads(ask(server, "/audit")[2]) == {"lost": 0}
    assert b"process_max_fds" in ask(server, "/metrics")[2]
    assert ask(server, "/nowhere")[0] == ask(server, "/static/../server.py")[0] == 404
    assert ask(server, "/", method="POST")[0] == 405


def test_a_foreign_name_that_resolves_to_us_is_refused(server: PageServer) -> None:
    port = server.url.rpartition(":")[2]
    for host in (
        "evil.example",
        f"evil.example:{port}",
        "127.0.0.1.evil.example",
        "localhost.evil.example",
        "",
    ):
        assert ask(server, "/events", Host=host)[0] in (400, 421), host
    for host in (f"localhost:{port}", f"127.0.0.1:{port}", "[::1]:80", "page.localhost"):
        assert ask(server, "/", Host=host)[0] == 200, host
    assert ask(server, "/metrics", Host="monitor.greenroom.svc")[0] == 200, "scrapers use any name"


def test_assets_are_served_whole_or_in_ranges(server: PageServer) -> None:
    status, headers, body = ask(server, f"/assets/{NAME}/song.wav")
    assert (status, headers["content-type"], body) == (200, "audio/wav", SOUND)
    assert "immutable" in headers["cache-control"]
    for wanted, piece in (
        ("0-99", SOUND[:100]),
        ("100-", SOUND[100:]),
        ("-7", SOUND[-7:]),
        ("0-999999", SOUND),
    ):
        status, headers, body = ask(server, f"/assets/{NAME}/song.wav", Range=f"bytes={wanted}")
        assert (status, body) == (206, piece), wanted
        assert headers["content-range"].endswith(f"/{len(SOUND)}")
    assert ask(server, f"/assets/{NAME}/song.wav", Range=f"bytes={len(SOUND)}-")[0] == 416
    for odd in ("bytes=9-3", "bytes=0-1,4-5", "pages=1", "bytes=a-b"):
        assert ask(server, f"/assets/{NAME}/song.wav", Range=odd)[0] in (200, 416), odd
    assert ask(server, f"/assets/{NAME}/annotations.json")[2] == b'{"chords":[]}'


def test_what_a_browser_might_run_is_a_download_of_no_type(server: PageServer) -> None:
    status, headers, body = ask(server, f"/assets/{NAME}/page.html")
    assert (status, body) == (200, SCRIPT)
    assert (headers["content-type"], headers["content-disposition"]) == (
        "application/octet-stream",
        "attachment",
    )


@pytest.mark.parametrize(
    "path",
    [
        f"/assets/{NAME}/link.wav", f"/assets/{NAME}/manifest.json", f"/assets/{NAME}/absent.wav",
        f"/assets/{NAME}/..%2f..%2f..%2f..%2fsecret", f"/assets/{NAME}/../../../../secret",
        "/assets/..%2f..%2fsecret/x",
        "/assets/../secret", f"/assets/{NAME}/%2e%2e/%2e%2e/secret", f"/assets/{NAME.upper()}/song.wav",
        "/assets/%00/song.wav", f"/maps/{NAME}/depth.png", f"/maps/{NAME}/song.png", f"/maps/..%2f{NAME}/depth.png",
    ],
)  # fmt: skip
def test_nothing_but_the_files_of_the_manifest_in_the_store_is_served(server: PageServer, path: str) -> None:
    status, _, body = ask(server, path)
    assert status == 404
    assert b"secret" not in body


def test_a_change_goes_to_the_shards_and_its_outcome_comes_back(server: PageServer, fleet: Fleet) -> None:
    change = {"kind": "dial", "dial": "arrivals", "factor": 1.5}
    status, told = steer(server, orjson.dumps(change))
    assert (status, told["in_force"], fleet.asked) == (200, True, [change])
    status, told = steer(server, b'{"kind": "pause"}')
    assert (status, told["error"]) == (409, "not now")
    fleet.absent = True
    assert steer(server, orjson.dumps(change)) == (503, {"error": "no shard answers"})


def test_only_the_page_itself_may_steer(server: PageServer, fleet: Fleet) -> None:
    change = b'{"kind": "resume"}'
    for origin in (
        "http://evil.example",
        "null",
        server.url.replace("127.0.0.1", "localhost"),
        server.url + "1",
    ):
        assert steer(server, change, Origin=origin)[0] == 403, origin
    assert ask(server, "/steer", method="POST", body=change, Content_Type="application/json")[0] == 403
    assert steer(server, change, Content_Type="text/plain")[0] == 415
    assert fleet.asked == []


@pytest.mark.parametrize(
    "body", [b"", b"?", b"[]", b"3", b"[" * 3_000, b'{"kind": "no"}', b'{"kind": "dial"}', b"\xff"]
)
def test_what_is_no_change_is_said_to_be_none(server: PageServer, fleet: Fleet, body: bytes) -> None:
    status, told = steer(server, body)
    assert status == 400
    assert told["error"]
    assert fleet.asked == []


def test_a_change_that_is_too_long_is_not_read(server: PageServer) -> None:
    assert (
        ask(
            server,
            "/steer",
            method="POST",
            body=b" " * 70_000,
            Origin=server.url,
            Content_Type="application/json",
        )[0]
        == 413
    )


class Follower:
    """A browser at ``/events``, by hand."""

    def __init__(self, server: PageServer, last: str = "") -> None:
        host, port = server.url.removeprefix("http://").split(":")
        self.socket = socket.create_connection((host, int(port)), timeout=10)
        self.file = self.socket.makefile("rb")
        self.socket.sendall(f"GET /events HTTP/1.1\r\nHost: {host}\r\nLast-Event-ID: {last}\r\n\r\n".encode())

    def event(self) -> tuple[str, str, Any]:
        """The next event: its id, its panel and the panel's state."""
        found: dict[str, str] = {}
        while True:
            line = self.file.readline().decode().strip()
            name, _, value = line.partition(": ")
            if name in ("id", "event", "data"):
                found[name] = value
            elif not line and len(found) == 3:
                return found["id"], found["event"], orjson.loads(found["data"])

    def panels(self, count: int) -> dict[str, Any]:
        return {panel: state for _, panel, state in (self.event() for _ in range(count))}

    def close(self) -> None:
        self.file.close()
        self.socket.close()


def test_followers_are_sent_the_newest_states_and_after_a_break_what_changed(server: PageServer) -> None:
    server.publish({"run": {"n": 1}, "lag": {"n": 1}})
    follower = Follower(server)
    assert follower.panels(3) == {
        "run": {"n": 1},
        "lag": {"n": 1},
        "steering": {"possible": True, "why_not": "", "log": []},
    }
    server.publish({"run": {"n": 2}, "lag": {"n": 1}})
    last, panel, state = follower.event()
    assert (panel, state) == ("run", {"n": 2})
    follower.close()
    server.publish({"run": {"n": 2}, "lag": {"n": 7}})
    again = Follower(server, last)
    assert again.event()[1:] == ("lag", {"n": 7})
    again.close()


def test_a_follower_who_does_not_read_skips_states_and_keeps_nobody_waiting(server: PageServer) -> None:
    slow, quick = Follower(server), Follower(server)
    padding = "x" * 200_000
    for number in range(60):
        server.publish({"run": {"n": number, "padding": padding}})
    while quick.event()[2].get("n") != 59:
        pass
    seen = [slow.event()[2].get("n", -1)]
    while seen[-1] != 59:
        seen.append(slow.event()[2].get("n", seen[-1]))
    assert seen == sorted(seen)
    slow.close()
    quick.close()


def test_no_more_than_some_browsers_follow_at_a_time(server: PageServer) -> None:
    server.publish({"run": {}})
    followers = [Follower(server) for _ in range(24)]
    for follower in followers:
        follower.event()
    assert ask(server, "/events")[0] == 503
    followers.pop().close()
    while not begins_to_follow(server):
        server.publish(
            {"run": {"at": time.monotonic()}}
        )  # who has gone is noticed when something is to be sent
    for follower in followers:
        follower.close()


def begins_to_follow(server: PageServer) -> bool:
    follower = Follower(server)
    status = follower.file.readline().split()[1]
    follower.close()
    return status == b"200"


def test_the_description_names_every_path_that_is_served(server: PageServer) -> None:
    told = orjson.loads(ask(server, "/openapi.json")[2])
    assert told == orjson.loads(orjson.dumps(description(ANSWERS.paths)))
    assert {"/", "/events", "/steer", "/assets/{asset_id}/{name}", "/metrics", "/audit"} <= told[
        "paths"
    ].keys()


def test_a_port_that_is_taken_is_named_with_the_remedy(server: PageServer) -> None:
    port = int(server.url.rpartition(":")[2])
    with pytest.raises(
        UsageError, match=f"--endpoint-port {port} cannot be opened on 127.0.0.1.*give another, or 0"
    ):
        PageServer(port=port, answers=ANSWERS, steering=Steering(None)).__enter__()
