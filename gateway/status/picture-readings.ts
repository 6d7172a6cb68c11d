import type { PictureQuality } from '../contract/snapshot.ts';
import { pictureFaults } from './condition-rules.ts';
import type { PictureFault } from './condition-rules.ts';
import type { Reading } from './conditions.ts';

const MESSAGES: Readonly<Record<PictureFault, string>> = {
  black:
    'The picture is black: see whether the lens is covered, the site is without light, or night vision failed.',
  overexposed:
    'The picture is far too bright: see whether the sun or a lamp shines into the lens, and its exposure.',
  blurred: 'The picture is blurred: clean the lens, and focus it.',
  frozen: 'The picture stands still although the stream runs: restart the camera.',
  covered: 'Something covers the lens: clear it.',
  moved: 'The camera looks elsewhere than in its reference picture: turn it back, or confirm the new view.',
};

/** What one picture says of each fault: its own is bad, a fine one ends all, another fault leaves them open. */
export function pictureReadings(verdict: PictureQuality['verdict']): Reading[] {
  return pictureFaults.map((code) => ({
    code,
    level: verdict === code ? 'bad' : verdict === 'ok' ? 'well' : 'unclear',
    message: MESSAGES[code],
  }));
}
