import { healthById } from '../fleet/fleet-store.ts';
import { lampShape } from '../fleet/light-shape.ts';
import { momentText } from '../format/clock-text.ts';
import { durationText, secondsText } from '../format/duration-text.ts';
import { bitrateText, codecText, shareText, sizeText } from '../format/measure-text.ts';
import { translate } from '../i18n/translate.ts';
import { Lamp, LampWord } from '../icons/lamp.tsx';
import { now } from '../shell/now.ts';
import type { Camera, StreamInfo } from '../../gateway/contract/camera.ts';
import type { CameraHealth } from '../../gateway/contract/health.ts';

/** State with its reasons, what the stream is, and which device sends it. */
export function CameraDetails({ camera }: { camera: Camera }) {
  const health = healthById.value.get(camera.id) ?? null;
  return (
    <>
      <StateBlock camera={camera} health={health} />
      <StreamBlock camera={camera} health={health} />
      <DeviceBlock camera={camera} />
    </>
  );
}

function StateBlock({ camera, health }: { camera: Camera; health: CameraHealth | null }) {
  return (
    <section class="camera-block">
      <h2>
        <LampWord shape={lampShape(camera.light)}>{translate(`light.${camera.light}`)}</LampWord>
        {health === null ? null : <SinceText at={Date.parse(health.since)} />}
      </h2>
      {camera.reasons.length === 0 ? <p class="dim">{translate('camera.noReasons')}</p> : null}
      <ul class="camera-reasons">
        {camera.reasons.map((reason) => (
          <li key={reason.code}>
            <Lamp shape={lampShape(camera.light)} />
            <div>
              <b>{translate(`reason.${reason.code}`)}</b>
              <ReasonSince at={Date.parse(reason.since)} code={reason.code} />
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}

function SinceText({ at }: { at: number }) {
  return <span class="r">{translate('camera.since', { time: momentText(at, now.value) })}</span>;
}

function ReasonSince({ at, code }: { at: number; code: string }) {
  return (
    <p>
      {durationText(now.value - at)} <span class="mono">{code}</span>
    </p>
  );
}

const UNKNOWN = { codec: null, width: null, height: null, fps: null, bitrateKbps: null, gopSec: null };

/** What is measured of the main stream, and while it does not run, what the camera said at registration. */
function streamNow(camera: Camera, health: CameraHealth | null): Omit<StreamInfo, 'profile' | 'audio'> {
  const told = camera.main ?? UNKNOWN;
  const running = health?.stream ?? UNKNOWN;
  // Health tells of whichever stream runs; the sub stream has its own row.
  const measured = told.width === null || running.width === told.width ? running : UNKNOWN;
  return {
    codec: measured.codec ?? told.codec,
    width: measured.width ?? told.width,
    height: measured.height ?? told.height,
    fps: measured.fps ?? told.fps,
    bitrateKbps: measured.bitrateKbps ?? told.bitrateKbps,
    gopSec: measured.gopSec ?? told.gopSec,
  };
}

function StreamBlock({ camera, health }: { camera: Camera; health: CameraHealth | null }) {
  const { codec, width, height, fps, bitrateKbps, gopSec } = streamNow(camera, health);
  return (
    <section class="camera-block">
      <h2>{translate('camera.stream')}</h2>
      <dl class="g-kv">
        <Row name={translate('camera.codec')} value={codecText(codec)} />
        <Row name={translate('camera.size')} value={sizeText(width, height)} />
        <Row name={translate('camera.fps')} value={fps === null ? '—' : String(Math.round(fps * 10) / 10)} />
        <Row name={translate('camera.bitrate')} value={bitrateText(bitrateKbps)} />
        <Row name={translate('camera.gop')} value={gopSec === null ? '—' : secondsText(gopSec)} />
        <Row name={translate('camera.sub')} value={subText(camera.sub)} />
        {health === null ? null : <LinkRows health={health} />}
      </dl>
    </section>
  );
}

function LinkRows({ health }: { health: CameraHealth }) {
  const { clockDriftSec, stream, uptime24h } = health;
  return (
    <>
      <Row name={translate('camera.uptime')} value={shareText(uptime24h)} />
      <Row name={translate('camera.lost')} value={String(stream.rtpLost)} />
      <Row
        name={translate('camera.reconnects')}
        value={translate('camera.times', { count: stream.reconnects })}
      />
      {clockDriftSec === null ? null : (
        <Row name={translate('camera.drift')} value={secondsText(Math.abs(clockDriftSec))} />
      )}
    </>
  );
}

function subText(sub: StreamInfo | null): string {
  return sub === null ? '—' : `${codecText(sub.codec)} ${sizeText(sub.width, sub.height)}`;
}

function DeviceBlock({ camera }: { camera: Camera }) {
  const address = camera.onvif?.xaddr ?? camera.rtsp.main;
  return (
    <section class="camera-block">
      <h2>{translate('camera.device')}</h2>
      <dl class="g-kv">
        <Row
          name={translate('camera.vendor')}
          value={[camera.vendor, camera.model].filter(Boolean).join(' ') || '—'}
        />
        <Row name={translate('camera.address')} value={hostOf(address)} />
        {camera.mac === null ? null : <Row name={translate('camera.mac')} value={camera.mac} />}
        {camera.serial === null ? null : <Row name={translate('camera.serial')} value={camera.serial} />}
        {camera.firmware === null ? null : (
          <Row name={translate('camera.firmware')} value={camera.firmware} />
        )}
        {camera.position === '' ? null : <Row name={translate('camera.position')} value={camera.position} />}
      </dl>
    </section>
  );
}

function hostOf(address: string): string {
  return URL.canParse(address) ? new URL(address).host : address;
}

function Row({ name, value }: { name: string; value: string }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </>
  );
}
