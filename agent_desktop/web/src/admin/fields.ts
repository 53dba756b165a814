/** What can be configured, as data: one list of fields a kind, so that one table and one form serve them all. */

import type { Word } from "../shared/words";

export type AdminKind = "users" | "agents" | "queues" | "skills" | "tiers" | "calendars" | "entry-numbers";

export interface Field {
  name: string;
  label: Word;
  type: "text" | "number" | "choice" | "ref" | "refs" | "tags" | "yes" | "password" | "hours" | "dates";
  /** For `ref` and `refs`: which kind of row it points to. */
  of?: AdminKind | "flows";
  /** For `choice`: the values and their words. */
  choices?: [string, Word | string][];
  required?: boolean;
  /** Shown in the list, not only in the form. */
  listed?: boolean;
  help?: Word;
  start?: unknown;
}

const name: Field = { name: "name", label: "field.name", type: "text", required: true, listed: true };
const number = (field: string, label: Word, start: number | null, listed = false): Field => ({
  name: field,
  label,
  type: "number",
  start,
  listed,
});

export const KINDS: readonly AdminKind[] = [
  "users",
  "agents",
  "queues",
  "skills",
  "tiers",
  "calendars",
  "entry-numbers",
];

export const FIELDS: Record<AdminKind, Field[]> = {
  users: [
    name,
    {
      name: "role",
      label: "field.role",
      type: "choice",
      required: true,
      listed: true,
      start: "agent",
      choices: [
        ["agent", "role.agent"],
        ["supervisor", "role.supervisor"],
        ["planner", "role.planner"],
        ["admin", "role.admin"],
      ],
    },
    { name: "agent", label: "field.agent", type: "ref", of: "agents", listed: true },
    {
      name: "language",
      label: "field.language",
      type: "choice",
      start: "zh-CN",
      listed: true,
      choices: [
        ["zh-CN", "中文"],
        ["en", "English"],
      ],
    },
    { name: "password", label: "field.password", type: "password", help: "field.password.keep" },
    { name: "disabled", label: "field.disabled", type: "yes", listed: true, start: false },
  ],
  agents: [
    name,
    { name: "queues", label: "field.queues", type: "refs", of: "queues", listed: true, start: [] },
    { name: "skills", label: "field.skills", type: "refs", of: "skills", listed: true, start: [] },
    { name: "branch", label: "field.branch", type: "text", listed: true, start: "" },
    { name: "device", label: "field.device", type: "text", help: "field.device.help", start: "" },
  ],
  queues: [
    name,
    number("target_s", "field.target_s", 20, true),
    number("target_share", "field.target_share", 0.8, true),
    number("ring_s", "field.ring_s", 20, true),
    number("wrap_up_s", "field.wrap_up_s", 30, true),
    number("max_wait_s", "field.max_wait_s", 600),
    number("max_length", "field.max_length", 200),
    {
      name: "when_no_agents",
      label: "field.when_no_agents",
      type: "choice",
      start: "wait",
      listed: true,
      choices: [
        ["wait", "none.wait"],
        ["return", "none.return"],
      ],
    },
    number("age_rate", "field.age_rate", 1),
    number("age_cap", "field.age_cap", 600),
    number("weight", "field.weight", 1),
    number("busy_window_s", "field.busy_window_s", 3600),
    { name: "timezone", label: "field.timezone", type: "text", required: true, start: "Asia/Shanghai" },
  ],
  skills: [name],
  tiers: [
    name,
    { name: "scheme", label: "field.scheme", type: "text", required: true, listed: true, start: "retail" },
    { name: "currency", label: "field.currency", type: "text", listed: true, start: "CNY" },
    number("low", "field.low", 0, true),
    number("high", "field.high", null, true),
    number("priority", "field.priority", 0, true),
    { name: "owner_roles", label: "field.owner_roles", type: "tags", listed: true, start: [] },
  ],
  calendars: [
    name,
    {
      name: "timezone",
      label: "field.timezone",
      type: "text",
      required: true,
      listed: true,
      start: "Asia/Shanghai",
    },
    { name: "hours", label: "field.hours", type: "hours", help: "field.hours.help", start: {} },
    { name: "country", label: "field.country", type: "text", listed: true, start: "CN" },
    { name: "closed", label: "field.closed", type: "dates", help: "field.dates.help", start: [] },
    { name: "open", label: "field.open", type: "dates", help: "field.dates.help", start: [] },
  ],
  "entry-numbers": [
    name,
    { name: "flow", label: "field.flow", type: "ref", of: "flows", required: true, listed: true },
    { name: "source", label: "field.source", type: "text", listed: true, start: "" },
  ],
};

export type Row = Record<string, unknown> & { id: string };

/** A new row with every field at its start value. */
export function blank(kind: AdminKind): Row {
  return {
    id: "",
    ...Object.fromEntries(FIELDS[kind].map((f) => [f.name, f.start ?? (f.type === "ref" ? null : "")])),
  };
}

/** The row as it goes to the server: an untouched password is not sent. */
export function toSend(kind: AdminKind, row: Row): Row {
  const sent: Row = { ...row };
  for (const field of FIELDS[kind])
    if (field.type === "password" && !sent[field.name]) delete sent[field.name];
  return sent;
}
