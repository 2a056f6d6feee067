"""What each code means: docs/errors.md is made of these words and of the cases in tests/errors/."""

from __future__ import annotations

from collections.abc import Mapping

from .errors import Code

MEANINGS: Mapping[str, Mapping[Code, str]] = {
    "The text": {
        "syntax": "The sentence stops making sense at this place. The message says what stands there and what could.",
        "mixed-and-or": (
            "`and` and `or` stand at one level without parentheses. Both readings are shown, ready to paste."
        ),
        "reserved-word": (
            "A word of the language stands where a name is needed. A name that is such a word is quoted."
        ),
        "unclosed-quote": "A text begins with a quote that is never closed. A quote inside a text is doubled.",
        "stray-character": "A character that has no place in the language, such as a curly quote from a pasted mail.",
        "bad-number": (
            "A number that can be read in two ways, or in none: `1,00`, `1.000.000`, `1 000`, `007`, `100-200`, "
            "digit groups inside a list."
        ),
        "bad-money": "An amount whose currency or thousands are in doubt: `€1.000`, `100 eur`, `100 €`, `100 euros`.",
        "bad-duration": "A duration whose unit is in doubt: `5m` could be minutes or months.",
        "bad-date": (
            "A day or a time that does not exist, or is not written as `2025-11-28`, `2025-11-28T10:00`: "
            "`28.11.2025`, `28 November 2025`."
        ),
        "bad-regex": (
            "A regular expression that engines do not all understand, and in the same way: `\\d`, `.*?`, `(a+)+`."
        ),
        "doubled-part": (
            "A condition has two of a part that it takes once: two windows, two quantities, two `where`s."
        ),
        "too-long": (
            "The text is longer than the limit. The limits are there so that no input can keep the program busy."
        ),
        "too-deep": "Parentheses, `not`s or segments inside segments go deeper than the limit.",
        "too-many-conditions": (
            "The rule is larger than the limit, with all its segments unfolded: 2,000 plain conditions, which "
            "take about a second to compile. Four of them are as much as a step of a sequence or a rank, six as "
            "a share, twelve as a comparison with a population; counting in periods weighs with the number of "
            "periods. `largest rule: 4000` in the catalog raises it."
        ),
    },
    "Names, types, windows": {
        "unknown-name": (
            "Nothing in the catalog, the parameters, the `let`s or the saved segments has this name. The "
            "nearest names are offered, or how SegQL says what the words around a known name seem to mean: "
            '`customers who placed order`, `country equals "NL"`.'
        ),
        "ambiguous-name": (
            "The whole name is in the catalog, and it also reads as a word of the language before an event. "
            'Quotes decide: `"last seen"` is the name, `last "seen"` the most recent event. A command says the same of '
            "a saved segment's name that is also another rule: `segql stats VIP`, where `vip` is a property."
        ),
        "unquoted-text": "A bare word on the right is a name. Text is always quoted.",
        "duplicate-name": "Two definitions have one name. Names are unique across all files compiled together.",
        "hides-name": (
            "Warning. A parameter has the name of something in the catalog, and hides it inside the segment. "
            "`check --strict` says the same of a `let`, and of a segment that is called as an event or a metric is."
        ),
        "cycle": "Segments are defined by each other, so none of them has a beginning.",
        "bad-metric": (
            "A metric of the catalog is written in SegQL, and its text has a mistake. The catalog is the place "
            "to mend it."
        ),
        "unreadable": "A file of segments cannot be read: it is missing, not permitted, or no UTF-8 text.",
        "wrong-type": (
            "Two sides do not fit each other: text against a number, a window on something that is no date, `<` "
            "on text."
        ),
        "wrong-currency": "Money in another currency than the catalog's. SegQL never converts.",
        "not-an-event": (
            "A property or a measure was given a part that only an event has: a number of times, `where`, `has`."
        ),
        "not-a-measure": "A number per profile is needed, and an event (or something else) stands there.",
        "item-property": "The property belongs to the line items of the event. `any item (..)` says which items.",
        "no-items": "The catalog knows no line items for this event.",
        "no-reason": "`because` on a channel for which the catalog keeps no reason.",
        "no-time": (
            "A window, an order in time or a join date is asked of something for which the catalog has no time."
        ),
        "incomplete": (
            "The phrase stops too early: a number without a comparison, `first EVENT` without a window or a test."
        ),
        "misplaced": "A part stands where it says nothing, or says it twice. The hint has the legal spelling.",
        "descending": (
            "`between` goes upwards for numbers, counts and dates. (`between 13 and 4 months ago` may be "
            "written either way.)"
        ),
        "bad-count": "A number of times is a whole number from 0.",
        "bad-window": (
            "The window does not fit what it is laid on: hours on a date without a time of day, a date mixed "
            "with a time."
        ),
        "future-window": "Events lie in the past; only date properties look ahead.",
        "past-or-future": "`in 14 days` after a date property can mean either side of now.",
        "impossible-value": (
            "A month 13, an hour 24, a weekday in small letters: no date has such a part, so the rule would "
            "silently fit nobody (and with `not` everybody)."
        ),
        "whose-property": (
            "`where` without parentheses ends at `and`, and what follows is also a property of the event. Both "
            "readings are shown."
        ),
        "window-on-first": (
            "Warning. Of two neighbours, of which one happened `but` the other did not, only the first has a window: "
            "the other happened at no time."
        ),
        "window-on-last": (
            "Warning. Of two neighbours that differ in nothing else, or of which one happened but the other did not, "
            "only the last has a window."
        ),
        "window-on-one-side": (
            "Warning. The window after a right-hand measure is that measure's own; the left side counts over all time. "
            "An error within a sum: `A - B in 30d` says no window of `A`."
        ),
        "denial-on-first": (
            "Warning. Behind `or` the first of several events is denied and the others are not: `never` and `not` deny "
            "one condition. Both readings are shown."
        ),
        "first-of-window": (
            "Hint. `total of first placed order in 2025` is that of the first order of 2025; "
            "`first placed order in 2025 has total ..` is about the first ever."
        ),
        "exactly": "Hint. `once` and `twice` mean exactly that many times; the canonical text prints `exactly once`.",
        "includes-never": (
            "Hint. `fewer than`, `at most` and `!=` hold for people who never did it as well. Beside a "
            "condition that demands it, such as `and placed order in 30d`, nothing is said."
        ),
        "leaves-out-never": (
            "Hint. The smallest of a rank are the smallest of those who have anything: who never did it has no rank."
        ),
        "not-each-year": (
            "A date of birth in a window of less than a year: the year counts, so only newborns fit, and nobody where "
            "it lies ahead. Both readings are shown; `on 3 days ago` has a hint."
        ),
        "no-pattern": (
            "Hint. A text holds a sign of SQL's `LIKE` (`%`), of regular expressions (`^`, `$`, `.*`), or the "
            "`*` of `matches` where no pattern is read: it stands for itself there, so that probably nobody "
            "fits. What it seems to mean is offered in SegQL's words."
        ),
        "unknown-value": (
            "Hint. A text is none of the `values` that the catalog says of a property or of the stores, so that "
            "probably nobody fits: a slip, other capitals, the name of a set in quotes. Values that rows have and "
            "the catalog lacks are added to `values`."
        ),
        "comes-back": (
            "Hint. The built-in `day`, `month`, `hour` and `weekday` of an event come back: January 3 and "
            "February 3 have the same `day`, May of two years the same `month`. Nothing is said in a window "
            "that can hold none twice."
        ),
        "tied": (
            "Hint, told with an answer: by `segql count`, `segql members` and the session. Whoever ties at the "
            "end of a rank is in it, so that `top 1%` takes everyone where nearly all have 0. It is told when "
            "more than twice as many are in as the rank says. For a whole percentage the help leaves out who "
            "ties at the end, whatever their value: `top 1% by points and points > the 99th percentile`."
        ),
        "no-consent": (
            "Hint, of `segql explain` and `\\explain` alone. The catalog has channels, and the rule, with its "
            "segments, asks for none of them: it finds people who want no messages, too. Fine for counting, not "
            "for writing to them."
        ),
        "not-yet-visible": (
            "Warning. The rule asks who did not do something, and looks back to before the catalog's `visible "
            "since`: nobody is known to have done it then."
        ),
    },
    "Rules that say too little": {
        "never-true": (
            "Nobody can ever fit this part, or two parts of one `and` can never be true together. The message "
            "names the part, or both parts; when the whole rule matches nobody, it says so. It is a warning: "
            "the rule still compiles, to no one.\n\n"
            "The first event of all has no `days since previous`, and its `number` is 1: what `every` event has "
            "to fit, it has to fit too.\n\n"
            "It is a hint where it could be true by chance: two reasons of one withdrawal take two records of "
            "the same time."
        ),
        "always-true": (
            "Everybody fits this part, or one of two parts of an `or` is always true. The message names the "
            "part, or both parts; when the whole rule matches everyone, it says so. It is a warning: the rule "
            "still compiles, to everyone."
        ),
        "no-effect": (
            "This part changes nothing: in an `and` it follows from another part, in an `or` another part "
            "includes it. Leave it out, or check that its number or window is the one you meant. It is a "
            "warning."
        ),
    },
    "The catalog": {
        "catalog-file": (
            "The catalog cannot be read as a file: it does not exist, it is a directory, or it is not UTF-8 "
            "text. Check the path; save the file as UTF-8."
        ),
        "catalog-yaml": (
            "The text is not YAML (a bracket or quote that is never closed, a tab as indentation, a second `: ` "
            "in one value), or it is YAML that a catalog has no use for (two documents, a tag of its own, an "
            "anchor inside itself, nothing at all)."
        ),
        "duplicate-key": (
            "A key stands twice in one place. YAML itself would silently keep the last one; here it is an "
            "error, because one of two events of the same name would be lost."
        ),
        "unknown-key": (
            "A part of the catalog has a key that it does not know. The nearest known key is offered; `segql "
            "catalog schema` gives editors the list, so that they complete keys and mark mistakes while you "
            "type."
        ),
        "missing-key": (
            "A part of the catalog lacks what it cannot be without: an event its table and its profile column, "
            "a list its profile column, line items their `on`."
        ),
        "wrong-value": (
            "A value is of the wrong kind or out of range: text where a number belongs, a type that does not "
            "exist, a place that is not on earth."
        ),
        "conflicting-keys": (
            "Two keys exclude each other: `table` and `query`, two sources of one property, `any of` beside a "
            "table, a `zone` for a time that needs none. Keep the one that is meant."
        ),
        "unknown-zone": "A time zone is no IANA name. Names have the form `Europe/Amsterdam`; `UTC` is one too.",
        "unknown-currency": "The currency is no code of ISO 4217, such as `USD`, `EUR` or `JPY`, in capitals.",
        "unknown-dialect": (
            "`sql dialect` names the dialect in which the SQL of the catalog is written (`duckdb`, `postgres`, "
            "`bigquery`, `snowflake`, ...). This is none that is known."
        ),
        "unknown-reference": (
            "The catalog names something of its own that is not there: an event in `any of`, a joined table in "
            "a column."
        ),
        "bad-sql": (
            "A piece of SQL (`where`, `receives when`, `sql`, `query`) does not parse in the catalog's dialect, "
            "or is not what its place takes: one expression, or one SELECT; it may only read; an aggregate "
            "belongs to an event with `group by`, a window function into a `query`; a SELECT within an "
            "expression says the tables of its columns."
        ),
        "event-cycle": "An event is `any of` events among which it is itself, perhaps by way of another union.",
        "reserved-name": (
            "A property is called `profile`, `time`, `items` or `key`. The plain rows that the evaluator reads "
            "use these words themselves. Give the property a fuller name and say its column."
        ),
        "name-clash": (
            "Two things share a name, or differ only in capitals, accents' encoding or spaces, where a rule "
            "could not tell them apart: two events, an event and a metric, an alias and a property. Rename one "
            "of them."
        ),
        "missing-tenant": (
            "The tables hold rows of several tenants, and nobody said whose are asked for: `--tenant VALUE`, or "
            "`tenant=..` in Python. No statement is written without it."
        ),
        "wrong-tenant": (
            "The tenant that was given is not of the catalog's type, or the catalog has no tenants, or is narrowed to "
            "another one already."
        ),
        "bad-constant": (
            "A constant of the catalog is not a value of the language: text needs its own quotes inside the YAML text."
        ),
    },
    "The catalog against the warehouse": {
        "missing-table": (
            "The catalog names a table that the warehouse does not have. The nearest name that it has is "
            "offered. Found by `segql catalog check`, as are all codes below."
        ),
        "missing-column": "The catalog names a column that its table does not have.",
        "column-type": (
            "A column holds another type than the catalog says: a text where a number should be, a number where "
            "a time should be, a key of profiles that is an integer while the catalog says text. Change the "
            "type in the catalog, or cast by `sql:` or `query:`."
        ),
        "naive-time": (
            "A timestamp without a time zone can be any of many instants: the catalog says in which zone it is "
            "written, by `zone`. A timestamp that knows its own zone cannot be given another."
        ),
        "not-unique": (
            "The key of the profiles, or the id of an event, stands in several rows: a person would be counted "
            "twice, or one event taken for another."
        ),
        "null-key": "Rows without a profile key, or without the id that should tell events apart.",
        "join-multiplies": (
            "A joined table has several rows for one value: each event would become several. Join by a column "
            "that is unique there."
        ),
        "unknown-profiles": (
            "`profiles complete: true` says that the profile of every row exists, and some do not. Take the "
            "promise back: the SQL then leaves those rows out."
        ),
        "name-never-occurs": (
            "A hint: no row of the table of events has this name. A slip, or an event that has not happened yet."
        ),
        "beyond-slack": (
            "A row of an event lies in a partition further from its time than the `slack`, or in one that the `format` "
            "does not read. The SQL of a window leaves such partitions unread, so rules would not see the row."
        ),
        "items-never-occur": (
            "A hint: the events have their items in their own rows, and no row has a list there with an object in it. "
            "A slip in the path, or nobody has bought anything yet."
        ),
        "several-ids": (
            "A warning: the table of names has the event's name more than once, as exports do in which each "
            "program has a `Placed Order` of its own. The events of all its ids are added together. If they are "
            "not one event, `where` says which id counts."
        ),
        "other-currency": (
            "The `currency` column of an event or of the profiles holds others than the catalog's `currency`, or "
            "none, and a sum would add dollars to euros. Leave these rows out by `where`, or convert them: join a "
            "table of rates, and multiply in the money's `sql`."
        ),
        "off-calendar": (
            "A column of times or dates holds a year that is none of 1 to 9999, or that of events, channels "
            "and lists `infinity`. Rules know no such time: keep the rows out by `where`, or make the property "
            "missing there. An infinite property is missing anyway."
        ),
        "quoted-name": (
            "A hint: a name that holds a word of the language (`days ago`) or a sign is one name only in "
            "quotes. `also` gives it another."
        ),
        "collation": (
            "A text column compares without case or accents, so that texts which differ are equal there, and "
            "elsewhere are not. SegQL compares text by its characters, the same on every engine."
        ),
        "hiding-column": (
            "A table has a column called like the rows that the SQL ties its rows to: `profile`, or in line "
            "items their event. BigQuery refuses such SQL, and DuckDB would take a field of the column for that "
            "of the rows. Only a column that no property needs matters, so read the table by a `query:` that "
            "leaves it out."
        ),
        "warehouse-sql": (
            "SQL of the catalog (`where`, `sql`, `query`, `receives when`) that the warehouse refuses: a column "
            "or a function that it does not have, types that do not go together."
        ),
        "layout": (
            "A hint of `segql doctor`: a table lies in the warehouse in a way that makes rules read more of it than "
            "they need. The help is a statement for whoever may change the table; the members stay the same."
        ),
        "undeclared": (
            "A hint of `segql doctor`: something holds of the tables that the catalog does not say, so that the SQL "
            "makes sure of it, or casts. The members stay the same."
        ),
    },
    "The SQL of an engine": {
        "not-in-dialect": (
            "The rule needs something that this engine's SQL lacks: SQLite has no hashes, Redshift no lists. "
            "The message names the condition, the hint the dialects that have it. Or the catalog's own SQL is "
            "written for another dialect, and it is not known that it means the same here: then the error "
            "stands at its line, and the mend is to write it [for each "
            "dialect](catalog.md#sql-for-each-dialect)."
        ),
    },
    "The rules of other programs": {
        "foreign-document": (
            "A document that `segql import` reads, or the file of names beside it, is not of its shape: half of it, "
            "another format, a key that stands twice. What is wrong with one segment of a document is in the "
            "report of that segment, and the others go on."
        ),
    },
    "Rows given to the evaluator": {
        "shop-row": (
            "`segql.evaluate` and the evaluator read plain Python rows, and one of them holds a value that its "
            "type in the catalog does not admit: an instant without a time zone, text in a number, two profiles "
            "with one key. The message names the property or source and the value. Give instants as aware "
            "datetimes (`datetime(2025, 11, 28, 10, tzinfo=timezone.utc)`), numbers as int, Decimal or float, "
            "and None for what is missing."
        ),
    },
}
"""By the headings of the page; a sentence or a few for each code. Paragraphs have an empty line between them."""
