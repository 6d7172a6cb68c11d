import { useSignal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import type { Camera } from '../../gateway/contract/camera.ts';
import { deviceGateway } from '../api/device-gateway.ts';
import { problemText } from '../api/problem-text.ts';
import { translate } from '../i18n/translate.ts';
import { Icon } from '../icons/icon.tsx';
import { say } from '../shell/toast.tsx';
import { PtzHold } from './ptz-hold.ts';
import type { PtzState } from '../../gateway/contract/camera-control.ts';
import type { PtzSpeed } from './ptz-hold.ts';

const SPEED = 0.5;

type Direction = 'up' | 'left' | 'right' | 'down' | 'near' | 'wide';

const SPEEDS: Record<Direction, PtzSpeed> = {
  up: { pan: 0, tilt: SPEED, zoom: 0 },
  down: { pan: 0, tilt: -SPEED, zoom: 0 },
  left: { pan: -SPEED, tilt: 0, zoom: 0 },
  right: { pan: SPEED, tilt: 0, zoom: 0 },
  near: { pan: 0, tilt: 0, zoom: SPEED },
  wide: { pan: 0, tilt: 0, zoom: -SPEED },
};

const KEYS: Record<string, Direction> = {
  ArrowUp: 'up',
  ArrowDown: 'down',
  ArrowLeft: 'left',
  ArrowRight: 'right',
  '+': 'near',
  '=': 'near',
  '-': 'wide',
};

/** Turns and zooms the camera while a button or key is held, and goes to its presets; nothing where it cannot be turned. */
export function PtzTool({ camera }: { camera: Camera }) {
  const ptz = useSignal<PtzState | null>(null);
  useEffect(() => {
    let gone = false;
    deviceGateway.ptz(camera.id).then(
      (told) => {
        if (!gone) ptz.value = told;
      },
      () => {},
    );
    return () => {
      gone = true;
    };
  }, [camera.id]);
  if (ptz.value?.supported !== true) return null;
  return (
    <section class="camera-block ptz">
      <h2>{translate('tools.ptz')}</h2>
      <PtzPad cameraId={camera.id} />
      <Presets cameraId={camera.id} presets={ptz.value.presets} />
    </section>
  );
}

function PtzPad({ cameraId }: { cameraId: string }) {
  const held = useSignal<Direction | null>(null);
  const hold = useMemo(
    () =>
      new PtzHold(
        (move) => deviceGateway.move(cameraId, move),
        (error) => say(problemText(error)),
      ),
    [cameraId],
  );
  const press = (direction: Direction): void => {
    held.value = direction;
    hold.press(SPEEDS[direction]);
  };
  const release = (): void => {
    held.value = null;
    hold.release();
  };
  useEffect(() => {
    // Wherever the finger is lifted, and whatever takes the page away, the camera stops.
    const ends = ['pointerup', 'pointercancel', 'blur', 'pagehide'] as const;
    for (const end of ends) addEventListener(end, release);
    return () => {
      for (const end of ends) removeEventListener(end, release);
      hold.release();
    };
  }, [hold]);
  const onKeyDown = (event: KeyboardEvent): void => {
    const direction = KEYS[event.key];
    if (direction === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    if (!event.repeat) press(direction);
  };
  return (
    <div
      class="ptz-pad"
      role="group"
      aria-label={translate('tools.ptzPad')}
      tabIndex={0}
      onKeyDown={onKeyDown}
      onKeyUp={release}
      onBlur={release}
    >
      {(Object.keys(SPEEDS) as Direction[]).map((direction) => (
        <button
          key={direction}
          type="button"
          class={direction}
          aria-label={translate(`tools.ptz.${direction}`)}
          aria-pressed={held.value === direction}
          onPointerDown={() => press(direction)}
          onContextMenu={(event) => event.preventDefault()}
          onKeyDown={(event) => {
            if (event.repeat || (event.key !== 'Enter' && event.key !== ' ')) return;
            event.preventDefault();
            press(direction);
          }}
        >
          {direction === 'near' ? '+' : direction === 'wide' ? '−' : <Icon name="chev" />}
        </button>
      ))}
      <span class="hub" aria-hidden="true">
        <Icon name="ptz" large />
      </span>
    </div>
  );
}

function Presets({ cameraId, presets }: { cameraId: string; presets: PtzState['presets'] }) {
  if (presets.length === 0) return null;
  const go = (preset: string, name: string): void => {
    deviceGateway.move(cameraId, { preset }).then(
      () => say(translate('tools.presetGone', { name })),
      (error: unknown) => say(problemText(error)),
    );
  };
  return (
    <div class="tool-row" role="group" aria-label={translate('tools.presets')}>
      {presets.map(({ token, name }) => (
        <button key={token} class="g-btn s" onClick={() => go(token, name)}>
          {name}
        </button>
      ))}
    </div>
  );
}
