from signalbot.app.latency import KEPT, Latency


def test_nothing_was_noted_yet():
    latency = Latency()

    assert latency.at(0.99) is None
    assert str(latency) == "nothing yet"
    assert len(latency) == 0


def test_a_share_of_durations_is_not_exceeded():
    latency = Latency()
    for hundredth in range(100, 0, -1):
        latency.put(hundredth / 100)

    assert latency.at(0.0) == 0.01
    assert latency.at(0.5) == 0.51
    assert latency.at(0.99) == 1.0
    assert latency.at(1.0) == 1.0
    assert str(latency) == "0.510 s (half), 1.000 s (99 %), 1.000 s (all 100)"


def test_one_duration_is_every_share():
    latency = Latency()
    latency.put(0.25)

    assert {latency.at(share) for share in (0.0, 0.5, 0.99, 1.0)} == {0.25}


def test_old_durations_are_forgotten():
    latency = Latency()
    latency.put(9.0)
    for _ in range(KEPT):
        latency.put(1.0)

    assert len(latency) == KEPT
    assert latency.at(1.0) == 1.0
