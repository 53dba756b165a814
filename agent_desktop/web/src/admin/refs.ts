import { useEffect, useState } from "react";
import { api } from "../shared/api";
import type { FlowShown } from "../shared/schema";
import { type AdminKind, FIELDS } from "./fields";

interface Ref {
  id: string;
  name: string;
}

export type Refs = Partial<Record<AdminKind | "flows", Ref[]>>;

async function rowsOf(kind: AdminKind | "flows"): Promise<Ref[]> {
  if (kind !== "flows") return api.get<Ref[]>(`/api/admin/${kind}`);
  const flows = await api.get<FlowShown[]>("/api/ivr/flows");
  return flows.map((flow) => ({ id: flow.name, name: flow.title || flow.name }));
}

/** The rows other fields of `kind` point to, for choosing by name; without them the ids still show. */
export function useRefs(kind: AdminKind): Refs {
  const [refs, setRefs] = useState<Refs>({});
  useEffect(() => {
    let current = true;
    for (const of of new Set(FIELDS[kind].flatMap((f) => (f.of ? [f.of] : [])))) {
      rowsOf(of).then(
        (rows) => current && setRefs((was) => ({ ...was, [of]: rows })),
        () => current && setRefs((was) => ({ ...was, [of]: [] })),
      );
    }
    return () => {
      current = false;
    };
  }, [kind]);
  return refs;
}
