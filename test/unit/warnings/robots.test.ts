import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NetworkGuard } from '../../../gateway/base/network-guard.ts';
import type { ChannelKind } from '../../../gateway/contract/notification.ts';
import type { ChannelRecord } from '../../../gateway/warnings/channel-record.ts';
import type { Message } from '../../../gateway/warnings/message.ts';
import { OutboundHttp } from '../../../gateway/warnings/outbound-http.ts';
import type { Outcome } from '../../../gateway/warnings/robots/order.ts';
import { robots } from '../../../gateway/warnings/robots/robots.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { RobotReceiver } from '../../support/robot-receiver.ts';

const clock = new FakeClock();
const http = new OutboundHttp({ clock, guard: new NetworkGuard(['127.0.0.0/8']) });
const SECRET = 'SEC-7d2a';
const made = new Map<ChannelKind, RobotReceiver>();

beforeAll(async () => {
  for (const kind of ['wecom', 'dingtalk', 'feishu', 'http'] as const) {
    const secret = kind === 'wecom' ? {} : { secret: SECRET };
    made.set(kind, await new RobotReceiver(kind, { ...secret, now: () => clock.now() }).start());
  }
});
afterAll(async () => {
  for (const receiver of made.values()) await receiver.stop();
});

function receiverOf(kind: ChannelKind): RobotReceiver {
  const receiver = made.get(kind);
  if (!receiver) throw new Error(kind);
  return receiver;
}

function message(fields: Partial<Message> = {}): Message {
  return {
    id: 'msg_1',
    title: '【龙门】红灯：赣江三桥',
    lines: ['■ 赣江三桥 · 机位 1：连不上'],
    light: 'red',
    project: '赣江三桥',
    count: 1,
    link: 'https://gantry.example/cameras/c1',
    linkWord: '打开查看',
    to: '',
    at: '2026-11-23T06:00:00.000Z',
    ...fields,
  };
}

function channel(kind: ChannelKind, fields: Partial<ChannelRecord> = {}): ChannelRecord {
  return {
    id: 'chn_1',
    name: 'c',
    kind,
    language: 'zh-CN',
    messageType: 'markdown',
    enabled: true,
    hostName: '127.0.0.1',
    hasSecret: true,
    createdAtMs: 0,
    http:
      kind === 'http'
        ? {
            method: 'POST',
            bodyType: 'json',
            template: '{"t":"{text}"}',
            headerNames: [],
          }
        : null,
    ...fields,
  };
}

async function send(
  kind: ChannelKind,
  {
    url = receiverOf(kind).url,
    secret = SECRET,
    ...fields
  }: { url?: string; secret?: string | null } & Partial<Message> = {},
  record = channel(kind),
): Promise<Outcome> {
  const robot = robots[kind];
  const reply = await http.send(
    robot.order(message(fields), record, { url, secret, headers: {} }, clock.now()),
  );
  return reply.ok ? robot.judge(reply.answer) : { kind: reply.final ? 'final' : 'retry', fault: reply.fault };
}

describe.each(['wecom', 'dingtalk', 'feishu'] as const)('a robot of %s', (kind) => {
  it('takes the message, signed where it wants it', async () => {
    expect(await send(kind)).toEqual({ kind: 'sent' });
    const text = receiverOf(kind).texts.at(-1);
    expect(text).toContain('机位 1：连不上');
    expect(receiverOf(kind).received.at(-1)?.body).toContain('https://gantry.example/cameras/c1');
  });

  it('that is unknown is a plain final fault', async () => {
    const url = receiverOf(kind).url.replace(receiverOf(kind).token, 'other');
    expect(await send(kind, { url })).toMatchObject({ kind: 'final', fault: { code: 'refused-token' } });
  });

  it('takes texts of any length and whatever is in them', async () => {
    const lines = Array.from(
      { length: 300 },
      (_, n) => `项目 ${n} "<b>" **x** [a](b) \\ \n \u0000 \ud800 😀`,
    );
    expect(await send(kind, { lines, title: '很长'.repeat(40) })).toEqual({ kind: 'sent' });
    expect(receiverOf(kind).texts.at(-1)).toMatch(/… \+\d+/);
    if (kind !== 'feishu')
      expect(await send(kind, { lines }, channel(kind, { messageType: 'text' }))).toEqual({ kind: 'sent' });
  });

  it('that takes no more for now is to be waited for', async () => {
    const outcomes: Outcome[] = [];
    for (let n = 0; n < 101; n += 1) outcomes.push(await send(kind));
    const refused = outcomes.find((outcome) => outcome.kind !== 'sent');
    expect(refused).toMatchObject({ kind: 'retry', fault: { code: 'rate-limited' } });
    expect(refused && 'waitMs' in refused && refused.waitMs).toBeGreaterThanOrEqual(60_000);
    await clock.advance(61_000);
  });

  it.each(['', '<html>', '[]', 'null', '{"errcode":"0"}', '{}'])(
    'answering %j with HTTP 200 has not taken it',
    async (reply) => {
      receiverOf(kind).instead = (response) => response.end(reply);
      expect(await send(kind)).toMatchObject({ kind: 'retry', fault: { code: 'not-understood' } });
      receiverOf(kind).instead = null;
    },
  );

  it('behind a proxy that fails has not taken it', async () => {
    receiverOf(kind).instead = (response) => response.writeHead(502).end('{"errcode":0,"code":0}');
    expect(await send(kind)).toMatchObject({ kind: 'retry', fault: { code: 'receiver-error' } });
    receiverOf(kind).instead = null;
  });

  it('answering an unknown code names it', async () => {
    receiverOf(kind).instead = (response) =>
      response.end('{"errcode":77777,"code":77777,"errmsg":"key=tok-4f1c"}');
    const outcome = await send(kind);
    receiverOf(kind).instead = null;
    expect(outcome).toMatchObject({ kind: 'final', fault: { message: expect.stringContaining('77777') } });
    expect(JSON.stringify(outcome)).not.toContain('tok-');
  });
});

it.each(['dingtalk', 'feishu'] as const)(
  '%s refuses a wrong secret, and a clock that is two hours off',
  async (kind) => {
    expect(await send(kind, { secret: 'wrong' })).toMatchObject({
      kind: 'final',
      fault: { code: 'refused-sign' },
    });
    expect(await send(kind, { secret: null })).toMatchObject({
      kind: 'final',
      fault: { code: 'refused-sign' },
    });
    const robot = robots[kind];
    const late = robot.order(
      message(),
      channel(kind),
      { url: receiverOf(kind).url, secret: SECRET, headers: {} },
      clock.now() - 7_200_000,
    );
    const reply = await http.send(late);
    expect(reply.ok && robot.judge(reply.answer)).toMatchObject({ kind: 'final' });
  },
);

describe('the generic kind', () => {
  const values = { lines: ['a "quoted" 行', '第二'], to: '138&x=1', title: 'T\\' };

  it('fills JSON, forms, addresses and headers, each escaped in its own way', async () => {
    const json = channel('http', {
      http: {
        method: 'PUT',
        bodyType: 'json',
        template: '{"m":["{text}"],"t":"{title}","n":{count}}',
        headerNames: [],
      },
    });
    expect(await send('http', values, json)).toEqual({ kind: 'sent' });
    const [first] = receiverOf('http').received.slice(-1);
    expect(first).toMatchObject({ method: 'PUT' });
    expect(JSON.parse(first?.body ?? '')).toEqual({ m: ['a "quoted" 行\n第二'], t: 'T\\', n: 1 });

    const form = channel('http', {
      http: {
        method: 'POST',
        bodyType: 'form',
        template: 'mobile={to}&msg={text}&key={secret}',
        headerNames: [],
      },
    });
    expect(await send('http', values, form)).toEqual({ kind: 'sent' });
    const fields = new URLSearchParams(receiverOf('http').received.at(-1)?.body);
    expect(Object.fromEntries(fields)).toEqual({
      mobile: '138&x=1',
      msg: 'a "quoted" 行\n第二',
      key: SECRET,
    });

    const get = channel('http', { http: { method: 'GET', bodyType: 'none', template: '', headerNames: [] } });
    const url = `${receiverOf('http').url}?to={to}&text=%7Btext%7D`;
    expect(await send('http', { ...values, url }, get)).toEqual({ kind: 'sent' });
    const query = new URL(receiverOf('http').received.at(-1)?.path ?? '', 'http://x').searchParams;
    expect(Object.fromEntries(query)).toEqual({ to: '138&x=1', text: 'a "quoted" 行\n第二' });
  });

  it.each([
    [400, 'final', 'refused'],
    [401, 'final', 'refused-token'],
    [404, 'final', 'refused'],
    [302, 'final', 'redirected'],
    [408, 'retry', 'receiver-error'],
    [429, 'retry', 'rate-limited'],
    [500, 'retry', 'receiver-error'],
    [503, 'retry', 'receiver-error'],
  ])('judges HTTP %i as %s', async (status, kind, code) => {
    receiverOf('http').instead = (response) =>
      response
        .writeHead(status, { location: 'http://169.254.169.254/', 'retry-after': '90' })
        .end('secret words');
    const before = receiverOf('http').received.length;
    const outcome = await send('http');
    receiverOf('http').instead = null;
    expect(outcome).toMatchObject({ kind, fault: { code } });
    expect(receiverOf('http').received).toHaveLength(before + 1);
    expect(JSON.stringify(outcome)).not.toContain('secret words');
    if (status === 503) expect(outcome).toMatchObject({ waitMs: 90_000 });
  });
});
