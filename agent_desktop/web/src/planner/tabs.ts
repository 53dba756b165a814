/** The pages of planning, in the order of the work. */
export const TABS = [
  "overview",
  "history",
  "calendar",
  "forecast",
  "staffing",
  "rosters",
  "accuracy",
] as const;
export type PlanningTab = (typeof TABS)[number];

/** The address of a page, with what the address says now. */
export function tabPath(tab: PlanningTab, search = location.search): string {
  return `/planning${tab === "overview" ? "" : `/${tab}`}${search}`;
}
