"""Where real feeds and answers lie, beside the clone; tests that read them are skipped without them."""

from pathlib import Path

SHARED_DATA = Path(__file__).parents[3] / "shared" / "data"
