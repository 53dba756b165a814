/** Which rows point to another: what has to be changed before that one can be deleted. */

import { useCallback } from "react";
import { api } from "../shared/api";
import { type Loaded, useLoad } from "../shared/hooks";
import { type AdminKind, FIELDS, type Field, KINDS, type Row } from "./fields";
import { idOf } from "./members";
import { recipeIds } from "./recipe";

export interface Dependents {
  kind: AdminKind;
  rows: Row[];
}

/** Whether a field may point to rows of `kind`. */
function mayPoint(field: Field, kind: AdminKind): boolean {
  return field.of === kind || field.type === "recipe";
}

/** The rows among `rows` with a field that points to `id` of `kind`. */
export function pointing(of: AdminKind, rows: readonly Row[], kind: AdminKind, id: string): Row[] {
  const fields = FIELDS[of].filter((f) => mayPoint(f, kind));
  return rows.filter(
    (row) => !(of === kind && row.id === id) && fields.some((f) => idsIn(f, row[f.name], kind).includes(id)),
  );
}

function idsIn(field: Field, value: unknown, kind: AdminKind): string[] {
  if (field.type === "recipe") return recipeIds(value, kind);
  return Array.isArray(value) ? value.map(idOf) : [String(value)];
}

/** The kinds with rows that point to `id` of `kind`. */
export function useDependents(kind: AdminKind, id: string): Loaded<Dependents[]> {
  return useLoad(
    useCallback(async () => {
      const kinds = KINDS.filter((one) => FIELDS[one].some((f) => mayPoint(f, kind)));
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
