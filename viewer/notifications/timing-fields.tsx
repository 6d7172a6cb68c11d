import type { RuleBody } from '../api/notification-gateway.ts';
import { translate } from '../i18n/translate.ts';
import { CheckField } from './check-field.tsx';
import { NumberField } from './number-field.tsx';

const DIGESTS = ['immediate', 'every', 'daily'] as const;
const FIRST: Record<(typeof DIGESTS)[number], RuleBody['digest']> = {
  immediate: { kind: 'immediate' },
  every: { kind: 'every', minutes: 30 },
  daily: { kind: 'daily', at: '08:00' },
};

interface TimingFieldsProps {
  body: RuleBody;
  set: (change: Partial<RuleBody>) => void;
}

/** When a rule tells: at once or gathered, and when it keeps quiet. */
export function TimingFields({ body, set }: TimingFieldsProps) {
  const { digest, quietHours } = body;
  return (
    <>
      <div class="g-field">
        <label for="rule-digest">{translate('notify.digest')}</label>
        <select
          id="rule-digest"
          class="g-input"
          value={digest.kind}
          onChange={(event) => set({ digest: FIRST[event.currentTarget.value as keyof typeof FIRST] })}
        >
          {DIGESTS.map((kind) => (
            <option key={kind} value={kind}>
              {translate(`notify.digest.${kind}`)}
            </option>
          ))}
        </select>
      </div>
      {digest.kind === 'every' ? (
        <NumberField
          id="rule-every"
          label={translate('notify.digestMinutes')}
          min={5}
          max={1440}
          value={digest.minutes}
          onChange={(minutes) => set({ digest: { kind: 'every', minutes } })}
        />
      ) : null}
      {digest.kind === 'daily' ? (
        <TimeField
          id="rule-daily"
          label={translate('notify.digestAt')}
          value={digest.at}
          onChange={(at) => set({ digest: { kind: 'daily', at } })}
        />
      ) : null}
      <div class="notify-quiet wide">
        <CheckField
          label={translate('notify.quiet')}
          value={quietHours !== null}
          onChange={(on) =>
            set({ quietHours: on ? { from: '22:00', to: '07:00', redBreaksThrough: true } : null })
          }
        />
        {quietHours === null ? null : (
          <div class="notify-row">
            <TimeField
              id="rule-from"
              label={translate('notify.from')}
              value={quietHours.from}
              onChange={(from) => set({ quietHours: { ...quietHours, from } })}
            />
            <TimeField
              id="rule-to"
              label={translate('notify.until')}
              value={quietHours.to}
              onChange={(to) => set({ quietHours: { ...quietHours, to } })}
            />
            <CheckField
              label={translate('notify.redThrough')}
              value={quietHours.redBreaksThrough}
              onChange={(redBreaksThrough) => set({ quietHours: { ...quietHours, redBreaksThrough } })}
            />
          </div>
        )}
      </div>
    </>
  );
}

interface TimeFieldProps {
  id: string;
  label: string;
  value: string;
  onChange: (value: string) => void;
}

function TimeField({ id, label, value, onChange }: TimeFieldProps) {
  return (
    <div class="g-field">
      <label for={id}>{label}</label>
      <input
        id={id}
        class="g-input"
        type="time"
        value={value}
        onChange={(event) => {
          if (event.currentTarget.value !== '') onChange(event.currentTarget.value);
        }}
      />
    </div>
  );
}
