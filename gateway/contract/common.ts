import { z } from 'zod';

/** An opaque identifier; never parse it. */
export const id = z.string().min(1).max(120).describe('Opaque identifier');

/** RFC 3339 UTC with milliseconds, as in `2026-11-23T06:32:08.000Z`. */
export const timestamp = z.iso.datetime({ precision: 3 }).describe('RFC 3339 UTC with milliseconds');

/** RFC 3339 in requests: any precision and offset. */
export const timestampInput = z.iso.datetime({ offset: true }).describe('RFC 3339 time with Z or an offset');

/** A calendar date in the site's time zone. */
export const calendarDate = z.iso.date().describe('Calendar date YYYY-MM-DD in the site’s time zone');

/** Query fields shared by every list. */
export const pageQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(1000).default(100).describe('Items a page'),
  cursor: z.string().max(200).optional().describe('nextCursor of the page before'),
});
export type PageQuery = z.infer<typeof pageQuery>;

/** The form of every list reply. */
export function page<Item extends z.ZodType>(item: Item) {
  return z.strictObject({
    items: z.array(item),
    nextCursor: z.string().nullable().describe('Give it as ?cursor for the next page; null at the end'),
  });
}

/** A page of items as the stores return it. */
export interface Page<Item> {
  items: Item[];
  nextCursor: string | null;
}

/** application/problem+json (RFC 9457) with the gateway's stable `code`. */
export const problem = z.looseObject({
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
  detail: z.string(),
  code: z.string().describe('One of the codes in gateway/base/ERRORS.md'),
  instance: z.string().optional(),
});
export type Problem = z.infer<typeof problem>;
