import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { channelCreate, channelPatch, ruleCreate } from '../../../gateway/contract/notification.ts';
import { WarningsBench } from '../../support/warnings-bench.ts';

let bench: WarningsBench;
beforeEach(async () => {
  bench = await new WarningsBench().start();
});
afterEach(() => bench.stop());

const url = 'https://oapi.dingtalk.com/robot/send?access_token=canary-url';
const create = (body: Record<string, unknown>) =>
  bench.warnings.channels.create(channelCreate.parse({ name: 'c', kind: 'dingtalk', url, ...body }));

describe('the secrets of a channel', () => {
  it('are sealed, and told of by host and by having one alone', async () => {
    const record = await create({ secret: 'canary-secret' });
    expect(record).toMatchObject({ hostName: 'oapi.dingtalk.com', hasSecret: true });
    expect(JSON.stringify(record)).not.toContain('canary');
    const { rows } = await sql`select * from notification_channels`.execute(bench.database);
    expect(JSON.stringify(rows)).not.toContain('canary');
    expect(bench.warnings.channels.secretsOf(record.id)).toEqual({
      url,
      secret: 'canary-secret',
      headers: {},
    });
  });

  it('stay when others fields change, and over a restart', async () => {
    const { id } = await create({ secret: 'canary-secret' });
    await bench.warnings.channels.patch(id, channelPatch.parse({ name: 'other' }));
    await bench.restart();
    expect(bench.warnings.channels.secretsOf(id)).toMatchObject({ url, secret: 'canary-secret' });
  });

  it('never go to another host than the one they were entered for', async () => {
    const { id } = await create({ secret: 'canary-secret' });
    const { channels } = bench.warnings;
    await expect(channels.patch(id, { url: 'https://evil.example/x' })).rejects.toThrow(
      /enter secret and headers anew/,
    );
    await channels.patch(id, { url: `${url}2` });
    expect(channels.secretsOf(id).secret).toBe('canary-secret');
    await channels.patch(id, { url: 'https://evil.example/x', secret: null });
    expect(channels.secretsOf(id)).toEqual({ url: 'https://evil.example/x', secret: null, headers: {} });
  });

  it('of headers never go elsewhere either', async () => {
    const http = { headers: { authorization: 'Bearer canary' } };
    const { id } = await create({ kind: 'http', url: 'https://sms.example/', http });
    await expect(bench.warnings.channels.patch(id, { url: 'https://evil.example/' })).rejects.toThrow(/anew/);
    expect(bench.warnings.channels.get(id)?.http?.headerNames).toEqual(['authorization']);
    expect(JSON.stringify(bench.warnings.channels.all())).not.toContain('canary');
  });

  it.each(['******', '••••••', 'https://oapi.dingtalk.com/robot/send?access_token=****', 'SEC***'])(
    'cannot be overwritten with the mask %s',
    (mask) => {
      expect(channelPatch.safeParse({ secret: mask }).success).toBe(false);
      expect(channelPatch.safeParse({ url: mask }).success).toBe(false);
      expect(channelPatch.safeParse({ http: { headers: { key: mask } } }).success).toBe(false);
    },
  );

  it('cannot be swapped between rows', async () => {
    const one = await create({ name: 'one', secret: 'a-secret' });
    const two = await create({ name: 'two' });
    await sql`update notification_channels set sealed = (select sealed from notification_channels where id = ${one.id}) where id = ${two.id}`.execute(
      bench.database,
    );
    await bench.restart();
    expect(() => bench.warnings.channels.secretsOf(two.id)).toThrow(/cannot be decrypted/);
    expect(await bench.warnings.test(two.id)).toMatchObject({ ok: false, code: 'secret-unreadable' });
  });
});

describe('what cannot be', () => {
  it.each([
    [{ kind: 'http', http: { template: '{"a":"{password}"}' } }, /\{password\} is not known/],
    [{ kind: 'http', http: { template: '{"a":{title}}' } }, /no JSON/],
    [{ kind: 'http', url: 'https://x.example/{nothing}', http: {} }, /\{nothing\} is not known/],
    [{ kind: 'http' }, /needs its template/],
    [{ http: {} }, /own form/],
  ])('%j is refused with a plain sentence', async (body, words) => {
    await expect(create(body)).rejects.toThrow(words);
  });

  it('a channel that a rule sends to stays until it is out of the rule', async () => {
    const { id } = await create({});
    const rule = await bench.warnings.rules.create(ruleCreate.parse({ name: '夜班', channelIds: [id] }));
    await expect(bench.warnings.channels.remove(id)).rejects.toThrow(/rule 夜班/);
    await bench.warnings.rules.remove(rule.id);
    await bench.warnings.channels.remove(id);
    expect(bench.warnings.channels.all()).toEqual([]);
  });

  it('a rule to a channel that is not there', async () => {
    await expect(bench.addRule({ channelIds: ['chn_none'] })).rejects.toThrow(/no channel chn_none/);
    expect(
      ruleCreate.safeParse({
        name: 'x',
        channelIds: ['a'],
        escalation: [
          { name: 'a', afterMin: 5, channelIds: ['a'] },
          { name: 'b', afterMin: 5, channelIds: ['a'] },
        ],
      }).success,
    ).toBe(false);
  });
});
