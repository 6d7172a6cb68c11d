/** A program: draws one still picture of a scene, for trying time-lapses. `node render-still.ts SCENE YYYY-MM-DD HOUR OUT.jpg [WIDTH] [VARIANT]`. */
import { writeFile } from 'node:fs/promises';
import { sceneNames } from './clip/clip-spec.ts';
import { dayPartAt } from './picture/day-light.ts';
import { Film } from './picture/film.ts';
import { sceneNamed } from './picture/scene-named.ts';

const [name, date = '', hour = '12', out, width = '1280', variant = '0'] = process.argv.slice(2);
const scene = sceneNames.find((known) => known === name);
const dayNumber = Math.floor(Date.parse(`${date}T00:00:00Z`) / 86_400_000);
if (scene === undefined || out === undefined || !Number.isFinite(dayNumber)) {
  process.stderr.write(
    `usage: render-still.ts ${sceneNames.join('|')} YYYY-MM-DD HOUR OUT.jpg [WIDTH] [VARIANT]\n`,
  );
  process.exit(2);
}
const widthPx = Math.max(64, Math.min(3840, Math.round(Number(width) / 32) * 32));
const heightPx = Math.round((widthPx * 9) / 32) * 2;
const film = new Film(
  sceneNamed(scene, dayNumber, Number(variant)),
  dayPartAt(Number(hour)),
  dayNumber,
  widthPx,
  heightPx,
  16,
);
film.frameAt(Number(hour) % 12);
await writeFile(out, await film.still());
