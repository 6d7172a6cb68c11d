/** A place on the earth, degrees; north and east are positive. */
export interface Place {
  lat: number;
  lon: number;
}

/** Sunrise and sunset of a date as instants; null where the sun does not rise or set on that day. */
export interface SunTimes {
  sunriseMs: number | null;
  sunsetMs: number | null;
}

const DAY_MS = 86_400_000;
const J2000_MS = Date.UTC(2000, 0, 1, 12);
const RAD = Math.PI / 180;
/** Centre of the sun at the moment its upper edge touches the horizon, with refraction. */
const ZENITH_DEG = 90.833;

/**
 * Sunrise and sunset on the calendar date (`2026-11-23`) of the place, by the equations of NOAA's solar calculator (after
 * Meeus, Astronomical Algorithms); within a minute of the almanac between 65° south and north.
 */
export function sunTimes(date: string, place: Place): SunTimes {
  // Local noon by the sun: a time zone does not matter then.
  const noonMs = Date.parse(`${date}T12:00:00Z`) - (place.lon / 360) * DAY_MS;
  const at = (sign: 1 | -1): number | null => {
    let instantMs = noonMs;
    // Declination and equation of time are those of the event itself: a second round brings them there.
    for (let round = 0; round < 3; round += 1) {
      const { declinationDeg, equationMin } = sunAt(instantMs);
      const angleDeg = hourAngleDeg(place.lat, declinationDeg);
      if (angleDeg === null) return null;
      instantMs = noonMs - equationMin * 60_000 + ((sign * angleDeg) / 360) * DAY_MS;
    }
    return Math.round(instantMs);
  };
  return { sunriseMs: at(-1), sunsetMs: at(1) };
}

function hourAngleDeg(latDeg: number, declinationDeg: number): number | null {
  const lat = latDeg * RAD;
  const declination = declinationDeg * RAD;
  const cosine =
    Math.cos(ZENITH_DEG * RAD) / (Math.cos(lat) * Math.cos(declination)) -
    Math.tan(lat) * Math.tan(declination);
  return Math.abs(cosine) > 1 ? null : Math.acos(cosine) / RAD;
}

function sunAt(instantMs: number): { declinationDeg: number; equationMin: number } {
  const t = (instantMs - J2000_MS) / DAY_MS / 36_525;
  const longitude = (280.46646 + t * (36_000.76983 + t * 0.0003032)) % 360;
  const anomaly = (357.52911 + t * (35_999.05029 - 0.0001537 * t)) * RAD;
  const eccentricity = 0.016708634 - t * (0.000042037 + 0.0000001267 * t);
  const centre =
    Math.sin(anomaly) * (1.914602 - t * (0.004817 + 0.000014 * t)) +
    Math.sin(2 * anomaly) * (0.019993 - 0.000101 * t) +
    Math.sin(3 * anomaly) * 0.000289;
  const node = (125.04 - 1934.136 * t) * RAD;
  const apparent = (longitude + centre - 0.00569 - 0.00478 * Math.sin(node)) * RAD;
  const seconds = 21.448 - t * (46.815 + t * (0.00059 - t * 0.001813));
  const obliquity = (23 + (26 + seconds / 60) / 60 + 0.00256 * Math.cos(node)) * RAD;
  const y = Math.tan(obliquity / 2) ** 2;
  const mean = longitude * RAD;
  const equation =
    y * Math.sin(2 * mean) -
    2 * eccentricity * Math.sin(anomaly) +
    4 * eccentricity * y * Math.sin(anomaly) * Math.cos(2 * mean) -
    0.5 * y * y * Math.sin(4 * mean) -
    1.25 * eccentricity * eccentricity * Math.sin(2 * anomaly);
  return {
    declinationDeg: Math.asin(Math.sin(obliquity) * Math.sin(apparent)) / RAD,
    equationMin: (4 * equation) / RAD,
  };
}
