import './register.css';
import { useSignal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import { Link, useLocation } from 'wouter-preact';
import type { Signal } from '@preact/signals';
import { translate } from '../i18n/translate.ts';
import { Icon } from '../icons/icon.tsx';
import { isPhone } from '../shell/is-phone.ts';
import { AssignStep } from './assign-step.tsx';
import { CheckStep } from './check-step.tsx';
import { DiscoverStep } from './discover-step.tsx';
import { DoneStep } from './done-step.tsx';
import { HandForm } from './hand-form.tsx';
import { PasswordStep } from './password-step.tsx';
import { Registration } from './registration.ts';
import { StepRail } from './step-rail.tsx';
import type { Step } from './batch.ts';

/** The register wizard: find, sign in, check, assign, done; or one camera by its RTSP address. */
export function RegisterPage() {
  const batch = useSignal(0);
  const byHand = useSignal(false);
  const registration = useMemo(() => new Registration(), [batch.value]);
  useEffect(() => {
    registration.start();
    return () => registration.stop();
  }, [registration]);
  const { step } = registration;
  const anew = (): void => {
    registration.discard();
    batch.value += 1;
  };
  return (
    <div class="register">
      <aside>
        {isPhone.value ? <PhoneBack registration={registration} byHand={byHand} /> : null}
        <h1>{translate('register.title')}</h1>
        <p>{translate('register.lead')}</p>
        {byHand.value ? null : <StepRail registration={registration} />}
        {isPhone.value ? null : <OtherWays byHand={byHand} />}
      </aside>
      <main class="register-main">
        {byHand.value ? <HandForm /> : <CurrentStep registration={registration} onAnew={anew} />}
        {isPhone.value && (byHand.value || step.value === 1) ? <OtherWays byHand={byHand} /> : null}
      </main>
    </div>
  );
}

function CurrentStep({ registration, onAnew }: { registration: Registration; onAnew: () => void }) {
  const { value } = registration.step;
  if (value === 1) return <DiscoverStep registration={registration} onAnew={onAnew} />;
  if (value === 2) return <PasswordStep registration={registration} onAnew={onAnew} />;
  if (value === 3) return <CheckStep registration={registration} />;
  if (value === 4) return <AssignStep registration={registration} />;
  return <DoneStep registration={registration} onMore={onAnew} />;
}

/** The way back on a phone: the step before, and from the first one home. */
function PhoneBack({ registration, byHand }: { registration: Registration; byHand: Signal<boolean> }) {
  const [, navigate] = useLocation();
  const back = (): void => {
    const step = registration.step.value;
    if (byHand.value) byHand.value = false;
    else if (step === 1 || step === 5) navigate('/');
    else registration.go((step - 1) as Step);
  };
  return (
    <button class="tap" aria-label={translate('register.previous')} onClick={back}>
      <Icon name="back" />
    </button>
  );
}

/** Cameras that no search finds: by address, from a spreadsheet; and the sign-ins that are kept. */
function OtherWays({ byHand }: { byHand: Signal<boolean> }) {
  return (
    <nav class="register-other" aria-label={translate('register.otherWays')}>
      <h2>{translate('register.cannotFind')}</h2>
      <button class="g-btn" onClick={() => (byHand.value = !byHand.value)}>
        <Icon name={byHand.value ? 'scan' : 'plus'} small />
        {byHand.value ? translate('register.backToSearch') : translate('register.byHand')}
      </button>
      <Link class="g-btn" href="/register/import">
        <Icon name="table" small />
        {translate('register.import')}
      </Link>
      <Link class="g-btn" href="/register/sign-ins">
        <Icon name="key" small />
        {translate('register.signIns')}
      </Link>
    </nav>
  );
}
