import { openFilms } from './film-fixture.ts';

/** Started as a program by the crash test: makes films of one camera without end and names each that is done. */
const { films } = await openFilms(process.argv[2] ?? '');
films.onUpdate(({ id, state }) => {
  if (state === 'done') process.stdout.write(`${id}\n`);
});
await films.start();
for (;;) {
  const wish = {
    cameraId: 'cam_a',
    from: '2026-11-23T00:00:00Z',
    to: '2026-11-24T00:00:00Z',
    fps: 25,
    height: 180,
  };
  const { items } = await films.list(null, 5);
  if (items.every(({ state }) => state !== 'queued')) await films.create(wish);
  await new Promise((resolve) => setTimeout(resolve, 20));
}
