import { apiTexts } from '../api/texts.ts';
import { cameraTexts } from '../camera/texts.ts';
import { fleetTexts } from '../fleet/texts.ts';
import { formatTexts } from '../format/texts.ts';
import { homeTexts } from '../home/texts.ts';
import { playerTexts } from '../player/texts.ts';
import { registerTexts } from '../register/texts.ts';
import { shellTexts } from '../shell/texts.ts';
import { signInTexts } from '../sign-in/texts.ts';
import { timelineTexts } from '../timeline/texts.ts';
import { wallTexts } from '../wall/texts.ts';

/** Every text of the viewer, Chinese and English side by side, each feature's keys under its own prefix. */
export const texts = {
  ...apiTexts,
  ...cameraTexts,
  ...fleetTexts,
  ...formatTexts,
  ...homeTexts,
  ...playerTexts,
  ...registerTexts,
  ...shellTexts,
  ...signInTexts,
  ...timelineTexts,
  ...wallTexts,
};

/** A key of any text. */
export type TextKey = keyof typeof texts;
