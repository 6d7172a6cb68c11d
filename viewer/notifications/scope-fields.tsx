import type { RuleBody } from '../api/notification-gateway.ts';
import { projects } from '../fleet/fleet-store.ts';
import { translate } from '../i18n/translate.ts';
import { PickList } from './pick-list.tsx';

/** Faults of cameras in the order in which people meet them. */
const REASONS = [
  'unreachable',
  'auth-failed',
  'no-frames',
  'rtsp-error',
  'unsupported-codec',
  'low-fps',
  'packet-loss',
  'black',
  'overexposed',
  'blurred',
  'frozen',
  'covered',
  'moved',
  'clock-drift',
  'snapshot-missed',
  'low-disk',
] as const;

interface ScopeFieldsProps {
  body: RuleBody;
  set: (change: Partial<RuleBody>) => void;
}

/** Which projects and faults a rule is about; nothing chosen is all. */
export function ScopeFields({ body, set }: ScopeFieldsProps) {
  const { scope, reasons } = body;
  const running = projects.value.filter(({ archivedAt }) => archivedAt === null);
  const none = translate('notify.all');
  const words = (values: readonly string[]) =>
    [...new Set(values)].filter((value) => value !== '').map((value) => ({ value, label: value }));
  return (
    <div class="g-field wide">
      <span class="label">{translate('notify.scope')}</span>
      <div class="notify-scope">
        <PickList
          label={translate('notify.districts')}
          picks={words(running.map(({ district }) => district))}
          chosen={scope.districts}
          none={none}
          onChange={(districts) => set({ scope: { ...scope, districts } })}
        />
        <PickList
          label={translate('notify.units')}
          picks={words(running.map(({ unit }) => unit))}
          chosen={scope.units}
          none={none}
          onChange={(units) => set({ scope: { ...scope, units } })}
        />
        <PickList
          label={translate('notify.projects')}
          picks={running.map(({ id, name }) => ({ value: id, label: name }))}
          chosen={scope.projectIds}
          none={none}
          onChange={(projectIds) => set({ scope: { ...scope, projectIds } })}
        />
        <PickList
          label={translate('notify.reasons')}
          picks={REASONS.map((value) => ({ value, label: translate(`reason.${value}`) }))}
          chosen={reasons}
          none={none}
          onChange={(chosen) => set({ reasons: chosen as RuleBody['reasons'] })}
        />
      </div>
    </div>
  );
}
