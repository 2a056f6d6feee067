"""How each dialect says what the tables of a ledger need: names, texts, instants, and columns by other names."""

from __future__ import annotations

from datetime import UTC, datetime

from ..plain import dataclass

_CALLED_BEFORE = "(WITH called ({columns}) AS (\n{sql}\n) SELECT {columns} FROM called)"


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a dialect; `{}` is where a value goes."""

    time: str = "TIMESTAMPTZ"
    """The type of an instant in the tables."""
    text: str = "CAST({} AS TEXT)"
    """Any value as text."""
    name: str = "CAST({} AS TEXT)"
    """The name of a segment as a column that compares by code point."""
    names: str = "TEXT"
    """The type of names of segments in the tables; in a log they may be missing."""
    texts: str = "TEXT"
    """The type of longer texts there."""
    quote: str = '"'
    """Around a name that is a word of SQL."""
    backslash: bool = False
    """Whether a backslash in a text takes what it has behind it as it is."""
    one_line: bool = False
    """Whether a text may not hold the end of a line as it is."""
    substituted: str = ""
    """What a text may not hold in one piece."""
    instant: str = "CAST({} AS TIMESTAMPTZ)"
    """An instant from its text."""
    told: str = "CAST(EXTRACT(EPOCH FROM {}) * 1000000 AS BIGINT)"
    """An instant as microseconds: DuckDB 1.4 gives Python no instants without pytz."""
    called: str = "(SELECT * FROM (\n{sql}\n) AS called ({columns}))"
    """A query behind FROM, its columns by other names."""
    by_place: bool = False
    """Whether columns are called otherwise only one by one, by their place."""
    named_by_first: bool = False
    """Or only by a query before, which is empty."""
    salted: str = "md5({} || {})"
    """The hash of two texts."""
    in_utc: bool = False
    """Whether instants are written without an offset."""
    stored: str = ""
    """How a table is stored."""
    union: str = "UNION"
    """Of two queries, each row once."""
    maybe: str = "{}"
    """The type of a column that may be missing."""
    possible: str = "{}"
    """A value in such a column."""
    schemas: str = "SCHEMA"
    """What a schema is."""
    listed: str = "VALUES\n{rows}"
    """Rows behind FROM, of columns of some `types`; empty where they are queries."""
    whole: str = "BIGINT"
    """The type of whole numbers."""
    floating: str = "DOUBLE"
    """The type of seconds."""
    logs: bool = False
    """Whether there is no transaction over several statements: all is one table to which rows are added (`log`)."""

    def named(self, sql: str, *columns: str) -> str:
        """A query behind FROM, its columns by other names."""
        if self.named_by_first:
            names = ", ".join(f"NULL AS {name}" for name in columns)
            return f"(SELECT {names} FROM (SELECT 1) WHERE false UNION ALL (\n{sql}\n))"
        if not self.by_place:
            return self.called.format(sql=sql, columns=", ".join(columns))
        named = (f"tupleElement(called, {place}) AS {name}" for place, name in enumerate(columns, 1))
        return f"(SELECT {', '.join(named)} FROM (SELECT tuple(*) AS called FROM (\n{sql}\n)))"

    def quoted(self, name: str) -> str:
        """A name as an identifier."""
        return self.quote + name.replace(self.quote, self.quote * 2) + self.quote

    def literal(self, text: str) -> str:
        """A text as a literal."""
        text = text.replace("\\", "\\\\").replace("'", "\\'") if self.backslash else text.replace("'", "''")
        if self.one_line:
            text = text.replace("\n", "\\n").replace("\r", "\\r")
        if self.substituted and self.substituted in text:
            parts = self.substituted[:1] + "' || '" + self.substituted[1:]
            return f"('{text.replace(self.substituted, parts)}')"
        return f"'{text}'"

    def at(self, instant: datetime) -> str:
        """An instant in SQL."""
        said = instant.astimezone(UTC).isoformat(sep=" ", timespec="microseconds")
        return self.instant.format(self.literal(said.removesuffix("+00:00") if self.in_utc else said))


_WORDS = {
    "duckdb": Words(),
    "postgres": Words(),
    # SQLite has texts alone: those of UTC, as long as each other, are in the order of time.
    "sqlite": Words(
        time="TEXT",
        instant="{}",
        told="(CAST(strftime('%s', substr({0}, 1, 19)) AS INTEGER) * 1000000 + substr({0}, 21, 6))",
        called=_CALLED_BEFORE,
    ),
    "mariadb": Words(
        time="DATETIME(6)",
        text="CAST({} AS CHAR)",
        name="CAST({} AS CHAR) COLLATE utf8mb4_nopad_bin",
        names="VARCHAR(500) CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin",
        texts="LONGTEXT CHARACTER SET utf8mb4",
        quote="`",
        backslash=True,
        instant="CAST({} AS DATETIME(6))",
        told="TIMESTAMPDIFF(MICROSECOND, TIMESTAMP'1970-01-01 00:00:00', {})",
        called=_CALLED_BEFORE,
        salted="MD5(CONCAT({}, {}))",
        in_utc=True,
    ),
    "spark": Words(
        time="TIMESTAMP_LTZ",
        text="CAST({} AS STRING)",
        name="CAST({} AS STRING)",
        names="STRING",
        texts="STRING",
        quote="`",
        backslash=True,
        substituted="${",
        instant="CAST({} AS TIMESTAMP_LTZ)",
        told="unix_micros({})",
        stored="USING parquet",
        logs=True,
    ),
    "bigquery": Words(
        time="TIMESTAMP",
        text="CAST({} AS STRING)",
        name="CAST({} AS STRING)",
        names="STRING",
        texts="STRING",
        quote="`",
        backslash=True,
        instant="CAST({} AS TIMESTAMP)",
        told="UNIX_MICROS({})",
        one_line=True,
        named_by_first=True,
        salted="TO_HEX(MD5({} || {}))",
        union="UNION DISTINCT",
        listed="",
        whole="INT64",
        floating="FLOAT64",
        stored="CLUSTER BY segment",
        logs=True,
    ),
    "clickhouse": Words(
        time="DateTime64(6, 'UTC')",
        text="toString({})",
        name="toNullable(toString({}))",
        names="LowCardinality(Nullable(String))",
        texts="String",
        quote="`",
        backslash=True,
        instant="toDateTime64({}, 6, 'UTC')",
        told="toUnixTimestamp64Micro({})",
        by_place=True,
        salted="lower(hex(MD5(concat({}, {}))))",
        in_utc=True,
        union="UNION DISTINCT",
        maybe="Nullable({})",
        possible="toNullable({})",
        schemas="DATABASE",
        listed="values('{types}',\n{rows})",
        stored="ENGINE = MergeTree ORDER BY (isNull(`of`), segment) SETTINGS allow_nullable_key = 1",
        logs=True,
    ),
}


def words(dialect: str) -> Words:
    """The words of a dialect whose engine can keep a ledger."""
    return _WORDS[dialect]
