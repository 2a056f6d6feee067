"""The reserved words of the language."""

import re

RESERVED = frozenset(
    re.findall(
        "[a-z]+",
        """and or not in is has have where then between before after since once twice never ever exactly today yesterday
        contains matches includes include within because ago times segment let tomorrow""",
    )
)
