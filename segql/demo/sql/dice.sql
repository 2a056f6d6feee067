-- Chance without chance: a draw is a hash of a stream's name and the numbers of a row, so every build, on any number
-- of threads and any version of the engine, throws the same dice. All arithmetic stays below 2^63.
CREATE OR REPLACE TEMP MACRO demo_start() AS demo_end() - 1096 * 86400;

CREATE OR REPLACE TEMP MACRO demo_seed(stream, a, b) AS (
    (a::BIGINT & 4294967295) * 668265263 + b::BIGINT * 374761393 + (md5_number_lower(stream) & 1073741823)::BIGINT
) & 4294967295;

CREATE OR REPLACE TEMP MACRO demo_mix(x) AS (xor(x, x >> 16) * 2146121005) & 4294967295;

CREATE OR REPLACE TEMP MACRO demo_stir(x) AS (xor(x, x >> 15) * 695872825) & 4294967295;

-- Uniform in [0, 1).
CREATE OR REPLACE TEMP MACRO draw(stream, a, b) AS
    (demo_stir(demo_mix(demo_seed(stream, a, b))) >> 2)::DOUBLE / 1073741824::DOUBLE;

-- A waiting time in seconds with this mean: mostly short, sometimes long.
CREATE OR REPLACE TEMP MACRO wait(mean, u) AS floor(-ln(1 - u) * mean)::BIGINT;

-- A second of the day as people live it: quiet at night, busy at lunch, busiest in the evening (by the sun, UTC at 0°).
CREATE OR REPLACE TEMP MACRO daytime(u) AS
    ([0, 0, 1, 2, 4, 5, 6, 6, 7, 7, 7, 8, 8, 8, 8, 9, 9, 9, 9, 10, 10, 10, 11, 11, 11, 12, 12, 12, 12, 13, 13, 13,
      14, 14, 14, 15, 15, 15, 16, 16, 16, 17, 17, 17, 18, 18, 18, 18, 19, 19, 19, 19, 20, 20, 20, 20, 20, 21, 21, 21, 21,
      22, 22, 23])[1 + floor(u * 64)::INTEGER] * 3600 + floor((u * 64 - floor(u * 64)) * 3600)::INTEGER;
