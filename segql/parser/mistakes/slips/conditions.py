"""Who is meant, what they did not do, and how conditions and values are joined, as people say it."""

from __future__ import annotations

import re

from .forms import LENGTH, NAME_BEFORE, NAMED, SIMPLE, TEXT, Slip, alone, begins

_PEOPLE = (
    r"(?:(?:all |the )*(?:people|persons|customers|users|profiles|contacts|clients|shoppers|visitors|recipients"
    r"|everyone|everybody|anyone|those|all))"
)
_WHO = r"(?: (?:who|that|which|with|whose|having))?(?: (?:have|has|had|are|is|were|was|did|do|does))?"
_EXCEPT = r"(?:excluding|besides|minus)"
_ENDS = r"(?= (?:and|or)\b| ?\)| ?$)"
_WHEN = re.compile(
    rf" (?:(?:in|over|during|for|within) (?:the )?(?:(?:last|past) )?(?:{LENGTH}|(?:19|20)[0-9]{{2}})"
    r"|(?:(?:in|over|during) the )?(?:this|last|past) (?:week|month|quarter|year)|since [\w-]+|today|yesterday)$",
    re.IGNORECASE,
)
_VERB = r"includes?|contains?|match(?:es)?|starts? with|ends? with"
_DENIED = r"(?:do not|don't|dont|does not|doesn't|doesnt|not)"
_DID_NOT = r"(?:(?:does|do) not|(?:does|do)n'?t)"
_CONSENTED = (
    r"(?:(?:is |are )?(?:opted|opt)[ -]in(?:to)?(?: to| for)?|(?:is |are )?subscribed to|subscribes to"
    r"|(?:has |have |gave |given |with )?consent(?:ed|s)? (?:to|for)|accepts|agreed to)"
    r"(?: (?:get|getting|receive|receiving))?"
)


_WORDS = r"(?!(?:and|or|not|in|list|segment|the (?:last|next))\b)[^\W\d][\w-]*(?: (?!(?:and|or)\b)[^\W\d][\w-]*)*"
_BEGINS = r"(?:(?<=\A)|(?<=\()|(?<=and\x20)|(?<=or\x20)|(?<=but\x20))"
_ONE = (
    r"(?!(?:and|or|not|the)\b)[^\W\d][\w-]*"
    r"(?: (?!(?:and|or|is|at|more|less|fewer|exactly|between|in|where)\b)[^\W\d][\w-]*){0,4}"
)
_IS = re.compile(r"\b(?:is|was|not|never|and|or)\s+$", re.IGNORECASE)


def _person(found: re.Match[str]) -> tuple[str, ...]:
    """A condition is about each customer; after `not` the people are part of what is denied."""
    return (found["next"],) if begins(found) else ()


def _all_but(found: re.Match[str]) -> tuple[str, ...]:
    return (f"not {found['rest']}",) if begins(found) else ()


def _joined(found: re.Match[str], said: str) -> tuple[str, ...]:
    """Two conditions in the place of one."""
    return (said if alone(found) else f"({said})",)


def _two(found: re.Match[str], said: str) -> tuple[str, ...]:
    """Two conditions; a window behind the second may be of both."""
    one, two = found["one"], found["two"]
    when = _WHEN.search(two)
    both = [f"{one}{when[0]}"] if when and not _WHEN.search(one) else []
    return tuple(way for first in (*both, one) for way in _joined(found, said.format(first, two)))


def _singular(verb: str) -> str:
    first, *rest = verb.lower().split()
    first = {"matches": "match"}.get(first, first.removesuffix("s"))
    return " ".join([first, *rest])


def _plural(verb: str) -> str:
    first, *rest = _singular(verb).split()
    return " ".join([f"{first}es" if first == "match" else f"{first}s", *rest])


def _texts(found: re.Match[str]) -> tuple[str, ...]:
    """`is "a", "b" or "c"`."""
    texts = re.findall(TEXT, found["texts"])
    return (f"{'not in' if found['no'] else 'in'} ({', '.join(texts)})",)


def _names(found: re.Match[str]) -> tuple[str, ...]:
    """`in Germany, Austria and Spain`; not `in Germany, who ordered or clicked`."""
    names = re.split(r", ?(?:or |and )?| or | and ", found["names"])
    if any(re.match(r"(?:who|that|which|whose)\b", one, re.IGNORECASE) for one in names):
        return ()
    return (f"{found['no'] or ''}in ({', '.join(names)})",)


def _unlike(found: re.Match[str]) -> tuple[str, ...]:
    return (f"does not match {found['text'].replace('%', '*')}",) if "_" not in found["text"] else ()


def _quoted(name: str) -> str:
    return name if " " not in name else f'"{name}"'


def _not_in(found: re.Match[str]) -> tuple[str, ...]:
    was = found["was"] if found["was"].lower().strip() == "was" else ""
    return (f"not {was}in {found['what']}",)


def _both_channels(found: re.Match[str]) -> tuple[str, ...]:
    """`opted in to email and sms`; not both, where that is denied, has two readings."""
    one, two = (f"can receive {found[name]}" for name in ("one", "two"))
    if not found["no"]:
        return _joined(found, f"{one} {found['link']} {two}")
    if found["link"].lower() == "or":
        return (f"not ({one} or {two})",)
    return f"not ({one} and {two})", f"not ({one} or {two})"


def _aged(found: re.Match[str]) -> list[str]:
    """By either name that a date of birth has; not behind a denial, where who is just so old is meant otherwise."""
    if re.search(r"\bnot\s+\Z", found.string[: found.start()], re.IGNORECASE):
        return []
    when = "more than {} years ago" if found["how"].lower() == "older" else "in the last {} years"
    return [f"{name} {when.format(found['years'])}" for name in ("birthday", "date of birth", "birth date")]


def _without(found: re.Match[str]) -> tuple[str, ...]:
    """Not the pause of `ordered after 90 days without ordering`, which is no condition beside it."""
    paused = re.search(r"\b(?:hour|day|week|month|year)s?\s+$", found.string[: found.start()], re.IGNORECASE)
    return () if paused else (f"and never {found['what']}",)


def _codes(found: re.Match[str]) -> tuple[str, ...]:
    """`is one of NL, BE or DE`."""
    texts = [f'"{one}"' for one in re.findall(r"\b[A-Z]{2}\b", found["codes"])]
    return (f"in ({', '.join(texts)})",)


CONDITIONS: tuple[Slip, ...] = (
    Slip(rf"{_PEOPLE} (?:except|but)(?: for)? (?:{_PEOPLE}{_WHO} )?(?P<rest>{SIMPLE})(?= ?\)| ?$)", "syntax",
         "Everybody else is `not`.", _all_but),
    Slip(rf"(?P<top>(?:top|bottom) [0-9.,]+ ?%?)(?: of)?(?: the| all| our)* {_PEOPLE} by\b", "syntax",
         "A rank is of all profiles: who it is goes without saying.", ("{top} by",)),
    Slip(rf"{_PEOPLE}{_WHO} (?P<next>[\w'\"(]+)", "syntax", "A condition is about each customer as it is.", _person),
    Slip(rf"neither (?P<one>{TEXT}) nor (?P<two>{TEXT})", "syntax", "None of several values is `not in`.",
         ("not in ({one}, {two})",)),
    Slip(rf"is neither (?P<one>{TEXT}) nor (?P<two>{TEXT})", "syntax", "None of several values is `not in`.",
         ("not in ({one}, {two})",)),
    Slip(rf"neither (?P<one>{SIMPLE}) nor (?P<two>{SIMPLE}){_ENDS}", "syntax", "None of two is `not` for each.",
         lambda m: _two(m, "not {} and not {}")),
    Slip(rf"either (?P<one>{SIMPLE}) or (?P<two>{SIMPLE}){_ENDS}", "syntax", "`or` joins without `either`.",
         lambda m: _two(m, "{} or {}")),
    Slip(rf"both (?P<one>{SIMPLE}) and (?P<two>{SIMPLE}){_ENDS}", "syntax", "`and` joins without `both`.",
         lambda m: _two(m, "{} and {}")),
    Slip(rf"(?P<no>not )?{_CONSENTED} (?P<one>[^\W\d]\w*) (?P<link>and|or) (?P<two>[^\W\d]\w*){_ENDS}", "syntax",
         "Consent is `can receive`.", _both_channels),
    Slip(rf"(?P<no>not )?{_CONSENTED} {NAMED}", "syntax", "Consent is `can receive`.",
         lambda m: (f"{'cannot' if m['no'] else 'can'} receive {m['name']}",)),
    Slip(r"(?:has |have |with )?(?P<no>no |without |not )?(?P<name>[^\W\d]\w*) (?:consent|opt-in)\b", "syntax",
         "Consent is `can receive`.",
         lambda m: (f"{'cannot' if m['no'] else 'can'} receive {m['name']}",)),
    Slip(r"(?P<before>\w+), ?(?P<link>and|or|but|except)\b", "syntax", "No comma stands before `{link}`.",
         ("{before} {link}",)),
    Slip(rf"{NAME_BEFORE} (?P<often>(?:at least |exactly )?(?:twice|[0-9]+ times)) with the same (?P<one>{_ONE}) or "
         rf"(?:with )?the same (?P<two>{_ONE}){_ENDS}", "syntax", "Each of the two is a condition of its own.",
         lambda m: _joined(m, "{0} {1} with the same {2} or {0} {1} with the same {3}".format(
             m["name"], m["often"], m["one"], m["two"]))),
    Slip(rf"days between (?P<one>{_ONE}) and (?P<two>{_ONE})(?= ?[<>=]| (?:is|at|more|less|fewer|exactly|between)\b)",
         "unknown-name", "The days from one date to another are `days from .. to`.", ("days from {one} to {two}",)),
    Slip(r"(?:the )?number of days (?P<link>from|between)\b", "unknown-name",
         "The days from one date to another are `days from .. to`.", ("days {link}",)),
    Slip(r"of (?:the|their) (?P<edge>first|last|latest|earliest|most recent)\b"
         r"(?! (?:[0-9]|(?:day|week|month|year)s?\b))", "syntax",
         "What it was in the first or the last is said without an article.", ("of {edge}",)),
    Slip(r"(?:is|are) (?P<no>not )?(?:the )?same as\b", "syntax", "One value beside another says `is`.",
         lambda m: (f"is {m['no'] or ''}".rstrip(),)),
    Slip(r"(?:is|are) different (?:from|than|to)\b|differs? from\b", "syntax",
         "One value beside another that it is not says `is not`.", ("is not",)),
    Slip(r"(?P<part>latitude|longitude)(?= ?[<>=]| (?:is|between)\b)", "unknown-name",
         "Where somebody is has two parts.", ("{part} of position",)),
    Slip(r"closest (?:store|shop|branch|location)\b|nearest (?:shop|branch|location)\b", "unknown-name",
         "Who is near which store says `nearest store`.", ("nearest store",)),
    Slip(r"of (?P<latitude>-?[0-9.]+), ?(?P<longitude>-?[0-9.]+)", "syntax", "A point stands in parentheses.",
         ("of ({latitude}, {longitude})",)),
    Slip(rf"{_DENIED} (?P<verb>{_VERB})\b", "syntax", "A comparison says `does not`.",
         lambda m: (f"does not {_singular(m['verb'])}",)),
    Slip(rf"{_DENIED} have (?P<text>{TEXT})", "syntax", "A list includes its elements.",
         ("does not include {text}",)),
    Slip(rf"(?:has|have) (?P<text>{TEXT})", "syntax", "A list includes its elements.",
         ("includes {text}",)),
    Slip(rf"(?P<verb>{_VERB}) (?P<text>{TEXT})", "syntax", "A comparison says `contains`, `starts with`.",
         lambda m: (f"{_plural(m['verb'])} {m['text']}",)),
    Slip(rf"(?:are|was|were) (?P<no>not )?(?P<text>{TEXT})", "syntax", "A comparison says `is`.",
         lambda m: (f"is {m['no'] or ''}{m['text']}",)),
    Slip(rf"(?:aren't|isn't|wasn't|arent|isnt) (?P<text>{TEXT})", "syntax", "A comparison says `is not`.",
         ("is not {text}",)),
    Slip(rf"not like (?P<text>{TEXT})", "syntax", "A pattern says `does not match`, and has `*` for any letters.",
         _unlike),
    Slip(rf"{_DID_NOT} (?:been )?(?P<verb>\w+)(?: (?:an?|the|any)(?= ))?", "syntax",
         "Who did not do something never did it.", ("never {verb}",)),
    Slip(rf"{_DID_NOT}(?! ?\w)", "syntax", "Who did not do something never did it.", ("never",)),
    Slip(r"then (?:not|never|no)\b", "syntax", "That nothing followed is said in other words.", ("not followed by",)),
    Slip(r"and (?P<link>then|followed by|not followed by)\b", "syntax", "A sequence goes on without `and`.",
         ("{link}",)),
    Slip(rf"(?:is|in|is in)(?P<no> not| not in)? (?P<texts>{TEXT}(?:, ?{TEXT})+,? (?:or|and) {TEXT})", "syntax",
         "Several values stand in parentheses.", _texts),
    Slip(rf"(?P<no>not )?in (?P<names>{_WORDS}(?:, ?{_WORDS})+(?:,? (?:or|and) {_WORDS})?)(?= ?\)| ?$)", "syntax",
         "Several values are joined by `or`, or stand in parentheses.", _names),
    Slip(rf"(?:is not|is not in|not in) (?P<texts>{TEXT}(?:, ?{TEXT})+)(?! ?,| or\b)", "syntax",
         "Several values stand in parentheses.", ("not in ({texts})",)),
    Slip(rf"(?:is|in|is in) (?P<texts>{TEXT}(?:, ?{TEXT})+)(?! ?,| or\b)", "syntax",
         "Several values stand in parentheses.", ("in ({texts})",)),
    Slip(r"(?:is |are )?(?:one|any) of (?P<codes>(?-i:[A-Z]{2}(?:, ?[A-Z]{2})*,?(?: (?:or|and) [A-Z]{2})?))(?!\w)",
         "syntax",
         "Several values stand in parentheses.", _codes),
    Slip(r"(?:is |are )?(?P<how>older|younger) than (?P<years>[0-9]{1,3})(?: years?)?(?: old)?\b", "unknown-name",
         "How old somebody is, is said by the birthday.", _aged),
    Slip(r"(?:who |that )?(?:lives?|living|located|based|are|is) (?P<near>within [0-9.]+ ?(?:km|miles?)\b)",
         "syntax", "`within` and a distance begin a condition.", ("{near}",)),
    Slip(rf"without (?P<what>\w+ing(?: \w+)*?){_ENDS}", "syntax", "What did not happen is `never`.", _without),
    Slip(r"is not (?:one|any|either) of ?\(", "syntax", "None of several values is `not in`.", ("not in (",)),
    Slip(r"is (?:one|any|either) of ?\(", "syntax", "One of several values is `in`.", ("in (",)),
    Slip(r"(?P<was>was |is )not in (?P<what>segment|list)\b", "syntax", "`in {what}` is a condition of its own.",
         _not_in),
    Slip(r"in the (?P<what>segment|list) (?P<name>[^\W\d][\w ]*?)(?= (?:and|or)\b| ?\)| ?$)", "syntax",
         "`in {what}` and its name.", ('in {what} "{name}"',)),
    Slip(r"in (?:the )?(?P<name>(?!the\b|segment\b|list\b)[^\W\d][\w ]*?) (?P<what>segment|list)\b", "syntax",
         "`in {what}` and its name.", ('in {what} "{name}"',)),
    Slip(rf"{_BEGINS}(?P<no>not )?in (?:the )?(?!list\b|segment\b){NAMED}", "reserved-word",
         "Before `in` stands what is there.",
         lambda m: [f"{m['no'] or ''}in {what} {_quoted(m['name'])}" for what in ("list", "segment")]),
    Slip(r"was in list\b", "syntax", "Who was in a list is not kept.", (), "`in list` says who is in it now."),
    Slip(r"(?:excluding|without|minus|not) in (?P<what>list|segment)\b", "syntax",
         "Who is left out is said by `and not`.",
         lambda m: () if _IS.search(m.string[: m.start()]) else (f"and not in {m['what']}",)),
    Slip(r"in (?P<what>segment|list)\b", "syntax", "`in {what}` is a condition of its own.",
         lambda m: () if _IS.search(m.string[: m.start()]) else (f"and in {m['what']}",)),
    Slip(rf"{_EXCEPT} (?:{_PEOPLE}{_WHO} )?(?P<rest>{SIMPLE})(?= ?\)| ?$)", "syntax",
         "Who is left out is said by `and not`.", ("and not {rest}",)),
    Slip(r"not in (?=the (?:last|next)\b|[0-9])", "syntax", "`not` goes before the whole condition.", (),
         "Put `not` before the condition; of a date say `is not` before `in`."),
)  # fmt: skip
