import { useSignal } from '@preact/signals';
import type { Camera, CameraPatch } from '../../gateway/contract/camera.ts';
import { deviceGateway } from '../api/device-gateway.ts';
import { loadFleet } from '../fleet/fleet-store.ts';
import { momentText } from '../format/clock-text.ts';
import { siteNow } from '../format/site-time.ts';
import { translate } from '../i18n/translate.ts';
import { ScheduleField } from '../schedule/schedule-field.tsx';
import { say } from '../shell/toast.tsx';
import { TaskFault } from './task-fault.tsx';
import { useTask } from './use-task.ts';

const HOUR_MS = 3_600_000;
const LENGTHS_H = [2, 8, 24, 72] as const;

/** When the camera takes pictures, and until when it is left alone for maintenance. */
export function PlanTool({ camera }: { camera: Camera }) {
  const task = useTask();
  const schedule = useSignal(camera.schedule);
  const change = (body: CameraPatch, words: string) =>
    task.run(async () => {
      await deviceGateway.change(camera.id, body);
      await loadFleet();
      say(words);
    });
  const rest = (hours: number) => {
    const until = new Date(siteNow() + hours * HOUR_MS).toISOString();
    return change({ maintenanceUntil: until }, translate('tools.resting', { name: camera.name }));
  };
  const untilMs = camera.maintenanceUntil === null ? 0 : Date.parse(camera.maintenanceUntil);
  const isResting = untilMs > siteNow();
  const isChanged = JSON.stringify(schedule.value) !== JSON.stringify(camera.schedule);
  return (
    <>
      <ScheduleField id="tool-schedule" value={schedule.value} onChange={(next) => (schedule.value = next)} />
      <button
        class="g-btn"
        disabled={task.busy.value || !isChanged}
        onClick={() => void change({ schedule: schedule.value }, translate('tools.planSaved'))}
      >
        {translate('tools.planSave')}
      </button>
      <IngestField camera={camera} busy={task.busy.value} onChange={change} />
      <h3>{translate('tools.rest')}</h3>
      <p class="dim">
        {isResting
          ? translate('tools.restUntil', { time: momentText(untilMs, siteNow()) })
          : translate('tools.restHelp')}
      </p>
      <div class="tool-row">
        {LENGTHS_H.map((hours) => (
          <button key={hours} class="g-btn s" disabled={task.busy.value} onClick={() => void rest(hours)}>
            {translate('tools.hours', { hours })}
          </button>
        ))}
        {isResting ? (
          <button
            class="g-btn s"
            disabled={task.busy.value}
            onClick={() =>
              void change({ maintenanceUntil: null }, translate('tools.restEnded', { name: camera.name }))
            }
          >
            {translate('tools.restEnd')}
          </button>
        ) : null}
      </div>
      <TaskFault task={task} />
    </>
  );
}

interface IngestFieldProps {
  camera: Camera;
  busy: boolean;
  onChange: (body: CameraPatch, words: string) => unknown;
}

/** Whether the camera is pulled while someone watches, or all the time. */
function IngestField({ camera, busy, onChange }: IngestFieldProps) {
  const save = (value: string) =>
    onChange(
      { ingestMode: value === 'always' || value === 'onDemand' ? value : null },
      translate('tools.ingestSaved'),
    );
  return (
    <div class="g-field">
      <label for="tool-ingest">{translate('tools.ingest')}</label>
      <select
        id="tool-ingest"
        class="g-input"
        disabled={busy}
        value={camera.ingestMode ?? 'site'}
        onChange={(event) => void save(event.currentTarget.value)}
      >
        <option value="site">{translate('tools.ingestSite')}</option>
        <option value="onDemand">{translate('tools.ingestOnDemand')}</option>
        <option value="always">{translate('tools.ingestAlways')}</option>
      </select>
    </div>
  );
}
