/** What can be configured, as data: one list of fields a kind, so that one table and one form serve them all. */

import type { Word } from "../shared/words";

export type AdminKind = "users" | "agents" | "queues" | "skills" | "tiers" | "calendars" | "entry-numbers";

/** What a number counts: seconds, a share shown as percent, points of priority, an amount of money. */
export type Unit = "s" | "percent" | "points" | "calls" | "amount";

export interface Field {
  name: string;
  label: Word;
  type:
    | "text"
    | "number"
    | "choice"
    | "ref"
    | "refs"
    | "tags"
    | "yes"
    | "password"
    | "hours"
    | "dates"
    | "timezone";
  /** For `ref` and `refs`: which kind of row it points to. */
  of?: AdminKind | "flows";
  /** For `choice`: the values and their words. */
  choices?: [string, Word | string][];
  /** For `number`: what is counted, and the bounds the server keeps (`over`: more than this). */
  unit?: Unit;
  min?: number;
  max?: number;
  over?: number;
  required?: boolean;
  /** Shown in the list, not only in the form. */
  listed?: boolean;
  help?: Word;
  /** Takes half the form's width. */
  half?: boolean;
  /** Begins a part of the form with this heading. */
  section?: Word;
  start?: unknown;
}

const name: Field = { name: "name", label: "field.name", type: "text", required: true, listed: true };
const person: Field = { ...name, label: "field.name.person" };
const timezone: Field = {
  name: "timezone",
  label: "field.timezone",
  type: "timezone",
  required: true,
  start: "Asia/Shanghai",
};
const number = (field: string, label: Word, more: Partial<Field>): Field => ({
  name: field,
  label,
  type: "number",
  half: true,
  ...more,
});
const seconds = (field: string, label: Word, start: number, more: Partial<Field> = {}): Field =>
  number(field, label, { unit: "s", min: 0, start, ...more });

export const KINDS: readonly AdminKind[] = [
  "users",
  "agents",
  "queues",
  "skills",
  "tiers",
  "calendars",
  "entry-numbers",
];

/** What the id of a row is called. */
export const ID_LABEL: Record<AdminKind, Word> = {
  users: "field.id.users",
  agents: "field.id.agents",
  queues: "field.id",
  skills: "field.id",
  tiers: "field.id",
  calendars: "field.id",
  "entry-numbers": "field.number",
};

/** Whose id is the thing itself, and so has to be given. */
export const NATURAL: ReadonlySet<AdminKind> = new Set<AdminKind>(["users", "entry-numbers"]);

export const FIELDS: Record<AdminKind, Field[]> = {
  users: [
    person,
    {
      name: "role",
      label: "field.role",
      type: "choice",
      required: true,
      listed: true,
      help: "field.role.help",
      start: "agent",
      choices: [
        ["agent", "role.agent"],
        ["supervisor", "role.supervisor"],
        ["planner", "role.planner"],
        ["admin", "role.admin"],
      ],
    },
    {
      name: "agent",
      label: "field.agent",
      type: "ref",
      of: "agents",
      listed: true,
      help: "field.agent.help",
    },
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
    {
      name: "disabled",
      label: "field.disabled",
      type: "yes",
      listed: true,
      help: "field.disabled.help",
      start: false,
    },
  ],
  agents: [
    person,
    {
      name: "queues",
      label: "field.queues",
      type: "refs",
      of: "queues",
      listed: true,
      help: "field.queues.help",
      start: [],
    },
    {
      name: "skills",
      label: "field.skills",
      type: "refs",
      of: "skills",
      listed: true,
      help: "field.skills.help",
      start: [],
    },
    { name: "branch", label: "field.branch", type: "text", listed: true, start: "" },
  ],
  queues: [
    name,
    seconds("target_s", "field.target_s", 20, {
      listed: true,
      section: "section.target",
      help: "field.target_s.help",
    }),
    number("target_share", "field.target_share", {
      unit: "percent",
      over: 0,
      max: 1,
      start: 0.8,
      listed: true,
      help: "field.target_share.help",
    }),
    seconds("ring_s", "field.ring_s", 15, {
      min: 1,
      max: 600,
      listed: true,
      section: "section.agent",
      help: "field.ring_s.help",
    }),
    seconds("wrap_up_s", "field.wrap_up_s", 30, { listed: true, help: "field.wrap_up_s.help" }),
    seconds("max_wait_s", "field.max_wait_s", 0, { section: "section.waiting", help: "field.no_limit.help" }),
    number("max_length", "field.max_length", {
      unit: "calls",
      min: 0,
      max: 1_000_000,
      start: 0,
      help: "field.no_limit.help",
    }),
    {
      name: "when_no_agents",
      label: "field.when_no_agents",
      type: "choice",
      start: "return",
      listed: true,
      help: "field.when_no_agents.help",
      choices: [
        ["return", "none.return"],
        ["wait", "none.wait"],
      ],
    },
    number("weight", "field.weight", {
      unit: "points",
      min: -1_000_000,
      max: 1_000_000,
      start: 0,
      section: "section.priority",
      help: "field.weight.help",
    }),
    number("age_rate", "field.age_rate", {
      unit: "points",
      min: 0,
      max: 10_000,
      start: 0.05,
      help: "field.age_rate.help",
    }),
    number("age_cap", "field.age_cap", {
      unit: "points",
      min: 0,
      max: 1_000_000,
      start: 200,
      help: "field.age_cap.help",
    }),
    seconds("busy_window_s", "field.busy_window_s", 3600, {
      min: 1,
      max: 86_400,
      help: "field.busy_window_s.help",
    }),
    { ...timezone, help: "field.timezone.help" },
  ],
  skills: [name],
  tiers: [
    name,
    {
      name: "scheme",
      label: "field.scheme",
      type: "text",
      required: true,
      listed: true,
      half: true,
      help: "field.scheme.help",
      start: "retail",
    },
    {
      name: "currency",
      label: "field.currency",
      type: "text",
      listed: true,
      half: true,
      help: "field.currency.help",
      start: "CNY",
    },
    number("low", "field.low", {
      unit: "amount",
      min: 0,
      start: 0,
      required: true,
      listed: true,
      help: "field.low.help",
    }),
    number("high", "field.high", {
      unit: "amount",
      min: 0,
      start: null,
      listed: true,
      help: "field.high.help",
    }),
    number("priority", "field.priority", {
      unit: "points",
      min: -10_000,
      max: 10_000,
      start: 0,
      listed: true,
      half: false,
      help: "field.priority.help",
    }),
    {
      name: "owner_roles",
      label: "field.owner_roles",
      type: "tags",
      listed: true,
      help: "field.owner_roles.help",
      start: [],
    },
  ],
  calendars: [
    name,
    { ...timezone, listed: true },
    { name: "hours", label: "field.hours", type: "hours", help: "field.hours.help", start: {} },
    {
      name: "country",
      label: "field.country",
      type: "text",
      listed: true,
      help: "field.country.help",
      start: "CN",
    },
    { name: "closed", label: "field.closed", type: "dates", help: "field.closed.help", start: [] },
    { name: "open", label: "field.open", type: "dates", help: "field.open.help", start: [] },
  ],
  "entry-numbers": [
    name,
    {
      name: "flow",
      label: "field.flow",
      type: "ref",
      of: "flows",
      required: true,
      listed: true,
      help: "field.flow.help",
    },
    {
      name: "source",
      label: "field.source",
      type: "text",
      listed: true,
      help: "field.source.help",
      start: "",
    },
  ],
};

export type Row = Record<string, unknown> & { id: string };

/** A new row with every field at its start value. */
export function blank(kind: AdminKind): Row {
  return {
    id: "",
    ...Object.fromEntries(FIELDS[kind].map((f) => [f.name, f.start ?? startOf(f)])),
  };
}

function startOf(field: Field): unknown {
  return field.type === "ref" || field.type === "number" ? null : "";
}

/** The row as it goes to the server: an untouched password is not sent. */
export function toSend(kind: AdminKind, row: Row): Row {
  const sent: Row = { ...row };
  for (const field of FIELDS[kind])
    if (field.type === "password" && !sent[field.name]) delete sent[field.name];
  return sent;
}
