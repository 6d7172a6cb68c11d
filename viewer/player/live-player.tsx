import './player.css';
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { momentText } from '../format/clock-text.ts';
import { translate } from '../i18n/translate.ts';
import { now } from '../shell/now.ts';
import { AgePlate } from './age-plate.tsx';
import { openOwnLine } from './own-line.ts';
import { PlayerCover } from './player-cover.tsx';
import { posterOf, refreshPoster } from './poster-store.ts';
import { useLive } from './use-live.ts';
import type { Signal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import type { Camera } from '../../gateway/contract/camera.ts';
import type { Quality } from './choose-rendition.ts';
import type { LiveMeasures, LiveView } from './live-view.ts';
import type { OpenLine } from './live-line.ts';
import type { Live } from './use-live.ts';

/** What a parent may watch of its player. */
export interface PlayerWindow {
  view: Signal<LiveView>;
  measures: Signal<LiveMeasures | null>;
}

interface LivePlayerProps {
  camera: Camera;
  quality: Quality;
  muted?: boolean;
  /** False shows only the newest picture and its age. */
  live?: boolean;
  /** Where the plate of a picture that is not live stands: cameras write their own clock at the top left more often than anything at the foot. */
  corner?: Corner;
  window?: PlayerWindow;
  /** How it comes over WebSocket: on its own (the default), or among the tiles of a wall. */
  openLine?: OpenLine;
  children?: ComponentChildren;
}

type Corner = 'tl' | 'bl';

const POSTER_MAX_AGE_MS = 15_000;
const PATIENCE_MS = 3000;

/** A camera's picture: newest still at once, live over it as soon as it moves. Give it `key={camera.id}`. */
export function LivePlayer(props: LivePlayerProps) {
  const { camera, quality, muted = true, live = true, corner = 'bl', window: watched } = props;
  const { openLine = openOwnLine } = props;
  const { box, video, still, stillAt, view, measures } = useLive(
    camera,
    quality,
    live && camera.enabled,
    openLine,
  );
  const poster = posterOf(camera.id).value;
  const { state, transport, rendition } = view.value;

  useEffect(() => refreshPoster(camera.id, POSTER_MAX_AGE_MS), [camera.id]);
  useEffect(() => {
    if (video.current !== null) video.current.muted = muted;
  }, [muted, video]);
  useWatched(watched, view, measures);

  const pictureAt = stillAt.value ?? poster?.takenAt ?? null;
  const dead = isDead(camera, state);
  return (
    <div
      ref={box.ref}
      class="player"
      data-state={live ? state : 'still'}
      data-transport={transport ?? 'none'}
      data-rendition={rendition ?? 'none'}
      data-slow={view.value.slow}
      data-camera={camera.id}
      data-dead={dead}
    >
      {poster && state !== 'denied' ? <img class="player-poster" src={poster.url} alt="" /> : null}
      <canvas ref={still} class="player-still" hidden={stillAt.value === null} />
      <video
        ref={video}
        class="player-video"
        muted
        playsInline
        aria-label={translate('player.label', { name: camera.name })}
      />
      <PlayerCover camera={camera} view={view.value} pictureAt={pictureAt} />
      {dead ? null : <Plate state={state} corner={corner} at={pictureAt} />}
      {props.children}
    </div>
  );
}

function isDead(camera: Camera, state: LiveView['state']): boolean {
  return !camera.enabled || state === 'offline' || (camera.light === 'red' && state !== 'playing');
}

/** Lets the parent's signals follow the player's own. */
function useWatched(watched: PlayerWindow | undefined, view: Live['view'], measures: Live['measures']): void {
  useEffect(() => {
    if (watched === undefined) return undefined;
    const stopView = view.subscribe((next) => void (watched.view.value = next));
    const stopMeasures = measures.subscribe((next) => void (watched.measures.value = next));
    return () => {
      stopView();
      stopMeasures();
    };
  }, [watched, view, measures]);
}

interface PlateProps {
  state: LiveView['state'];
  corner: Corner;
  at: number | null;
}

/** What a picture that is not live says of itself; a live one carries no plate. */
function Plate({ state, corner, at }: PlateProps) {
  if (state === 'stalled') return <span class={`g-plate ${corner}`}>{translate('player.stalled')}</span>;
  if (state === 'connecting') return <Connecting at={at} corner={corner} />;
  if (state === 'idle' && at !== null) return <AgePlate at={at} corner={corner} />;
  return null;
}

/** Silent for three seconds (only the running line shows), then says what is on screen meanwhile. */
function Connecting({ at, corner }: { at: number | null; corner: Corner }) {
  const patient = useSignal(true);
  useEffect(() => {
    const timer = setTimeout(() => {
      patient.value = false;
    }, PATIENCE_MS);
    return () => clearTimeout(timer);
  }, [patient]);
  const words =
    at === null
      ? translate('player.connecting')
      : translate('player.connectingWithPicture', { time: momentText(at, now.value) });
  return (
    <>
      {patient.value ? (
        at !== null && <AgePlate at={at} corner={corner} />
      ) : (
        <span class={`g-plate ${corner}`}>{words}</span>
      )}
      <i class="player-boot" />
    </>
  );
}
