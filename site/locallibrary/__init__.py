"""The Django project: settings, addresses, and the pages' common look."""

import sys
from pathlib import Path

# The dashboard lies at the checkout's root, beside `site`. Whatever runs the site imports this package first.
_CHECKOUT = str(Path(__file__).resolve().parents[2])
if _CHECKOUT not in sys.path:
    sys.path.append(_CHECKOUT)
