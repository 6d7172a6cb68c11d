import { Link } from 'wouter-preact';
import { alarms, cameras, projects } from '../fleet/fleet-store.ts';
import { lampShape, severity } from '../fleet/light-shape.ts';
import { momentText } from '../format/clock-text.ts';
import { translate } from '../i18n/translate.ts';
import { Lamp } from '../icons/lamp.tsx';
import { now } from '../shell/now.ts';
import type { Alarm } from '../fleet/alarm.ts';

const SHOWN = 6;
const NEW_MS = 60_000;

/** The line of alarms at the foot of the wall; it stands still, new ones push in from the left. */
export function AlarmTicker() {
  const standing = cameras.value.filter((camera) => severity(camera.light) > 1).length;
  const shown = alarms.value
    .filter(({ cameraId }) => cameras.value.some(({ id }) => id === cameraId))
    .slice(0, SHOWN);
  return (
    <div class="wall-ticker" role="log" aria-label={translate('wall.alarms')}>
      {shown.length === 0 ? (
        <span>
          <Lamp shape="ok" />
          {translate('wall.noAlarms')}
        </span>
      ) : (
        shown.map((alarm) => <Line key={`${alarm.cameraId}${alarm.at}`} alarm={alarm} />)
      )}
      {standing > 0 ? <span class="r">{translate('wall.standing', { count: standing })}</span> : null}
    </div>
  );
}

function Line({ alarm }: { alarm: Alarm }) {
  const camera = cameras.value.find(({ id }) => id === alarm.cameraId);
  const project = projects.value.find(({ id }) => id === camera?.projectId);
  const fresh = alarm.light === 'red' && now.value - alarm.at < NEW_MS;
  const what =
    alarm.code === null || severity(alarm.light) < 2
      ? translate('wall.recovered')
      : translate(`reason.${alarm.code}`);
  return (
    <span class={fresh ? 'new' : undefined}>
      <Lamp shape={lampShape(alarm.light)} label={translate(`light.${alarm.light}`)} />
      <time>{momentText(alarm.at, now.value)}</time>
      <Link href={`/cameras/${alarm.cameraId}`}>
        {project === undefined ? '' : `${project.name} · `}
        {camera?.name}
      </Link>
      {what}
    </span>
  );
}
