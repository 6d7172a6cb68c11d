import { translate } from '../i18n/translate.ts';
import { Icon } from '../icons/icon.tsx';
import type { Registration, Step } from './registration.ts';

/** The steps at the side: where one is, what came of each; steps behind can be gone back to. */
export function StepRail({ registration }: { registration: Registration }) {
  const now = registration.step.value;
  const found = registration.found.value.length;
  const picked = registration.picked.value.length;
  const ok = registration.ready.value.length;
  const subs: Record<Step, string> = {
    1: found === 0 ? translate('register.step1Sub') : translate('register.step1Found', { found, picked }),
    2: now > 2 ? translate('register.step2Ok', { ok }) : translate('register.step2Sub'),
    3: translate('register.step3Sub'),
    4: translate('register.step4Sub'),
  };
  return (
    <ol class="register-steps" aria-label={translate('register.steps')}>
      {([1, 2, 3, 4] as const).map((step) => (
        <li
          key={step}
          class={step < now ? 'done' : undefined}
          aria-current={step === now ? 'step' : undefined}
        >
          <i class="n" aria-hidden="true">
            {step < now ? <Icon name="check" small /> : step}
          </i>
          <button disabled={step >= now || now === 4} onClick={() => (registration.step.value = step)}>
            {translate(`register.step${step}`)}
          </button>
          <span>{subs[step]}</span>
        </li>
      ))}
    </ol>
  );
}
