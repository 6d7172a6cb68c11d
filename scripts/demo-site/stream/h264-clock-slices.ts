import type { Clip } from '../clip/clip-file.ts';
import { bandLayout } from '../clip/clip-spec.ts';
import { changedClockSlice, wholeClockSlice } from '../clip/h264-clock-slice.ts';
import { readH264Context, type H264SliceContext, type H264SliceHead } from '../clip/h264-slice.ts';
import { ClockBand, type BandBackground, type YuvPicture } from '../picture/clock-band.ts';
import type { ClockSlices } from './clock-slices.ts';

/** The clock of an H.264 stream: drawn and coded here as it is needed, a few kilobytes each second. */
export class H264ClockSlices implements ClockSlices {
  private readonly band: ClockBand;
  private readonly context: H264SliceContext;
  private readonly drawn = new Map<string, YuvPicture>();

  constructor(clip: Clip, background: BandBackground) {
    this.band = new ClockBand(bandLayout(clip.width, clip.height, 'h264'), background);
    this.context = readH264Context(clip.parameterSets[0]!, clip.parameterSets[1]!);
  }

  private picture(text: string): YuvPicture {
    const kept = this.drawn.get(text);
    if (kept !== undefined) return kept;
    const picture = this.band.paint(text);
    if (this.drawn.size > 3) this.drawn.delete(this.drawn.keys().next().value!);
    this.drawn.set(text, picture);
    return picture;
  }

  whole(text: string, head: Record<string, number>): Buffer[] {
    return [wholeClockSlice(this.picture(text), head as unknown as H264SliceHead, this.context)];
  }

  changed(text: string, before: string, head: Record<string, number>): Buffer[] {
    const slice = changedClockSlice(
      this.picture(text),
      this.picture(before),
      head as unknown as H264SliceHead,
      this.context,
    );
    return [slice];
  }
}
