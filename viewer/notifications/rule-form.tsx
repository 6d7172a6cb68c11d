import { useSignal } from '@preact/signals';
import type { NotificationChannel, NotificationRule } from '../../gateway/contract/notification.ts';
import { notificationGateway } from '../api/notification-gateway.ts';
import type { RuleBody } from '../api/notification-gateway.ts';
import { translate } from '../i18n/translate.ts';
import { ChainFields } from './chain-fields.tsx';
import { CheckField } from './check-field.tsx';
import { FormFrame } from './form-frame.tsx';
import { NumberField } from './number-field.tsx';
import { PickRowOf } from './pick-list.tsx';
import { isCompleteRule, ruleDraftOf } from './rule-draft.ts';
import { ScopeFields } from './scope-fields.tsx';
import { TimingFields } from './timing-fields.tsx';

interface RuleFormProps {
  /** null: a new one. */
  rule: NotificationRule | null;
  channels: readonly NotificationChannel[];
  onClose: () => void;
}

/** Adds a rule or changes one. */
export function RuleForm({ rule, channels, onClose }: RuleFormProps) {
  const draft = useSignal(
    ruleDraftOf(
      rule,
      channels.map(({ id }) => id),
    ),
  );
  const set = (change: Partial<RuleBody>): void => {
    draft.value = { ...draft.value, ...change };
  };
  const body = draft.value;
  const picks = channels.map(({ id, name }) => ({ value: id, label: name }));
  const save = (): Promise<unknown> =>
    rule === null ? notificationGateway.createRule(body) : notificationGateway.changeRule(rule.id, body);
  return (
    <FormFrame
      label={translate('notify.rules')}
      complete={isCompleteRule(body)}
      save={save}
      onClose={onClose}
    >
      <div class="g-field">
        <label for="rule-name">{translate('notify.name')}</label>
        <input
          id="rule-name"
          class="g-input"
          maxLength={120}
          autocomplete="off"
          placeholder={translate('notify.ruleNameHint')}
          value={body.name}
          onInput={(event) => set({ name: event.currentTarget.value })}
        />
      </div>
      <NumberField
        id="rule-after"
        label={translate('notify.afterMin')}
        min={0}
        max={43_200}
        value={body.afterMin}
        onChange={(afterMin) => set({ afterMin })}
      />
      <PickRowOf
        label={translate('notify.lights')}
        picks={[
          { value: 'red', label: translate('notify.sum.lights.red') },
          { value: 'yellow', label: translate('notify.sum.lights.yellow') },
        ]}
        chosen={body.lights}
        onChange={(chosen) => set({ lights: chosen as RuleBody['lights'] })}
      />
      <PickRowOf
        label={translate('notify.sources')}
        picks={(['camera', 'step'] as const).map((value) => ({
          value,
          label: translate(`notify.source.${value}`),
        }))}
        chosen={body.sources}
        onChange={(chosen) => set({ sources: chosen as RuleBody['sources'] })}
      />
      <ScopeFields body={body} set={set} />
      <div class="wide">
        <PickRowOf
          label={translate('notify.to')}
          picks={picks}
          chosen={body.channelIds}
          onChange={(channelIds) => set({ channelIds })}
        />
      </div>
      <TimingFields body={body} set={set} />
      <ChainFields body={body} picks={picks} set={set} />
      <div class="notify-row wide">
        <CheckField
          label={translate('notify.recovery')}
          value={body.recovery}
          onChange={(recovery) => set({ recovery })}
        />
        <CheckField
          label={translate('notify.enabled')}
          value={body.enabled}
          onChange={(enabled) => set({ enabled })}
        />
      </div>
    </FormFrame>
  );
}
