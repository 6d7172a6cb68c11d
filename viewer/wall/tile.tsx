import { useMemo } from 'preact/hooks';
import { useSignal } from '@preact/signals';
import { useLocation } from 'wouter-preact';
import { gateway } from '../api/gateway.ts';
import { problemText } from '../api/problem-text.ts';
import { mayTakeSnapshots } from '../api/session.ts';
import { projects } from '../fleet/fleet-store.ts';
import { lampShape } from '../fleet/light-shape.ts';
import { reasonText } from '../fleet/reason-text.ts';
import { clockText } from '../format/clock-text.ts';
import { translate } from '../i18n/translate.ts';
import { Icon } from '../icons/icon.tsx';
import { Lamp } from '../icons/lamp.tsx';
import { LivePlayer } from '../player/live-player.tsx';
import { openSharedLine } from '../player/shared-line.ts';
import { IDLE } from '../player/live-view.ts';
import { now } from '../shell/now.ts';
import { say } from '../shell/toast.tsx';
import { heard, moveCamera, quality, selected } from './wall-store.ts';
import type { Signal } from '@preact/signals';
import type { Camera } from '../../gateway/contract/camera.ts';
import type { LiveMeasures, LiveView } from '../player/live-view.ts';

const DRAGGED = 'application/x-gantry-place';

/** One place of the wall: a live picture with its caption; click selects, double click opens the camera. */
export function Tile({ camera, place }: { camera: Camera | null; place: number }) {
  const [, navigate] = useLocation();
  const view = useSignal<LiveView>(IDLE);
  const measures = useSignal<LiveMeasures | null>(null);
  const watched = useMemo(() => ({ view, measures }), [view, measures]);
  const current = selected.value === place;
  if (camera === null) return <div class="wall-tile free">{translate('wall.freeTile')}</div>;
  const project = projects.value.find((known) => known.id === camera.projectId)?.name ?? '';
  const label = translate('wall.tile', {
    project,
    camera: camera.name,
    light: translate(`light.${camera.light}`),
  });
  return (
    <div
      class="wall-tile"
      role="group"
      tabIndex={0}
      aria-label={label}
      aria-current={current ? 'true' : undefined}
      draggable
      onFocus={() => (selected.value = place)}
      onClick={() => (selected.value = place)}
      onDblClick={() => navigate(`/cameras/${camera.id}`)}
      onDragStart={(event) => event.dataTransfer?.setData(DRAGGED, String(place))}
      onDragOver={(event) => event.preventDefault()}
      onDrop={(event) => {
        const from = event.dataTransfer?.getData(DRAGGED);
        if (from) moveCamera(Number(from), place);
      }}
    >
      <LivePlayer
        camera={camera}
        quality={quality.value}
        corner="tl"
        openLine={openSharedLine}
        muted={heard.value !== camera.id}
        window={watched}
      />
      <TileTools camera={camera} current={current} />
      <div class="wall-caption">
        <Lamp shape={lampShape(camera.light)} />
        {project === '' ? null : <b class="ellip">{project}</b>}
        <span class="ellip">{camera.name}</span>
        <Caption camera={camera} view={view} />
      </div>
    </div>
  );
}

/** At the caption's end: what is wrong while the picture runs, and the time of what is seen. */
function Caption({ camera, view }: { camera: Camera; view: Signal<LiveView> }) {
  const playing = view.value.state === 'playing';
  const reason = camera.light === 'yellow' ? reasonText(camera) : null;
  const troubled = playing ? (reason ?? (view.value.slow ? translate('player.slow') : null)) : null;
  return (
    <>
      {troubled === null ? null : <span class="g-lamp warn ellip">{troubled}</span>}
      {playing ? <time>{clockText(now.value)}</time> : null}
    </>
  );
}

function TileTools({ camera, current }: { camera: Camera; current: boolean }) {
  const [, navigate] = useLocation();
  const audible = (camera.main?.audio ?? camera.sub?.audio ?? null) !== null;
  const on = heard.value === camera.id;
  return (
    <div class="wall-tools" data-shown={current}>
      {audible ? (
        <button
          aria-label={on ? translate('wall.mute') : translate('wall.sound')}
          onClick={() => (heard.value = on ? null : camera.id)}
        >
          <Icon name={on ? 'sound' : 'mute'} />
        </button>
      ) : null}
      {mayTakeSnapshots.value ? (
        <button
          aria-label={translate('wall.snap')}
          title={translate('wall.snap')}
          onClick={() => void snap(camera)}
        >
          <Icon name="snap" />
        </button>
      ) : null}
      <button
        aria-label={translate('wall.open')}
        title={translate('wall.open')}
        onClick={() => navigate(`/cameras/${camera.id}`)}
      >
        <Icon name="full" />
      </button>
    </div>
  );
}

async function snap(camera: Camera): Promise<void> {
  try {
    await gateway.takeSnapshot(camera.id);
    say(translate('wall.snapped', { name: camera.name }));
  } catch (error) {
    say(problemText(error));
  }
}
