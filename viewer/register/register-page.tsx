import './register.css';
import { useSignal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import { translate } from '../i18n/translate.ts';
import { Icon } from '../icons/icon.tsx';
import { AssignStep } from './assign-step.tsx';
import { DiscoverStep } from './discover-step.tsx';
import { DoneStep } from './done-step.tsx';
import { HandForm } from './hand-form.tsx';
import { PasswordStep } from './password-step.tsx';
import { Registration } from './registration.ts';
import { StepRail } from './step-rail.tsx';

/** The register wizard: find, sign in, assign, done; or one camera by its RTSP address. */
export function RegisterPage() {
  const batch = useSignal(0);
  const byHand = useSignal(false);
  const registration = useMemo(() => new Registration(), [batch.value]);
  useEffect(() => {
    registration.start();
    return () => registration.stop();
  }, [registration]);
  const step = registration.step.value;
  return (
    <div class="register">
      <aside>
        <h1>{translate('register.title')}</h1>
        <p>{translate('register.lead')}</p>
        {byHand.value ? null : <StepRail registration={registration} />}
        <div class="register-other">
          <h2>{translate('register.cannotFind')}</h2>
          <button class="g-btn" onClick={() => (byHand.value = !byHand.value)}>
            <Icon name={byHand.value ? 'scan' : 'plus'} small />
            {byHand.value ? translate('register.backToSearch') : translate('register.byHand')}
          </button>
        </div>
      </aside>
      <main class="register-main">
        {byHand.value ? <HandForm /> : null}
        {!byHand.value && step === 1 ? <DiscoverStep registration={registration} /> : null}
        {!byHand.value && step === 2 ? <PasswordStep registration={registration} /> : null}
        {!byHand.value && step === 3 ? <AssignStep registration={registration} /> : null}
        {!byHand.value && step === 4 ? (
          <DoneStep registration={registration} onMore={() => (batch.value += 1)} />
        ) : null}
      </main>
    </div>
  );
}
