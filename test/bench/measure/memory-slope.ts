/** One reading of memory. */
export interface MemoryReading {
  atSec: number;
  rssMb: number;
}

/** The straight line through readings: growth in an hour, and how far it may be off by chance (two standard errors). */
export interface MemorySlope {
  mbPerHour: number;
  noiseMbPerHour: number;
}

const HOUR_SEC = 3600;

/** Least squares over the readings; what start-up takes must have been left out. NaN of fewer than three. */
export function memorySlope(readings: readonly MemoryReading[]): MemorySlope {
  const count = readings.length;
  const meanSec = readings.reduce((sum, { atSec }) => sum + atSec, 0) / count;
  const meanMb = readings.reduce((sum, { rssMb }) => sum + rssMb, 0) / count;
  const spread = readings.reduce((sum, { atSec }) => sum + (atSec - meanSec) ** 2, 0);
  const slope =
    readings.reduce((sum, { atSec, rssMb }) => sum + (atSec - meanSec) * (rssMb - meanMb), 0) / spread;
  const rest = readings.reduce(
    (sum, { atSec, rssMb }) => sum + (rssMb - meanMb - slope * (atSec - meanSec)) ** 2,
    0,
  );
  const error = count < 3 ? Number.NaN : Math.sqrt(rest / (count - 2) / spread);
  return { mbPerHour: slope * HOUR_SEC, noiseMbPerHour: 2 * error * HOUR_SEC };
}
