/**
 * Minutes east of UTC of a POSIX time zone without summer time, such as `CST-8` or `<+0530>-5:30` (ONVIF's TimeZone,
 * IEEE 1003.1 section 8.3); null for one with summer time, whose offset depends on the day, and for anything else.
 */
export function posixZoneOffsetMin(zone: string): number | null {
  const match = /^(?:<[+\-\w]{1,20}>|[a-z]{1,20})([+-]?)(\d{1,2})(?::(\d{2}))?(?::\d{2})?$/i.exec(
    zone.trim(),
  );
  if (!match) return null;
  const minutes = Number(match[2]) * 60 + Number(match[3] ?? 0);
  if (minutes > 15 * 60) return null;
  // POSIX counts west of Greenwich; adding 0 turns -0 into 0.
  return (match[1] === '-' ? minutes : -minutes) + 0;
}
