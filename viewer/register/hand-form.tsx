import { useSignal } from '@preact/signals';
import { useLocation } from 'wouter-preact';
import type { CameraCheck, RtspInput } from '../../gateway/contract/camera.ts';
import type { SnapshotSchedule } from '../../gateway/contract/schedule.ts';
import { deviceGateway } from '../api/device-gateway.ts';
import { gateway } from '../api/gateway.ts';
import { problemCode, problemText } from '../api/problem-text.ts';
import { findingsOf } from '../check/check-findings.ts';
import { FindingList } from '../check/finding-list.tsx';
import { loadFleet } from '../fleet/fleet-store.ts';
import { translate } from '../i18n/translate.ts';
import { Lamp } from '../icons/lamp.tsx';
import { ScheduleField } from '../schedule/schedule-field.tsx';
import { ProjectChoice, hasTarget } from './project-choice.tsx';
import { StepFrame } from './step-frame.tsx';
import type { Target } from './batch.ts';

const EMPTY = { name: '', position: '', main: '', sub: '', username: '', password: '' };

type Fields = typeof EMPTY;

/** One camera by its RTSP address: checked on demand, and led to its page when it is registered. */
export function HandForm() {
  const [, navigate] = useLocation();
  const fields = useSignal(EMPTY);
  const target = useSignal<Target>({ kind: 'none' });
  const schedule = useSignal<SnapshotSchedule | null>(null);
  const busy = useSignal<'check' | 'add' | null>(null);
  const fault = useSignal<unknown>(null);
  const check = useSignal<CameraCheck | null>(null);
  const { main, name } = fields.value;
  const hasAddress = /^rtsps?:\/\/./.test(main.trim());
  const complete = hasTarget(target.value) && name.trim() !== '' && hasAddress;
  const work = async (kind: 'check' | 'add', task: () => Promise<void>): Promise<void> => {
    busy.value = kind;
    fault.value = null;
    await task().catch((error: unknown) => (fault.value = error));
    busy.value = null;
  };
  const look = () =>
    work('check', async () => {
      check.value = null;
      check.value = await deviceGateway.checkDraft({ rtsp: rtspOf(fields.value), setClock: false });
    });
  const add = () =>
    work('add', async () => {
      const projectId = await projectIdOf(target.value);
      const { position } = fields.value;
      const body = { name, projectId, position, schedule: schedule.value, rtsp: rtspOf(fields.value) };
      const { id } = await gateway.createCamera(body);
      await loadFleet();
      navigate(`/cameras/${id}`);
    });
  const submit = (event: Event): void => {
    event.preventDefault();
    void add();
  };
  return (
    <form class="register-form" onSubmit={submit}>
      <StepFrame
        title={translate('register.byHand')}
        lead={translate('register.handLead')}
        note={hasTarget(target.value) ? null : translate('register.needProject')}
        actions={
          <>
            <button
              class="g-btn"
              type="button"
              disabled={!hasAddress || busy.value !== null}
              aria-busy={busy.value === 'check'}
              onClick={() => void look()}
            >
              {translate('register.checkOne')}
            </button>
            <button
              class="g-btn pri"
              disabled={!complete || busy.value !== null}
              aria-busy={busy.value === 'add'}
            >
              {translate('register.addOne')}
            </button>
          </>
        }
      >
        <div class="g-panel register-hand">
          <ProjectChoice target={target} />
          <HandField fields={fields} name="name" label={translate('register.name')} />
          <HandField fields={fields} name="position" label={translate('register.position')} />
          <HandField
            fields={fields}
            name="main"
            label={translate('register.rtspMain')}
            help={translate('register.rtspHelp')}
          />
          <HandField fields={fields} name="sub" label={translate('register.rtspSub')} />
          <HandField fields={fields} name="username" label={translate('register.username')} />
          <HandField fields={fields} name="password" label={translate('register.password')} />
          <ScheduleField
            id="hand-schedule"
            value={schedule.value}
            onChange={(next) => (schedule.value = next)}
          />
          {fault.value === null ? null : <Fault error={fault.value} />}
        </div>
        {check.value === null ? null : (
          <div class="g-panel register-hand-check" role="status">
            <FindingList findings={findingsOf(check.value)} fix={() => null} />
          </div>
        )}
      </StepFrame>
    </form>
  );
}

interface HandFieldProps {
  fields: { value: Fields };
  name: keyof Fields;
  label: string;
  help?: string;
}

function HandField({ fields, name, label, help }: HandFieldProps) {
  const secret = name === 'password';
  return (
    <div class="g-field">
      <label for={`hand-${name}`}>{label}</label>
      <input
        id={`hand-${name}`}
        class="g-input"
        type={secret ? 'password' : 'text'}
        autocomplete={secret ? 'new-password' : 'off'}
        autocapitalize="off"
        spellcheck={false}
        value={fields.value[name]}
        onInput={(event) => (fields.value = { ...fields.value, [name]: event.currentTarget.value })}
      />
      {help ? <span class="help">{help}</span> : null}
    </div>
  );
}

function Fault({ error }: { error: unknown }) {
  return (
    <div class="g-field">
      <div class="err" role="alert">
        <Lamp shape="bad" />
        <span>
          {problemText(error)} <span class="mono">{problemCode(error)}</span>
        </span>
      </div>
    </div>
  );
}

function rtspOf({ main, sub, username, password }: Fields): RtspInput {
  const second = sub.trim() === '' ? {} : { sub: sub.trim() };
  return { main: main.trim(), ...second, username, password };
}

async function projectIdOf(target: Target): Promise<string> {
  if (target.kind === 'known') return target.id;
  if (target.kind === 'none') throw new Error('no project chosen');
  const { name, district, unit } = target;
  return (await gateway.createProject({ name, district, unit })).id;
}
