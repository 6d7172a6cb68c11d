import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { systemClock } from '../../../../gateway/base/clock.ts';
import { NetworkGuard } from '../../../../gateway/base/network-guard.ts';
import { MediaReceiver } from '../../../../gateway/ingest/media-receiver.ts';
import type { Sample, StreamTracks } from '../../../../gateway/ingest/media.ts';
import { RtspSession } from '../../../../gateway/ingest/rtsp/rtsp-session.ts';
import { ScriptedCamera } from '../../../support/scripted-camera.ts';

const fixtures = join(import.meta.dirname, '../../../fixtures/rtsp');
let camera: ScriptedCamera | undefined;

afterEach(async () => {
  await camera?.stop();
  camera = undefined;
});

/** Pulls three pictures through a scripted dialogue and leaves. */
async function pull(
  name: string,
): Promise<{ surprises: string[]; tracks: StreamTracks[]; samples: Sample[] }> {
  const scripted = await ScriptedCamera.play(name);
  camera = scripted.camera;
  const tracks: StreamTracks[] = [];
  const samples: Sample[] = [];
  const enough = Promise.withResolvers<void>();
  let receiver: MediaReceiver | undefined;
  const session = new RtspSession({
    clock: systemClock,
    guard: new NetworkGuard(['127.0.0.0/8']),
    url: scripted.url,
    credentials: { username: 'admin', password: 'site-2026' },
    timeoutMs: 5000,
    transport: 'auto',
    sink: {
      onRtp: (track, buffer, start, end) => receiver?.pushRtp(track, buffer, start, end),
      onRtcp: (track, buffer, start, end) => receiver?.pushRtcp(track, buffer, start, end),
      onEnd: (error) => enough.reject(error),
      onRedirect: () => undefined,
    },
  });
  const plan = await session.open();
  receiver = new MediaReceiver({
    clock: systemClock,
    plan,
    learnt: { reorderDepth: 0 },
    firstEpoch: 1,
    onTracks: (found) => tracks.push(found),
    onSample: (sample) => {
      // Sound of some makes comes too; what is looked at are the pictures.
      if (sample.kind === 'video') samples.push(sample);
      if (samples.length === 3) enough.resolve();
    },
    onFault: (message) => enough.reject(new Error(message)),
  });
  await session.play(plan);
  await enough.promise;
  await session.close();
  await scripted.camera.heardOne('TEARDOWN');
  return { surprises: scripted.surprises, tracks, samples };
}

describe('a session with the dialogue of', () => {
  test.each(readdirSync(fixtures).filter((name) => name.endsWith('_live.txt')))(
    '%s asks for the right URLs, gets the pictures and says TEARDOWN',
    async (name) => {
      const { surprises, tracks, samples } = await pull(name);
      expect(surprises).toEqual([]);
      expect(tracks).toHaveLength(1);
      expect(tracks[0]?.video).toMatchObject({
        codec: 'h264',
        codecString: 'avc1.42c01e',
        width: 240,
        height: 160,
      });
      expect(samples.map(({ key, dts }) => ({ key, dts }))).toEqual([
        { key: true, dts: 0 },
        { key: false, dts: 3600 },
        { key: false, dts: 7200 },
      ]);
      expect(samples[0]?.data.toString('hex')).toBe('000000056588840033');
    },
  );
});
