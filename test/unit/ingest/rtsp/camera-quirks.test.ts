import { afterEach, describe, expect, test } from 'vitest';
import { FakeClock } from '../../../support/fake-clock.ts';
import { interleaved, writeRtp } from '../../../support/rtp-writer.ts';
import { ScriptedCamera } from '../../../support/scripted-camera.ts';
import type { Reaction } from '../../../support/scripted-camera.ts';
import { benchSession, described, plainAnswers, refusal } from '../../../support/session-bench.ts';
import type { SessionBench } from '../../../support/session-bench.ts';

const closers: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

async function bench(
  react: Reaction,
  options: Parameters<typeof benchSession>[1] = {},
): Promise<SessionBench> {
  const made = await benchSession(react, options);
  closers.push(() => made.close());
  return made;
}

async function secondCamera(react: Reaction): Promise<ScriptedCamera> {
  const camera = await ScriptedCamera.start(react);
  closers.push(() => camera.stop());
  return camera;
}

const likePlain: Reaction = ({ method }) => plainAnswers[method];
const digest = (rest: string): string =>
  `RTSP/1.0 401 Unauthorized\r\nCSeq: {cseq}\r\nWWW-Authenticate: Digest realm="r", nonce="n1"${rest}\r\n\r\n`;
const nextRound = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** A camera that refuses whatever bears no Authorization. */
function guarded(challenge: string): Reaction {
  return ({ method, headers }) => (headers.has('authorization') ? plainAnswers[method] : challenge);
}

describe('signing in', () => {
  test.each([
    ['without qop', digest(''), /^Digest (?!.*qop).*response="[0-9a-f]{32}"/],
    ['with auth-int alone', digest(', qop="auth-int"'), /qop=auth-int, nc=00000001/],
    ['with SHA-256', digest(', algorithm=SHA-256, qop="auth"'), /response="[0-9a-f]{64}".*algorithm=SHA-256/],
    [
      'with both algorithms, in the order of RFC 7616',
      'RTSP/1.0 401 Unauthorized\r\nCSeq: {cseq}\r\nWWW-Authenticate: Digest realm="r", nonce="n1", algorithm=MD5\r\nWWW-Authenticate: Digest realm="r", nonce="n2", algorithm=SHA-256\r\n\r\n',
      /nonce="n2".*response="[0-9a-f]{64}"/,
    ],
  ])('Digest %s', async (_name, challenge, answer) => {
    const { session, camera } = await bench(guarded(challenge), { password: 'pw' });
    await session.play(await session.open());
    expect(camera.heard[1]?.headers.get('authorization')).toMatch(answer);
  });

  test('VStarcam (retina issue 45) hangs up behind its 401: the answer goes over a new connection', async () => {
    const { session, camera } = await bench(
      ({ method, headers }, socket) => {
        if (headers.has('authorization') || method === 'OPTIONS') return plainAnswers[method];
        socket.end(digest('').replace('{cseq}', headers.get('cseq') ?? ''));
        return undefined;
      },
      { password: 'pw' },
    );
    await session.play(await session.open());
    const anew = camera.heard.filter(({ connection }) => connection === 2).map(({ method }) => method);
    expect(anew).toEqual(['OPTIONS', 'DESCRIBE', 'SETUP', 'SETUP', 'PLAY']);
  });

  test('a camera that hangs up on the password too is asked once more at most', async () => {
    const { session, camera } = await bench(
      ({ method, headers }, socket) => {
        if (method === 'OPTIONS') return plainAnswers[method];
        socket.end(
          headers.has('authorization') ? '' : digest('').replace('{cseq}', headers.get('cseq') ?? ''),
        );
        return undefined;
      },
      { password: 'pw' },
    );
    await expect(session.open()).rejects.toMatchObject({ code: 'camera-offline' });
    expect(Math.max(...camera.heard.map(({ connection }) => connection))).toBe(2);
  });

  test('an NVR on port 8554 (mediamtx issue 2887) wants CSeq in front of all headers', async () => {
    const { session, camera } = await bench(guarded(digest('')), { password: 'pw' });
    await session.play(await session.open());
    for (const { headers } of camera.heard) expect([...headers.keys()][0]).toBe('cseq');
  });
});

describe('redirects', () => {
  test.each([301, 302, 303, 307])('%i to a path of the same camera', async (status) => {
    const { session, camera } = await bench(({ method, uri }) =>
      method === 'DESCRIBE' && uri.endsWith('/live')
        ? `RTSP/1.0 ${status} Moved\r\nCSeq: {cseq}\r\nLocation: /Streaming/Channels/101\r\n\r\n`
        : plainAnswers[method],
    );
    await session.open();
    expect(camera.heard.at(-1)?.uri).toBe(`rtsp://${camera.host}/Streaming/Channels/101`);
  });

  test('305: the proxy is asked for the URI of the camera', async () => {
    const proxy = await secondCamera(likePlain);
    const { session, camera } = await bench(({ method }) =>
      method === 'DESCRIBE'
        ? `RTSP/1.0 305 Use Proxy\r\nCSeq: {cseq}\r\nLocation: rtsp://${proxy.host}/\r\n\r\n`
        : plainAnswers[method],
    );
    await session.open();
    expect(proxy.heard.map(({ uri }) => uri)).toEqual(Array(2).fill(`rtsp://${camera.host}/live`));
  });

  test('some answer OPTIONS with it already', async () => {
    const target = await secondCamera(likePlain);
    const { session } = await bench(
      () => `RTSP/1.0 302 Moved\r\nCSeq: {cseq}\r\nLocation: rtsp://${target.host}/other\r\n\r\n`,
    );
    await session.open();
    expect(target.methods).toEqual(['OPTIONS', 'DESCRIBE']);
  });

  test('the password goes in the clear to no other host than the one that was registered', async () => {
    const basic = 'RTSP/1.0 401 Unauthorized\r\nCSeq: {cseq}\r\nWWW-Authenticate: Basic realm="r"\r\n\r\n';
    const other = await secondCamera(guarded(basic));
    const { session } = await bench(
      () =>
        `RTSP/1.0 302 Moved\r\nCSeq: {cseq}\r\nLocation: rtsp://${other.host.replace('127.0.0.1', 'localhost')}/x\r\n\r\n`,
      { password: 'pw' },
    );
    await expect(session.open()).rejects.toMatchObject({ code: 'camera-protocol-error' });
    expect(other.heard.some(({ headers }) => headers.has('authorization'))).toBe(false);
  });

  test('REDIRECT while it plays is answered, and told with the place', async () => {
    const { session, camera, moved } = await bench(likePlain);
    await session.play(await session.open());
    const [socket] = camera.sockets;
    const answered = new Promise<string>((resolve) =>
      socket?.once('data', (data) => resolve(data.toString())),
    );
    socket?.write('REDIRECT * RTSP/1.0\r\nCSeq: 732\r\nLocation: rtsp://10.1.1.9:8001/live\r\n\r\n');
    expect(await moved).toBe('rtsp://10.1.1.9:8001/live');
    expect(await answered).toMatch(/^RTSP\/1\.0 200 OK\r\nCSeq: 732\r\n/);
  });
});

describe('control URLs', () => {
  const uriOf = async (base: string[], control: string): Promise<string> => {
    const answer = described(...base)
      .replace('a=control:track1', control)
      .replace(/Content-Length: \d+/, () => {
        const length = described().split('\r\n\r\n')[1]?.replace('a=control:track1', control).length ?? 0;
        return `Content-Length: ${length}`;
      });
    const { session, camera } = await bench(({ method }) =>
      method === 'DESCRIBE' ? answer : plainAnswers[method],
    );
    await session.play(await session.open());
    return (await camera.heardOne('SETUP')).uri.replace(camera.host, 'cam');
  };

  test.each([
    [[], 'a=control:track1', 'rtsp://cam/live/track1'],
    [['Content-Base: rtsp://{host}/live/'], 'a=control:track1', 'rtsp://cam/live/track1'],
    [['Content-Base: rtsp://{host}/live'], 'a=control:track1', 'rtsp://cam/live/track1'],
    [['content-base : rtsp://{host}/live/ '], 'a=control:  track1 ', 'rtsp://cam/live/track1'],
    [['Content-Location: rtsp://{host}/other/'], 'a=control:track1', 'rtsp://cam/other/track1'],
    [['Content-Base: rtsp://admin:secret@{host}/live/'], 'a=control:track1', 'rtsp://cam/live/track1'],
    [['Content-Base:'], 'a=control:/abs/track1', 'rtsp://cam/abs/track1'],
    [[], 'a=control:rtsp://{host}/else/track1', 'rtsp://cam/else/track1'],
    [[], 'a=control:*', 'rtsp://cam/live'],
    [[], 'a=x-nothing', 'rtsp://cam/live'],
  ])('%j and “%s” lead to %s', async (base, control, uri) => {
    expect(await uriOf(base, control)).toBe(uri);
  });
});

describe('keeping alive', () => {
  test('thingino (issue 490) answers GET_PARAMETER with 454 while the session goes on: OPTIONS takes its place', async () => {
    const clock = new FakeClock();
    let ended = false;
    const made = await bench(
      ({ method }) => (method === 'GET_PARAMETER' ? refusal('454 Session Not Found') : plainAnswers[method]),
      { clock },
    );
    void made.ended.then(() => (ended = true));
    await made.session.play(await made.session.open());
    const before = made.camera.heard.length;
    for (const asked of [before + 2, before + 3]) {
      await clock.advance(30_000);
      while (made.camera.heard.length < asked) await nextRound();
    }
    expect(made.camera.methods.slice(before)).toEqual(['GET_PARAMETER', 'OPTIONS', 'OPTIONS']);
    expect(ended).toBe(false);
  });

  test.each(['405 Method Not Allowed', '551 Option not supported', '501 Not Implemented'])(
    'GET_PARAMETER answered %s: OPTIONS takes its place',
    async (status) => {
      const clock = new FakeClock();
      const { session, camera } = await bench(
        ({ method }) => (method === 'GET_PARAMETER' ? refusal(status) : plainAnswers[method]),
        { clock },
      );
      await session.play(await session.open());
      await clock.advance(30_000);
      while (camera.methods.at(-1) !== 'OPTIONS') await nextRound();
    },
  );

  test('Hipcam (SharpRTSP issue 63) never answers GET_PARAMETER: OPTIONS takes its place', async () => {
    const clock = new FakeClock();
    const { session, camera } = await bench(
      ({ method }) => (method === 'GET_PARAMETER' ? undefined : plainAnswers[method]),
      { clock },
    );
    await session.play(await session.open());
    await clock.advance(30_000);
    await camera.heardOne('GET_PARAMETER');
    await clock.advance(30_000);
    while (camera.methods.at(-1) !== 'OPTIONS') await nextRound();
  });

  test.each([
    ['FLIR, “Siqura RTSPServer” (mediamtx issue 449)', 'abc;timeout=20', 10_000],
    ['no timeout told', 'abc', 30_000],
    ['spaces', 'abc ; timeout = 10', 5000],
    ['a timeout of nought', 'abc;timeout=0', 30_000],
  ])('%s: at half of the timeout', async (_name, sessionHeader, dueMs) => {
    const clock = new FakeClock();
    const { session, camera } = await bench(
      ({ method }) => plainAnswers[method]?.replace('abc;timeout=60', sessionHeader),
      { clock },
    );
    await session.play(await session.open());
    await clock.advance(dueMs - 1);
    for (let round = 0; round < 20; round += 1) await nextRound();
    expect(camera.methods).not.toContain('GET_PARAMETER');
    await clock.advance(1);
    expect((await camera.heardOne('GET_PARAMETER')).headers.get('session')).toBe('abc');
  });
});

describe('cameras count their sessions', () => {
  /** Grants sessions and counts those that nobody has torn down. */
  function counting(react: Reaction): { react: Reaction; left: Set<string> } {
    const left = new Set<string>();
    return {
      left,
      react: (request, socket) => {
        if (request.method === 'TEARDOWN') left.delete(request.headers.get('session') ?? '');
        const answer = react(request, socket);
        const granted = typeof answer === 'string' ? /Session: (\w+)/.exec(answer)?.[1] : undefined;
        if (granted !== undefined && request.method !== 'TEARDOWN') left.add(granted);
        return answer;
      },
    };
  }

  test.each([
    ['PLAY is refused', ({ method }) => (method === 'PLAY' ? refusal('500 Oops') : plainAnswers[method])],
    [
      'sound is refused',
      ({ uri, method }) => (uri.endsWith('track2') ? refusal('500 Oops') : plainAnswers[method]),
    ],
    ['nothing is wrong', likePlain],
  ] satisfies [string, Reaction][])('none is left when %s', async (_name, react) => {
    const { react: counted, left } = counting(react);
    const { session } = await bench(counted);
    await session.play(await session.open()).catch(() => undefined);
    expect(left.size).toBe(1);
    await session.close();
    expect(left.size).toBe(0);
  });

  test('none is left when the answer to SETUP is still on its way as we leave', async () => {
    let grant = (): void => undefined;
    const { react, left } = counting(({ method, uri, headers }, socket) => {
      if (method !== 'SETUP' || !uri.endsWith('track1')) return plainAnswers[method];
      grant = () => {
        left.add('abc');
        socket.write(plainAnswers['SETUP']?.replace('{cseq}', headers.get('cseq') ?? '') ?? '');
      };
      return undefined;
    });
    const { session, camera } = await bench(react);
    const plan = await session.open();
    const playing = session.play(plan).catch((error: unknown) => error);
    await camera.heardOne('SETUP');
    const closing = session.close();
    grant();
    await closing;
    expect(await playing).toMatchObject({ code: 'camera-offline' });
    expect([left.size, camera.methods.at(-1)]).toEqual([0, 'TEARDOWN']);
  });

  test('an NVR that is full (HikLoad issue 4) is told as that', async () => {
    const { session } = await bench(({ method }) =>
      method === 'DESCRIBE' ? refusal('453 Not Enough Bandwidth') : plainAnswers[method],
    );
    await expect(session.open()).rejects.toMatchObject({
      message:
        'DESCRIBE was answered 453 Not Enough Bandwidth: the camera serves as many viewers as it can; close others of its viewers, or allow it more streams',
    });
  });
});

describe('other ways of their own', () => {
  test('a live source that refuses any range is played without', async () => {
    const { session, camera } = await bench(({ method, headers }) =>
      method === 'PLAY' && headers.has('range') ? refusal('457 Invalid Range') : plainAnswers[method],
    );
    await session.play(await session.open());
    expect(camera.methods.filter((method) => method === 'PLAY')).toHaveLength(2);
  });

  test('lower-case headers, spaces and bare line feeds', async () => {
    const { session } = await bench(({ method }) =>
      plainAnswers[method]
        ?.replace(/^([A-Za-z-]+): ?/gm, (_match, name: string) => `${name.toLowerCase()} :  `)
        .replaceAll('\r\n', '\n')
        .replace(
          /content-length :  \d+/,
          () => `content-length: ${described().split('\r\n\r\n')[1]?.replaceAll('\r\n', '\n').length}`,
        ),
    );
    const running = await session.play(await session.open());
    expect(running.audio).not.toBeNull();
  });

  test('live555 before 2017 (retina issue 17) lets packets of the last viewer run into the answers', async () => {
    const stale = interleaved(
      0,
      writeRtp({ sequence: 9, timestamp: 1, payload: Buffer.from([1, 2, 3]), ssrc: 77 }),
    );
    const { session, camera, packets } = await bench(({ method }, socket) => {
      socket.write(stale);
      return plainAnswers[method];
    });
    await session.play(await session.open());
    expect(camera.methods.at(-1)).toBe('PLAY');
    // What came before the channel was set up is nobody’s.
    expect(packets.length).toBeLessThan(4);
  });
});
