"""Text within XML: characters that no XML document can hold, not even escaped, become U+FFFD."""

import re
from xml.sax.saxutils import escape, quoteattr

#: What is written otherwise than it is; most texts have nothing of it.
_SPECIAL = re.compile("[^\t\n\x20-%'-;=?-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
#: All but the characters that XML 1.0 allows (section 2.2).
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def xml_text(text: str) -> str:
    """The text as the content of an element. A carriage return, unescaped, would be read as a line feed."""
    if _SPECIAL.search(text) is None:
        return text
    return escape(_FORBIDDEN.sub("\ufffd", text), {"\r": "&#13;"})


def xml_attribute(text: str) -> str:
    """The text as the value of an attribute, with its quotes."""
    if text.isascii() and text.isalnum():
        return f'"{text}"'
    return quoteattr(_FORBIDDEN.sub("\ufffd", text))
