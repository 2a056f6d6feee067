"""Consent and lists: the latest record decides."""

from __future__ import annotations

from segql.conditions import Consent, InList, Interval, Not
from segql.evaluator import Shop

from .evaluated import EVER, NOW, TIMELESS, at, consents, found, order

# --- consent ---------------------------------------------------------------------------------------------------------


def test_the_latest_record_decides() -> None:
    of = consents(
        (1, False, None, "2025-01-01"),
        (1, True, None, "2025-02-01"),
        (2, True, None, "2025-01-01"),
        (2, False, None, "2025-02-01"),
        (3, True, None, "2025-02-01"),
        (3, False, None, "2025-02-01"),  # a tie cannot receive
        (4, True, None, "2025-02-01"),
        (4, True, None, "2025-02-01"),
        (4, False, None, None),  # no time where the channel has one: no record
    )
    assert found(Consent("sms"), of) == {1, 4}
    assert found(Consent("sms", given=False), of) == {2, 3}
    assert found(Not(Consent("sms")), of) == {2, 3, 5}


def test_only_true_gives_consent() -> None:
    of = consents((1, None, "form", "2025-01-01"), (2, False, "form", "2025-01-01"), (3, True, "form", "2025-01-01"))
    assert found(Consent("sms"), of) == {3}
    assert found(Consent("sms", given=False, reason="form"), of) == {1, 2}


def test_consent_with_a_reason() -> None:
    of = consents(
        (1, True, "form", "2025-01-01"),
        (2, True, "Form", "2025-01-01"),
        (3, True, None, "2025-01-01"),
        (4, True, "form", "2025-01-01"),
        (4, True, "import", "2025-01-01"),  # all that decide must fit
        (5, True, "form", "2025-01-01"),
        (5, False, "form", "2025-02-01"),
    )
    assert found(Consent("sms", reason="form"), of) == {1}
    assert found(Consent("sms", given=False, reason="form"), of) == {5}
    assert found(Consent("sms", given=False, reason="import"), of) == set()


def test_consent_with_a_window() -> None:
    window = Interval(at("2025-02-01"), at("2025-03-01"))
    of = consents(
        (1, True, None, "2025-02-01"),
        (2, True, None, "2025-03-01"),
        (3, True, None, "2025-02-10"),
        (3, False, None, "2025-02-11"),
        (4, False, None, "2025-02-11"),
        (4, True, None, "2025-03-11"),
    )
    assert found(Consent("sms", window=window), of) == {1}
    assert found(Consent("sms", given=False, window=window), of) == {3}


def test_consent_without_time() -> None:
    of = consents(
        (1, True, "form", None),
        (2, False, "form", None),
        (3, True, "form", None),
        (3, False, "bounce", "2020-01-01"),  # the channel has no time: this record decides too
        channel="email",
    )
    assert found(Consent("email"), of) == {1}
    assert found(Consent("email", given=False, reason="bounce"), of) == {3}
    assert found(Not(Consent("email")), of) == {2, 3, 4, 5}


# --- lists -----------------------------------------------------------------------------------------------------------


def test_lists_of_profiles() -> None:
    of = Shop(
        [{"key": n} for n in range(1, 6)],
        lists={
            "news": [
                order(1, "2025-01-01"),
                order(2, "2025-07-01"),
                order(3, None),
                order(4, NOW),
                order(9, "2025-01-01"),
            ],
            "old": [{"profile": 1}, {"profile": 4, "time": at("2099-01-01")}],
        },
    )
    assert found(InList("news", EVER, dated=False), of) == {
        1,
        2,
        3,
    }  # an unknown time of joining counts, the future not
    assert found(InList("news", EVER, dated=True), of) == {1, 2}
    assert found(InList("news", Interval(at("2025-06-01"), NOW), dated=True), of) == {2}
    assert found(InList("news", TIMELESS, dated=False), of) == {1, 2, 3}
    assert found(InList("old", EVER, dated=False), of) == {1, 4}  # a list without time
    assert found(InList("old", EVER, dated=True), of) == set()
