/** Rosters: from a problem to a draft, from that to what agents see. The address says which one is looked at. */

import { useSearch } from "../../shared/path";
import "../../rosters/rosters.css";
import "./gantt.css";
import { DraftPage } from "./DraftPage";
import { Lists } from "./Lists";
import { useRosterJobs } from "./useJobs";
import { VersionPage } from "./VersionPage";

export function RostersTab() {
  const [search] = useSearch();
  const jobs = useRosterJobs();
  const draft = Number(search.get("draft"));
  const version = Number(search.get("version"));
  if (draft) return <DraftPage key={draft} id={draft} />;
  if (version) return <VersionPage key={version} id={version} />;
  return <Lists jobs={jobs} />;
}
