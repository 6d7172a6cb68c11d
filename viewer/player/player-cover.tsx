import { codeText } from '../api/problem-text.ts';
import { reasonText, troubledSince } from '../fleet/reason-text.ts';
import { codecText } from '../format/measure-text.ts';
import { durationText } from '../format/duration-text.ts';
import { momentText } from '../format/clock-text.ts';
import { translate } from '../i18n/translate.ts';
import { Icon } from '../icons/icon.tsx';
import { Lamp } from '../icons/lamp.tsx';
import { now } from '../shell/now.ts';
import type { ComponentChildren } from 'preact';
import type { Camera } from '../../gateway/contract/camera.ts';
import type { LiveView } from './live-view.ts';

interface CoverProps {
  camera: Camera;
  view: LiveView;
  /** When the picture behind was taken; null without one. */
  pictureAt: number | null;
}

/** What stands over a picture that cannot be live: how long, why, and how old what is behind. */
export function PlayerCover({ camera, view, pictureAt }: CoverProps) {
  if (!camera.enabled) {
    return (
      <Cover
        head={
          <>
            <Lamp shape="off" />
            {translate('player.disabled')}
          </>
        }
      >
        <span>{translate('player.disabledWhy')}</span>
      </Cover>
    );
  }
  if (view.state === 'denied') {
    return (
      <Cover
        head={
          <>
            <Icon name="lock" />
            {translate(view.code === 'unauthenticated' ? 'player.signedOut' : 'player.denied')}
          </>
        }
      >
        <span>
          {view.code === 'unauthenticated' ? codeText('unauthenticated') : translate('player.deniedWhy')}
        </span>
      </Cover>
    );
  }
  if (view.state === 'unsupported') {
    const codec = codecText(view.code ?? camera.main?.codec ?? null);
    return (
      <Cover
        head={
          <>
            <Lamp shape="warn" />
            {translate('player.unsupported', { codec })}
          </>
        }
      >
        <span>{translate('player.unsupportedWhy')}</span>
      </Cover>
    );
  }
  if (view.state !== 'offline' && !(camera.light === 'red' && view.state !== 'playing')) return null;
  return <OfflineCover camera={camera} view={view} pictureAt={pictureAt} />;
}

function OfflineCover({ camera, view, pictureAt }: CoverProps) {
  // Without the gateway nothing is known of the camera: only its picture is cut off.
  const gatewayGone = view.code === 'network';
  // The camera is well: it is the gateway that has no room to convert its picture.
  const busy = view.code === 'transcoder-busy' && camera.light !== 'red';
  const behind =
    pictureAt === null
      ? translate('player.noPicture')
      : translate('player.lastPicture', { time: momentText(pictureAt, now.value) });
  const why = gatewayGone || busy ? null : reasonText(camera);
  return (
    <Cover
      head={
        <>
          <Lamp shape={gatewayGone ? 'off' : busy ? 'warn' : 'bad'} />
          {gatewayGone ? translate('player.cut') : busy ? translate('player.busy') : offlineText(camera)}
        </>
      }
    >
      <span>{why ?? codeText(view.code ?? 'camera-offline')}</span>
      <span class="dim">{behind}</span>
    </Cover>
  );
}

function offlineText(camera: Camera): string {
  const since = troubledSince(camera);
  if (since === null) return translate('player.offline');
  return translate('player.offlineFor', { time: durationText(now.value - since) });
}

function Cover({ head, children }: { head: ComponentChildren; children: ComponentChildren }) {
  return (
    <div class="player-cover">
      <b>{head}</b>
      {children}
    </div>
  );
}
