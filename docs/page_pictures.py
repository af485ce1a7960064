"""The pictures of the live page in the README: taken from a demonstration, light and dark, in Chromium.

Run it with ``python docs/page_pictures.py``; it needs Playwright and a Chromium.
"""

import re
import shutil
import signal
import subprocess
import sys
import time
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image
from playwright.sync_api import Page, sync_playwright

HERE = Path(__file__).parent
SIZE = {"width": 1440, "height": 900}
COLOURS = 256
DEMONSTRATION = ["video_service", "--seconds", "70", "--keep-open"]


def main() -> None:
    """Begin a demonstration, steer it a little, and photograph its page shortly before its end."""
    with TemporaryDirectory() as folder:
        said = Path(folder, "said")
        command = [sys.executable, "-m", "streams", "demo", *DEMONSTRATION, "--store", folder]
        with said.open("w") as output:
            demonstration = subprocess.Popen(command, stdout=output, stderr=output)
        try:
            photograph(address(said))
        finally:
            demonstration.send_signal(signal.SIGINT)
            demonstration.wait(timeout=60)


def address(said: Path) -> str:
    """The page's address, as the demonstration announces it."""
    for _ in range(600):
        if found := re.search(r"live page: (\S+)", said.read_text()):
            return found[1]
        time.sleep(0.2)
    raise SystemExit(f"no page was announced: {said.read_text()}")


def photograph(url: str) -> None:
    """Both pictures, once the planted shift was noticed and a picture is shown in its segmentation."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_page(viewport=SIZE, color_scheme="light", device_scale_factor=1)
        page.goto(url)
        page.locator("#steer button:enabled").first.wait_for(timeout=120_000)
        page.get_by_role("button", name="More arrivals").click()
        page.locator("#drift .shifts .good").wait_for(timeout=180_000)
        page.get_by_role("button", name="Segmentation").click()
        for name, scheme in (("page.png", "light"), ("page_dark.png", "dark")):
            page.emulate_media(color_scheme=scheme)
            page.wait_for_timeout(1500)
            keep(page, HERE / name)
        browser.close()


def keep(page: Page, file: Path) -> None:
    """The whole page as a picture of 256 colours, which is a third of the bytes."""
    taken = Image.open(BytesIO(page.screenshot(full_page=True))).convert("RGB")
    taken.quantize(palette=palette(taken), dither=Image.Dither.NONE).save(file, optimize=True)


def palette(picture: Image.Image) -> Image.Image:
    """The colours that the page uses most, as they are, and others that are as different as can be."""
    counted = sorted(picture.getcolors(picture.width * picture.height) or (), reverse=True)
    often = [channel for _, colour in counted[: COLOURS // 2] for channel in colour]
    rare = picture.quantize(COLOURS // 2, method=Image.Quantize.MAXCOVERAGE).getpalette() or []
    made = Image.new("P", (1, 1))
    made.putpalette(often + rare[: 3 * COLOURS // 2])
    return made


if __name__ == "__main__":
    main()
