"""What the demo's simulated people say, by language."""

CALLERS_SAY: dict[str, tuple[str, ...]] = {
    "zh-CN": (
        "你好，我想查一下我的账户余额。",
        "请问信用卡的还款日是哪一天？",
        "我的手机银行登录不上去了，能帮我看看吗？",
        "昨天有一笔转账还没有到账。",
        "请问贵宾理财产品现在的利率是多少？",
        "我换了手机号码，需要更新一下资料。",
        "好的，我明白了。",
        "那大概需要多长时间呢？",
        "谢谢你，没有别的问题了。",
    ),
    "en": (
        "Hello, I would like to know the balance of my account.",
        "When is my credit card payment due?",
        "I cannot sign in to the mobile app. Could you help me?",
        "A transfer I made yesterday has not arrived yet.",
        "What is the rate of the savings plan at the moment?",
        "I have a new phone number and would like to update my record.",
        "All right, I see.",
        "How long will that take?",
        "Thank you, that was all.",
    ),
}
AGENTS_SAY: dict[str, tuple[str, ...]] = {
    "zh-CN": (
        "您好，很高兴为您服务。",
        "请您稍等，我马上为您查询。",
        "麻烦您核对一下身份信息。",
        "已经为您登记好了。",
        "这边看到您的账户一切正常。",
        "请问还有其他可以帮您的吗？",
    ),
    "en": (
        "Good morning, how can I help you?",
        "One moment please, I am looking it up.",
        "May I check a few details with you?",
        "I have made a note of that for you.",
        "Everything looks fine with your account.",
        "Is there anything else I can do for you?",
    ),
}


def spoken(texts: dict[str, tuple[str, ...]], language: str) -> tuple[tuple[str, str], ...]:
    """The phrases of a language, each with its language, as ``people`` wants them."""
    return tuple((text, language) for text in texts[language])
