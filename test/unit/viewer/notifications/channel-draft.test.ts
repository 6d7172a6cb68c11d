import { describe, expect, it } from 'vitest';
import { channelCreate, channelPatch } from '../../../../gateway/contract/notification.ts';
import { creationOf, draftOf, headersOf, patchOf } from '../../../../viewer/notifications/channel-draft.ts';

const robot = {
  id: 'chn_1',
  name: '值班群',
  kind: 'dingtalk',
  language: 'zh-CN',
  messageType: 'markdown',
  enabled: true,
  hostName: 'oapi.dingtalk.com',
  hasSecret: true,
  http: null,
  waiting: 0,
  lastSentAt: null,
  fault: null,
  createdAt: '2026-11-23T06:00:00.000Z',
} as const;

describe('the form of a channel', () => {
  it('sends no secret that nobody entered', () => {
    const patch = patchOf({ ...draftOf(robot), name: ' 新名 ' });
    expect(patch).toEqual({ name: '新名', language: 'zh-CN', enabled: true });
    expect(channelPatch.safeParse(patch).success).toBe(true);
  });

  it.each(['wecom', 'dingtalk', 'feishu', 'http'] as const)('makes a %s that the gateway takes', (kind) => {
    const draft = { ...draftOf(null), kind, name: 'c', url: ' https://robot.example/x ', secret: 's' };
    expect(channelCreate.safeParse(creationOf(draft)).success).toBe(true);
  });

  it('reads headers line by line', () => {
    expect(headersOf('Authorization: Bearer a:b\n\n x-key :1\nnonsense')).toEqual({
      Authorization: 'Bearer a:b',
      'x-key': '1',
    });
  });
});
