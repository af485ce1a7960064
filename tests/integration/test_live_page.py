"""The live page in a real browser, during one demonstration that all checks share."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Error, Page, expect, sync_playwright

from sim.durations import MINUTE
from sim.steering.change import parse_moment

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
SECONDS = 60
PATIENCE_MS = 60_000
FILLED = {
    "throughput": "#throughput canvas",
    "audit": "#audit .verdict.good",
    "steer": "#steer button:enabled",
    "funnel": "#funnel .stages li",
    "drift": "#drift canvas",
    "assets": "#assets .frame img",
    "campaigns": "#campaigns svg .account",
    "lag": "#lag h3",
}
PLACE_AND_OUTLINE = """() => {
    const element = document.activeElement;
    const own = element.matches("audio");  // its buttons are the browser's, and show the focus themselves
    return [element.closest("section, footer")?.className ?? "", own || getComputedStyle(element).outlineStyle];
}"""
SERIOUS = ("serious", "critical")


@dataclass
class Open:
    """The page in a browser, with what its console said."""

    page: Page
    complaints: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium as the machine has it, or as Playwright does; without either the checks are skipped, and say so."""
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        try:
            made = playwright.chromium.launch(executable_path=found, args=arguments)
        except Error as error:
            pytest.skip(f"no Chromium: {str(error).splitlines()[0]}")
        yield made
        made.close()


@pytest.fixture(scope="module")
def demonstration(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the page of a demonstration that runs while it is looked at."""
    folder = tmp_path_factory.mktemp("demo")
    command = [sys.executable, "-m", "streams", "demo", "video_service", "--viewers", "12000"]
    more = ["--seconds", str(SECONDS), "--store", str(folder), "--keep-open", "--json"]
    said = folder / "said"
    with said.open("w") as output:
        process = subprocess.Popen([*command, *more], stdout=output, stderr=output)
    try:
        yield address(process, said)
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(timeout=60)


def address(process: "subprocess.Popen[bytes]", said: Path) -> str:
    until = time.monotonic() + 90
    while time.monotonic() < until and process.poll() is None:
        if found := re.search(r"live page: (http://127\.0\.0\.1:\d+)", said.read_text()):
            return found[1]
        time.sleep(0.2)
    raise AssertionError(f"no page was announced: {said.read_text()}")


@pytest.fixture(scope="module")
def opened(browser: Browser, demonstration: str) -> Iterator[Open]:
    context = browser.new_context(viewport={"width": 1440, "height": 900}, color_scheme="light")
    made = Open(context.new_page())
    made.page.on(
        "console",
        lambda message: message.type in ("error", "warning") and made.complaints.append(message.text),
    )
    made.page.on("pageerror", lambda error: made.complaints.append(str(error)))
    made.page.goto(demonstration)
    yield made
    context.close()


def test_a_button_changes_the_rate_of_the_stream(opened: Open, demonstration: str) -> None:
    page = opened.page
    expect(page.get_by_role("button", name="More arrivals")).to_be_enabled(timeout=PATIENCE_MS)
    began = later(demonstration, now(demonstration).simulated + 10 * MINUTE)
    before = later(demonstration, began.simulated + 20 * MINUTE)
    for clicks in (1, 2):
        page.get_by_role("button", name="More arrivals").click()
        expect(page.locator("#steer .log .outcome")).to_have_count(clicks, timeout=PATIENCE_MS)
        expect(page.locator("#steer .log .outcome").first).to_contain_text("in force")
        expect(page.get_by_role("button", name="More arrivals")).to_be_focused()
    expect(page.locator("#announcer")).to_have_text("In force: arrivals × 1.5.")
    changed = later(demonstration, max(now(demonstration).changes))
    after = later(demonstration, changed.simulated + 20 * MINUTE)
    assert rate(changed, after) > 1.6 * rate(began, before), "arrivals are 2.25 times what they were"


@dataclass(frozen=True)
class Look:
    """What the stream of events tells at one moment: simulated time, sessions so far, when changes took effect."""

    simulated: int
    sessions: int
    changes: list[float]


def now(demonstration: str) -> Look:
    states: dict[str, Any] = {}
    with urllib.request.urlopen(f"{demonstration}/events", timeout=30) as events:
        name = ""
        while not {"run", "funnel", "steering"} <= states.keys():
            text = events.readline().decode().rstrip()
            name = text.removeprefix("event: ") if text.startswith("event: ") else name
            if text.startswith("data: "):
                states[name] = json.loads(text.removeprefix("data: "))
    changes = [parse_moment(entry["at"]) for entry in states["steering"]["log"] if entry["in_force"]]
    return Look(states["run"]["simulated"] or 0, states["funnel"]["stages"][0]["count"], changes)


def later(demonstration: str, at: float) -> Look:
    """The first look at or after a simulated time."""
    until = time.monotonic() + PATIENCE_MS / 1000
    while (look := now(demonstration)).simulated < at:
        assert time.monotonic() < until, f"simulated time stands at {look.simulated}, {at} was waited for"
        time.sleep(0.3)
    return look


def rate(first: Look, last: Look) -> float:
    return (last.sessions - first.sessions) / (last.simulated - first.simulated)


def test_every_panel_fills_while_the_demonstration_runs(opened: Open) -> None:
    page = opened.page
    expect(page.locator("#connection")).to_have_text("live")
    for panel, selector in FILLED.items():
        expect(page.locator(selector).first, panel).to_be_visible(timeout=PATIENCE_MS)
        expect(page.locator(f"#{panel} > .empty")).to_have_count(0)
    expect(page.locator("#f-lost")).to_have_text("0")
    picture = page.locator("#assets .frame img").first
    page.wait_for_function("image => image.complete && image.naturalWidth > 0", arg=picture.element_handle())


def test_maps_and_sounds_can_be_looked_at_and_listened_to(opened: Open) -> None:
    page = opened.page
    for name in ("Depth", "Segmentation", "Normals", "Picture"):
        page.get_by_role("button", name=name, exact=True).click()
        expect(page.get_by_role("button", name=name, exact=True)).to_have_attribute("aria-pressed", "true")
        shown = page.locator("#assets .frame img").last
        page.wait_for_function(
            "image => image.complete && image.naturalWidth > 0", arg=shown.element_handle()
        )
    audio = page.locator("#assets audio").first
    expect(audio).to_be_visible(timeout=PATIENCE_MS)
    expect(page.locator("#assets .sound .parts li").first).to_be_visible()
    length = audio.evaluate(
        "audio => new Promise((found, failed) => {"
        "audio.onloadedmetadata = () => found(audio.duration); audio.onerror = () => failed(audio.error.message);"
        "audio.preload = 'metadata'; audio.load(); })"
    )
    assert length > 0.2


def test_there_is_nothing_that_keeps_people_out(opened: Open) -> None:
    page = opened.page
    page.locator("#throughput details summary").click()
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        found = Axe().run(page)
        worst = [one for one in found.response["violations"] if one["impact"] in SERIOUS]
        assert not worst, (scheme, [(one["id"], one["nodes"][0]["html"]) for one in worst])


def test_the_keyboard_reaches_everything(opened: Open) -> None:
    page = opened.page
    page.emulate_media(color_scheme="light")
    page.reload()  # which begins at the top, and shows at once what there is
    expect(page.locator("#assets .frame img").first).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the panels")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()
    reached = set()
    for _ in range(60):
        page.keyboard.press("Tab")
        place, outline = page.evaluate(PLACE_AND_OUTLINE)
        assert not place or outline != "none", place
        reached.add(place.removeprefix("card ") or "elsewhere")
        if "bottom" in place:
            break
    assert {"throughput", "drift", "assets", "sound", "campaigns"} <= reached
    theme = page.locator("#theme")
    theme.focus()
    page.keyboard.press("Enter")
    assert page.evaluate("getComputedStyle(document.documentElement).colorScheme") == "dark"
    expect(theme).to_have_accessible_name("Colours: dark")


def test_nothing_is_wider_than_a_small_telephone(opened: Open) -> None:
    page = opened.page
    for width in (320, 768, 2560):
        page.set_viewport_size({"width": width, "height": 800})
        page.wait_for_function("width => document.documentElement.scrollWidth <= width", arg=width)


def test_the_console_has_nothing_to_say(opened: Open) -> None:
    assert opened.complaints == []
