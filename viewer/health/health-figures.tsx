import { momentText } from '../format/clock-text.ts';
import { clockCell } from '../check/finding-text.ts';
import { secondsText } from '../format/duration-text.ts';
import { bitrateText, bytesText, codecText, shareText, sizeText } from '../format/measure-text.ts';
import { translate } from '../i18n/translate.ts';
import { now } from '../shell/now.ts';
import type { CameraHealth } from '../../gateway/contract/health.ts';

/** The figures of one camera's health: its stream, line, clock, times and what looking at it has cost. */
export function HealthFigures({ health }: { health: CameraHealth }) {
  const { stream, network } = health;
  const rows: [label: string, figure: string][] = [
    [translate('health.f.stream'), streamText(stream)],
    [translate('health.f.fps'), ofText(stream.fps, stream.expectedFps)],
    [translate('health.f.bitrate'), bitrateText(stream.bitrateKbps)],
    [translate('health.f.gop'), stream.gopSec === null ? '—' : secondsText(stream.gopSec)],
    [translate('health.f.loss'), stream.lossPercent === null ? '—' : `${stream.lossPercent}%`],
    [translate('health.f.jitter'), millisText(stream.jitterMs)],
    [translate('health.f.rtt'), millisText(network.rttMs)],
    [translate('health.f.reconnects'), String(stream.reconnects)],
    [translate('health.f.clock'), clockCell(health.clockDriftSec)],
    [translate('health.f.lastFrame'), timeText(stream.lastFrameAt)],
    [translate('health.f.lastSnapshot'), timeText(health.lastSnapshotAt)],
    [translate('health.f.missed'), String(health.missedSnapshots24h)],
    [translate('health.f.uptime'), `${shareText(health.uptime24h)} / ${shareText(health.uptime30d)}`],
    [
      translate('health.f.probes'),
      translate('health.probes', { count: health.probes.count, bytes: bytesText(health.probes.bytes) }),
    ],
  ];
  return (
    <dl class="detail-figures">
      {rows.map(([label, figure]) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd>{figure}</dd>
        </div>
      ))}
    </dl>
  );
}

function streamText({ codec, width, height }: CameraHealth['stream']): string {
  return codec === null ? '—' : `${codecText(codec)} ${sizeText(width, height)}`;
}

function ofText(got: number | null, of: number | null): string {
  return got === null ? '—' : of === null ? String(got) : `${got} / ${of}`;
}

function millisText(ms: number | null): string {
  return ms === null ? '—' : translate('health.millis', { ms });
}

function timeText(at: string | null): string {
  return at === null ? '—' : momentText(Date.parse(at), now.value);
}
