import { SegmentedControl, Switch, Text, Title } from "@mantine/core";
import type { ReactNode } from "react";
import type { CompanyConflict } from "../../api";
import { ClubOrder } from "./ClubOrder";
import { FieldGroups } from "./FieldGroups";
import { FieldRules } from "./FieldRules";
import { completeOrder, type Settings } from "./survivorship";

function Section({ id, title, children }: { id: string; title: string; children: ReactNode }) {
  return (
    <section aria-labelledby={id}>
      <Title order={3} id={id} mb={6}>
        {title}
      </Title>
      {children}
    </section>
  );
}

type Props = { settings: Settings; clubs: string[]; onChange: (settings: Settings) => void };

/** All that decides whose value wins. */
export function RuleSections({ settings, clubs, onChange }: Props) {
  return (
    <>
      <Section id="rules-company" title="Companies differ">
        <SegmentedControl
          size="xs"
          aria-labelledby="rules-company"
          data={[
            { value: "ask", label: "Ask a person" },
            { value: "follow_rule", label: "Follow the rule of the field" },
          ]}
          value={settings.company_conflict}
          onChange={(value) => onChange({ ...settings, company_conflict: value as CompanyConflict })}
          data-testid="rules-company-conflict"
        />
      </Section>
      <Section id="rules-order" title="Clubs, the most trusted first">
        <ClubOrder
          label="Clubs, the most trusted first"
          order={completeOrder(settings.source_order, clubs)}
          onOrder={(order) => onChange({ ...settings, source_order: order })}
        />
      </Section>
      <Section id="rules-fields" title="Whose value wins">
        <FieldRules settings={settings} clubs={clubs} onChange={onChange} />
      </Section>
      <Section id="rules-groups" title="Fields that move together">
        <Text size="xs" c="dimmed" mb={6}>
          They are taken from one record; the first field of a group chooses it.
        </Text>
        <FieldGroups settings={settings} onChange={onChange} />
      </Section>
      <Switch
        label="Lists may overwrite what a person typed into the database"
        checked={settings.overwrite_hand_edits}
        onChange={(event) => onChange({ ...settings, overwrite_hand_edits: event.currentTarget.checked })}
        data-testid="rules-hand-edits"
      />
    </>
  );
}
