/** Which column of the file is what, where its headings are not the usual ones. */

import { Select, SimpleGrid, Table } from "@mantine/core";
import { useState } from "react";
import { useWords } from "../../shared/words";
import { type Head, ROLES, type Role } from "../csv";

interface Props {
  begin: Head;
  chosen: Partial<Record<Role, string>>;
  onChange: (chosen: Partial<Record<Role, string>>) => void;
}

export function ColumnsInput({ begin, chosen, onChange }: Props) {
  const { t } = useWords();
  const [open, setOpen] = useState(false);
  const headings = [...new Set(begin.headings.filter((one) => one && !one.includes(",")))];
  return (
    <div>
      <button
        type="button"
        className="link dim"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
        data-testid="import-columns"
      >
        {t("plan.import.columns")}
      </button>
      {open ? (
        <>
          <div className="scroll-x" style={{ margin: "8px 0" }}>
            <Table verticalSpacing={2} fz="xs" className="board-table">
              <Table.Thead>
                <Table.Tr>
                  {begin.headings.map((one, n) => (
                    // biome-ignore lint/suspicious/noArrayIndexKey: two columns may have one heading
                    <Table.Th key={n}>{one || "–"}</Table.Th>
                  ))}
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {begin.rows.map((row, n) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: rows have no other name
                  <Table.Tr key={n}>
                    {begin.headings.map((_, m) => (
                      // biome-ignore lint/suspicious/noArrayIndexKey: as above
                      <Table.Td key={m}>{row[m]}</Table.Td>
                    ))}
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </div>
          <SimpleGrid cols={3} spacing="xs" verticalSpacing={6}>
            {ROLES.map((role) => (
              <Select
                key={role}
                size="xs"
                label={t(`plan.role.${role}`)}
                placeholder={t("plan.import.by_heading")}
                data={headings}
                value={chosen[role] ?? null}
                onChange={(next) => onChange({ ...chosen, [role]: next ?? "" })}
                clearable
                data-testid={`import-column-${role}`}
              />
            ))}
          </SimpleGrid>
        </>
      ) : null}
    </div>
  );
}
