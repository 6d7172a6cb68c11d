import { z } from 'zod';
import { snapshotSchedule } from '../gateway/contract/schedule.ts';

/** When pictures are taken and how long they are kept. */
export const snapshots = z
  .strictObject({
    schedule: snapshotSchedule
      .prefault({ everyMin: 30, from: '06:00', to: '20:00' })
      .describe('When pictures are taken where a camera has no schedule of its own'),
    timeZone: z
      .string()
      .default('Asia/Shanghai')
      .describe('Site time zone (IANA name) of schedules and days'),
    retention: z
      .strictObject({
        allDays: z
          .number()
          .int()
          .min(1)
          .default(3650)
          .describe(
            'Days for which every picture is kept; after that one a day, the nearest to noon. Those with a note or a step, and those picked for the brief, are kept for ever',
          ),
      })
      .prefault({})
      .describe('How long pictures are kept'),
    lowDisk: z
      .strictObject({
        lowFreePercent: z
          .number()
          .min(0)
          .max(90)
          .default(5)
          .describe('Every camera turns red when less of the disk than this is free'),
        lowFreeMb: z
          .number()
          .min(0)
          .default(2048)
          .describe('The same in megabytes; the one that strikes first counts'),
      })
      .prefault({})
      .describe('Warning before the disk is full; old pictures are never deleted to make room'),
    maxConcurrent: z.number().int().min(1).max(64).default(4).describe('Pictures decoded at once'),
    sheetCacheMb: z
      .number()
      .int()
      .min(16)
      .max(65536)
      .default(256)
      .describe('Disk for sheets of thumbnails; they are made again when wanted'),
    captureTimeoutSec: z.number().min(3).max(300).default(20).describe('Time for one try to take a picture'),
  })
  .prefault({})
  .describe('Record of progress');

/** Films of the record. */
export const timelapse = z
  .strictObject({
    maxPictures: z.number().int().min(2).max(100_000).default(6000).describe('Most pictures in one film'),
    maxQueued: z.number().int().min(1).max(1000).default(20).describe('Films that may wait at once'),
    keepDays: z
      .number()
      .int()
      .min(1)
      .max(36_500)
      .default(180)
      .describe('Days that a film is kept; the pictures it was made of are not touched'),
    reserveMb: z
      .number()
      .int()
      .min(0)
      .max(1_000_000)
      .default(1024)
      .describe('A film is not begun when less than this would stay free on the disk, MB'),
  })
  .prefault({})
  .describe('Time-lapse films');

/** Links without sign-in. */
export const shares = z
  .strictObject({
    maxDays: z.number().int().min(1).max(3650).default(30).describe('Longest life of a share link, days'),
    maxOpen: z
      .number()
      .int()
      .min(1)
      .max(10_000)
      .default(200)
      .describe('Share links that one person may have open at once'),
  })
  .prefault({})
  .describe('Links that open one camera or one pair of pictures without sign-in');

/** Who did and who watched what. */
export const audit = z
  .strictObject({
    keepDays: z
      .number()
      .int()
      .min(30)
      .max(36_500)
      .default(1825)
      .describe('Days that entries are kept; the removal of older ones is an entry itself'),
  })
  .prefault({})
  .describe('Audit: who changed and who watched what');
