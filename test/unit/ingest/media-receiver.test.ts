import { describe, expect, test } from 'vitest';
import { MediaReceiver } from '../../../gateway/ingest/media-receiver.ts';
import type { Sample, StreamTracks } from '../../../gateway/ingest/media.ts';
import { parseSdp } from '../../../gateway/ingest/rtsp/sdp.ts';
import { planTracks } from '../../../gateway/ingest/rtsp/track-plan.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { writeRtp, writeSenderReport } from '../../support/rtp-writer.ts';

// Parameter sets with readable values: constrained baseline 240x160, and another 1280 wide.
const SPS = Buffer.from('Z0LAHtkDxWhAAAADAEAAAAwDxYuS', 'base64');
const OTHER_SPS = Buffer.from('67424029e88028037f9c8c0440000003004000000c83c60c92', 'hex');
// Main profile 640x368 without VUI: says nothing of rate and reordering.
const SILENT_SPS = Buffer.from('674d001ef405017c80', 'hex');
const PPS = Buffer.from('aMuMsg==', 'base64');
const IDR = Buffer.from([0x65, 0x88, 0x84, 0x00, 0x33]);
const P = Buffer.from([0x41, 0x9a, 0x02, 0x04]);
const SEI = Buffer.from([0x06, 0x05, 0x01, 0xaa, 0x80]);
const LATER_SLICE = Buffer.from([0x41, 0x1a, 0x02]);

class Bench {
  readonly clock = new FakeClock();
  readonly tracks: StreamTracks[] = [];
  readonly samples: Sample[] = [];
  readonly faults: string[] = [];
  readonly receiver: MediaReceiver;
  sequence = 65_530;
  timestamp = 0xffffff00;

  constructor(fmtp = '', sound = false, encoding = 'H264') {
    const sdp = `m=video 0 RTP/AVP 96\na=rtpmap:96 ${encoding}/90000\na=fmtp:96 ${fmtp}\n${sound ? 'm=audio 0 RTP/AVP 97\na=rtpmap:97 MPEG4-GENERIC/16000/1\na=fmtp:97 mode=AAC-hbr;config=1408;sizelength=13;indexlength=3;indexdeltalength=3' : ''}`;
    this.receiver = new MediaReceiver({
      clock: this.clock,
      plan: planTracks(parseSdp(sdp)),
      learnt: { reorderDepth: 0 },
      firstEpoch: 7,
      onTracks: (tracks) => this.tracks.push(tracks),
      onSample: (sample) => this.samples.push(sample),
      onFault: (message) => this.faults.push(message),
    });
  }

  packet(payload: Buffer, marker = false, ssrc = 0x1234): void {
    const packet = writeRtp({ sequence: this.sequence, timestamp: this.timestamp, payload, marker, ssrc });
    this.sequence += 1;
    this.receiver.pushRtp('video', packet, 0, packet.length);
  }

  /** One picture of several NAL units, then the time moves on by a frame. */
  picture(...nals: Buffer[]): void {
    nals.forEach((nal, index) => this.packet(nal, index === nals.length - 1));
    this.next();
  }

  next(ticks = 3600): void {
    this.timestamp = (this.timestamp + ticks) >>> 0;
    if (ticks > 0) this.clock.advanceNow(ticks / 90);
  }

  sound(timestamp: number, sequence: number): void {
    const payload = Buffer.from([0, 16, 0, 24, 1, 2, 3]);
    const packet = writeRtp({ sequence, timestamp, payload, marker: true, payloadType: 97 });
    this.receiver.pushRtp('audio', packet, 0, packet.length);
  }

  report(track: 'video' | 'audio', unixMs: number, timestamp: number): void {
    const report = writeSenderReport(unixMs, timestamp);
    this.receiver.pushRtcp(track, report, 0, report.length);
  }

  get kinds(): string {
    return this.samples.map(({ kind, key }) => (kind === 'audio' ? 'a' : key ? 'K' : 'p')).join('');
  }

  get dts(): number[] {
    return this.samples.map(({ dts }) => dts);
  }
}

describe('starting', () => {
  test('waits for the first key frame, whose parameter sets may be in the stream alone', () => {
    const bench = new Bench();
    bench.picture(P);
    bench.picture(IDR);
    expect(bench.samples).toHaveLength(0);
    bench.picture(SPS, PPS, SEI, IDR);
    bench.picture(P);
    expect(bench.kinds).toBe('Kp');
    expect(bench.dts).toEqual([0, 3600]);
    expect(bench.tracks).toHaveLength(1);
    expect(bench.tracks[0]).toMatchObject({
      epoch: 7,
      audio: null,
      video: { width: 240, codecString: 'avc1.42c01e' },
    });
  });

  test('samples carry pictures and SEI, not parameter sets, delimiters or filler', () => {
    const bench = new Bench();
    bench.picture(Buffer.from([0x09, 0xf0]), SPS, PPS, SEI, IDR, Buffer.from([0x0c, 0xff, 0x80]));
    expect(bench.samples[0]?.data.toString('hex')).toBe(
      `00000005${SEI.toString('hex')}00000005${IDR.toString('hex')}`,
    );
  });

  test('parameter sets of the SDP serve until others come in the stream', () => {
    const bench = new Bench(`sprop-parameter-sets=${SPS.toString('base64')},${PPS.toString('base64')}`);
    bench.picture(IDR);
    bench.picture(P);
    bench.picture(OTHER_SPS, PPS, IDR);
    bench.picture(P);
    expect(bench.kinds).toBe('KpKp');
    expect(bench.tracks.map(({ epoch }) => epoch)).toEqual([7, 8]);
    expect(bench.samples.map(({ epoch }) => epoch)).toEqual([7, 7, 8, 8]);
    expect(bench.dts).toEqual([0, 3600, 0, 3600]);
  });

  test('the same parameter sets at each key frame begin no new epoch', () => {
    const bench = new Bench();
    for (let gop = 0; gop < 3; gop += 1) bench.picture(SPS, Buffer.concat([PPS, Buffer.alloc(2)]), IDR);
    expect(bench.tracks).toHaveLength(1);
    expect(bench.kinds).toBe('KKK');
  });

  test('parameter sets that change in mid-GOP hold from the next key frame on', () => {
    const bench = new Bench();
    bench.picture(SPS, PPS, IDR);
    bench.picture(OTHER_SPS, PPS, P);
    bench.picture(P);
    bench.picture(IDR);
    expect(bench.kinds).toBe('KK');
    expect(bench.tracks.map(({ video }) => video.width)).toEqual([240, 1280]);
  });

  test('an SPS that cannot be read is a fault, not silence', () => {
    const bench = new Bench();
    bench.picture(Buffer.from([0x67, 1, 2, 3, 4, 5]), PPS, IDR);
    expect(bench.faults).toEqual(['the camera’s video description (SPS) cannot be read']);
  });
});

describe('B-frames', () => {
  test('of an SPS that does not tell are learnt, and times are right from the next key frame on', () => {
    const bench = new Bench();
    for (let gop = 0; gop < 3; gop += 1) {
      bench.picture(SILENT_SPS, PPS, IDR);
      // Decode order I0 P2 B1, then on to the next key frame at 3.
      bench.next(3600);
      bench.picture(P);
      bench.next(-7200);
      bench.picture(P);
      bench.next(3600);
    }
    expect(bench.tracks.map(({ epoch }) => epoch)).toEqual([7, 8]);
    expect(bench.samples.map(({ epoch, dts, pts }) => [epoch, dts, pts])).toEqual([
      [7, 0, 0],
      [7, 7200, 7200],
      [8, 0, 3600],
      [8, 3600, 10_800],
      [8, 7200, 7200],
      [8, 10_800, 14_400],
      [8, 14_400, 21_600],
      [8, 18_000, 18_000],
    ]);
  });
});

describe('H.265', () => {
  const VPS = Buffer.from('40010c01ffff01600000030090000003000003003f959809', 'hex');
  const H265_SPS = Buffer.from(
    '42010101600000030090000003000003003fa005020171f2e56526b2d002d00001f480003a980808',
    'hex',
  );
  const H265_PPS = Buffer.from('4401c172b46240', 'hex');
  const CRA = Buffer.from([0x2a, 0x01, 0xaf, 1]);
  const RASL = Buffer.from([0x12, 0x01, 0xd0, 1]);
  const TRAIL = Buffer.from([0x02, 0x01, 0xd0, 1]);

  test('leading pictures of the CRA picture that decoding starts at are left out, later ones are not', () => {
    const bench = new Bench('', false, 'H265');
    bench.picture(VPS, H265_SPS, H265_PPS, CRA);
    bench.picture(RASL);
    bench.picture(TRAIL);
    bench.picture(CRA);
    bench.picture(RASL);
    expect(bench.samples.map(({ data }) => data[4])).toEqual([0x2a, 0x02, 0x2a, 0x12]);
    expect(bench.tracks[0]?.video.parameterSets.vps).toHaveLength(1);
  });
});

describe('losses', () => {
  const running = (): Bench => {
    const bench = new Bench();
    bench.picture(SPS, PPS, IDR);
    bench.picture(P);
    return bench;
  };

  test('nothing is handed on between a lost packet and the next key frame', () => {
    const bench = running();
    bench.sequence += 3;
    bench.picture(P);
    bench.picture(P);
    bench.picture(SPS, PPS, IDR);
    bench.picture(P);
    expect(bench.kinds).toBe('KpKp');
    expect(bench.receiver.packetsLost).toBe(3);
    expect(bench.tracks).toHaveLength(1);
  });

  test('a key frame that lost a part is not handed on', () => {
    const bench = running();
    bench.packet(SPS);
    bench.packet(PPS);
    bench.sequence += 1;
    bench.packet(IDR, true);
    bench.next();
    bench.picture(P);
    expect(bench.kinds).toBe('Kp');
  });

  test('a key frame whose start follows the gap is whole', () => {
    const bench = running();
    bench.sequence += 5;
    bench.picture(SPS, PPS, IDR);
    expect(bench.kinds).toBe('KpK');
  });

  test('the tail of a fragment after a gap is dropped', () => {
    const bench = running();
    bench.packet(Buffer.from([0x7c, 0x85, 1]));
    bench.sequence += 1;
    bench.packet(Buffer.from([0x7c, 0x45, 1]), true);
    bench.next();
    bench.picture(SPS, PPS, IDR);
    expect(bench.kinds).toBe('KpK');
  });

  test('a repeated packet changes nothing', () => {
    const bench = running();
    bench.sequence -= 1;
    bench.packet(P, true);
    bench.picture(P);
    expect(bench.kinds).toBe('Kpp');
    expect(bench.receiver.packetsLost).toBe(0);
  });
});

describe('odd cameras', () => {
  test('without markers a new timestamp ends the picture', () => {
    const bench = new Bench();
    for (const nals of [[SPS, PPS, IDR], [P], [P]]) {
      for (const nal of nals) bench.packet(nal);
      bench.next();
    }
    expect(bench.kinds).toBe('Kp');
  });

  test('markers inside a picture are seen through at the next key frame', () => {
    const bench = new Bench();
    for (let gop = 0; gop < 3; gop += 1) {
      for (const nal of [SPS, PPS, IDR, LATER_SLICE]) bench.packet(nal, true);
      bench.next();
      for (const nal of [P, LATER_SLICE]) bench.packet(nal, true);
      bench.next();
    }
    // The first picture went out before its second slice came; from the second GOP on pictures are whole.
    expect(bench.kinds).toBe('KKpK');
    expect(bench.samples[1]?.data.length).toBe(4 + IDR.length + 4 + LATER_SLICE.length);
  });

  test('Reolink RLC-822A (retina issue 13): parameter sets with the time of the picture before, and markers of their own', () => {
    const bench = new Bench();
    const sets = (): void => {
      bench.packet(SPS, true);
      bench.packet(PPS, true);
    };
    sets();
    bench.next();
    bench.picture(IDR);
    bench.packet(P, true);
    sets();
    bench.next();
    bench.picture(IDR);
    bench.picture(P);
    expect(bench.kinds).toBe('KpKp');
    expect(bench.dts).toEqual([0, 3600, 7200, 10_800]);
    expect(bench.tracks).toHaveLength(1);
  });

  test('Reolink doorbell (retina issue 102): bytes behind the end of the SPS do no harm', () => {
    const bench = new Bench();
    bench.picture(Buffer.concat([SPS, Buffer.from([0, 0, 0])]), PPS, IDR);
    bench.picture(P);
    bench.picture(SPS, PPS, IDR);
    expect([bench.kinds, bench.tracks.length, bench.faults.length]).toEqual(['KpK', 1, 0]);
  });

  test('a marker behind the parameter sets does not lose them', () => {
    const bench = new Bench();
    bench.packet(SPS, true);
    bench.packet(PPS, true);
    bench.packet(IDR, true);
    expect(bench.kinds).toBe('K');
  });

  test('a new SSRC with other numbers goes on at the next key frame, on the same timeline', () => {
    const bench = new Bench();
    bench.picture(SPS, PPS, IDR);
    bench.sequence = 5;
    bench.timestamp = 123;
    bench.packet(P, true, 0x9999);
    bench.next();
    for (const nal of [SPS, PPS]) bench.packet(nal, false, 0x9999);
    bench.packet(IDR, true, 0x9999);
    expect(bench.kinds).toBe('KK');
    expect(bench.dts).toEqual([0, 7200]);
    expect(bench.receiver.packetsLost).toBe(0);
  });

  test.each([50_000_000, -50_000_000])(
    'a clock that jumps by %i ticks is bridged by the time that went by, within the epoch',
    (jump) => {
      const bench = new Bench();
      bench.picture(SPS, PPS, IDR);
      bench.picture(P);
      bench.timestamp = (bench.timestamp + jump) >>> 0;
      bench.picture(P);
      bench.picture(P);
      expect(bench.dts).toEqual([0, 3600, 7200, 10_800]);
      expect(bench.tracks).toHaveLength(1);
    },
  );

  test('BYE ends the run', () => {
    const bench = new Bench();
    const bye = Buffer.from('81cb000100001234', 'hex');
    bench.receiver.pushRtcp('video', bye, 0, bye.length);
    expect(bench.faults).toEqual(['the camera ended the stream (RTCP BYE)']);
  });
});

describe('sound', () => {
  test('begins with the first key frame and is placed by its arrival', () => {
    const bench = new Bench('', true);
    bench.sound(50_000, 1);
    bench.clock.advanceNow(64);
    bench.picture(SPS, PPS, IDR);
    bench.clock.advanceNow(24);
    bench.sound(50_000 + 2048, 2);
    expect(bench.kinds).toBe('Ka');
    // 64 ms after the key frame, 16 kHz.
    expect(bench.samples[1]).toMatchObject({ dts: 1024, pts: 1024, key: true, epoch: 7 });
    expect(bench.tracks[0]?.audio).toMatchObject({ timescale: 16000, channels: 1, codecString: 'mp4a.40.2' });
  });

  test('moves to its true place once both streams told the camera’s time', () => {
    const bench = new Bench('', true);
    bench.picture(SPS, PPS, IDR);
    bench.sound(50_000, 1);
    const videoStart = 0xffffff00;
    bench.report('video', 1_795_449_600_000, videoStart);
    // The sound heard at 40 ms was taken 100 ms after the picture.
    bench.report('audio', 1_795_449_600_100, 50_000);
    bench.sound(51_024, 2);
    expect(bench.dts).toEqual([0, 640, 1600 + 1024]);
  });

  test('reports that contradict the arrival by hours move nothing', () => {
    const bench = new Bench('', true);
    bench.picture(SPS, PPS, IDR);
    bench.sound(50_000, 1);
    bench.report('video', 1_795_449_600_000, 0xffffff00);
    bench.report('audio', 1_795_449_600_000 + 3_600_000, 50_000);
    bench.sound(51_024, 2);
    expect(bench.dts).toEqual([0, 640, 640 + 1024]);
  });
});
