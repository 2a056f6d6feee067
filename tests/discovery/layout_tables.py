"""For each layout the columns that its vendor documents, with a few rows, and what its catalog should have."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Example:
    """Tables of a layout; events, with one property each, that are found in them; the key of the profiles."""

    sql: str
    key: str
    events: dict[str, str | None]
    channels: tuple[str, ...] = ()
    items: dict[str, str] = field(default_factory=dict)


N = "FROM range(60) t(i)"
AT = "TIMESTAMP '2026-01-01 00:00:00' + INTERVAL (i) HOUR"
ZONED = "TIMESTAMPTZ '2026-01-01 00:00:00+00' + INTERVAL (i) HOUR"
SEGMENT = f"""
CREATE TABLE tracks AS SELECT 'm' || i AS id, ['order_completed', 'email_opened'][i % 2 + 1] AS event,
  'u' || i % 9 AS user_id,
  'a' || i AS anonymous_id, {ZONED} AS timestamp, {ZONED} AS received_at, {ZONED} AS original_timestamp,
  {ZONED} AS sent_at {N};
CREATE TABLE identifies AS SELECT 'i' || i AS id, 'u' || i % 9 AS user_id, 'a' || i AS anonymous_id, 'NL' AS country,
  {ZONED} AS timestamp, {ZONED} AS original_timestamp, {ZONED} AS received_at {N};
"""
EXAMPLES = {
    "klaviyo": Example(
        f"""
CREATE TABLE person AS SELECT 'p' || i AS id, 'p' || i || '@x.org' AS email, {AT} AS created, 'gold' AS custom_plan,
  52.0 AS latitude, 4.0 AS longitude, false AS _fivetran_deleted {N};
CREATE TABLE metric AS SELECT *
  FROM (VALUES ('m1', 'Placed Order', 'Shopify'), ('m2', 'Clicked SMS', 'Klaviyo')) t(id, name, integration_name);
CREATE TABLE event AS SELECT 'e' || i AS id, 'p' || i % 50 AS person_id, 'm' || i % 2 + 1 AS metric_id, 'x' AS type,
  {AT} AS datetime,
  CASE WHEN i % 2 = 0 THEN 12.5 END AS property_value, CASE WHEN i % 2 = 1 THEN 'June' END AS property_campaign_name,
  'u' || i AS uuid, {AT} AS _fivetran_synced, false AS _fivetran_deleted {N};
""",
        "id",
        {"placed order": "value", "clicked sms": "campaign name"},
        ("email", "sms"),
    ),
    "shopify": Example(
        f"""
CREATE TABLE customer AS SELECT i AS id, 'c' || i AS email, {AT} AS created_at, 12.5 AS total_spent,
  i % 2 = 0 AS accepts_marketing {N};
CREATE TABLE "order" AS SELECT i AS id, i % 40 AS customer_id, {AT} AS created_at, {AT} AS processed_at,
  NULL::TIMESTAMP AS cancelled_at,
  12.5 AS total_price, 'paid' AS financial_status, 'EUR' AS currency, false AS test,
  'NL' AS shipping_address_country_code {N};
CREATE TABLE order_line AS SELECT i AS id, i // 2 AS order_id, 1 AS product_id, 'Beans' AS title, 'Acme' AS vendor,
  9.95 AS price, 2 AS quantity {N};
CREATE TABLE refund AS SELECT i AS id, i AS order_id, {AT} AS created_at {N};
""",
        "id",
        {"placed order": "total", "refunded order": None},
        ("email",),
        {"placed order": "brand"},
    ),
    "shopify-graphql": Example(
        f"""
CREATE TABLE customer AS SELECT i AS id, 'c' || i AS email, {AT} AS created_at,
  ['SUBSCRIBED', 'UNSUBSCRIBED'][i % 2 + 1] AS email_marketing_consent_state {N};
CREATE TABLE "order" AS SELECT i AS id, i % 40 AS customer_id, {AT} AS created_at, {AT} AS processed_at,
  12.5 AS total_price_set_shop_amount, 'PAID' AS display_financial_status {N};
CREATE TABLE order_line AS SELECT i AS id, i // 2 AS order_id, 'Acme' AS vendor,
  9.95 AS original_unit_price_set_shop_amount, 2 AS quantity {N};
""",
        "id",
        {"placed order": "total"},
        ("email",),
        {"placed order": "price"},
    ),
    "segment": Example(
        SEGMENT
        + f"""
CREATE TABLE users AS SELECT 'u' || i AS id, 'NL' AS country, {ZONED} AS received_at, {ZONED} AS uuid_ts {N};
CREATE TABLE order_completed AS SELECT 'm' || i AS id, 'u' || i % 9 AS user_id, 'a' || i AS anonymous_id,
  'order_completed' AS event,
  'Order Completed' AS event_text, 12.5 AS total,
  '[{{"product_id": "x", "name": "Beans", "price": 12.5, "quantity": 1}}]' AS products,
  {ZONED} AS timestamp, {ZONED} AS received_at, 'x' AS context_ip {N};
CREATE TABLE email_opened AS SELECT 'm' || i AS id, 'u' || i % 9 AS user_id, 'June' AS campaign,
  {ZONED} AS timestamp, {ZONED} AS received_at {N};
CREATE TABLE pages AS SELECT 'm' || i AS id, 'u' || i % 9 AS user_id, '/p' || i % 3 AS path, {ZONED} AS timestamp,
  {ZONED} AS received_at {N};
""",
        "id",
        {"placed order": "total", "opened email": "campaign", "viewed page": "path"},
        items={"placed order": "price"},
    ),
    "hightouch": Example(
        SEGMENT,
        "user_id",
        {"placed order": None, "opened email": None},
    ),
    "jitsu": Example(
        f"""
CREATE TABLE events AS SELECT 'm' || i AS message_id, 'track' AS type,
  ['order_completed', 'page_view'][i % 2 + 1] AS event, 'u' || i % 9 AS user_id,
  'a' || i AS anonymous_id, {ZONED} AS timestamp, '/p' AS context_page_path {N};
""",
        "user_id",
        {"placed order": None, "viewed page": "context page path"},
    ),
    "ga4": Example(
        f"""
CREATE TABLE events_20261120 AS SELECT '20260109' AS event_date, 1768000000000000 + i * 1000000 AS event_timestamp,
  ['page_view', 'purchase'][i % 2 + 1] AS event_name, 'u' || i % 9 AS user_pseudo_id, NULL::VARCHAR AS user_id,
  CASE WHEN i % 2 = 0 THEN [{{'key': 'page_location', 'value': {{'string_value': '/p', 'int_value': NULL::BIGINT}}}}]
  ELSE [{{'key': 'value', 'value': {{'string_value': NULL, 'int_value': 120}}}}] END AS event_params,
  CASE WHEN i % 2 = 1 THEN {{'transaction_id': 't' || i}} END AS ecommerce,
  CASE WHEN i % 2 = 1 THEN [{{'item_id': 'x', 'item_name': 'Beans', 'item_brand': 'Acme', 'price': 9.5, 'quantity': 2}}]
  ELSE [] END AS items {N};
CREATE TABLE events_20261119 AS SELECT * FROM events_20261120;
""",
        "user_pseudo_id",
        {"viewed page": "page location", "placed order": "value"},
        items={"placed order": "item brand"},
    ),
    "snowplow": Example(
        f"""
CREATE SCHEMA atomic;
CREATE TABLE atomic.events AS SELECT 'shop' AS app_id, 'e' || i AS event_id,
  ['page_view', 'transaction'][i % 2 + 1] AS event_name,
  'u' || i % 9 AS user_id, 'd' || i AS domain_userid, {AT} AS collector_tstamp, {AT} AS derived_tstamp,
  '/p' AS page_urlpath,
  CASE WHEN i % 2 = 1 THEN 12.5 END AS tr_total {N};
""",
        "user_id",
        {"viewed page": "page", "placed order": "total"},
    ),
    "posthog": Example(
        f"""
CREATE TABLE persons AS SELECT 'p' || i AS id, '{{"email": "a@x.org", "plan": "pro"}}' AS properties,
  {ZONED} AS created_at {N};
CREATE TABLE events AS SELECT 'e' || i AS uuid, ['$pageview', 'order placed'][i % 2 + 1] AS event,
  'd' || i AS distinct_id, 'p' || i % 9 AS person_id,
  CASE WHEN i % 2 = 0 THEN '{{"$current_url": "/p"}}' ELSE '{{"total": 12.5}}' END AS properties,
  {ZONED} AS timestamp {N};
""",
        "id",
        {"viewed page": "current url", "placed order": "total"},
    ),
    "stripe": Example(
        f"""
CREATE TABLE customer AS SELECT 'cus' || i AS id, 'c' || i AS email, {AT} AS created, 0 AS balance,
  'NL' AS address_country {N};
CREATE TABLE charge AS SELECT 'ch' || i AS id, 'cus' || i % 9 AS customer_id, 1250 AS amount, 'eur' AS currency,
  {AT} AS created,
  ['succeeded', 'failed'][i % 2 + 1] AS status {N};
CREATE TABLE subscription AS SELECT 's' || i AS id, 'cus' || i AS customer_id, {AT} AS created,
  NULL::TIMESTAMP AS canceled_at, 'active' AS status {N};
""",
        "id",
        {"paid": "amount", "started subscription": "status"},
    ),
    "woocommerce": Example(
        f"""
CREATE TABLE wp7_wc_customer_lookup AS SELECT i AS customer_id, 'c' || i AS email, {AT} AS date_registered,
  'NL' AS country {N};
CREATE TABLE wp7_wc_order_stats AS SELECT i AS order_id, i % 9 AS customer_id, {AT} AS date_created_gmt,
  12.5 AS total_sales,
  ['wc-completed', 'wc-cancelled'][i % 2 + 1] AS status {N};
CREATE TABLE wp7_wc_order_product_lookup AS SELECT i AS order_item_id, i // 2 AS order_id, i % 3 AS product_id,
  1 AS product_qty, 5.5 AS product_net_revenue {N};
CREATE TABLE wp7_posts AS SELECT i AS "ID", 'Beans ' || i AS post_title, 'product' AS post_type FROM range(3) t(i);
""",
        "customer_id",
        {"placed order": "total"},
        (),
        {"placed order": "quantity"},
    ),
    "magento": Example(
        f"""
CREATE TABLE customer_entity AS SELECT i AS entity_id, 'c' || i AS email, {AT} AS created_at, 'Ann' AS firstname,
  DATE '1990-01-01' AS dob {N};
CREATE TABLE sales_order AS SELECT i AS entity_id, i % 9 AS customer_id, 12.5 AS grand_total,
  ['complete', 'canceled'][i % 2 + 1] AS state,
  {AT} AS created_at, {AT} AS updated_at, 'TEN' AS coupon_code {N};
CREATE TABLE sales_order_item AS SELECT i AS item_id, i // 2 AS order_id, 'B1' AS sku, 'Beans' AS name,
  9.95 AS price, 2.0 AS qty_ordered {N};
CREATE TABLE newsletter_subscriber AS SELECT i AS subscriber_id, i AS customer_id, i % 2 + 1 AS subscriber_status,
  {AT} AS change_status_at {N};
""",
        "entity_id",
        {"placed order": "total"},
        ("email",),
        {"placed order": "product"},
    ),
    "braze": Example(
        "".join(
            f"CREATE TABLE {table} AS SELECT 'e' || i AS id, 'b' || i % 9 AS user_id, 'u' || i % 9 AS external_user_id,"
            f" 1768000000 + i AS time, 'c1' AS campaign_id, {more} {N};"
            for table, more in (
                ("users_messages_email_send_shared", "'x' AS device_id"),
                ("users_messages_email_open_shared", "'y' AS link"),
                ("users_behaviors_purchase_shared", "'P1' AS product_id, 12.5 AS price, 'EUR' AS currency"),
            )
        ),
        "external_user_id",
        {"opened email": "link", "placed order": "price", "was sent email": None},
    ),
    "hubspot": Example(
        f"""
CREATE TABLE contact AS SELECT i AS id, 'c' || i || '@x.org' AS property_email, {AT} AS property_createdate,
  'Ann' AS property_firstname, ['lead', 'customer'][i % 2 + 1] AS property_lifecyclestage,
  ['NL', 'BE'][i % 2 + 1] AS property_country, false AS _fivetran_deleted {N};
CREATE TABLE email_event AS SELECT 'e' || i AS id, {AT} AS created, 'C' || i % 50 || '@x.org' AS recipient,
  ['DELIVERED', 'OPEN', 'CLICK'][i % 3 + 1] AS type, i % 4 AS email_campaign_id, 7 AS portal_id,
  false AS filtered_event {N};
CREATE TABLE email_event_open AS SELECT 'e' || i AS id, 'Firefox' AS browser {N};
CREATE TABLE contact_form_submission AS SELECT i % 50 AS contact_id, i % 3 AS form_id, {AT} AS timestamp,
  'Newsletter' AS title, 'https://x.org' AS page_url, i AS conversion_id, 7 AS portal_id {N};
""",
        "id",
        {"opened email": "campaign", "clicked email": "campaign", "submitted form": "form"},
    ),
    "customerio": Example(
        f"""
CREATE TABLE people AS SELECT 7 AS workspace_id, 'u' || i AS customer_id, 'i' || i AS internal_customer_id,
  false AS deleted, i % 9 = 0 AS suppressed, {AT} AS created_at, {AT} AS updated_at, 'c' || i AS email_addr {N};
CREATE TABLE deliveries AS SELECT 7 AS workspace_id, 'd' || i AS delivery_id, 'i' || i % 50 AS internal_customer_id,
  ['email', 'twilio', 'push'][i % 3 + 1] AS delivery_type, i % 4 AS campaign_id, {AT} AS created_at, i AS seq_num {N};
CREATE TABLE metrics AS SELECT 'e' || i AS event_id, 7 AS workspace_id, 'd' || i AS delivery_id,
  ['delivered', 'clicked', 'opened'][i % 2 + 1] AS metric, 'https://x.org' AS link_url, {AT} AS created_at,
  i AS seq_num {N};
CREATE TABLE outputs AS SELECT 'o' || i AS output_id, 'd' || i AS delivery_id, {AT} AS created_at {N};
""",
        "internal_customer_id",
        {"opened email": None, "clicked email": "link", "clicked sms": "campaign", "received push": None},
    ),
}
