import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isGatewayError } from '../../gateway/base/gateway-error.ts';
import { readAudioFormat } from '../../gateway/ingest/audio-receiver.ts';
import { parseSdp } from '../../gateway/ingest/rtsp/sdp.ts';
import { planTracks } from '../../gateway/ingest/rtsp/track-plan.ts';
import { fuzzRuns } from './support/fuzz-runs.ts';

const line = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.constantFrom(
    'm=video 0 RTP/AVP 96 97',
    'm=audio 0 RTP/AVP 97',
    'm=video',
    'm=application/X 0 RTP/AVP smart/1/90000',
    'a=rtpmap:96 H264/90000',
    'a=rtpmap:96 H264/0',
    'a=rtpmap:97 MPEG4-GENERIC/16000/2',
    'a=fmtp:97 mode=AAC-hbr;config=;sizelength=99',
    'a=fmtp:97 mode=AAC-hbr;config=1408;sizelength=13;indexlength=3;indexdeltalength=3',
    'a=fmtp:96 sprop-parameter-sets=,,Z0I=,',
    'a=control:*',
    'a=framerate:1e99',
  ),
);

test('any description gives a plan or a told fault', () => {
  fc.assert(
    fc.property(fc.array(line, { maxLength: 30 }), (lines) => {
      const description = parseSdp(lines.join('\r\n'));
      expect(description.media.length).toBeLessThanOrEqual(64);
      try {
        const { video, audio } = planTracks(description);
        expect(video.format.clockRate).toBe(90000);
        if (audio) readAudioFormat(audio);
      } catch (error) {
        expect(isGatewayError(error)).toBe(true);
      }
    }),
    fuzzRuns(1000),
  );
});
