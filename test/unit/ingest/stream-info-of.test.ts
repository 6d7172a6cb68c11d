import { describe, expect, it } from 'vitest';
import type { StreamInfo } from '../../../gateway/contract/camera.ts';
import type { FeedStatus } from '../../../gateway/ingest/feeds.ts';
import { streamInfoOf } from '../../../gateway/ingest/stream-info-of.ts';

const told: StreamInfo = {
  codec: 'h265',
  profile: null,
  width: 2560,
  height: 1440,
  fps: 25,
  bitrateKbps: 4096,
  gopSec: 2,
  audio: null,
};

function status(tracks: FeedStatus['tracks'], fps: number | null): FeedStatus {
  const measures = {
    fps,
    expectedFps: null,
    bitrateKbps: null,
    gopSec: 4,
    lastFrameAtMs: null,
    rtpLost: 0,
    reconnects: 0,
    rttMs: null,
    bytesReceived: 0,
    framesReceived: 0,
    packetsReceived: 0,
    jitterMs: null,
    cameraAheadMs: null,
  };
  return {
    cameraId: 'cam_1',
    profile: 'main',
    state: 'running',
    failure: null,
    tracks,
    measures,
    subscribers: 1,
  };
}

describe('streamInfoOf', () => {
  it('is what the camera told until a stream runs', () => {
    expect(streamInfoOf(status(null, null), told)).toBe(told);
    expect(streamInfoOf(status(null, null), null)).toBeNull();
  });

  it('is what arrives, and what was told for all that is not measured yet', () => {
    const video = {
      kind: 'video',
      codec: 'h264',
      timescale: 90000,
      codecString: 'avc1.640028',
      profile: 'High',
      width: 1920,
      height: 1080,
      sar: { width: 1, height: 1 },
      fps: null,
      parameterSets: { vps: [], sps: [], pps: [] },
    } as const;
    const info = streamInfoOf(
      status(
        { epoch: 1, video: { ...video, parameterSets: { vps: [], sps: [], pps: [] } }, audio: null },
        12.5,
      ),
      told,
    );
    expect(info).toEqual({
      codec: 'h264',
      profile: 'High',
      width: 1920,
      height: 1080,
      fps: 12.5,
      bitrateKbps: 4096,
      gopSec: 4,
      audio: null,
    });
  });
});
