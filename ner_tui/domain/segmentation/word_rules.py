r"""The rules for tokens: named regular expressions over folded text, of which the first that matches counts.

``\w`` and ``\b`` are avoided: they know neither combining marks nor where a script without spaces begins. What a rule
may have to give back is limited, so that a megabyte of one letter costs no more than a megabyte of prose.
"""

from __future__ import annotations

from typing import Final

from ner_tui.domain.segmentation.abbreviations import HYPHEN_PREFIXES, HYPHEN_SUFFIXES
from ner_tui.domain.segmentation.character_kinds import (
    CASELESS,
    EXTENDER,
    FULL_STOP,
    GLUE,
    HAN,
    HANGUL,
    HIRAGANA,
    JOINER,
    KATAKANA,
    LOWER,
    PREPOSED,
    REGIONAL,
    UNSPACED,
    UPPER,
)

LETTER: Final = f"A-Za-z{UPPER}{LOWER}{CASELESS}"
CAPITAL: Final = f"A-Z{UPPER}"
_TAIL: Final = f"{EXTENDER}{GLUE}{JOINER}"
IN_WORD: Final = f"{LETTER}0-9_{_TAIL}"
"""Inside of a character class: what a word continues with."""
_UNSEEN: Final = r"\x00-\x08\x0e-\x1b\x7f"
_END: Final = f"(?![{IN_WORD}])"
_START: Final = f"(?<![{IN_WORD}])"

_LINK: Final = rf"[^\s<>\"()“”{HAN}{HIRAGANA}{KATAKANA}{HANGUL}{FULL_STOP}{_UNSEEN}"
_LINK_PART: Final = rf"{_LINK}]*{_LINK}.,;:!?'*\[\]{{}}…]"
"""Part of a web address: no bracket, and no punctuation at its end."""
_URL: Final = (
    rf"(?i:[a-z][a-z0-9+]{{1,11}}://|www[0-9]?\.(?=[a-z0-9])){_LINK_PART}(?:\([^\s()]{{1,80}}\)(?:{_LINK_PART})?)?"
)
_EMAIL: Final = (
    rf"(?i:mailto:)?[A-Za-z0-9][{IN_WORD}.+%~-]{{0,63}}+@[A-Za-z0-9_](?:[A-Za-z0-9_-]{{0,62}}[A-Za-z0-9_])?"
    r"(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]{0,62}[A-Za-z0-9])?){0,8}"
)
ADDRESS: Final = rf"{_URL}|{_EMAIL}"
_TOP_LEVEL: Final = r"com|net|org|edu|gov|mil|info|biz|(?:co|com|ac|gov|org|net)\.[a-z]{2}"
_DOMAIN: Final = rf"(?i:(?:[a-z0-9-]{{1,63}}+\.){{1,6}}(?:{_TOP_LEVEL}))"
_FILE_TYPE: Final = (
    "docx?|xlsx?|pptx?|pdf|txt|rtf|csv|tsv|jsonl?|xml|ya?ml|html?|md|jpe?g|png|gif|bmp|svg|tiff?|zip|gz|tar|rar|exe|"
    "dll|mp3|mp4|wav|avi|mov|py|js|css|cpp|java|conllu?|sqlite"
)
_FILE: Final = rf"[{IN_WORD}#~%-]{{1,120}}+(?:\.[{IN_WORD}-]{{1,20}}){{0,3}}\.(?i:{_FILE_TYPE}){_END}"
EMOTICON: Final = (
    r"[:;=]['o^]?-?[)(\]\[|*]++(?=\s|\Z|[.,!?])"
    rf"|{_START}(?:[:;=]-?[DPpOoXx3/\\](?![{IN_WORD}/])|[xX]D+{_END}|\([:;](?=\s|\Z)|<3+{_END}|</3|\^_+\^|-_+-"
    rf"|[oO]_+[oO]{_END}|T_+T{_END}|>:[()]|:'[()]|§\\_\({KATAKANA}\)_/§)"
)

_NUMBER: Final = (
    r"(?:[0-9]{1,3}(?:,[0-9]{2,3}){0,8},[0-9]{3}(?![0-9])(?:\.[0-9]++)?"
    r"|[0-9]++,[0-9]{1,2}(?![0-9,])|[0-9]++(?>(?:\.[0-9]++)*))"
)
_UNIT: Final = (
    r"am|pm|a\.m|p\.m|k|m|p|bn|mm|cm|km|kg|mg|ml|lbs?|oz|ft|in|mph|kph|hrs?|mins?|secs?|yrs?|gb|mb|tb|kb|x|hz|khz|mhz|"
    "ghz|w|kw|mw|kwh|mwh|c|f|usd|eur|gbp"
)
_CODE: Final = (
    r"[0-9]{1,4}(?:[-/.][0-9]{1,5}){2,6}|[0-9]{3}-[0-9]{4}|[0-9]{5}-[0-9]{4}|[0-9]-[0-9]{4}|[0-9]{1,4}/[0-9]{1,4}"
    r"|[0-9]{1,4}(?::[0-9]{2,4}){1,4}(?:\.[0-9]{1,9})?"
)
"""Telephone numbers, dates, postal codes, fractions, times; ``3-4`` is a range of three tokens."""

ANY: Final = f"[^\\s{_UNSEEN}]"
_SCRIPT: Final = f"[{HAN}{HIRAGANA}{KATAKANA}{HANGUL}{PREPOSED}{UNSPACED}]"
_ALPHANUMERIC: Final = f"[{LETTER}0-9_]"
_ALPHABETIC: Final = f"[{LETTER}]"
_DIGIT: Final = "[0-9]"
_MARK: Final = f"[^\\s{_UNSEEN}{LETTER}0-9]"

RULES: Final[tuple[tuple[str, str, str], ...]] = (
    # Most tokens of prose are one of these two, and need no other rule tried.
    ("plain", ANY, rf"[{LETTER}]{{2,}}+(?![^\s,])"),
    ("lone", ANY, r"[,.;)](?!\S)"),
    ("ideograph", _SCRIPT, rf"[{HAN}{HIRAGANA}][{_TAIL}]*+"),
    ("katakana", _SCRIPT, rf"{KATAKANA}[{KATAKANA}{_TAIL}]*+"),
    ("hangul", _SCRIPT, rf"{HANGUL}[{HANGUL}{_TAIL}]*+"),
    ("syllable", _SCRIPT, rf"{PREPOSED}?{UNSPACED}[{_TAIL}]*+"),
    ("address", _ALPHANUMERIC, ADDRESS),
    ("domain", _ALPHANUMERIC, rf"{_DOMAIN}(?![{IN_WORD}-])(?:/(?:{_LINK_PART})?)?"),
    ("file", _ALPHANUMERIC, _FILE),
    ("code", _DIGIT, rf"{_START}(?:{_CODE})(?![{IN_WORD}/-])"),
    ("time", _DIGIT, r"[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?"),
    ("number", _DIGIT, rf"{_START}{_NUMBER}(?i:st|nd|rd|th|'?s)?{_END}"),
    ("measure", _DIGIT, rf"{_NUMBER}(?=(?i:{_UNIT}){_END})"),
    ("host", _ALPHABETIC, rf"[a-z]{{2,63}}+(?:\.[a-z0-9-]{{2,63}}+){{2,8}}{_END}"),
    ("initials", _ALPHABETIC, rf"(?:[{LETTER}](?>(?:\.[{LETTER}]){{1,8}})|(?:Ph|Sc|Ed|Litt?)\.D)\.?{_END}"),
    ("dotted", _ALPHABETIC, rf"[{LETTER}]{{1,7}}+\.(?![{IN_WORD}.?!])"),
    ("initial", _ALPHABETIC, rf"[{CAPITAL}]\.(?=[{CAPITAL}][{LETTER}])"),
    ("ampersand", _ALPHABETIC, rf"[A-Z]{{1,4}}(?:&[A-Z]{{1,4}}){{1,3}}{_END}"),
    ("currency", _ALPHABETIC, r"(?:US|U|CA|C|AU|A|NZ|HK|S)\$(?=[0-9\s])"),
    ("language", _ALPHABETIC, rf"(?:C\+\+|[CF]#){_END}"),
    ("shorthand", _ALPHABETIC, rf"(?i:w/out|w/o|w/|b/c|c/o|n/a|l/c){_END}"),
    ("masked", _ALPHABETIC, rf"[{LETTER}]{{1,20}}+[*$]{{1,5}}+[{LETTER}]{{1,20}}+(?![*$])"),
    ("face", _ALPHABETIC, EMOTICON),
    (
        "word",
        _ALPHANUMERIC,
        rf"(?i:(?:{'|'.join(HYPHEN_PREFIXES)})-(?=[{LETTER}0-9])){{0,2}}[{LETTER}0-9_][{IN_WORD}]*+"
        rf"(?>(?:['`][{LETTER}][{IN_WORD}]*+)*)(?:-(?i:{'|'.join(HYPHEN_SUFFIXES)}){_END})?",
    ),
    ("attachment", _MARK, rf"[#~%_-]{_FILE}"),
    ("entity", _MARK, r"&(?:amp|lt|gt|quot|apos|nbsp|#[0-9]{1,6});"),
    ("handle", _MARK, rf"{_START}(?:#(?=[{LETTER}_])|@(?=[0-9]{{0,20}}[{LETTER}_]))[{IN_WORD}]++"),
    ("emoticon", _MARK, EMOTICON),
    ("year", _MARK, rf"{_START}'[0-9]{{2}}s?(?![{IN_WORD}'])"),
    ("signed", _MARK, rf"{_START}\+(?:(?:{_CODE})(?![{IN_WORD}/-])|{_NUMBER}{_END})|(?<![{IN_WORD}.])\.[0-9]++{_END}"),
    ("elided", _MARK, rf"{_START}'(?i:em|n|til|cause|bout|round|tis|twas){_END}"),
    ("clitic", _MARK, rf"(?<=\S)['`](?i:s|m|d|re|ve|ll){_END}"),
    ("flag", _MARK, rf"{REGIONAL}{REGIONAL}[{EXTENDER}{GLUE}]*+"),
    ("arrow", _MARK, r"[-=]++>++|<++[-=]++"),
    ("line", _MARK, r"[-=]{2,}+"),
    ("stops", _MARK, rf"[.?!{FULL_STOP}]{{2,}}+"),
    ("run", _MARK, r"(?P<mark>[*~+#<>$|/\\&_^%`'–—…,])(?>(?P=mark)+)"),
    (
        "other",
        _MARK,
        rf"[^\s{_UNSEEN}{GLUE}{JOINER}][{EXTENDER}{GLUE}]*+"
        rf"(?>(?:{JOINER}[^\s{_UNSEEN}{GLUE}{JOINER}][{EXTENDER}{GLUE}]*+)*){JOINER}?",
    ),
)
"""Name, the characters it may begin with, pattern: in order of preference."""
