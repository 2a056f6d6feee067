"""Wrong texts, put into words: what people write who know other languages, and how SegQL says it."""
