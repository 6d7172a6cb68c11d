import { useEffect, useRef } from 'preact/hooks';
import { Link } from 'wouter-preact';
import { gateway } from '../api/gateway.ts';
import { mayManageCameras } from '../api/session.ts';
import { CheckTool } from '../camera/check-tool.tsx';
import { cameras, healthById, projects, takeHealth } from '../fleet/fleet-store.ts';
import { lampShape } from '../fleet/light-shape.ts';
import { momentText } from '../format/clock-text.ts';
import { durationText } from '../format/duration-text.ts';
import { translate } from '../i18n/translate.ts';
import { Lamp, LampWord } from '../icons/lamp.tsx';
import { now } from '../shell/now.ts';
import { HealthFigures } from './health-figures.tsx';
import { openedId } from './health-state.ts';
import { DayBars, MonthBars } from './history-bars.tsx';
import { overviewById } from './overview-store.ts';
import type { Camera } from '../../gateway/contract/camera.ts';
import type { CameraHealth } from '../../gateway/contract/health.ts';

const LAYERS = ['network', 'onvif', 'auth', 'rtsp', 'frames', 'decode', 'picture', 'records'] as const;
const SHAPES = { ok: 'ok', failed: 'bad', unknown: 'off' } as const;

/** All that is known of one camera's health, over the list; Esc goes back to it. */
export function HealthDetail({ cameraId }: { cameraId: string }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    dialog.current?.showModal();
    // What nobody has told of yet is asked for; the page shows the rest meanwhile.
    gateway.health(cameraId).then(takeHealth, () => undefined);
  }, [cameraId]);
  const camera = cameras.value.find(({ id }) => id === cameraId);
  const health = healthById.value.get(cameraId);
  const item = overviewById.value.get(cameraId);
  if (!camera) return null;
  const close = (): void => {
    openedId.value = null;
  };
  return (
    <dialog
      class="g-dialog health-detail"
      ref={dialog}
      aria-label={camera.name}
      onClose={close}
      onClick={(event) => {
        if (event.target === dialog.current) dialog.current?.close();
      }}
    >
      <div class="inside">
        <Head camera={camera} onClose={() => dialog.current?.close()} />
        <Reasons camera={camera} />
        {health ? <Layers layers={health.layers} /> : null}
        {item ? (
          <div class="detail-bars">
            <DayBars item={item} light={camera.light} />
            <MonthBars item={item} />
          </div>
        ) : null}
        {health ? <HealthFigures health={health} /> : <span class="g-skel block" />}
        <div class="acts">
          <Link class="g-btn pri" href={`/cameras/${cameraId}`} onClick={close}>
            {translate('health.toCamera')}
          </Link>
          <Link class="g-btn" href={`/timeline/${cameraId}`} onClick={close}>
            {translate('health.toTimeline')}
          </Link>
        </div>
        {mayManageCameras.value ? (
          <div class="detail-check">
            <CheckTool camera={camera} />
          </div>
        ) : null}
      </div>
    </dialog>
  );
}

function Head({ camera, onClose }: { camera: Camera; onClose: () => void }) {
  const project = projects.value.find(({ id }) => id === camera.projectId);
  return (
    <header>
      <div>
        <h2>{camera.name}</h2>
        <p class="dim">{[project?.name, project?.district, project?.unit].filter(Boolean).join(' · ')}</p>
      </div>
      <LampWord shape={lampShape(camera.light)} tag>
        {translate(`light.${camera.light}`)}
      </LampWord>
      <button class="g-btn quiet" onClick={onClose}>
        {translate('health.close')}
      </button>
    </header>
  );
}

function Reasons({ camera }: { camera: Camera }) {
  if (camera.reasons.length === 0) return <p class="dim">{translate('health.allFine')}</p>;
  return (
    <ul class="detail-reasons">
      {camera.reasons.map(({ code, since }) => (
        <li key={code}>
          <Lamp shape={lampShape(camera.light)} />
          <div>
            <b>{translate(`reason.${code}`)}</b>
            <p>{translate(`todo.${code}`)}</p>
            <Lasting since={Date.parse(since)} code={code} />
          </div>
        </li>
      ))}
    </ul>
  );
}

function Lasting({ since, code }: { since: number; code: string }) {
  return (
    <p class="dim">
      {translate('health.since', { time: momentText(since, now.value) })}
      {' · '}
      {durationText(now.value - since)} <span class="mono">{code}</span>
    </p>
  );
}

/** How far the camera is well: the first layer that fails is where to look. */
function Layers({ layers }: { layers: CameraHealth['layers'] }) {
  return (
    <ol class="detail-layers" aria-label={translate('health.layers')}>
      {LAYERS.map((layer) => (
        <li key={layer} class={layers[layer]}>
          <Lamp shape={SHAPES[layers[layer]]} label={translate(`health.layer.${layers[layer]}`)} />
          <span>{translate(`health.layerName.${layer}`)}</span>
        </li>
      ))}
    </ol>
  );
}
