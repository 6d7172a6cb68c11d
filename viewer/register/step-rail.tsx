import { translate } from '../i18n/translate.ts';
import { Icon } from '../icons/icon.tsx';
import type { Step } from './batch.ts';
import type { Registration } from './registration.ts';

const STEPS = [1, 2, 3, 4, 5] as const;

/** The steps at the side: where one is, what came of each; steps behind can be gone back to. */
export function StepRail({ registration }: { registration: Registration }) {
  const now = registration.step.value;
  const found = registration.search.found.value.length;
  const picked = registration.search.picked.value.length;
  const ok = registration.search.ready.value.length;
  const rows = registration.rows.value.length;
  const subs: Record<Step, string> = {
    1: found === 0 ? translate('register.step1Sub') : translate('register.step1Found', { found, picked }),
    2: now > 2 ? translate('register.step2Ok', { ok }) : translate('register.step2Sub'),
    3: now > 3 ? translate('register.step3Ok', { ok: rows }) : translate('register.step3Sub'),
    4: translate('register.step4Sub'),
    5: translate('register.step5Sub'),
  };
  return (
    <ol class="register-steps" aria-label={translate('register.steps')}>
      {STEPS.map((step) => (
        <li
          key={step}
          class={step < now ? 'done' : undefined}
          aria-current={step === now ? 'step' : undefined}
        >
          <i class="n" aria-hidden="true">
            {step < now ? <Icon name="check" small /> : step}
          </i>
          <button disabled={step >= now || now === 5} onClick={() => registration.go(step)}>
            <span class="long">{translate(`register.step${step}`)}</span>
            <span class="short">{translate(`register.short${step}`)}</span>
          </button>
          <span class="sub">{subs[step]}</span>
        </li>
      ))}
    </ol>
  );
}
