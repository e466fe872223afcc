//! What other databases call it, and what PostgreSQL writes instead.

/// Functions of other dialects.
const FUNCTIONS: &[(&str, &str)] = &[
    ("charindex", "write position('needle' IN text) or strpos(text, 'needle')"),
    ("contains", "write text ILIKE '%word%'"),
    ("convert", "write value::type or CAST(value AS type)"),
    ("countif", "write count(*) FILTER (WHERE condition)"),
    ("curdate", "write CURRENT_DATE"),
    ("date_add", "write moment + INTERVAL '7 days'"),
    (
        "date_diff",
        "subtract: later::date - earlier::date is a number of days; age(later, earlier) an interval",
    ),
    ("date_format", "write to_char(moment, 'YYYY-MM')"),
    ("date_sub", "write moment - INTERVAL '7 days'"),
    ("dateadd", "write moment + INTERVAL '7 days'"),
    (
        "datediff",
        "subtract: later::date - earlier::date is a number of days; age(later, earlier) an interval",
    ),
    ("datefromparts", "write make_date(year, month, day)"),
    ("datename", "write to_char(moment, 'FMDay') or to_char(moment, 'FMMonth')"),
    ("datepart", "write extract(month FROM moment)"),
    ("datetrunc", "write date_trunc('month', moment)"),
    ("day", "write extract(day FROM moment)"),
    ("dayname", "write to_char(moment, 'FMDay')"),
    ("dayofweek", "write extract(isodow FROM moment); Monday is 1"),
    ("eomonth", "write (date_trunc('month', moment) + INTERVAL '1 month - 1 day')::date"),
    ("format_date", "write to_char(moment, 'YYYY-MM')"),
    ("from_unixtime", "write to_timestamp(seconds)"),
    ("getdate", "write CURRENT_DATE; get_current_utc_date has the time"),
    ("group_concat", "write string_agg(value::text, ', ' ORDER BY value)"),
    ("hour", "write extract(hour FROM moment)"),
    ("if", "write CASE WHEN condition THEN a ELSE b END"),
    ("iff", "write CASE WHEN condition THEN a ELSE b END"),
    ("ifnull", "write coalesce(value, 0)"),
    ("iif", "write CASE WHEN condition THEN a ELSE b END"),
    ("instr", "write strpos(text, 'needle')"),
    ("isnull", "write coalesce(value, 0), or value IS NULL for the question"),
    ("last_day", "write (date_trunc('month', moment) + INTERVAL '1 month - 1 day')::date"),
    ("lcase", "write lower(text)"),
    ("len", "write length(text)"),
    ("listagg", "write string_agg(value::text, ', ' ORDER BY value)"),
    ("median", "write percentile_cont(0.5) WITHIN GROUP (ORDER BY value)"),
    ("minute", "write extract(minute FROM moment)"),
    ("month", "write extract(month FROM moment), or date_trunc('month', moment) to keep the year"),
    ("monthname", "write to_char(moment, 'FMMonth')"),
    ("months_between", "write extract(year FROM age(a, b)) * 12 + extract(month FROM age(a, b))"),
    ("nvl", "write coalesce(value, 0)"),
    ("quarter", "write extract(quarter FROM moment)"),
    ("rand", "write random()"),
    ("safe_divide", "write a / NULLIF(b, 0)"),
    ("str_to_date", "write to_date(text, 'YYYY-MM-DD')"),
    ("strftime", "write to_char(moment, 'YYYY-MM')"),
    ("substring_index", "write split_part(text, ',', 1)"),
    ("sumif", "write sum(value) FILTER (WHERE condition)"),
    ("sysdate", "write CURRENT_DATE; get_current_utc_date has the time"),
    (
        "timestampdiff",
        "subtract: later::date - earlier::date is a number of days; age(later, earlier) an interval",
    ),
    ("to_varchar", "write to_char(value, format) or value::text"),
    (
        "try_cast",
        "PostgreSQL has no such cast: filter first, e.g. CASE WHEN text ~ '^[0-9]+$' THEN text::int END",
    ),
    ("ucase", "write upper(text)"),
    ("week", "write extract(week FROM moment), or date_trunc('week', moment) to keep the year"),
    ("weekday", "write extract(isodow FROM moment); Monday is 1"),
    ("year", "write extract(year FROM moment)"),
    ("zeroifnull", "write coalesce(value, 0)"),
];

/// Functions that exist and are often called with other types.
const CASTS: &[(&str, &str)] = &[
    ("count", "count several columns with count(DISTINCT (a, b))"),
    ("percentile_cont", "write percentile_cont(0.5) WITHIN GROUP (ORDER BY value)"),
    ("round", "for digits after the point round a numeric: round(value::numeric, 2)"),
    ("string_agg", "cast to text: string_agg(value::text, ', ')"),
    ("sum", "only numbers have a sum: count(*) counts rows"),
    ("avg", "only numbers have an average"),
    ("date_trunc", "the first argument is the unit: date_trunc('month', moment)"),
    ("to_char", "cast the first argument: to_char(value::timestamp, 'YYYY-MM')"),
];

/// What PostgreSQL writes instead of a function of another dialect.
pub(super) fn function(name: &str) -> Option<&'static str> {
    of(FUNCTIONS, name)
}

/// How to call a function that is often called with other types.
pub(super) fn cast(name: &str) -> Option<&'static str> {
    of(CASTS, name)
}

fn of(table: &'static [(&str, &str)], name: &str) -> Option<&'static str> {
    table.iter().find(|(known, _)| *known == name).map(|(_, instead)| *instead)
}
