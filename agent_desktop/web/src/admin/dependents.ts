/** Which rows point to another: what has to be changed before that one can be deleted. */

import { useCallback } from "react";
import { api } from "../shared/api";
import { type Loaded, useLoad } from "../shared/hooks";
import { type AdminKind, FIELDS, KINDS, type Row } from "./fields";

export interface Dependents {
  kind: AdminKind;
  rows: Row[];
}

/** The rows among `rows` with a field that points to `id` of `kind`. */
export function pointing(of: AdminKind, rows: readonly Row[], kind: AdminKind, id: string): Row[] {
  const fields = FIELDS[of].filter((f) => f.of === kind);
  return rows.filter((row) =>
    fields.some((f) => {
      const value = row[f.name];
      return Array.isArray(value) ? value.includes(id) : value === id;
    }),
  );
}

/** The kinds with rows that point to `id` of `kind`. */
export function useDependents(kind: AdminKind, id: string): Loaded<Dependents[]> {
  return useLoad(
    useCallback(async () => {
      const kinds = KINDS.filter((one) => FIELDS[one].some((f) => f.of === kind));
      const found = await Promise.all(
        kinds.map(async (one) => ({
          kind: one,
          rows: pointing(one, await api.get<Row[]>(`/api/admin/${one}`), kind, id),
        })),
      );
      return found.filter((one) => one.rows.length > 0);
    }, [kind, id]),
  );
}
