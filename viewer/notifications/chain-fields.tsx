import type { RuleBody } from '../api/notification-gateway.ts';
import { translate } from '../i18n/translate.ts';
import { Icon } from '../icons/icon.tsx';
import { NumberField } from './number-field.tsx';
import { PickRowOf } from './pick-list.tsx';
import type { Pick } from './pick-list.tsx';

const MOST_STEPS = 5;

interface ChainFieldsProps {
  body: RuleBody;
  picks: readonly Pick[];
  set: (change: Partial<RuleBody>) => void;
}

/** Who hears next while nobody takes it on. */
export function ChainFields({ body, picks, set }: ChainFieldsProps) {
  const { escalation } = body;
  const change = (at: number, to: Partial<RuleBody['escalation'][number]>): void =>
    set({ escalation: escalation.map((step, index) => (index === at ? { ...step, ...to } : step)) });
  const add = (): void => {
    const afterMin = (escalation.at(-1)?.afterMin ?? 0) + 30;
    set({ escalation: [...escalation, { name: '', afterMin, channelIds: [] }] });
  };
  return (
    <div class="g-field wide">
      <span class="label">{translate('notify.chain')}</span>
      <span class="help">{translate('notify.chainHelp')}</span>
      {escalation.map((step, at) => (
        <div class="notify-step" key={at}>
          <div class="g-field">
            <label for={`step-${at}`}>{translate('notify.stepName')}</label>
            <input
              id={`step-${at}`}
              class="g-input"
              maxLength={120}
              placeholder={translate('notify.stepNameHint')}
              value={step.name}
              onInput={(event) => change(at, { name: event.currentTarget.value })}
            />
          </div>
          <NumberField
            id={`step-after-${at}`}
            label={translate('notify.stepAfter')}
            min={1}
            max={43_200}
            value={step.afterMin}
            onChange={(afterMin) => change(at, { afterMin })}
          />
          <PickRowOf
            label={translate('notify.to')}
            picks={picks}
            chosen={step.channelIds}
            onChange={(channelIds) => change(at, { channelIds })}
          />
          <button
            type="button"
            class="g-btn s danger"
            onClick={() => set({ escalation: escalation.filter((_, index) => index !== at) })}
          >
            {translate('notify.removeStep')}
          </button>
        </div>
      ))}
      {escalation.length < MOST_STEPS ? (
        <button type="button" class="g-btn s notify-add" onClick={add}>
          <Icon name="plus" small />
          {translate('notify.addStep')}
        </button>
      ) : null}
    </div>
  );
}
