import { describe, expect, test } from 'vitest';
import { readChannelBytes, readChannelText } from '../../../../viewer/player/channel-message.ts';
import { readWsMessage } from '../../../../viewer/player/ws-message.ts';

test('a hello tells type and timescale', () => {
  const hello = { mime: 'video/mp4; codecs="avc1.640028"', timescale: 90000 };
  expect(readWsMessage(JSON.stringify(hello))).toEqual({ kind: 'hello', hello });
});

test('an offline notice tells its code', () => {
  const text = '{"state":"offline","code":"camera-auth-failed","message":"x"}';
  expect(readWsMessage(text)).toEqual({ kind: 'offline', code: 'camera-auth-failed' });
  expect(readWsMessage('{"state":"offline"}')).toEqual({ kind: 'offline', code: 'camera-offline' });
});

test.each(['', 'null', '[]', '{"mime":3,"timescale":1}', '{', '"x"'])('%j is passed over', (text) => {
  expect(readWsMessage(text)).toEqual({ kind: 'other' });
});

describe('a message of the wall’s socket', () => {
  test.each([
    ['{"channel":3,"mime":"x","timescale":1}', { kind: 'text', channel: 3 }],
    ['{"channel":3,"closed":{"code":4403,"reason":"no"}}', { kind: 'closed', channel: 3, code: 4403 }],
    ['{"channel":3,"closed":{}}', { kind: 'closed', channel: 3, code: 4500 }],
    ['{"mime":"x"}', { kind: 'other' }],
    ['nonsense', { kind: 'other' }],
  ])('%s is read', (text, read) => expect(readChannelText(text)).toEqual(read));

  test('of bytes begins with its channel', () => {
    const message = new Uint8Array([0xff, 0, 0, 1, 9, 8]).buffer;
    expect(readChannelBytes(message)).toEqual({ channel: 0xff000001, bytes: new Uint8Array([9, 8]) });
    expect(readChannelBytes(new ArrayBuffer(3))).toBeNull();
  });
});
