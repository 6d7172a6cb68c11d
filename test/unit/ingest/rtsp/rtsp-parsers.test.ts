import { describe, expect, test } from 'vitest';
import { RtspAuthorization } from '../../../../gateway/ingest/rtsp/rtsp-authorization.ts';
import { parseChallenges } from '../../../../gateway/ingest/rtsp/rtsp-challenge.ts';
import { headerOf, parseRtspHead, serializeRtsp } from '../../../../gateway/ingest/rtsp/rtsp-message.ts';
import { parseRtspUrl, resolveControl } from '../../../../gateway/ingest/rtsp/rtsp-url.ts';
import { parseSdp } from '../../../../gateway/ingest/rtsp/sdp.ts';
import { readAudioFormat } from '../../../../gateway/ingest/audio-receiver.ts';
import { planTracks } from '../../../../gateway/ingest/rtsp/track-plan.ts';
import { parseTransport } from '../../../../gateway/ingest/rtsp/transport-header.ts';

describe('messages', () => {
  test.each([
    ['RTSP/1.0 200 OK\r\nSession: 1', 200, 'OK'],
    ['RTSP/1.0 200', 200, ''],
    ['RTSP/1.0  401   Not  Authorized \nSession : 1', 401, 'Not  Authorized'],
  ])('%j is a reply', (text, status, reason) => {
    expect(parseRtspHead(text)).toMatchObject({ kind: 'response', status, reason });
  });

  test('header names may be in any case, with spaces, folded and repeated', () => {
    const message = parseRtspHead(
      'RTSP/1.0 200 OK\nSESSION : a;\n timeout=5\nwww-authenticate: one\nWWW-Authenticate: two\njunk',
    );
    expect(message && headerOf(message, 'session')).toBe('a; timeout=5');
    expect(message?.headers.get('www-authenticate')).toEqual(['one', 'two']);
  });

  test.each(['', 'HTTP/1.1 200 OK', '200 OK', 'DESCRIBE x'])('%j is no message', (text) => {
    expect(parseRtspHead(text)).toBeUndefined();
  });

  test('no value can add a header', () => {
    expect(serializeRtsp('OPTIONS * RTSP/1.0', { A: 'x\r\nB: y' })).toBe(
      'OPTIONS * RTSP/1.0\r\nA: x B: y\r\n\r\n',
    );
  });
});

describe('signing', () => {
  const credentials = { username: 'Mufasa', password: 'Circle of Life' };

  test('the example of RFC 7616 section 3.9.1, MD5 and SHA-256', () => {
    const header = (algorithm: string): string | undefined => {
      const authorization = new RtspAuthorization(credentials, {
        clientNonce: () => 'f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ',
      });
      authorization.accept(
        parseChallenges([
          `Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm=${algorithm}, nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"`,
        ]),
      );
      return authorization.header('GET', '/dir/index.html');
    };
    expect(header('MD5')).toContain('response="8ca523f5e9506fed4657c9700eebdbec"');
    expect(header('SHA-256')).toContain(
      'response="753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"',
    );
  });

  test('the form of RFC 2069 where no qop is offered', () => {
    const authorization = new RtspAuthorization({ username: 'Mufasa', password: 'Circle Of Life' });
    authorization.accept(
      parseChallenges(['Digest realm="testrealm@host.com", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093"']),
    );
    const header = authorization.header('GET', '/dir/index.html');
    // MD5(HA1:nonce:HA2) with the values of RFC 2617's example.
    expect(header).toContain('response="670fd8c2df070c60b045671b8b24ff02"');
    expect(header).not.toContain('cnonce');
  });

  test.each([
    [
      [
        'Basic realm="a"',
        'Digest realm="a", nonce="n", algorithm=MD5',
        'Digest realm="a", nonce="s", algorithm=SHA-256',
      ],
      'SHA-256',
    ],
    [['Digest realm="a", nonce="n", algorithm="MD5", Basic realm="a"'], 'MD5'],
    [['Digest realm="a", nonce="n", algorithm=XYZ', 'Basic realm="a"'], 'Basic'],
  ])('the strongest challenge of %j is taken', (values, expected) => {
    const authorization = new RtspAuthorization(credentials);
    expect(authorization.accept(parseChallenges(values))).toBe(true);
    expect(authorization.header('OPTIONS', '*')).toContain(expected);
  });

  test('a scheme that is not known is not answered', () => {
    expect(
      new RtspAuthorization(credentials).accept(parseChallenges(['Negotiate', 'Bearer realm="x"'])),
    ).toBe(false);
  });

  test('the count grows with each use of a nonce and starts anew with another', () => {
    const authorization = new RtspAuthorization(credentials);
    const challenge = (nonce: string): boolean =>
      authorization.accept(parseChallenges([`Digest realm="a", nonce="${nonce}", qop=auth`]));
    challenge('one');
    expect(authorization.header('OPTIONS', '*')).toContain('nc=00000001');
    expect(authorization.header('OPTIONS', '*')).toContain('nc=00000002');
    challenge('two');
    expect(authorization.header('OPTIONS', '*')).toContain('nc=00000001');
  });
});

describe('URLs', () => {
  test.each([
    ['rtsp://cam/live', { uri: 'rtsp://cam/live', host: 'cam', port: 554, tls: false }],
    ['rtsp://u:p%40@192.168.1.5:8554/a?b=c&d', { uri: 'rtsp://192.168.1.5:8554/a?b=c&d', port: 8554 }],
    ['RTSPS://[fd00::1]/x', { uri: 'rtsps://[fd00::1]/x', host: '[fd00::1]', port: 322, tls: true }],
    ['rtsp://cam/通道 1', { uri: 'rtsp://cam/%E9%80%9A%E9%81%93%201' }],
    ['rtsp://cam/x\r\nEvil: 1', undefined],
    ['http://cam/', undefined],
    ['rtsp://cam:99999/', undefined],
    ['rtsp:///path', undefined],
  ])('%j', (text, expected) => {
    const found = parseRtspUrl(text);
    if (expected === undefined) expect(found?.uri ?? '').not.toMatch(/[\r\n ]/);
    else expect(found).toMatchObject(expected);
  });

  test.each([
    ['rtsp://c/live', null, 'rtsp://c/live'],
    ['rtsp://c/live', '*', 'rtsp://c/live'],
    ['rtsp://c/live', 'trackID=1', 'rtsp://c/live/trackID=1'],
    ['rtsp://c/live/', 'trackID=1', 'rtsp://c/live/trackID=1'],
    ['rtsp://c/live?a=1&b=2', 'trackID=1', 'rtsp://c/live?a=1&b=2/trackID=1'],
    ['rtsp://c/live', 'rtsp://u:p@d/x/y', 'rtsp://d/x/y'],
    ['rtsp://c/live/a', '/root', 'rtsp://c/root'],
  ])('%s with control %s is %s', (base, control, expected) => {
    expect(resolveControl(base, control)).toBe(expected);
  });
});

describe('transport', () => {
  test.each([
    [
      'RTP/AVP/TCP;unicast;interleaved=2-3;ssrc=0A0B0C0D',
      { interleaved: { rtp: 2, rtcp: 3 }, ssrc: 0x0a0b0c0d },
    ],
    ['rtp/avp/tcp; unicast; Interleaved = 4', { tcp: true, interleaved: { rtp: 4, rtcp: 5 } }],
    ['RTP/AVP;unicast;client_port=1-2', { tcp: false, interleaved: null, serverPorts: null, ssrc: null }],
    ['RTP/AVP/UDP;server_port=6970-6971', { tcp: false, serverPorts: { rtp: 6970, rtcp: 6971 } }],
    ['RTP/AVP; Server_Port = 6970', { serverPorts: { rtp: 6970, rtcp: 6971 } }],
    ['RTP/AVP;server_port=0-0', { serverPorts: null }],
    ['RTP/AVP;server_port=65535', { serverPorts: null }],
    ['', { tcp: false, interleaved: null }],
  ])('%j', (text, expected) => {
    expect(parseTransport(text)).toMatchObject(expected);
  });
});

describe('SDP', () => {
  test('formats, parameters and controls survive odd line ends and spaces', () => {
    const sdp = parseSdp(
      'v=0\na=control:*\nm=video 0 RTP/AVP 96 97\na=rtpmap:96  H265/90000 \na=fmtp:96 sprop-vps=QAE=; sprop-sps=QgE= ;X\na=x-framerate: 12.5\na=control:track1\nm=audio 0 RTP/AVP 0\n',
    );
    expect(sdp.control).toBe('*');
    expect(sdp.media).toHaveLength(2);
    expect(sdp.media[0]).toMatchObject({ type: 'video', control: 'track1', framerate: 12.5 });
    expect(sdp.media[0]?.formats).toHaveLength(1);
    expect([...(sdp.media[0]?.formats[0]?.parameters ?? [])]).toEqual([
      ['sprop-vps', 'QAE='],
      ['sprop-sps', 'QgE='],
      ['x', ''],
    ]);
    expect(sdp.media[1]?.formats[0]).toMatchObject({ encoding: 'PCMU', clockRate: 8000 });
  });

  test.each([
    ['m=video 0 RTP/AVP 32', 'unsupported-codec', 'MPEG-1/2'],
    ['m=video 0 RTP/AVP 96\na=rtpmap:96 MP4V-ES/90000', 'unsupported-codec', 'MPEG-4'],
    ['m=audio 0 RTP/AVP 0', 'camera-protocol-error', 'no video'],
    ['', 'camera-protocol-error', 'no video'],
  ])('%j is told as %s, naming what comes', (text, code, words) => {
    expect(() => planTracks(parseSdp(text))).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(words) as string }),
    );
  });

  test.each([
    ['m=video 0 RTP/AVP 26', { encoding: 'JPEG' }, null],
    ['m=video 0 RTP/AVP 26\na=x-dimensions:2688,1520', { encoding: 'JPEG' }, { width: 2688, height: 1520 }],
    ['m=video 0 RTP/AVP 26\na=framesize:26 1920-1080', { encoding: 'JPEG' }, { width: 1920, height: 1080 }],
    ['m=video 0 RTP/AVP 26\na=cliprect:0,0,1440,2560', { encoding: 'JPEG' }, { width: 2560, height: 1440 }],
    ['m=video 0 RTP/AVP 26\na=x-dimensions:0,0', { encoding: 'JPEG' }, null],
  ])('%j is MJPEG of a size of %j', (text, format, dimensions) => {
    expect(planTracks(parseSdp(text)).video).toMatchObject({ format, dimensions });
  });
});

const PICTURE = 'm=video 0 RTP/AVP 96\na=rtpmap:96 H264/90000\n';

describe('sound in an SDP', () => {
  test.each([
    ['m=audio 0 RTP/AVP 0', { codec: 'pcmu', timescale: 8000, channels: 1 }],
    ['m=audio 0 RTP/AVP 8', { codec: 'pcma', timescale: 8000, channels: 1 }],
    ['m=audio 0 RTP/AVP 8\na=rtpmap:8 PCMA/8000/1\na=ptime:125\na=fmtp:8', { codec: 'pcma' }],
    ['m=audio 0 RTP/AVP 97\na=rtpmap:97 PCMU/16000', { codec: 'pcmu', timescale: 16000 }],
    ['m=audio 0 RTP/AVP 10', { codec: 'l16', timescale: 44100, channels: 2 }],
    ['m=audio 0 RTP/AVP 11', { codec: 'l16', timescale: 44100, channels: 1 }],
    ['m=audio 0 RTP/AVP 98\na=rtpmap:98 L16/48000/2', { codec: 'l16', timescale: 48000, channels: 2 }],
    ['m=audio 0 RTP/AVP 2', { codec: 'g726', g726: { bits: 4, packing: 'rfc3551' } }],
    [
      'm=audio 0 RTP/AVP 99\na=rtpmap:99 G726-16/8000',
      { codec: 'g726', g726: { bits: 2, packing: 'rfc3551' } },
    ],
    [
      'm=audio 0 RTP/AVP 99\na=rtpmap:99 G726-24/8000',
      { codec: 'g726', g726: { bits: 3, packing: 'rfc3551' } },
    ],
    [
      'm=audio 0 RTP/AVP 99\na=rtpmap:99 AAL2-G726-40/8000',
      { codec: 'g726', g726: { bits: 5, packing: 'aal2' } },
    ],
    [
      'm=audio 0 RTP/AVP 97\na=rtpmap:97 OPUS/48000\na=fmtp:97',
      { codec: 'opus', timescale: 48000, channels: 1 },
    ],
    [
      'm=audio 0 RTP/AVP 97\na=rtpmap:97 opus/48000/2\na=fmtp:97 sprop-stereo=1',
      { codec: 'opus', timescale: 48000, channels: 2 },
    ],
  ])('%j is taken', (text, track) => {
    const { audio } = planTracks(parseSdp(PICTURE + text));
    expect(audio && readAudioFormat(audio)?.track).toMatchObject(track);
  });

  test.each([
    ['G.723', 'm=audio 0 RTP/AVP 4'],
    ['MPEG layer 2 (Hikvision “MP2L2”)', 'm=audio 0 RTP/AVP 14'],
    ['G.722.1', 'm=audio 0 RTP/AVP 104\na=rtpmap:104 G7221/16000\na=fmtp:104 bitrate=32000'],
    ['a name that nobody knows', 'm=audio 0 RTP/AVP 120\na=rtpmap:120 X-VENDOR-PCM/8000'],
    ['a clock of 0', 'm=audio 0 RTP/AVP 97\na=rtpmap:97 PCMU/0'],
    ['a back channel (Dahua)', 'a=recvonly\nm=audio 0 RTP/AVP 0\na=sendonly'],
  ])('%s is left out: the picture comes without it', (_name, text) => {
    const plan = planTracks(parseSdp(PICTURE + text));
    expect(plan.audio).toBeNull();
    expect(plan.video.format.encoding).toBe('H264');
  });

  test('marked sendonly is taken all the same where the picture is so marked too', () => {
    const text = `${PICTURE}a=sendonly\nm=audio 0 RTP/AVP 8\na=sendonly`;
    expect(planTracks(parseSdp(text)).audio?.format.encoding).toBe('PCMA');
  });

  test('in AAC-lbr is read as AAC-hbr is (RFC 3640 sections 3.3.5 and 3.3.6)', () => {
    const text = `${PICTURE}m=audio 0 RTP/AVP 97\na=rtpmap:97 mpeg4-generic/8000/1\na=fmtp:97 mode=AAC-lbr;config=1588;sizeLength=6;indexLength=2;indexDeltaLength=2;constantDuration=1024`;
    const { audio } = planTracks(parseSdp(text));
    const format = audio && readAudioFormat(audio);
    expect(format?.track).toMatchObject({ codec: 'aac', timescale: 8000, channels: 1 });
    // Two frames of 3 and 2 bytes behind 6+2-bit headers.
    const payload = Buffer.from([0, 16, 0b00001100, 0b00001000, 1, 2, 3, 4, 5]);
    const frames = format?.makeDepacketizer().push(payload, 0, payload.length, true);
    expect(frames).toMatchObject({ kind: 'frames', frames: [Buffer.from([1, 2, 3]), Buffer.from([4, 5])] });
  });
});
