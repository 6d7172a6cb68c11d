import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { translate } from '../i18n/translate.ts';
import { Icon } from '../icons/icon.tsx';
import { LampWord } from '../icons/lamp.tsx';
import { isPhone } from '../shell/is-phone.ts';
import { CheckChips } from './check-chips.tsx';
import { CheckDetail } from './check-detail.tsx';
import { CheckTable } from './check-table.tsx';
import { StepFrame } from './step-frame.tsx';
import type { Registration } from './registration.ts';

/** Step 3: every camera is connected to; what is red keeps it out, what can be set right from here is ticked. */
export function CheckStep({ registration }: { registration: Registration }) {
  const { checks, search } = registration;
  const devices = search.ready.value;
  const selected = useSignal(devices[0]?.key ?? '');
  useWorstFirst(registration, selected);
  const running = checks.running.value;
  const fixing = checks.fixing.value;
  const fixes = checks.fixable.value.length;
  const blocked = devices.filter(({ key }) => checks.isBlocked(key)).length;
  const left = devices.length - blocked;
  const found = devices.find(({ key }) => key === selected.value) ?? devices[0];
  const fixAll = (
    <button
      class="g-btn pri"
      disabled={fixing || running}
      aria-busy={fixing}
      onClick={() => void checks.fix()}
    >
      {fixing ? null : <Icon name="wrench" small />}
      {translate('register.fixAll', { count: fixes })}
    </button>
  );
  return (
    <StepFrame
      title={translate('register.step3')}
      lead={translate('register.checkLead')}
      side={
        <div class="register-side">
          <button
            class="g-btn"
            disabled={running || fixing}
            onClick={() => void checks.checkAll(devices, true)}
          >
            <Icon name="patrol" small />
            {translate('register.checkAgain')}
          </button>
          {fixes > 0 && !isPhone.value ? fixAll : null}
        </div>
      }
      note={<CheckNote registration={registration} blocked={blocked} />}
      actions={
        <>
          <button class="g-btn back" onClick={() => registration.go(2)}>
            {translate('register.previous')}
          </button>
          {fixes > 0 && isPhone.value ? fixAll : null}
          <button
            class={`g-btn${fixes > 0 && isPhone.value ? '' : ' pri'}`}
            disabled={left === 0 || running || fixing}
            onClick={() => registration.go(4)}
          >
            {blocked === 0 || left === 0
              ? translate('register.next', { step: translate('register.step4') })
              : translate('register.withoutBlocked', { count: blocked })}
          </button>
        </>
      }
    >
      {isPhone.value ? (
        <CheckChips devices={devices} checks={checks} selected={selected} />
      ) : (
        <CheckTable devices={devices} checks={checks} selected={selected} />
      )}
      {found === undefined ? null : <CheckDetail found={found} checks={checks} />}
    </StepFrame>
  );
}

/** When all are checked, the first with something red, else yellow, is shown. */
function useWorstFirst({ checks, search }: Registration, selected: { value: string }): void {
  const running = checks.running.value;
  useEffect(() => {
    if (running) return;
    const findingsOf = (key: string) => {
      const check = checks.checks.peek().get(key);
      return check?.state === 'done' ? check.findings : [];
    };
    const devices = search.ready.peek();
    const red = devices.find(({ key }) => findingsOf(key).some(({ level }) => level === 'bad'));
    const worst = red ?? devices.find(({ key }) => findingsOf(key).length > 0);
    if (worst !== undefined) selected.value = worst.key;
  }, [running]);
}

function CheckNote({ registration, blocked }: { registration: Registration; blocked: number }) {
  const { checks, search } = registration;
  const total = search.ready.value.length;
  if (checks.running.value) {
    const done = [...checks.checks.value.values()].filter(
      ({ state }) => state === 'done' || state === 'failed',
    );
    return <span role="status">{translate('register.checking', { done: done.length, total })}</span>;
  }
  if (blocked > 0)
    return <LampWord shape="bad">{translate('register.blocked', { count: blocked })}</LampWord>;
  return <LampWord shape="ok">{translate('register.allPass', { count: total })}</LampWord>;
}
