/** Writes a moment as the clock burnt into the picture: `2026-11-23 14:32:08`, in the site's time zone. */
export class ClockText {
  private readonly format: Intl.DateTimeFormat;
  private lastSecond = NaN;
  private lastText = '';

  constructor(timeZone: string | undefined) {
    const two = '2-digit';
    this.format = new Intl.DateTimeFormat('sv-SE', {
      timeZone,
      year: 'numeric',
      month: two,
      day: two,
      hour: two,
      minute: two,
      second: two,
      hourCycle: 'h23',
    });
  }

  /** The text of a Unix time in milliseconds. */
  at(unixMs: number): string {
    const second = Math.floor(unixMs / 1000);
    if (second !== this.lastSecond) {
      this.lastSecond = second;
      this.lastText = this.format.format(second * 1000);
    }
    return this.lastText;
  }
}
