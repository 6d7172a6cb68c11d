import { useSignal } from '@preact/signals';
import { useLocation } from 'wouter-preact';
import type { Camera } from '../../gateway/contract/camera.ts';
import { deviceGateway } from '../api/device-gateway.ts';
import { loadFleet } from '../fleet/fleet-store.ts';
import { translate } from '../i18n/translate.ts';
import { AskOnce } from '../shell/ask-once.tsx';
import { say } from '../shell/toast.tsx';
import { TaskFault } from './task-fault.tsx';
import { useTask } from './use-task.ts';

/** Turns a camera off for now, or removes it; both ask once and name it. */
export function RemoveTool({ camera }: { camera: Camera }) {
  const [, navigate] = useLocation();
  const task = useTask();
  const asking = useSignal<'disable' | 'remove' | null>(null);
  const erase = useSignal(false);
  const { name, enabled } = camera;
  const switchTo = (next: boolean) =>
    task.run(async () => {
      asking.value = null;
      await deviceGateway.change(camera.id, { enabled: next });
      await loadFleet();
      say(translate(next ? 'tools.enabled' : 'tools.disabled', { name }));
    });
  const remove = () =>
    task.run(async () => {
      asking.value = null;
      await deviceGateway.remove(camera.id, erase.value ? 'erase' : 'keep');
      say(translate('tools.removed', { name }));
      navigate('/');
      await loadFleet();
    });
  return (
    <>
      <p class="dim">{translate('tools.removeHelp')}</p>
      <div class="tool-row">
        <button
          class="g-btn s"
          disabled={task.busy.value}
          onClick={() => (enabled ? (asking.value = 'disable') : void switchTo(true))}
        >
          {translate(enabled ? 'tools.disable' : 'tools.enable')}
        </button>
        <button class="g-btn s danger" disabled={task.busy.value} onClick={() => (asking.value = 'remove')}>
          {translate('tools.removeOne')}
        </button>
      </div>
      <TaskFault task={task} />
      {asking.value === 'disable' ? (
        <AskOnce
          question={translate('tools.disableAsk', { name })}
          confirm={translate('tools.disable')}
          onConfirm={() => void switchTo(false)}
          onCancel={() => (asking.value = null)}
        />
      ) : null}
      {asking.value === 'remove' ? (
        <AskOnce
          question={translate('tools.removeAsk', { name })}
          confirm={translate('tools.removeOne')}
          onConfirm={() => void remove()}
          onCancel={() => (asking.value = null)}
        >
          <label class="g-check tool-erase">
            <input
              type="checkbox"
              checked={erase.value}
              onChange={(event) => (erase.value = event.currentTarget.checked)}
            />
            {translate('tools.erase')}
          </label>
        </AskOnce>
      ) : null}
    </>
  );
}
