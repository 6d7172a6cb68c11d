import { beforeAll, expect, test } from 'vitest';
import { MediaReceiver } from '../../../gateway/ingest/media-receiver.ts';
import type { Sample, StreamTracks } from '../../../gateway/ingest/media.ts';
import { parseSdp } from '../../../gateway/ingest/rtsp/sdp.ts';
import { planTracks } from '../../../gateway/ingest/rtsp/track-plan.ts';
import { encodeMedia } from '../../support/encoded-media.ts';
import type { EncodedMedia } from '../../support/encoded-media.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { unitsOf } from '../../support/made-key-frame.ts';
import { writeRtp } from '../../support/rtp-writer.ts';
import { decodeStrictly, StreamRecorder } from '../../support/stream-recorder.ts';

const picture = { codec: 'h264', width: 320, height: 240, fps: 10, seconds: 5, gopFrames: 9 } as const;
let media: EncodedMedia;
beforeAll(async () => {
  media = await encodeMedia({ ...picture, bFrames: 2, x264: 'open-gop=1:b-adapt=0' });
});

const isIdr = (sample: Sample): boolean => unitsOf(sample).some((unit) => ((unit[0] ?? 0) & 0x1f) === 5);

/** Feeds the samples as RTP, parameter sets told by the SDP. */
function receive(samples: readonly Sample[], { tracks } = media): StreamRecorder {
  const clock = new FakeClock();
  const heard = new StreamRecorder();
  const { sps, pps } = tracks.video.parameterSets;
  const sprop = [...sps, ...pps].map((nal) => Buffer.from(nal).toString('base64')).join(',');
  const receiver = new MediaReceiver({
    clock,
    plan: planTracks(
      parseSdp(`m=video 0 RTP/AVP 96\na=rtpmap:96 H264/90000\na=fmtp:96 sprop-parameter-sets=${sprop}`),
    ),
    learnt: { reorderDepth: 0 },
    firstEpoch: 1,
    onTracks: (tracks: StreamTracks) => heard.onTracks(tracks),
    onSample: (sample) => heard.onSample(sample),
    onFault: (message) => {
      throw new Error(message);
    },
  });
  let sequence = 0;
  for (const sample of samples) {
    const units = unitsOf(sample);
    units.forEach((payload, index) => {
      const marker = index === units.length - 1;
      const packet = writeRtp({ sequence: (sequence += 1), timestamp: sample.pts, payload, marker });
      receiver.pushRtp('video', packet, 0, packet.length);
    });
    clock.advanceNow(100);
  }
  return heard;
}

test('a camera that sends recovery points and never an IDR picture is shown from the next one on', () => {
  const keys = media.samples.filter(({ key }) => key);
  expect(keys.map(isIdr)).toEqual([true, false, false, false, false, false]);
  const from = media.samples.indexOf(keys[1] as Sample) - 3;
  const heard = receive(media.samples.slice(from));
  expect(heard.video[0]?.key).toBe(true);
  expect(heard.video.filter(({ key }) => key)).toHaveLength(5);
  const first = heard.video[0]?.pts ?? 0;
  expect(heard.video.every(({ pts }) => pts >= first)).toBe(true);
  // Three before the key and the two B-pictures that lean on what never came.
  expect(heard.video).toHaveLength(media.samples.length - from - 5);
  const { complaints, frames } = decodeStrictly(heard.annexB(), 'h264');
  expect(complaints).toBe('');
  expect(frames).toBe(heard.video.length);
});

test('where IDR pictures come, recovery points are no key frames', () => {
  const heard = receive(media.samples);
  expect(heard.video).toHaveLength(media.samples.length);
  expect(heard.video.filter(({ key }) => key)).toHaveLength(1);
});

test('a gradual refresh is no recovery point to start at: its first pictures are smeared', async () => {
  const refreshing = await encodeMedia({ ...picture, x264: 'intra-refresh=1' });
  expect(receive(refreshing.samples, refreshing).video.length).toBe(refreshing.samples.length);
  expect(receive(refreshing.samples.slice(1), refreshing).video).toEqual([]);
});
