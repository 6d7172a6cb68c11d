import { expect, test } from 'vitest';
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
