import { apiTexts } from '../api/texts.ts';
import { cameraTexts } from '../camera/texts.ts';
import { checkTexts } from '../check/texts.ts';
import { credentialsTexts } from '../credentials/texts.ts';
import { fleetTexts } from '../fleet/texts.ts';
import { formatTexts } from '../format/texts.ts';
import { healthTexts } from '../health/texts.ts';
import { homeTexts } from '../home/texts.ts';
import { importTexts } from '../import/texts.ts';
import { notificationsTexts } from '../notifications/texts.ts';
import { playerTexts } from '../player/texts.ts';
import { registerTexts } from '../register/texts.ts';
import { scheduleTexts } from '../schedule/texts.ts';
import { shareTexts } from '../share/texts.ts';
import { shellTexts } from '../shell/texts.ts';
import { signInTexts } from '../sign-in/texts.ts';
import { timelineTexts } from '../timeline/texts.ts';
import { wallTexts } from '../wall/texts.ts';

/** Every text of the viewer, Chinese and English side by side, each feature's keys under its own prefix. */
export const texts = {
  ...apiTexts,
  ...cameraTexts,
  ...checkTexts,
  ...credentialsTexts,
  ...fleetTexts,
  ...formatTexts,
  ...healthTexts,
  ...homeTexts,
  ...importTexts,
  ...notificationsTexts,
  ...playerTexts,
  ...registerTexts,
  ...scheduleTexts,
  ...shareTexts,
  ...shellTexts,
  ...signInTexts,
  ...timelineTexts,
  ...wallTexts,
};

/** A key of any text. */
export type TextKey = keyof typeof texts;
