/** What can be configured, as data: one list of fields a kind, so that one table and one form serve them all. */

import type { Word } from "../shared/words";
import { readCapacity, readSpan } from "./members";

export type AdminKind =
  | "users"
  | "agents"
  | "groups"
  | "queues"
  | "skills"
  | "tiers"
  | "calendars"
  | "entry-numbers";

/**
 * What a number counts: seconds (shown as such, or as minutes or hours), a share shown as percent, points of
 * priority, points per second, an amount of money.
 */
export type Unit = "s" | "min" | "h" | "percent" | "points" | "rate" | "calls" | "times" | "amount";

/** How many of the row's seconds or shares the shown unit has. */
export const PER_UNIT: Partial<Record<Unit, number>> = { min: 60, h: 3600, percent: 0.01 };

export interface Field {
  /** `callback.attempts` is the field `attempts` of the row's part `callback`. */
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
    | "timezone"
    | "some"
    | "members"
    | "levels"
    | "capacity"
    | "span"
    | "strategy"
    | "recipe";
  /** For `ref` and `refs`: which kind of row it points to. */
  of?: AdminKind | "flows";
  /** For `choice`, `some` and `strategy`: the values and their words. */
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
  /** Begins a part of the form with this heading, and perhaps a sentence under it. */
  section?: Word;
  note?: Word;
  /** Shown only while another field has one of these values. */
  only?: [string, readonly unknown[]];
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
const yes = (field: string, label: Word, more: Partial<Field> = {}): Field => ({
  name: field,
  label,
  type: "yes",
  start: false,
  ...more,
});
const seconds = (field: string, label: Word, start: number, more: Partial<Field> = {}): Field =>
  number(field, label, { unit: "s", min: 0, start, ...more });

export const KINDS: readonly AdminKind[] = [
  "users",
  "agents",
  "groups",
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
  groups: "field.id",
  queues: "field.id",
  skills: "field.id",
  tiers: "field.id",
  calendars: "field.id",
  "entry-numbers": "field.number",
};

/** Whose id is the thing itself, and so has to be given. */
export const NATURAL: ReadonlySet<AdminKind> = new Set<AdminKind>(["users", "entry-numbers"]);

/** The strategies there always are; the settings file may name more. */
export const STRATEGIES = [
  "least_busy",
  "longest_idle",
  "fewest_calls",
  "least_talk",
  "round_robin",
  "linear",
  "weighted_random",
  "best_proficiency",
  "ring_all",
  "ring_progressively",
] as const;

/** Those that look at the last minutes. */
const LOOKING_BACK: readonly string[] = STRATEGIES.filter(
  (one) => !["longest_idle", "round_robin", "linear", "weighted_random"].includes(one),
);

/** In what an agent may be to count as absent. */
const ABSENT: [string, Word][] = [
  ["signed_out", "state.signed_out"],
  ["paused", "state.paused"],
  ["missed", "state.missed"],
  ["unreachable", "absent.unreachable"],
  ["offered", "state.offered"],
  ["on_contact", "state.on_contact"],
  ["wrap_up", "state.wrap_up"],
];

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
      type: "members",
      of: "queues",
      listed: true,
      help: "field.queues.help",
      start: [],
    },
    {
      name: "skills",
      label: "field.skills",
      type: "levels",
      of: "skills",
      listed: true,
      help: "field.skills.help",
      start: [],
    },
    {
      name: "branch",
      label: "field.branch",
      type: "text",
      listed: true,
      help: "field.branch.help",
      start: "",
    },
    {
      name: "capacity",
      label: "field.capacity",
      type: "capacity",
      help: "field.capacity.help",
      start: {},
    },
    seconds("wrap_up_s", "field.wrap_up_s", 0, {
      max: 86_400,
      start: null,
      half: false,
      help: "field.wrap_up_s.agent.help",
    }),
    yes("may_pull", "field.may_pull", { help: "field.may_pull.help" }),
  ],
  groups: [
    name,
    {
      name: "agents",
      label: "field.agents",
      type: "refs",
      of: "agents",
      listed: true,
      help: "field.agents.help",
      start: [],
    },
  ],
  queues: [
    name,
    { ...timezone, half: true, help: "field.timezone.help" },
    {
      name: "channel",
      label: "field.channel",
      type: "text",
      half: true,
      required: true,
      help: "field.channel.help",
      start: "voice",
    },
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
    seconds("short_s", "field.short_s", 5, { help: "field.short_s.help" }),
    {
      name: "strategy",
      label: "field.strategy",
      type: "strategy",
      required: true,
      listed: true,
      section: "section.agent",
      help: "field.strategy.help",
      start: "least_busy",
      choices: STRATEGIES.map((one) => [one, `strategy.${one}` as Word]),
    },
    {
      name: "busy_by",
      label: "field.busy_by",
      type: "choice",
      half: true,
      only: ["strategy", ["least_busy", "ring_all", "ring_progressively"]],
      help: "field.busy_by.help",
      start: "handled",
      choices: [
        ["handled", "busy.handled"],
        ["talk", "busy.talk"],
        ["occupancy", "busy.occupancy"],
        ["calls", "busy.calls"],
      ],
    },
    seconds("busy_window_s", "field.busy_window_s", 3600, {
      unit: "min",
      min: 60,
      max: 86_400,
      only: ["strategy", LOOKING_BACK],
      help: "field.busy_window_s.help",
    }),
    seconds("ring_next_s", "field.ring_next_s", 5, {
      min: 1,
      max: 600,
      only: ["strategy", ["ring_progressively"]],
      help: "field.ring_next_s.help",
    }),
    number("seed", "field.seed", {
      min: 0,
      max: 2_147_483_647,
      start: 0,
      only: ["strategy", ["weighted_random"]],
      help: "field.seed.help",
    }),
    seconds("ring_s", "field.ring_s", 15, {
      min: 1,
      max: 600,
      listed: true,
      help: "field.ring_s.help",
    }),
    seconds("wrap_up_s", "field.wrap_up_s", 30, {
      listed: true,
      section: "section.wrap_up",
      help: "field.wrap_up_s.help",
    }),
    seconds("wrap_up_cap_s", "field.wrap_up_cap_s", 0, { help: "field.wrap_up_cap_s.help" }),
    yes("wrap_up_open", "field.wrap_up_open", { help: "field.wrap_up_open.help" }),
    seconds("max_wait_s", "field.max_wait_s", 0, { section: "section.waiting", help: "field.no_limit.help" }),
    number("max_length", "field.max_length", {
      unit: "calls",
      min: 0,
      max: 1_000_000,
      start: 0,
      help: "field.no_limit.help",
    }),
    {
      name: "join_empty",
      label: "field.join_empty",
      type: "some",
      choices: ABSENT,
      help: "field.join_empty.help",
      start: ["signed_out"],
    },
    {
      name: "leave_empty",
      label: "field.leave_empty",
      type: "some",
      choices: ABSENT,
      help: "field.leave_empty.help",
      start: ["signed_out"],
    },
    seconds("resume_s", "field.resume_s", 0, { half: false, help: "field.resume_s.help" }),
    number("weight", "field.weight", {
      min: -1_000_000,
      max: 1_000_000,
      start: 0,
      listed: true,
      section: "section.priority",
      note: "note.priority",
      half: false,
      help: "field.weight.help",
    }),
    number("base_priority", "field.base_priority", {
      unit: "points",
      min: -1_000_000,
      max: 1_000_000,
      start: 0,
      half: false,
      help: "field.base_priority.help",
    }),
    number("age_rate", "field.age_rate", {
      unit: "rate",
      min: 0,
      max: 10_000,
      start: 0.05,
      help: "field.age_rate.help",
    }),
    number("age_cap", "field.age_cap", {
      unit: "points",
      min: -1_000_000,
      max: 1_000_000,
      start: 200,
      help: "field.age_cap.help",
    }),
    seconds("prefer_s", "field.prefer_s", 0, {
      section: "section.people",
      half: false,
      help: "field.prefer_s.help",
    }),
    {
      name: "branch",
      label: "field.branch",
      type: "text",
      help: "field.branch.queue.help",
      start: "",
    },
    yes("home_branch_first", "field.home_branch_first", { help: "field.home_branch_first.help" }),
    seconds("home_branch_s", "field.home_branch_s", 0, {
      only: ["home_branch_first", [true]],
      half: false,
      help: "field.home_branch_s.help",
    }),
    seconds("announce.first_s", "field.announce.first_s", 0, {
      section: "section.announce",
      help: "field.announce.first_s.help",
    }),
    seconds("announce.every_s", "field.announce.every_s", 0, { help: "field.announce.every_s.help" }),
    yes("announce.position", "field.announce.position", { start: true }),
    yes("announce.wait", "field.announce.wait", { help: "field.announce.wait.help" }),
    yes("announce.only_improved", "field.announce.only_improved", {
      help: "field.announce.only_improved.help",
    }),
    seconds("callback.expires_s", "field.callback.expires_s", 86_400, {
      unit: "h",
      min: 60,
      max: 2_592_000,
      section: "section.callback",
      note: "note.callback",
      help: "field.callback.expires_s.help",
    }),
    {
      name: "callback.quiet",
      label: "field.callback.quiet",
      type: "span",
      half: true,
      help: "field.callback.quiet.help",
      start: ["21:00", "08:00"],
    },
    number("callback.attempts", "field.callback.attempts", {
      unit: "times",
      min: 1,
      max: 20,
      start: 3,
      help: "field.callback.attempts.help",
    }),
    seconds("callback.retry_s", "field.callback.retry_s", 1800, {
      unit: "min",
      min: 30,
      max: 86_400,
      help: "field.callback.retry_s.help",
    }),
    {
      name: "recipe",
      label: "field.recipe",
      type: "recipe",
      section: "section.recipe",
      note: "note.recipe",
      help: "field.recipe.help",
      start: [],
    },
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

/** The row as the form has it: the fields of its parts stand beside the others. */
export function flat(kind: AdminKind, row: Row): Row {
  const form: Row = { ...row };
  for (const { name } of FIELDS[kind]) {
    const [part = "", field] = name.split(".");
    if (!field) continue;
    const fields = row[part] as Record<string, unknown> | undefined;
    if (fields) form[name] = fields[field];
    delete form[part];
  }
  return form;
}

/** The form's row as it goes to the server: an untouched password is not sent. */
export function toSend(kind: AdminKind, form: Row): Row {
  const sent: Row = { id: form.id };
  const known = new Map(FIELDS[kind].map((field) => [field.name, field]));
  for (const [name, value] of Object.entries(form)) {
    const field = known.get(name);
    if (field?.type === "password" && !value) continue;
    const [part = "", inner] = field ? name.split(".") : [name];
    if (inner) sent[part] = { ...(sent[part] as object | undefined), [inner]: read(field, value) };
    else sent[name] = read(field, value);
  }
  return sent;
}

/** What was typed, as the server takes it; a recipe goes as its text. */
function read(field: Field | undefined, value: unknown): unknown {
  if (field?.type === "capacity") return readCapacity(value) ?? value;
  if (field?.type === "span") return readSpan(value) ?? value;
  return value;
}

/** Whether a field is to be seen in a form that says this. */
export function isShown(field: Field, form: Row): boolean {
  return !field.only || field.only[1].includes(form[field.only[0]]);
}
