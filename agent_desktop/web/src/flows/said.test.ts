import { expect, test } from "vitest";
import { said } from "./said";

test.each([
  ["node welcome: exit done is missing", "节点 welcome：缺少出口 done"],
  ["node card: prompts: en is not a language of this flow", "节点 card：prompts：en 不是本流程的语言"],
  [
    "node ask: exit no can never be taken: case 2 says the same",
    "节点 ask：出口 no 永远不会走到：第 2 个条件与它相同",
  ],
  [
    "node pin: the flow goes round for ever: no key, no bound (pin > again > pin)",
    "节点 pin：流程无休止地循环：既不等按键，也没有次数限制（pin > again > pin）",
  ],
  ["there is no queue vip", "没有队列 vip"],
  ["node ask: text must be a text", "节点 ask：text 必须是文字"],
  ["node ask: there is no calendar bank", "节点 ask：没有日历 bank"],
  ["node ask: reads card, which nothing sets", "节点 ask：读取了 card，但没有任何地方给它赋值"],
  ["node ask: there is no text in en", "节点 ask：缺少 en 的文字"],
  ["flow: default_queue must be a text", "流程：default_queue 必须是文字"],
  [
    "node ask: there is no exit no_input; who presses nothing meets a mistake of the flow",
    "节点 ask：没有出口 no_input；来电者什么都不按时会遇到流程错误",
  ],
  ["while parsing a block mapping", "while parsing a block mapping"],
])("%s", (english, chinese) => {
  expect(said(english, "zh-CN")).toBe(chinese);
  expect(said(english, "en")).toBe(english);
});
