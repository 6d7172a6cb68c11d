import { useSignal } from '@preact/signals';
import type { Camera, CameraCheck } from '../../gateway/contract/camera.ts';
import { deviceGateway } from '../api/device-gateway.ts';
import { findingsOf } from '../check/check-findings.ts';
import { FindingList } from '../check/finding-list.tsx';
import { translate } from '../i18n/translate.ts';
import { LampWord } from '../icons/lamp.tsx';
import { TaskFault } from './task-fault.tsx';
import { useTask } from './use-task.ts';

/** Connects to the camera now: each step with its time, what is wrong, and a button for what can be set right. */
export function CheckTool({ camera }: { camera: Camera }) {
  const task = useTask();
  const check = useSignal<CameraCheck | null>(null);
  const look = () => task.run(async () => void (check.value = await deviceGateway.check(camera.id)));
  const setClock = () =>
    task.run(async () => {
      await deviceGateway.setClock(camera.id);
      check.value = await deviceGateway.check(camera.id);
    });
  const busy = task.busy.value;
  return (
    <>
      <button class="g-btn" disabled={busy} aria-busy={busy} onClick={() => void look()}>
        {translate(busy ? 'tools.checking' : 'tools.checkNow')}
      </button>
      <TaskFault task={task} />
      {check.value === null ? null : (
        <div aria-live="polite">
          <ul class="tool-steps">
            {check.value.steps.map((step) => (
              <li key={step.name} title={step.ok ? undefined : step.message}>
                <LampWord shape={step.ok ? 'ok' : 'bad'}>{translate(`tools.step.${step.name}`)}</LampWord>
                <span class="dim">{translate('tools.ms', { ms: Math.round(step.ms) })}</span>
              </li>
            ))}
          </ul>
          <FindingList
            findings={findingsOf(check.value)}
            fix={() => (
              <button class="g-btn s" disabled={busy} onClick={() => void setClock()}>
                {translate('check.fixClock')}
              </button>
            )}
          />
        </div>
      )}
    </>
  );
}
