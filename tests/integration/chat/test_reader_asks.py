"""What a reader asks in private, answered by the real chat on a real database."""

import re
from decimal import Decimal

import pytest
from fakes.chat_room import ANN, BOB, ENDED_ALERT, OPEN_ALERT, ChatRoom, data, labels
from sqlalchemy import Engine

from signalbot.domain.delivery import Shown
from signalbot.domain.journal import Decision
from signalbot.domain.onboarding import Step
from signalbot.rendering.consent_texts import REAL_SIZES_SENTENCE


@pytest.fixture
def room(engine: Engine) -> ChatRoom:
    return ChatRoom(engine)


class TestJoining:
    def test_four_taps_make_sizes_ones_own(self, room: ChatRoom) -> None:
        welcome, question = room.say("/start")
        assert "did not beat their costs" in welcome.html
        for label, next_words in (
            ("Binance USD-M", "2/4"),
            ("500 USDT", "3/4"),
            ("0.5 %", "4/4"),
            ("3x", "a stop may cost you 2.50 USDT"),
        ):
            (question,) = room.press(data(question)[label])
            assert question.replaces
            assert next_words in question.html

        reader = room.people.get(ANN)
        assert reader is not None
        assert (reader.venue, reader.equity, reader.question) == ("binanceusdm", Decimal(500), None)

    def test_every_question_can_be_skipped_or_typed(self, room: ChatRoom) -> None:
        _, question = room.say("/start")
        (question,) = room.press(data(question)["Skip"])
        (question,) = room.say("750 usdt")
        assert question.html.startswith("3/4")
        (question,) = room.press(data(question)["Skip"])
        (end,) = room.press(data(question)["Skip"])

        assert "750.00 USDT at 0.5 % risk" in end.html

    def test_a_wrong_answer_gets_an_example_and_keeps_the_question(self, room: ChatRoom) -> None:
        room.say("/start")
        room.press("skipq:venue")

        assert "for example 500" in room.text("a lot")
        reader = room.people.get(ANN)
        assert reader is not None
        assert reader.question is Step.EQUITY

    def test_an_old_tap_corrects_an_answer(self, room: ChatRoom) -> None:
        room.join()
        room.press("answer:equity:1000")

        reader = room.people.get(ANN)
        assert reader is not None
        assert reader.equity == 1000

    def test_words_without_a_question_lead_to_help(self, room: ChatRoom) -> None:
        assert "/help" in room.text("hello there")

    def test_leaving_and_coming_back(self, room: ChatRoom) -> None:
        room.join()
        assert "no more alerts" in room.text("/unsubscribe")
        assert "You get alerts" in room.text("/subscribe")

    def test_a_deep_link_leads_to_the_own_size_of_an_alert(self, room: ChatRoom) -> None:
        room.join()

        assert "295" in room.text(f"/start size_{OPEN_ALERT}")

    def test_a_deep_link_of_a_stranger_asks_the_questions_first(self, room: ChatRoom) -> None:
        welcome, came_for, question = room.say(f"/start size_{OPEN_ALERT}")
        assert "Four questions" in welcome.html
        assert question.html.startswith("1/4")
        room.press("answer:equity:500")

        assert "295" in room.press(data(came_for)[f"Size #{OPEN_ALERT}"])[0].html

    @pytest.mark.parametrize("text", ["answer:colour:red", "answer:venue:mtgox", "skipq:x"])
    def test_a_forged_tap_is_refused_in_one_sentence(self, room: ChatRoom, text: str) -> None:
        room.say("/start")
        (reply,) = room.press(text)

        assert reply.html.endswith(".")


class TestRecord:
    def test_the_statistics_are_never_a_bare_rate(self, room: ChatRoom) -> None:
        (reply,) = room.say("/stats")

        assert reply.html.startswith("(simulated market)\nSince 2025-05-04, all alerts: 2")
        assert "/proof" in reply.html
        assert labels(reply) == ["Pictures"]

    def test_pictures_come_as_an_album(self, room: ChatRoom) -> None:
        (reply,) = room.press("pictures")

        assert len(reply.pictures) == 4
        assert all(each.content.startswith(b"\x89PNG") for each in reply.pictures)
        assert all(len(each.content) <= 100_000 for each in reply.pictures)

    def test_open_alerts_are_listed(self, room: ChatRoom) -> None:
        text = room.text("/open")

        assert f"#{OPEN_ALERT} LONG LAYER 1.0420 · stop 1.0350" in text
        assert f"#{ENDED_ALERT}" not in text

    def test_an_alert_is_shown_with_what_became_of_it(self, room: ChatRoom) -> None:
        assert "Open." in room.text(f"/alert {OPEN_ALERT}")
        ended = room.text(f"/alert #{ENDED_ALERT}")
        assert "Ended at 14:32 UTC: target after 1 min, +1.80 R after costs." in ended
        assert re.search(rf"#{ENDED_ALERT} [0-9a-f]{{8}} &lt;- [0-9a-f]{{8}}$", ended)

    def test_why_gives_the_numbers_and_the_costs(self, room: ChatRoom) -> None:
        text = room.text(f"/why {ENDED_ALERT}")

        assert "volume against its average: 3.1" in text
        assert "must win just to break even" in text

    @pytest.mark.parametrize("text", ["/alert", "/alert 3", "/why 99999", "/alert x", "/alert 1e9"])
    def test_a_wrong_number_gets_the_newest_as_an_example(self, room: ChatRoom, text: str) -> None:
        assert f"for example {text.split()[0]} {ENDED_ALERT}" in room.text(text)

    def test_the_proof_names_head_and_key(self, room: ChatRoom) -> None:
        text = room.text("/proof")

        assert f"Head #6 <code>{room.ledger.head.hash}</code>" in text
        assert room.signer.public_key in text

    def test_the_export_is_the_whole_record_and_its_ledger(self, room: ChatRoom) -> None:
        (reply,) = room.say("/export")

        csv, lines, ledger = reply.documents
        assert (csv.name, lines.name) == ("signalbot-6.csv", "signalbot-6.jsonl")
        assert ledger.name == "ledger-6.jsonl"
        assert ledger.content.decode() == "".join(
            f"{entry.line()}\n" for entry in room.ledger.entries()
        )
        assert csv.content.count(b"\n") == 3
        assert lines.content.count(b"\n") == 2

    def test_a_claim_is_explained_and_a_wrong_one_refused(self, room: ChatRoom) -> None:
        assert "12 wins of 17" in room.text("/claim 70,59 %")
        for wrong in ("/claim", "/claim abc", "/claim 101", "/claim nan", "/claim 1e400"):
            assert "for example /claim 70.59" in room.text(wrong)


class TestSizing:
    def test_a_size_follows_from_the_account(self, room: ChatRoom) -> None:
        room.join()

        assert room.text("/size layer 1.042 1.035 1.0525").startswith(
            "PAPER\nLONG LAYER <code>1.0420</code>"
        )
        assert "<code>292</code> LAYER" in room.text("/size $LAYER 1.042 1.035 1.0525")

    def test_alone_it_offers_open_alerts_and_one_coin_gets_an_example(self, room: ChatRoom) -> None:
        room.join()
        (offer,) = room.say("/size")

        assert labels(offer) == [f"#{OPEN_ALERT} LAYER"]
        assert "295" in room.press(data(offer)[f"#{OPEN_ALERT} LAYER"])[0].html
        assert "for example /size layer 1.0425 1.0352" in room.text("/size layer")

    def test_a_wrong_argument_gets_an_example_with_the_own_coin(self, room: ChatRoom) -> None:
        room.join()
        assert "/size layer 1.0425 1.0352" in room.text("/size layer 1.02 1.02")
        assert "/size layer 1.0425 1.0352" in room.text("/size layer abc 1.02")
        assert "/size layer 1.0425 1.0352" in room.text("/size layer 1 2 3 4 5")
        assert "nearest" in room.text("/size pepe 1 2")

    def test_a_coin_with_a_name_of_another_script_is_sized_too(self, room: ChatRoom) -> None:
        room.join()

        assert "币安人生" in room.text("/size 币安人生 1.042 1.035")

    def test_whoever_has_told_no_account_is_asked_for_it(self, room: ChatRoom) -> None:
        room.say("/start")

        for question in ("/size layer 1.042 1.035", "/risk", f"/start size_{OPEN_ALERT}"):
            assert "Account" in room.text(question)

    def test_a_liquidation_price_is_an_estimate(self, room: ChatRoom) -> None:
        assert room.text("/liq layer long 1.042 295 3x").startswith("Estimated liquidation")
        for wrong in (
            "/liq",
            "/liq layer up 1 2",
            "/liq layer long 1 2 900x",
            "/liq layer long x 2",
            "/liq layer long 1 0",
        ):
            assert "for example" in room.text(wrong)

    def test_what_to_expect_is_told_with_the_guards(self, room: ChatRoom) -> None:
        room.join()
        text = room.text("/risk")

        assert "a stop costs at most 2.50 USDT" in text
        assert "an example, the record is too short" in text
        assert "losses in a row 0" in text


class TestJournal:
    def test_took_it_filled_and_out(self, room: ChatRoom) -> None:
        room.join()
        room.told(ANN, Shown(qty=Decimal(295), on_paper=False))
        (mark,) = room.press(f"took:{OPEN_ALERT}")
        assert "taken with money" in mark.html
        (fill,) = room.press(data(mark)["Filled at the entry"])
        assert "<code>295</code> at <code>1.042</code>" in fill.html
        (out,) = room.press(data(fill)["Out at the target"])
        assert "out <code>1.0525</code>" in out.html
        assert "#2 LONG LAYER: taken with money" in room.text("/journal")
        (undone,) = room.press(data(out)["Undo"])
        assert "taken back" in undone.html
        assert "empty" in room.text("/journal")

    def test_own_prices_can_be_typed(self, room: ChatRoom) -> None:
        room.join()
        room.say(f"/took {OPEN_ALERT}")
        assert "<code>100</code> at <code>1.0425</code>" in room.text(
            f"/fill {OPEN_ALERT} 1,0425 100"
        )
        assert "out <code>1.05</code>" in room.text(f"/exit {OPEN_ALERT} 1.05")
        assert "taken back" in room.text(f"/undo {OPEN_ALERT}")

    def test_an_alert_that_was_shown_on_paper_is_taken_on_paper(self, room: ChatRoom) -> None:
        room.join()
        room.press(f"took:{OPEN_ALERT}")

        entry = room.journal.find(ANN, OPEN_ALERT)
        assert entry is not None
        assert (entry.decision, entry.on_paper) == (Decision.TAKEN, True)

    @pytest.mark.parametrize(
        "text",
        ["/fill", "/fill 2 x", "/fill 2 -1", "/fill 2 9999", "/exit 2 1", "/took 99", "/undo x"],
    )
    def test_what_cannot_be_is_refused_with_what_can(self, room: ChatRoom, text: str) -> None:
        room.join()

        assert "allowed" in room.text(text)

    def test_a_pressed_button_acts_for_whoever_presses_it(self, room: ChatRoom) -> None:
        room.join()
        room.join(BOB, "50")
        room.told(ANN, Shown(qty=Decimal(295), on_paper=False))
        room.press(f"took:{OPEN_ALERT}", BOB)

        assert room.journal.find(ANN, OPEN_ALERT) is None
        assert "taken on paper" in room.text("/journal", BOB)
        assert "295" not in room.press(f"filled:{OPEN_ALERT}", BOB)[0].html

    def test_mute_and_the_week(self, room: ChatRoom) -> None:
        room.join()
        assert "LAYER" in room.press(f"mute:{OPEN_ALERT}")[0].html
        assert room.text("/review").startswith("Your week ")


class TestPreferences:
    def test_everything_is_a_button_away(self, room: ChatRoom) -> None:
        room.join()
        (settings,) = room.say("/settings")
        assert "account: 500.00 USDT" in settings.html
        for press in data(settings).values():
            (page,) = room.press(press)
            assert page.html

    def test_pause_quiet_zone_and_mutes_by_words(self, room: ChatRoom) -> None:
        room.join()
        for text, words in (
            ("/pause 8h", "No alerts until"),
            ("/resume", "No pause"),
            ("/quiet 22:00-07:00", "Quiet from 22:00 to 07:00"),
            ("/zone lisbon", "Europe/Lisbon"),
            ("/mute layer", "Muted coins: LAYER"),
            ("/unmute LAYER", "Muted coins: none"),
            ("/mute range_breakout", "Range breakout"),
            ("/unmute range_breakout", "Muted setups: none"),
            ("/account 250", "account: 250.00 USDT"),
            ("/leverage 4x", "leverage: 4x"),
            ("/riskpct 1", "Risk: 1 %"),
            ("/venue bybit", "Venue: Bybit"),
        ):
            assert words in room.text(text), text

    @pytest.mark.parametrize(
        "text", ["/pause", "/quiet", "/zone", "/mute", "/unmute", "/account", "/leverage"]
    )
    def test_alone_they_ask_back(self, room: ChatRoom, text: str) -> None:
        room.join()
        room.say("/mute layer")

        assert labels(room.say(text)[0])

    @pytest.mark.parametrize(
        "text", ["/pause forever", "/quiet now", "/zone moon", "/mute pepe", "/leverage 99"]
    )
    def test_nonsense_is_refused_with_an_example(self, room: ChatRoom, text: str) -> None:
        room.join()

        assert " was &#x27;" in room.text(text)

    def test_real_sizes_need_the_sentence(self, room: ChatRoom) -> None:
        room.join()
        (question,) = room.say("/real")
        assert REAL_SIZES_SENTENCE in question.html
        reader = room.people.get(ANN)
        assert reader is not None
        assert reader.real_since is None
        (answer,) = room.press(data(question)["I know, show real sizes"])
        assert "Noted" in answer.html
        assert "marked PAPER" in room.text("/paper")


class TestLearning:
    def test_six_lessons_lead_from_one_to_the_next(self, room: ChatRoom) -> None:
        (listed,) = room.say("/learn")
        assert len(labels(listed)) == 6
        (lesson,) = room.say("/learn size")
        for _ in range(6):
            (lesson,) = room.press(next(iter(data(lesson).values())))
        assert "Risk and size" in lesson.html
        assert "one of" in room.text("/learn everything")

    def test_help_lists_what_a_reader_may_ask(self, room: ChatRoom) -> None:
        text = room.text("/help")

        assert "/size · How much" in text
        assert "/resume" not in text
        assert len(text) <= 4096

    def test_btc_and_venues(self, room: ChatRoom) -> None:
        assert "No HALT" in room.text("/btc")
        room.market.btc_state = None
        assert "not known" in room.text("/btc")
        assert "smallest order 5.21 USDT" in room.text("/venues layer")
        assert "for example /venues" in room.text("/venues")

    def test_being_forgotten_takes_a_second_tap_and_leaves_nothing(self, room: ChatRoom) -> None:
        room.join()
        room.told(ANN, Shown(qty=Decimal(295), on_paper=True))
        room.press(f"took:{OPEN_ALERT}")
        (question,) = room.say("/forgetme")
        (kept,) = room.press(data(question)["Keep it"])
        assert "Nothing was deleted" in kept.html
        assert room.people.get(ANN) is not None
        (gone,) = room.press(data(question)["Delete everything"])

        assert "1 journal entry" in gone.html
        assert room.people.get(ANN) is None
        assert not room.journal.entries(ANN)
        assert room.outbox.told(OPEN_ALERT, ANN) is None
        assert "/start begins" in room.text("/settings")

    def test_privacy_says_what_is_kept(self, room: ChatRoom) -> None:
        assert "No name, no phone number" in room.text("/privacy")
