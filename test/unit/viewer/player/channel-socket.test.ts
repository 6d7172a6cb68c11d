import { WebSocket } from 'ws';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ChannelSocket } from '../../../../viewer/player/channel-socket.ts';
import { WebFixture } from '../../../support/web-fixture.ts';
import type { LineEvents } from '../../../../viewer/player/live-line.ts';

let web: WebFixture;
let wire: WebSocket;
let socket: ChannelSocket;
let idle = 0;
let cameraIds: string[] = [];

/** Writes down what a feed would get. */
class Ear implements LineEvents {
  readonly heard: string[] = [];
  onText(text: string): void {
    this.heard.push(`text ${(JSON.parse(text) as { timescale?: number }).timescale}`);
  }
  onBytes(bytes: Uint8Array<ArrayBuffer>): void {
    this.heard.push(`bytes ${Buffer.from(bytes).toString()}`);
  }
  onClosed(): void {
    this.heard.push('closed');
  }
  async has(count: number): Promise<string[]> {
    while (this.heard.length < count) await new Promise((resolve) => setImmediate(resolve));
    return this.heard;
  }
}

const [main, sub] = ['main', 'sub'] as const;

describe('the wall’s socket in the viewer', () => {
  beforeEach(async () => {
    web = await new WebFixture().start();
    const projectId = await web.addProject('A');
    const [a, b] = [await web.addCamera('a', projectId), await web.addCamera('b', projectId)];
    cameraIds = [a.id, b.id];
    idle = 0;
    wire = new WebSocket(`${web.origin.replace('http', 'ws')}/live/ws`, {
      headers: await web.bearer('admin'),
    });
    wire.binaryType = 'arraybuffer';
    socket = new ChannelSocket(wire, () => void (idle += 1));
    socket.start();
  });
  afterEach(async () => {
    wire.terminate();
    await web.stop();
  });

  test('carries each camera to its own ear, also those asked for before it was open', async () => {
    const [a, b] = [new Ear(), new Ear()];
    socket.open(cameraIds[0] ?? '', sub, a);
    socket.open(cameraIds[1] ?? '', main, b);
    expect(await a.has(2)).toEqual(['text 90000', 'bytes moofmdat']);
    expect(await b.has(2)).toEqual(['text 90000', 'bytes moofmdat']);
    web.live.connected[1]?.binary([Buffer.from('more')]);
    expect((await b.has(3)).at(-1)).toBe('bytes more');
    expect(a.heard).toHaveLength(2);
  });

  test('hears nothing more of a camera that was let go, and tells when the last has left', async () => {
    const [a, b] = [new Ear(), new Ear()];
    const line = socket.open(cameraIds[0] ?? '', sub, a);
    const other = socket.open(cameraIds[1] ?? '', sub, b);
    await b.has(2);
    line.close();
    web.live.connected[0]?.binary([Buffer.from('late')]);
    web.live.connected[1]?.binary([Buffer.from('more')]);
    await b.has(3);
    expect([a.heard.length, idle, socket.size]).toEqual([2, 0, 1]);
    other.close();
    other.close();
    expect([idle, socket.size]).toEqual([1, 0]);
  });

  test('tells one ear that its camera is not to be had', async () => {
    const [a, b] = [new Ear(), new Ear()];
    socket.open('cam_unknown', sub, a);
    socket.open(cameraIds[0] ?? '', sub, b);
    expect(await a.has(1)).toEqual(['closed']);
    await b.has(2);
    expect(socket.size).toBe(1);
  });

  test('tells every ear once when the connection is lost', async () => {
    const [a, b] = [new Ear(), new Ear()];
    socket.open(cameraIds[0] ?? '', sub, a);
    socket.open(cameraIds[1] ?? '', sub, b);
    await Promise.all([a.has(2), b.has(2)]);
    wire.terminate();
    expect((await a.has(3)).at(-1)).toBe('closed');
    expect((await b.has(3)).at(-1)).toBe('closed');
    expect(socket.ended).toBe(true);
  });
});
