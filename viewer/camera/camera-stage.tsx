import { useSignal } from '@preact/signals';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import { gateway } from '../api/gateway.ts';
import { problemText } from '../api/problem-text.ts';
import { mayTakeSnapshots } from '../api/session.ts';
import { clockText, dayText } from '../format/clock-text.ts';
import { secondsText } from '../format/duration-text.ts';
import { bitrateText, codecText, sizeText } from '../format/measure-text.ts';
import { translate } from '../i18n/translate.ts';
import { Icon } from '../icons/icon.tsx';
import { browserPlays } from '../player/browser-playback.ts';
import { toggleFullScreen } from '../player/full-screen.ts';
import { LivePlayer } from '../player/live-player.tsx';
import { IDLE } from '../player/live-view.ts';
import { pinnedQuality, pinQuality } from '../player/pinned-quality.ts';
import { now } from '../shell/now.ts';
import { Segments } from '../shell/segments.tsx';
import { say } from '../shell/toast.tsx';
import { SnapshotView } from './snapshot-view.tsx';
import type { Signal } from '@preact/signals';
import type { RefObject } from 'preact';
import type { Camera } from '../../gateway/contract/camera.ts';
import type { CameraRecord } from './camera-record.ts';
import type { LiveMeasures, LiveView } from '../player/live-view.ts';

/** The large picture with its control bar: live, or the snapshot that was picked. */
export function CameraStage({ camera, record }: { camera: Camera; record: CameraRecord }) {
  const stage = useRef<HTMLDivElement>(null);
  const view = useSignal<LiveView>(IDLE);
  const measures = useSignal<LiveMeasures | null>(null);
  const muted = useSignal(true);
  const watched = useMemo(() => ({ view, measures }), [view, measures]);
  const picked = record.picked.value;
  useStageKeys(stage, muted);
  return (
    <section class="camera-stage" ref={stage}>
      <div class="camera-picture">
        <LivePlayer
          camera={camera}
          quality={pinnedQuality.value}
          muted={muted.value || picked !== null}
          live={picked === null}
          window={watched}
        />
        {picked === null ? null : <SnapshotView camera={camera} snapshot={picked} record={record} />}
      </div>
      <div class="camera-deck">
        <SoundButton camera={camera} muted={muted} />
        {mayTakeSnapshots.value ? <SnapButton camera={camera} record={record} /> : null}
        {view.value.state === 'playing' && picked === null ? (
          <LiveMark measures={measures.value} slow={view.value.slow} />
        ) : null}
        <span class="spring" />
        {picked === null ? null : (
          <button class="camera-to-live" onClick={() => (record.picked.value = null)}>
            <span class="g-live">{translate('camera.toLive')}</span>
          </button>
        )}
        <QualityChoice camera={camera} playing={view.value.rendition} />
        <button
          class="tap"
          aria-label={translate('camera.fullScreen')}
          aria-keyshortcuts="F"
          onClick={() => void (stage.current && toggleFullScreen(stage.current))}
        >
          <Icon name="full" />
        </button>
      </div>
    </section>
  );
}

/** `F` the whole screen, `M` sound. */
function useStageKeys(stage: RefObject<HTMLElement>, muted: Signal<boolean>): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if ((event.target as HTMLElement).matches('input, select, textarea')) return;
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const key = event.key.toLowerCase();
      if (key === 'f' && stage.current) void toggleFullScreen(stage.current);
      else if (key === 'm') muted.value = !muted.value;
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [stage, muted]);
}

/** That the picture is live, how late, the time and the measures: in the bar, so that the camera's own clock and name stay free. */
function LiveMark({ measures, slow }: { measures: LiveMeasures | null; slow: boolean }) {
  const delaySec = measures?.delaySec ?? null;
  return (
    <span class="camera-live">
      <span class="g-live">{translate('player.live')}</span>
      {delaySec === null ? null : <span class="dim delay">{secondsText(delaySec)}</span>}
      <span class="dim day">{dayText(now.value)}</span>
      <b>{clockText(now.value)}</b>
      {slow ? <span class="slow">{translate('player.slow')}</span> : null}
      {measures === null || measures.width === 0 ? null : (
        <span class="dim measures">
          {translate('camera.measures', {
            size: sizeText(measures.width, measures.height),
            bitrate: bitrateText(measures.kbps),
          })}
        </span>
      )}
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
      aria-keyshortcuts="M"
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
  playing: LiveView['rendition'];
}

/** By size and network, or one pinned on this device. HD that cannot be had goes back to smooth. */
function QualityChoice({ camera, playing }: QualityChoiceProps) {
  const codec = camera.main?.codec ?? null;
  useEffect(() => {
    if (playing !== 'sub' || pinnedQuality.peek() !== 'hd' || browserPlays(codec)) return;
    // The browser cannot play it, and the gateway does not convert it now.
    pinQuality('smooth');
    say(translate('player.hdUnsupported', { codec: codecText(codec) }));
  }, [playing, codec]);
  return (
    <Segments
      label={translate('player.quality')}
      value={pinnedQuality.value}
      onPick={pinQuality}
      choices={[
        { value: 'auto', label: translate('player.auto') },
        { value: 'smooth', label: translate('player.smooth') },
        { value: 'hd', label: translate('player.hd') },
      ]}
    />
  );
}
