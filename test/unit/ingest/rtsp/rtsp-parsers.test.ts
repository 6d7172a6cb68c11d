import { describe, expect, test } from 'vitest';
import { RtspAuthorization } from '../../../../gateway/ingest/rtsp/rtsp-authorization.ts';
import { parseChallenges } from '../../../../gateway/ingest/rtsp/rtsp-challenge.ts';
import { headerOf, parseRtspHead, serializeRtsp } from '../../../../gateway/ingest/rtsp/rtsp-message.ts';
import { parseRtspUrl, resolveControl } from '../../../../gateway/ingest/rtsp/rtsp-url.ts';
import { parseSdp } from '../../../../gateway/ingest/rtsp/sdp.ts';
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
    ['m=video 0 RTP/AVP 26', 'unsupported-codec', 'MJPEG'],
    ['m=video 0 RTP/AVP 96\na=rtpmap:96 MP4V-ES/90000', 'unsupported-codec', 'MPEG-4'],
    ['m=audio 0 RTP/AVP 0', 'camera-protocol-error', 'no video'],
    ['', 'camera-protocol-error', 'no video'],
  ])('%j is told as %s, naming what comes', (text, code, words) => {
    expect(() => planTracks(parseSdp(text))).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(words) as string }),
    );
  });

  test('sound that is not AAC is left aside', () => {
    const plan = planTracks(parseSdp('m=audio 0 RTP/AVP 8\nm=video 0 RTP/AVP 96\na=rtpmap:96 H264/90000'));
    expect(plan.audio).toBeNull();
    expect(plan.video.format.encoding).toBe('H264');
  });
});
