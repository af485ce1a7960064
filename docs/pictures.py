"""The pictures in the README: the last screen of a demonstration, and some of the assets that it made.

Run it with ``make pictures``.
"""

import re
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from PIL import Image

HERE = Path(__file__).parent
SIZE = 192
SHOWN = 6


def main() -> None:
    """Run a demonstration and keep its screen and a sheet of its pictures."""
    with TemporaryDirectory() as folder:
        store = ["--store", folder, "--picture", str(HERE / "demo.svg")]
        subprocess.run([sys.executable, "-m", "streams", "demo", "video_service", *store], check=True)
        pictures = sorted(Path(folder).glob("**/image.png"), key=lambda file: file.stat().st_size)
        sheet(pictures[:: max(1, len(pictures) // SHOWN)][:SHOWN]).save(HERE / "assets.png")
    # A picture that stands alone: no font is fetched for it.
    screen = HERE / "demo.svg"
    screen.write_text(re.sub(r"@font-face \{.*?\}", "", screen.read_text(), flags=re.DOTALL))


def sheet(pictures: list[Path]) -> Image.Image:
    """One column an asset: the picture, and below it depth, instances and normals."""
    rows = ("image.png", "depth.png", "instance.png", "normals.png")
    whole = Image.new("RGB", (SIZE * len(pictures), SIZE * len(rows)), "white")
    for column, picture in enumerate(pictures):
        for row, name in enumerate(rows):
            whole.paste(visible(picture.with_name(name)), (column * SIZE, row * SIZE))
    return whole


def visible(file: Path) -> Image.Image:
    """A file of ground truth as colours that can be told apart."""
    found = Image.open(file)
    if file.name in ("depth.png", "instance.png"):
        values = np.asarray(found).astype(np.float64)
        near, far = np.percentile(values[values > 0], (1, 99))
        scaled = np.clip((values - near) / max(far - near, 1e-9), 0, 1)
        shade = 255 * (1 - scaled) if file.name == "depth.png" else (values * 97 % 200) + 40 * (values > 0)
        found = Image.fromarray(np.where(values > 0, shade, 0).astype(np.uint8))
    return found.convert("RGB").resize((SIZE, SIZE))


if __name__ == "__main__":
    main()
