import { useSignal } from '@preact/signals';
import { useLocation } from 'wouter-preact';
import { gateway } from '../api/gateway.ts';
import { problemCode, problemText } from '../api/problem-text.ts';
import { loadFleet } from '../fleet/fleet-store.ts';
import { translate } from '../i18n/translate.ts';
import { Lamp } from '../icons/lamp.tsx';
import { ProjectChoice, hasTarget } from './project-choice.tsx';
import { StepFrame } from './step-frame.tsx';
import type { Target } from './registration.ts';

const EMPTY = { name: '', main: '', sub: '', username: '', password: '' };

/** One camera by its RTSP address; leads to the camera's page when it is registered. */
export function HandForm() {
  const [, navigate] = useLocation();
  const fields = useSignal(EMPTY);
  const target = useSignal<Target>({ kind: 'none' });
  const busy = useSignal(false);
  const fault = useSignal<unknown>(null);
  const complete = hasTarget(target.value) && fields.value.name.trim() !== '' && fields.value.main !== '';
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    busy.value = true;
    fault.value = null;
    try {
      const { id } = await gateway.createCamera(await body(fields.value, target.value));
      await loadFleet();
      navigate(`/cameras/${id}`);
    } catch (error) {
      fault.value = error;
    }
    busy.value = false;
  };
  const field = (name: keyof typeof EMPTY, label: string, type = 'text', help?: string) => (
    <div class="g-field">
      <label for={`hand-${name}`}>{label}</label>
      <input
        id={`hand-${name}`}
        class="g-input"
        type={type}
        autocomplete={type === 'password' ? 'new-password' : 'off'}
        spellcheck={false}
        value={fields.value[name]}
        onInput={(event) => (fields.value = { ...fields.value, [name]: event.currentTarget.value })}
      />
      {help ? <span class="help">{help}</span> : null}
    </div>
  );
  return (
    <form class="register-form" onSubmit={(event) => void submit(event)}>
      <StepFrame
        title={translate('register.byHand')}
        lead={translate('register.handLead')}
        note={hasTarget(target.value) ? null : translate('register.needProject')}
        actions={
          <button class="g-btn pri" disabled={!complete || busy.value} aria-busy={busy.value}>
            {translate('register.addOne')}
          </button>
        }
      >
        <div class="g-panel register-hand">
          <ProjectChoice target={target} />
          {field('name', translate('register.name'))}
          {field('main', translate('register.rtspMain'), 'url', translate('register.rtspHelp'))}
          {field('sub', translate('register.rtspSub'), 'url')}
          {field('username', translate('register.username'))}
          {field('password', translate('register.password'), 'password')}
          {fault.value === null ? null : (
            <div class="g-field">
              <div class="err" role="alert">
                <Lamp shape="bad" />
                <span>
                  {problemText(fault.value)} <span class="mono">{problemCode(fault.value)}</span>
                </span>
              </div>
            </div>
          )}
        </div>
      </StepFrame>
    </form>
  );
}

async function body(fields: typeof EMPTY, target: Target) {
  const { name, main, sub, username, password } = fields;
  const projectId = target.kind === 'known' ? target.id : await newProject(target);
  return { name, projectId, rtsp: { main, ...(sub === '' ? {} : { sub }), username, password } };
}

async function newProject(target: Target): Promise<string> {
  if (target.kind !== 'new') throw new Error('no project chosen');
  const { name, district, unit } = target;
  return (await gateway.createProject({ name, district, unit })).id;
}
