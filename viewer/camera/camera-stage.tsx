import { useSignal } from '@preact/signals';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import { gateway } from '../api/gateway.ts';
import { problemText } from '../api/problem-text.ts';
import { mayTakeSnapshots } from '../api/session.ts';
import { clockText, dayText } from '../format/clock-text.ts';
import { bitrateText, codecText, sizeText } from '../format/measure-text.ts';
import { translate } from '../i18n/translate.ts';
import { Icon } from '../icons/icon.tsx';
import { browserPlays } from '../player/browser-playback.ts';
import { LivePlayer } from '../player/live-player.tsx';
import { IDLE } from '../player/live-view.ts';
import { now } from '../shell/now.ts';
import { Segments } from '../shell/segments.tsx';
import { say } from '../shell/toast.tsx';
import { SnapshotView } from './snapshot-view.tsx';
import type { Signal } from '@preact/signals';
import type { Camera } from '../../gateway/contract/camera.ts';
import type { CameraRecord } from './camera-record.ts';
import type { Quality } from '../player/choose-rendition.ts';
import type { LiveMeasures, LiveView } from '../player/live-view.ts';

/** The large picture with its control bar: live, or the snapshot that was picked. */
export function CameraStage({ camera, record }: { camera: Camera; record: CameraRecord }) {
  const stage = useRef<HTMLDivElement>(null);
  const view = useSignal<LiveView>(IDLE);
  const measures = useSignal<LiveMeasures | null>(null);
  const quality = useSignal<Quality>('auto');
  const muted = useSignal(true);
  const watched = useMemo(() => ({ view, measures }), [view, measures]);
  const picked = record.picked.value;
  return (
    <section class="camera-stage" ref={stage}>
      <div class="camera-picture">
        <LivePlayer
          camera={camera}
          quality={quality.value}
          muted={muted.value || picked !== null}
          live={picked === null}
          window={watched}
        >
          {view.value.state === 'playing' && picked === null ? <TimePlate /> : null}
        </LivePlayer>
        {picked === null ? null : <SnapshotView camera={camera} snapshot={picked} record={record} />}
      </div>
      <div class="camera-deck">
        <SoundButton camera={camera} muted={muted} />
        {mayTakeSnapshots.value ? <SnapButton camera={camera} record={record} /> : null}
        <Measures measures={measures.value} playing={view.value.state === 'playing' && picked === null} />
        <span class="spring" />
        {picked === null ? null : (
          <button class="camera-to-live" onClick={() => (record.picked.value = null)}>
            <span class="g-live">{translate('camera.toLive')}</span>
          </button>
        )}
        <QualityChoice camera={camera} quality={quality} playing={view.value.rendition} />
        <button
          class="tap"
          aria-label={translate('camera.fullScreen')}
          onClick={() =>
            void (document.fullscreenElement ? document.exitFullscreen() : stage.current?.requestFullscreen())
          }
        >
          <Icon name="full" />
        </button>
      </div>
    </section>
  );
}

function TimePlate() {
  return (
    <span class="g-plate tr">
      {dayText(now.value)} <b>{clockText(now.value)}</b>
    </span>
  );
}

function Measures({ measures, playing }: { measures: LiveMeasures | null; playing: boolean }) {
  if (!playing || measures === null || measures.width === 0) return null;
  return (
    <span class="camera-measures">
      {translate('camera.measures', {
        size: sizeText(measures.width, measures.height),
        bitrate: bitrateText(measures.kbps),
      })}
    </span>
  );
}

function SoundButton({ camera, muted }: { camera: Camera; muted: Signal<boolean> }) {
  const audible = (camera.main?.audio ?? camera.sub?.audio ?? null) !== null;
  const label = muted.value ? translate('camera.sound') : translate('camera.mute');
  return (
    <button
      class="tap"
      disabled={!audible}
      aria-pressed={!muted.value}
      aria-label={audible ? label : translate('camera.noSound')}
      title={audible ? label : translate('camera.noSound')}
      onClick={() => (muted.value = !muted.value)}
    >
      <Icon name={muted.value ? 'mute' : 'sound'} />
    </button>
  );
}

function SnapButton({ camera, record }: { camera: Camera; record: CameraRecord }) {
  const busy = useSignal(false);
  const snap = async (): Promise<void> => {
    busy.value = true;
    try {
      record.add(await gateway.takeSnapshot(camera.id));
      say(translate('camera.snapped'));
    } catch (error) {
      say(problemText(error));
    }
    busy.value = false;
  };
  return (
    <button
      class="tap"
      disabled={busy.value}
      aria-busy={busy.value}
      aria-label={translate('camera.snap')}
      title={translate('camera.snap')}
      onClick={() => void snap()}
    >
      <Icon name="snap" />
    </button>
  );
}

interface QualityChoiceProps {
  camera: Camera;
  quality: Signal<Quality>;
  playing: LiveView['rendition'];
}

/** Time for HD to take the place of smooth before it is given up. */
const HD_PATIENCE_MS = 1500;

/** Smooth or HD; until one is pinned, shows which of the two plays. HD that cannot be had goes back to smooth. */
function QualityChoice({ camera, quality, playing }: QualityChoiceProps) {
  const shown = quality.value === 'auto' ? (playing === 'sub' ? 'smooth' : 'hd') : quality.value;
  const codec = camera.main?.codec ?? null;
  const wished = quality.value;
  useEffect(() => {
    if (playing !== 'sub' || wished !== 'hd' || browserPlays(codec)) return undefined;
    // The browser cannot play it, and the gateway does not convert it now.
    const timer = setTimeout(() => {
      quality.value = 'smooth';
      say(translate('player.hdUnsupported', { codec: codecText(codec) }));
    }, HD_PATIENCE_MS);
    return () => clearTimeout(timer);
  }, [playing, wished, codec, quality]);
  return (
    <Segments
      label={translate('player.quality')}
      value={shown}
      onPick={(next) => (quality.value = next)}
      choices={[
        { value: 'smooth', label: translate('player.smooth') },
        { value: 'hd', label: translate('player.hd') },
      ]}
    />
  );
}
