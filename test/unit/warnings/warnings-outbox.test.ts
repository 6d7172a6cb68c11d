import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { toldGroup } from '../../support/told-group.ts';
import type { ToldGroup } from '../../support/told-group.ts';
import { WarningsBench } from '../../support/warnings-bench.ts';

let group: ToldGroup;
beforeEach(async () => {
  group = await toldGroup();
});
afterEach(() => group.stop());

describe('what fails', () => {
  it('is tried again with longer waits, and arrives once', async () => {
    group.wecom.instead = (response) => response.writeHead(503).end();
    await group.bench.addRule({ channelIds: [group.channelId] });
    group.bench.light('p1-1', 'red');
    await group.bench.advanceMin(10);
    const tries = group.wecom.received.map(({ atMs }) => atMs);
    expect(tries.length).toBeGreaterThan(4);
    expect(tries.length).toBeLessThan(9);
    expect(group.bench.warnings.channelState(group.channelId)).toMatchObject({
      waiting: 1,
      fault: { code: 'receiver-error' },
    });
    group.wecom.instead = null;
    await group.bench.advanceMin(12);
    expect(group.wecom.texts).toHaveLength(1);
    expect(group.bench.warnings.channelState(group.channelId)).toMatchObject({ waiting: 0, fault: null });
  });

  it('for good is not tried again, is shown, and keeps nothing else from going', async () => {
    const bad = await group.bench.warnings.channels.patch(group.channelId, {
      url: group.wecom.url.replace(group.wecom.token, 'gone'),
    });
    await group.bench.addRule({ channelIds: [bad.id] });
    group.bench.light('p1-1', 'red');
    await group.bench.advanceMin(5);
    expect(group.wecom.received).toHaveLength(1);
    expect(group.bench.warnings.channelState(group.channelId).fault?.message).toMatch(
      /does not know this robot/,
    );
    await group.bench.warnings.channels.patch(group.channelId, { url: group.wecom.url });
    group.bench.light('p2-1', 'red');
    await group.bench.advanceMin(2);
    expect(group.wecom.texts).toHaveLength(1);
  });

  it('by the robot’s limit rests the channel as long as the robot says', async () => {
    await group.bench.addRule({ channelIds: [group.channelId] });
    group.wecom.instead = (response) => response.end('{"errcode":45009,"errmsg":"api freq out of limit"}');
    group.bench.light('p1-1', 'red');
    await group.bench.advance(25);
    group.wecom.instead = null;
    await group.bench.advance(50);
    expect(group.wecom.received).toHaveLength(1);
    await group.bench.advance(30);
    expect(group.wecom.texts).toHaveLength(1);
  });
});

describe('a record that cannot be read for a while', () => {
  it('is read as soon as it can', async () => {
    await group.bench.addRule({ channelIds: [group.channelId] });
    const read = group.bench.changes.changesAfter.bind(group.bench.changes);
    group.bench.changes.changesAfter = () => Promise.reject(new Error('disk fault'));
    group.bench.light('p1-1', 'red');
    await group.bench.advance(10);
    group.bench.changes.changesAfter = read;
    await group.bench.advance(30);
    expect(group.wecom.texts).toHaveLength(1);
  });
});

describe('a restart', () => {
  it('at any second loses nothing and doubles nothing', async () => {
    await group.bench.addRule({
      channelIds: [group.channelId],
      escalation: [{ name: '区', afterMin: 1, channelIds: [group.channelId] }],
    });
    group.bench.light('p1-1', 'red');
    for (let second = 0; second < 100; second += 1) {
      if (second === 40)
        group.bench.changes.record({
          schema: 1,
          at: new Date(group.bench.clock.now()).toISOString(),
          cameraId: 'p2-1',
          from: 'green',
          to: 'red',
          reasons: [],
        });
      await group.bench.advance(1);
      await group.bench.restart();
    }
    await group.bench.advanceMin(3);
    const texts = group.wecom.texts.join('\n---\n');
    expect(texts.match(/机位 1：连不上/g)).toHaveLength(4);
    expect(group.wecom.texts.filter((text) => text.includes('升级至区'))).toHaveLength(2);
    expect(group.wecom.texts).toHaveLength(4);
  });

  it('the very first tells only of what is wrong now', async () => {
    const bench = new WarningsBench();
    bench.addProject('p1', 'A', 2);
    bench.light('p1-1', 'red');
    bench.light('p1-1', 'green');
    bench.light('p1-2', 'red');
    await bench.start();
    const { items } = await bench.warnings.incidents.list({ limit: 10 }, null);
    await bench.stop();
    expect(items).toMatchObject([{ subjectId: 'p1-2' }]);
  });
});

describe('announcements of other stages', () => {
  it('are sent once for each id, behind alarms', async () => {
    const sms = await group.receiver('http');
    const http = { template: '{"id":"{id}","to":"{to}","text":"{text}"}' };
    const smsId = await group.bench.addChannel(sms, { kind: 'http', http });
    const push = {
      id: 'push-2026-11-23-u1',
      channelId: smsId,
      title: '周一',
      lines: ['赣江三桥 "红灯"'],
      link: null,
      to: '13800000000',
    };
    expect(await group.bench.warnings.announce(push)).toBe(true);
    expect(await group.bench.warnings.announce(push)).toBe(false);
    await group.bench.restart();
    expect(await group.bench.warnings.announce(push)).toBe(false);
    await group.bench.advance(5);
    expect(sms.received.map(({ body }) => JSON.parse(body) as unknown)).toEqual([
      { id: push.id, to: push.to, text: '赣江三桥 "红灯"' },
    ]);
    expect(sms.received[0]?.headers['idempotency-key']).toBe(push.id);
  });
});
