"""Where a call goes when its flow knows no better: an apology, the default queue, a message, the end.

Here too end the calls that left a queue for a reason their flow has no exit for.

These nodes stand behind every flow. None of them can fail into another flow's node, and they have no way
back, so a caller who comes here is always served or told.
"""

from functools import lru_cache

from domain.switch import Prompt, Speak
from ivr.flow import CALLED_BACK, CLOSED, GOODBYE, MESSAGE, Node, Prompts
from ivr.nodes.hang_up import HangUp
from ivr.nodes.queue import Queue
from ivr.nodes.say import SayNode
from ivr.nodes.voicemail import Voicemail

APOLOGY, QUEUE, THANKS, KEPT, SORRY, END = "$apology", "$queue", "$thanks", "$kept", "$sorry", "$end"

_WORDS = {
    APOLOGY: {
        "zh-CN": "抱歉，系统暂时出了点问题，马上为您转接人工服务，请稍候。",
        "en": "Sorry, something went wrong on our side. We are putting you through to a person.",
    },
    MESSAGE: {
        "zh-CN": "抱歉，现在没有客服人员可以接听。请在提示音后留言，按井号键结束，我们会尽快给您回电。",
        "en": "Sorry, nobody can take your call right now. Please leave a message after the tone.",
    },
    THANKS: {
        "zh-CN": "您的留言已收到，感谢来电，再见。",
        "en": "We have your message. Thank you for calling. Goodbye.",
    },
    SORRY: {"zh-CN": "很抱歉，请您稍后再拨。再见。", "en": "We are sorry. Please call again later. Goodbye."},
    GOODBYE: {
        "zh-CN": "很抱歉，现在没有客服人员可以接听，请您稍后再拨。感谢来电，再见。",
        "en": "We are sorry, nobody can take your call right now. Please call again later. Goodbye.",
    },
}


@lru_cache(maxsize=256)
def last_resort(default_queue: str, languages: tuple[str, ...]) -> dict[str, Node]:
    """The nodes, speaking ``languages`` (English where we have no words of our own)."""

    def words(node: str) -> Prompts:
        said: dict[str, tuple[Prompt, ...]] = {}
        for language in languages:
            text = _WORDS[node].get(language)
            said[language] = (Speak(text, language) if text else Speak(_WORDS[node]["en"], "en"),)
        return said

    nodes: list[Node] = [
        SayNode(id=APOLOGY, prompts=words(APOLOGY), barge_in=False, exits={"done": QUEUE}),
        Queue(id=QUEUE, queue=default_queue, exits={"default": MESSAGE}),
        Voicemail(id=MESSAGE, prompts=words(MESSAGE), exits={"taken": THANKS, "failed": SORRY}),
        SayNode(id=THANKS, prompts=words(THANKS), barge_in=False, exits={"done": KEPT}),
        HangUp(id=KEPT, outcome="voicemail"),
        SayNode(id=SORRY, prompts=words(SORRY), barge_in=False, exits={"done": END}),
        HangUp(id=END, outcome="failed"),
        SayNode(id=GOODBYE, prompts=words(GOODBYE), barge_in=False, exits={"done": CLOSED}),
        HangUp(id=CLOSED, outcome="closed"),
        HangUp(id=CALLED_BACK, outcome="callback"),
    ]
    return {node.id: node for node in nodes}
