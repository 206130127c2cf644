"""How much the tests go through: enough of it each time, or, with ISSUANT_TESTS=whole, all that there is.

What is left out each time is more of the same: more values from the same drawing, or the same answer to one more
operation. Nothing that is tried at one place alone is left out. The kill matrix has a variable of its own.
"""

from __future__ import annotations

import os

IS_WHOLE = os.environ.get("ISSUANT_TESTS") == "whole"
