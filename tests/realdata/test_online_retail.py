"""Segments of a gift shop's customers, each against SQL that a person wrote from the meaning of its words."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from .data import members, tables

NOW = datetime(2011, 12, 9, 12, 50, tzinfo=UTC)
"""London has winter time: its clock says the same. The last invoices are of this very minute, so they are not yet."""

SEGMENTS = {
    "bought": "SELECT DISTINCT customer FROM invoices",
    "never bought": "SELECT customer FROM customers EXCEPT SELECT customer FROM invoices",
    "bought at least 3 times in the last 4 months": """
        SELECT customer FROM invoices WHERE moment >= '2011-08-09 12:50' GROUP BY customer HAVING count(*) >= 3""",
    "bought exactly once": "SELECT customer FROM invoices GROUP BY customer HAVING count(*) = 1",
    "bought in 30d and never bought between 30 and 90 days ago": """
        SELECT customer FROM invoices WHERE moment >= '2011-11-09 12:50'
        EXCEPT
        SELECT customer FROM invoices WHERE moment >= '2011-09-10 12:50' AND moment < '2011-11-09 12:50'""",
    "bought last month": "SELECT DISTINCT customer FROM invoices WHERE date_trunc('month', moment) = DATE '2011-11-01'",
    "bought this week": "SELECT DISTINCT customer FROM invoices WHERE moment >= '2011-12-05'",
    "total spent > £1,000": "SELECT customer FROM invoices GROUP BY customer HAVING sum(total) > 1000",
    "total spent <= £20": """
        SELECT customer FROM customers LEFT JOIN invoices USING (customer)
        GROUP BY customer HAVING coalesce(sum(total), 0) <= 20""",
    "average order value > £500 and bought at least 2 times": """
        SELECT customer FROM invoices GROUP BY customer HAVING sum(total) > 500 * count(*) AND count(*) >= 2""",
    "last bought more than 90 days ago": """
        SELECT customer FROM invoices GROUP BY customer HAVING max(moment) < '2011-09-10 12:50'""",
    "first bought in 30d": "SELECT customer FROM invoices GROUP BY customer HAVING min(moment) >= '2011-11-09 12:50'",
    'bought where any item (article is "85123A")': """
        SELECT DISTINCT CustomerID FROM online_retail
        WHERE CustomerID IS NOT NULL AND StockCode = '85123A' AND InvoiceNo NOT LIKE 'C%'
        AND InvoiceDate < '2011-12-09 12:50'""",
    'bought where any item (article is "85123A" and quantity >= 12) at least twice': """
        SELECT CustomerID FROM online_retail
        WHERE CustomerID IS NOT NULL AND StockCode = '85123A' AND InvoiceNo NOT LIKE 'C%' AND Quantity >= 12
        AND InvoiceDate < '2011-12-09 12:50'
        GROUP BY CustomerID HAVING count(DISTINCT InvoiceNo) >= 2""",
    "bought where every item (price < £2)": """
        SELECT DISTINCT CustomerID FROM (
          SELECT CustomerID, InvoiceNo FROM online_retail WHERE InvoiceNo NOT LIKE 'C%' AND CustomerID IS NOT NULL
          GROUP BY ALL HAVING max(UnitPrice) < 2 AND min(InvoiceDate) < '2011-12-09 12:50')""",
    "number of distinct article of bought >= 100": """
        SELECT CustomerID FROM online_retail
        WHERE CustomerID IS NOT NULL AND InvoiceNo NOT LIKE 'C%' AND InvoiceDate < '2011-12-09 12:50'
        GROUP BY CustomerID HAVING count(DISTINCT StockCode) >= 100""",
    'sum of quantity of bought where (description contains "heart") >= 50': """
        SELECT CustomerID FROM online_retail
        WHERE CustomerID IS NOT NULL AND InvoiceNo NOT LIKE 'C%' AND InvoiceDate < '2011-12-09 12:50'
        AND Description ILIKE '%heart%'
        GROUP BY CustomerID HAVING sum(Quantity) >= 50""",
    "cancelled and never bought in 6mo": """
        SELECT CustomerID FROM online_retail WHERE InvoiceNo LIKE 'C%' AND CustomerID IS NOT NULL
        EXCEPT SELECT customer FROM invoices WHERE moment >= '2011-06-09 12:50'""",
    'country is "Germany" and bought where weekday is "Thursday"': """
        SELECT DISTINCT customer FROM invoices JOIN customers USING (customer)
        WHERE country = 'Germany' AND dayname(moment) = 'Thursday'""",
    "bought where hour < 9": "SELECT DISTINCT customer FROM invoices WHERE hour(moment) < 9",
    "days since last order between 30 and 60": """
        SELECT customer FROM invoices GROUP BY customer
        HAVING max(moment) <= '2011-11-09 12:50' AND max(moment) > '2011-10-09 12:50'""",
    "total spent in 90d < 0.5 x total spent between 180 and 90 days ago": """
        SELECT customer FROM invoices GROUP BY customer
        HAVING coalesce(sum(total) FILTER (moment >= '2011-09-10 12:50'), 0) * 2
          < coalesce(sum(total) FILTER (moment >= '2011-06-12 12:50' AND moment < '2011-09-10 12:50'), 0)""",
    "bought where number = 2 in 30d": """
        SELECT DISTINCT customer
        FROM (SELECT *, rank() OVER (PARTITION BY customer ORDER BY moment) AS nth FROM invoices)
        WHERE nth = 2 AND moment >= '2011-11-09 12:50'""",
    "days between orders < 7": """
        SELECT customer FROM (
          SELECT customer, date_diff('day', lag(moment) OVER (PARTITION BY customer ORDER BY moment), moment)
            - (moment::TIME < (lag(moment) OVER (PARTITION BY customer ORDER BY moment))::TIME)::INT AS days
          FROM (SELECT DISTINCT customer, moment FROM invoices))
        GROUP BY customer HAVING avg(days) < 7""",
    "cancel rate > 0.5": """
        SELECT customer FROM (
          SELECT CustomerID AS customer, count(DISTINCT InvoiceNo) FILTER (InvoiceNo NOT LIKE 'C%') AS kept,
            count(DISTINCT InvoiceNo) FILTER (InvoiceNo LIKE 'C%') AS given_back
          FROM online_retail WHERE InvoiceDate < '2011-12-09 12:50' GROUP BY 1)
        WHERE customer IS NOT NULL AND kept > 0 AND given_back * 2 > kept""",
}


@pytest.fixture(scope="module")
def shop() -> Iterator[Any]:
    connection = tables("online_retail")
    connection.execute("""
        CREATE TABLE customers AS SELECT CustomerID AS customer, min(Country) AS country
        FROM online_retail WHERE CustomerID IS NOT NULL GROUP BY 1;
        CREATE TABLE invoices AS
        SELECT CustomerID AS customer, InvoiceNo AS number, min(InvoiceDate) AS moment,
          sum(Quantity * UnitPrice::DECIMAL(18, 3)) AS total
        FROM online_retail WHERE InvoiceNo NOT LIKE 'C%' AND CustomerID IS NOT NULL
        GROUP BY ALL HAVING moment < '2011-12-09 12:50'""")
    yield connection
    connection.close()


@pytest.mark.realdata
@pytest.mark.parametrize("rule", SEGMENTS)
def test_segment(rule: str, shop: Any) -> None:
    expected = {key for (key,) in shop.execute(SEGMENTS[rule]).fetchall()}
    assert expected, "a segment without members says little"
    assert members(shop, "online_retail.yaml", rule, NOW) == expected
