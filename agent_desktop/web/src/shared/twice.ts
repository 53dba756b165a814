/** What two rooms of the server call by the same name, by a name of its own. */

export type {
  ForecastingBodiesCalendarBody as PlannerCalendarBody,
  ForecastingForecastBodiesVersionShown as PublishedShown,
  IvrFlowsApiVersionShown as FlowVersionShown,
} from "./schema";
