from signalbot.domain.onboarding import Step, after, offered


def test_the_questions_follow_each_other() -> None:
    assert [step.following for step in Step] == [Step.EQUITY, Step.RISK, Step.LEVERAGE, None]


def test_only_the_open_question_leads_on() -> None:
    assert after(Step.VENUE, Step.VENUE) is Step.EQUITY
    assert after(Step.LEVERAGE, Step.LEVERAGE) is None
    assert after(Step.LEVERAGE, Step.EQUITY) is Step.LEVERAGE
    assert after(None, Step.RISK) is None


def test_each_question_has_its_buttons() -> None:
    assert offered(Step.VENUE, ["bybit", "mexc"]) == ("bybit", "mexc")
    assert "0.5" in offered(Step.RISK, [])
    assert "3" in offered(Step.LEVERAGE, [])
    assert len(offered(Step.EQUITY, [])) == 6
