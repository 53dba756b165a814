/** Announcements for a queue that is closed in an emergency, ready to be spoken to callers in their language. */

export type PhraseKey = "trouble" | "weather" | "evacuated" | "busy";

export const PHRASES: Record<"zh-CN" | "en", Record<PhraseKey, string>> = {
  "zh-CN": {
    trouble: "非常抱歉，因系统故障，人工服务暂时中断，请您稍后再拨。",
    weather: "受恶劣天气影响，人工服务暂停，给您带来不便，敬请谅解。",
    evacuated: "因突发情况，人工服务暂停，请您稍后再拨，感谢您的理解。",
    busy: "当前来电较多，我们暂时无法接听，请您稍后再拨，或使用手机银行办理业务。",
  },
  en: {
    trouble:
      "We are sorry. Because of a technical fault nobody can take your call now. Please call again later.",
    weather:
      "Because of severe weather our agents cannot take calls now. We apologise for the inconvenience.",
    evacuated: "Because of an emergency our agents cannot take calls now. Please call again later.",
    busy: "We have unusually many calls and cannot take yours now. Please call again later or use our app.",
  },
};
