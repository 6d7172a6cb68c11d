import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { Camera, CameraPatch } from '../../gateway/contract/camera.ts';
import { deviceGateway } from '../api/device-gateway.ts';
import { credentialSets, loadCredentialSets } from '../credentials/credential-sets-store.ts';
import { loadFleet } from '../fleet/fleet-store.ts';
import { translate } from '../i18n/translate.ts';
import { say } from '../shell/toast.tsx';
import { TaskFault } from './task-fault.tsx';
import { useTask } from './use-task.ts';

const TYPED = '';

/** Changes the user name and password that the gateway signs in to the camera with; the camera is asked first. */
export function SignInTool({ camera }: { camera: Camera }) {
  const task = useTask();
  const setId = useSignal(TYPED);
  const username = useSignal(camera.onvif?.username ?? camera.rtsp.username);
  const password = useSignal('');
  useEffect(() => void loadCredentialSets().catch(() => {}), []);
  const sets = credentialSets.value ?? [];
  const typed = setId.value === TYPED;
  const submit = (event: Event): void => {
    event.preventDefault();
    const login = typed
      ? { username: username.value, password: password.value }
      : { credentialSetId: setId.value };
    const body: CameraPatch = camera.onvif === null ? { rtsp: login } : { onvif: login };
    void task.run(async () => {
      await deviceGateway.change(camera.id, body);
      await loadFleet();
      password.value = '';
      say(translate('tools.signInSaved', { name: camera.name }));
    });
  };
  return (
    <form class="tool-form" onSubmit={submit}>
      {sets.length === 0 ? null : (
        <div class="g-field">
          <label for="tool-set">{translate('tools.set')}</label>
          <select
            id="tool-set"
            class="g-input"
            value={setId.value}
            onChange={(event) => (setId.value = event.currentTarget.value)}
          >
            <option value={TYPED}>{translate('tools.typed')}</option>
            {sets.map((set) => (
              <option key={set.id} value={set.id}>
                {set.name} ({set.username})
              </option>
            ))}
          </select>
        </div>
      )}
      {typed ? (
        <>
          <div class="g-field">
            <label for="tool-user">{translate('tools.username')}</label>
            <input
              id="tool-user"
              class="g-input"
              autocomplete="off"
              autocapitalize="off"
              spellcheck={false}
              value={username.value}
              onInput={(event) => (username.value = event.currentTarget.value)}
            />
          </div>
          <div class="g-field">
            <label for="tool-password">{translate('tools.password')}</label>
            <input
              id="tool-password"
              class="g-input"
              type="password"
              autocomplete="new-password"
              value={password.value}
              onInput={(event) => (password.value = event.currentTarget.value)}
            />
          </div>
        </>
      ) : null}
      <p class="dim">{translate('tools.signInHelp')}</p>
      <TaskFault task={task} />
      <button
        class="g-btn pri"
        disabled={task.busy.value || (typed && password.value === '')}
        aria-busy={task.busy.value}
      >
        {translate('tools.signInSave')}
      </button>
    </form>
  );
}
