/** The screen-pop: who calls, what they hold, who looks after them, what was said last. */

import { Badge, Button, Group, SimpleGrid, Skeleton, Stack, Table, Text, Title } from "@mantine/core";
import { IconPhoneOutgoing, IconUserOff, IconUserQuestion } from "@tabler/icons-react";
import type { ReactNode } from "react";
import type { Hand } from "../shared/floor";
import { Nothing, Panel } from "../shared/states";
import { moment } from "../shared/time";
import type { Card, Choice, CustomerOnCard } from "../shared/types";
import { useWords } from "../shared/words";
import { choiceName, wordOr } from "../shared/words/choice";
import { money } from "./money";

interface Props {
  hand: Hand;
  /** The words for what earlier calls were about. */
  codes: readonly Choice[];
  pick: (customer: string) => void;
  /** Dials one of the customer's numbers; null while there is no hand free for it. */
  dial: ((number: string) => void) | null;
}

export function CustomerCard({ hand, codes, pick, dial }: Props) {
  const { t } = useWords();
  const { card, call } = hand;
  const match = card?.match || call?.match || "";
  if (card?.customer) return <Known customer={card.customer} codes={codes} dial={dial} />;
  if (card && match === "many") return <Many card={card} pick={pick} />;
  if (match === "none")
    return (
      <Panel testid="card" label={t("card.none")}>
        <div data-testid="card-none">
          <Nothing
            icon={<IconUserQuestion size={32} stroke={1.4} />}
            title={t("card.none")}
            help={t("card.none.help")}
          />
        </div>
      </Panel>
    );
  if (match === "failed")
    return (
      <Panel testid="card" className="alert" label={t("card.failed")}>
        <div data-testid="card-failed">
          <Nothing
            icon={<IconUserOff size={32} stroke={1.4} />}
            title={t("card.failed")}
            help={t("card.failed.help")}
          />
        </div>
      </Panel>
    );
  return (
    <Panel testid="card" label={t("card.waiting")}>
      <Stack data-testid="card-waiting">
        <Text size="sm" className="dim">
          {t("card.waiting")}
        </Text>
        <Skeleton height={24} width="40%" />
        <Skeleton height={14} width="70%" />
        <Skeleton height={14} width="60%" />
      </Stack>
    </Panel>
  );
}

/** The customer's numbers; each can be dialled with a click once a hand is free. */
function Phones({ numbers, dial }: { numbers: string[]; dial: Props["dial"] }) {
  const { t } = useWords();
  return (
    <Group gap="2px 12px">
      {numbers.map((number) =>
        dial ? (
          <button
            key={number}
            type="button"
            className="link dialled num"
            onClick={() => dial(number)}
            aria-label={t("dial.this", number)}
            title={t("dial.this", number)}
            data-testid={`dial-${number}`}
          >
            <IconPhoneOutgoing size={14} aria-hidden /> {number}
          </button>
        ) : (
          <span key={number} className="num">
            {number}
          </span>
        ),
      )}
    </Group>
  );
}

function Many({ card, pick }: { card: Card; pick: (customer: string) => void }) {
  const { t } = useWords();
  return (
    <Panel testid="card" label={t("card.many")}>
      <Stack gap="xs" data-testid="card-many">
        <Title order={2} size="h4">
          {t("card.many")}
        </Title>
        <Text size="sm" className="dim">
          {t("card.many.help")}
        </Text>
        {card.candidates.map((one) => (
          <Group key={one.id} justify="space-between" className="panel" p="sm">
            <div>
              <Text fw={600}>{one.name}</Text>
              <Text size="sm" className="dim">
                {[one.tier_name, one.branch].filter(Boolean).join(" · ")}
              </Text>
            </div>
            <Button
              variant="light"
              onClick={() => pick(one.id)}
              aria-label={`${t("card.pick")} ${one.name}`}
              data-testid={`card-pick-${one.id}`}
            >
              {t("card.pick")}
            </Button>
          </Group>
        ))}
      </Stack>
    </Panel>
  );
}

interface KnownProps {
  customer: CustomerOnCard;
  codes: readonly Choice[];
  dial: Props["dial"];
}

function Known({ customer, codes, dial }: KnownProps) {
  const { t, language } = useWords();
  const phones = <Phones numbers={customer.phones} dial={dial} />;
  const facts: [string, ReactNode][] = [
    [t("card.owner"), customer.owners.map((o) => `${o.name} (${o.role})`).join(", ")],
    [t("card.branch"), customer.branch],
    [t("card.phones"), customer.phones.length ? phones : null],
    [t("card.language"), wordOr(t, "language.", customer.language)],
    [t("card.assets"), customer.assets === null ? null : money(customer.assets, "", language)],
  ];
  return (
    <Panel testid="card" label={customer.name}>
      <Stack gap="md" data-testid="card-one" data-customer={customer.id}>
        <Group justify="space-between">
          <Title order={2} size="h3" className="long" data-testid="card-name">
            {customer.name}
          </Title>
          {customer.tier_name ? (
            <Badge size="lg" variant="light" tt="none" data-testid="card-tier">
              {customer.tier_name}
            </Badge>
          ) : null}
        </Group>
        <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="md" verticalSpacing={6} data-testid="card-facts">
          {facts.map(([name, value]) =>
            value ? (
              <Group key={name} gap="xs" wrap="nowrap" align="baseline">
                <Text size="sm" className="dim" w={104} style={{ flex: "none" }}>
                  {name}
                </Text>
                <Text size="sm" component="div">
                  {value}
                </Text>
              </Group>
            ) : null,
          )}
        </SimpleGrid>
        {customer.notes ? (
          <Text size="sm" className="note">
            <span className="dim">{t("card.notes")} </span>
            {customer.notes}
          </Text>
        ) : null}
        <div data-testid="card-products">
          <Text fw={600} size="sm" mb={4}>
            {t("card.products")}
          </Text>
          {customer.products.length ? (
            <Table verticalSpacing={4} horizontalSpacing={4}>
              <Table.Tbody>
                {customer.products.map((one) => (
                  <Table.Tr key={`${one.name} ${one.number}`}>
                    <Table.Td>{one.name}</Table.Td>
                    <Table.Td className="num dim">{one.number}</Table.Td>
                    <Table.Td className="num" ta="right">
                      {money(one.balance, one.currency, language)}
                    </Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          ) : (
            <Text size="sm" className="dim">
              {t("card.no_products")}
            </Text>
          )}
        </div>
        <div data-testid="card-contacts">
          <Text fw={600} size="sm" mb={4}>
            {t("card.contacts")}
          </Text>
          {customer.contacts.length ? (
            <Stack gap={8}>
              {customer.contacts.slice(0, 6).map((one) => (
                <div key={`${one.at} ${one.purpose}`}>
                  <Text size="sm">
                    <span className="num dim">{moment(one.at, language)}</span>{" "}
                    {choiceName(codes, one.purpose, language)}
                    <span className="dim">
                      {" · "}
                      {[
                        wordOr(t, "channel.", one.channel),
                        one.agent_name,
                        wordOr(t, "outcome.", one.outcome),
                      ]
                        .filter(Boolean)
                        .join(" · ")}
                    </span>
                  </Text>
                  {one.summary ? <Text size="sm">{one.summary}</Text> : null}
                </div>
              ))}
            </Stack>
          ) : (
            <Text size="sm" className="dim">
              {t("card.no_contacts")}
            </Text>
          )}
        </div>
      </Stack>
    </Panel>
  );
}
