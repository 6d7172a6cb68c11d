import { describe, expect, it } from 'vitest';
import { VideoTimeline } from '../../../gateway/packaging/video-timeline.ts';

const timeline = () => new VideoTimeline({ firstDts: 1000, frameTicks: 3600, startTicks: 500_000 });

describe('the timeline of frames', () => {
  it('is exact, and needs no look at the next frame, while frames are even', () => {
    const line = timeline();
    const places = [0, 1, 2].map((index) => line.place(1000 + index * 3600, 1000 + index * 3600));
    expect(places.map((place) => place.decodeTicks)).toEqual([500_000, 503_600, 507_200]);
    expect(places.map((place) => place.durationTicks)).toEqual([3600, 3600, 3600]);
  });

  it('has no gap and no overlap over a pause, and is exact again with the frame after it', () => {
    const line = timeline();
    line.place(1000, 1000);
    const late = line.place(91_000, 91_000);
    const next = line.place(94_600, 94_600);
    expect(late).toEqual({ decodeTicks: 503_600, durationTicks: 90_000, offsetTicks: 0 });
    expect(next.decodeTicks).toBe(593_600);
  });

  it('never goes back when the camera does', () => {
    const line = timeline();
    const ends = [5000, 4000, 4000, 8600].map((dts) => {
      const { decodeTicks, durationTicks } = line.place(dts, dts);
      return decodeTicks + durationTicks;
    });
    expect(ends).toEqual([...ends].sort((a, b) => a - b));
    expect(line.endTicks - 500_000).toBe(8600 - 1000 + 3600);
  });

  it('keeps presentation times that are before or after decoding', () => {
    const line = timeline();
    expect(line.place(1000, 8200).offsetTicks).toBe(7200);
    expect(line.place(4600, 1000).offsetTicks).toBe(-3600);
  });

  it('says when a time is too far off to go on', () => {
    const line = timeline();
    line.place(1000, 1000);
    expect(line.continuesWith(4600, true)).toBe(true);
    expect(line.continuesWith(1000 + 11 * 90_000, false)).toBe(false);
    expect(line.continuesWith(1000 - 2 * 90_000, false)).toBe(false);
  });

  it('ends at a key frame after lost packets, and not at a late frame that needs the one before', () => {
    const line = timeline();
    line.place(1000, 1000);
    expect(line.continuesWith(1000 + 45_000, true)).toBe(false);
    expect(line.continuesWith(1000 + 45_000, false)).toBe(true);
    expect(line.continuesWith(1000 + 7200, true)).toBe(true);
    const slow = new VideoTimeline({ firstDts: 0, frameTicks: 45_000, startTicks: 0 });
    slow.place(0, 0);
    expect(slow.continuesWith(45_000, true)).toBe(true);
  });

  it('gives sound the place that it has beside the picture', () => {
    expect(timeline().toTrack(0, 16_000)).toBe(Math.round(((500_000 - 1000) * 16_000) / 90_000));
  });
});
