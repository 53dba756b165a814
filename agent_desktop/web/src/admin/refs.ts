import { useEffect, useState } from "react";
import { api } from "../shared/api";
import { type AdminKind, FIELDS } from "./fields";

export type Refs = Partial<Record<AdminKind, { id: string; name: string }[]>>;

/** The rows other fields of `kind` point to, for choosing by name; without them the ids still show. */
export function useRefs(kind: AdminKind): Refs {
  const [refs, setRefs] = useState<Refs>({});
  useEffect(() => {
    let current = true;
    for (const of of new Set(FIELDS[kind].flatMap((f) => (f.of ? [f.of] : [])))) {
      api.get<{ id: string; name: string }[]>(`/api/admin/${of}`).then(
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
