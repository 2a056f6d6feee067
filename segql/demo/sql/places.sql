-- Where customers live, with the share of each city in thousandths; names as their people spell them.
CREATE OR REPLACE TEMP TABLE demo_cities AS
SELECT row_number() OVER ()::INTEGER AS city_no, *
FROM (VALUES
    ('Amsterdam', 'Noord-Holland', 'NL', 'nl', 52.3728, 4.8936, 105),
    ('Utrecht', 'Utrecht', 'NL', 'nl', 52.0907, 5.1214, 66),
    ('Rotterdam', 'Zuid-Holland', 'NL', 'nl', 51.9244, 4.4777, 60),
    ('''s-Hertogenbosch', 'Noord-Brabant', 'NL', 'nl', 51.6978, 5.3037, 20),
    ('Groningen', 'Groningen', 'NL', 'nl', 53.2194, 6.5665, 22),
    ('Antwerpen', 'Vlaanderen', 'BE', 'nl', 51.2194, 4.4025, 38),
    ('Liège', 'Wallonie', 'BE', 'fr', 50.6326, 5.5797, 18),
    ('Luxembourg', NULL, 'LU', 'fr', 49.6117, 6.1319, 6),
    ('Berlin', 'Berlin', 'DE', 'de', 52.5200, 13.4050, 45),
    ('München', 'Bayern', 'DE', 'de', 48.1351, 11.5820, 32),
    ('Köln', 'Nordrhein-Westfalen', 'DE', 'de', 50.9375, 6.9603, 30),
    ('Wien', 'Wien', 'AT', 'de', 48.2082, 16.3738, 16),
    ('Zürich', 'Zürich', 'CH', 'de', 47.3769, 8.5417, 16),
    ('Paris', 'Île-de-France', 'FR', 'fr', 48.8566, 2.3522, 40),
    ('Orléans', 'Centre-Val de Loire', 'FR', 'fr', 47.9030, 1.9093, 10),
    ('London', 'England', 'GB', 'en', 51.5072, -0.1276, 48),
    ('Edinburgh', 'Scotland', 'GB', 'en', 55.9533, -3.1883, 12),
    ('Dublin', 'Leinster', 'IE', 'en', 53.3498, -6.2603, 12),
    ('København', 'Hovedstaden', 'DK', 'da', 55.6761, 12.5683, 16),
    ('Göteborg', 'Västra Götaland', 'SE', 'sv', 57.7089, 11.9746, 16),
    ('Malmö', 'Skåne', 'SE', 'sv', 55.6050, 13.0038, 10),
    ('Tromsø', 'Troms', 'NO', 'no', 69.6492, 18.9553, 10),
    ('Reykjavík', NULL, 'IS', 'is', 64.1466, -21.9426, 5),
    ('Łódź', 'Łódzkie', 'PL', 'pl', 51.7592, 19.4560, 16),
    ('Kraków', 'Małopolskie', 'PL', 'pl', 50.0647, 19.9450, 12),
    ('Plzeň', 'Plzeňský kraj', 'CZ', 'cs', 49.7384, 13.3736, 10),
    ('Αθήνα', 'Αττική', 'GR', 'el', 37.9838, 23.7275, 8),
    ('София', NULL, 'BG', 'bg', 42.6977, 23.3219, 6),
    ('Sevilla', 'Andalucía', 'ES', 'es', 37.3891, -5.9845, 20),
    ('A Coruña', 'Galicia', 'ES', 'es', 43.3623, -8.4115, 8),
    ('Torino', 'Piemonte', 'IT', 'it', 45.0703, 7.6869, 20),
    ('Lisboa', 'Lisboa', 'PT', 'pt', 38.7223, -9.1393, 12),
    ('New York', 'New York', 'US', 'en', 40.7128, -74.0060, 48),
    ('San Francisco', 'California', 'US', 'en', 37.7749, -122.4194, 34),
    ('Los Angeles', 'California', 'US', 'es', 34.0522, -118.2437, 26),
    ('Austin', 'Texas', 'US', 'en', 30.2672, -97.7431, 18),
    ('Toronto', 'Ontario', 'CA', 'en', 43.6532, -79.3832, 28),
    ('Montréal', 'Québec', 'CA', 'fr', 45.5019, -73.5674, 24),
    ('São Paulo', 'São Paulo', 'BR', 'pt', -23.5558, -46.6396, 16),
    ('東京', '東京都', 'JP', 'ja', 35.6764, 139.6500, 18),
    ('Melbourne', 'Victoria', 'AU', 'en', -37.8136, 144.9631, 15),
    ('Kapstadt', 'Western Cape', 'ZA', 'en', -33.9249, 18.4241, 8)
) AS t (city, region, country, language, latitude, longitude, thousandths);

-- One slot for each thousandth: a draw finds its city by an equality join.
CREATE OR REPLACE TEMP TABLE demo_slots AS
SELECT row_number() OVER (ORDER BY city_no, n) - 1 AS slot, city_no
FROM (SELECT city_no, unnest(range(thousandths)) AS n FROM demo_cities);

CREATE TABLE stores AS
SELECT name, city, latitude::DOUBLE AS latitude, longitude::DOUBLE AS longitude
FROM (VALUES
    ('Amsterdam Haarlemmerdijk', 'Amsterdam', 52.3818, 4.8862),
    ('Utrecht Oudegracht', 'Utrecht', 52.0894, 5.1210)
) AS t (name, city, latitude, longitude);
