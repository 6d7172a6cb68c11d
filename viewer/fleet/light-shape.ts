import type { Light } from '../../gateway/contract/health.ts';

/** Names of the design's lamps: circle, triangle, square, ring. */
export type LampShape = 'ok' | 'warn' | 'bad' | 'off';

const SHAPES: Record<Light, LampShape> = { green: 'ok', yellow: 'warn', red: 'bad', grey: 'off' };
const SEVERITY: Record<Light, number> = { red: 3, yellow: 2, green: 1, grey: 0 };

/** The lamp that stands for a light. */
export function lampShape(light: Light): LampShape {
  return SHAPES[light];
}

/** Higher is worse; grey is out of the count. */
export function severity(light: Light): number {
  return SEVERITY[light];
}

/** Whether a camera with this light delivers pictures. */
export function isOnline(light: Light): boolean {
  return light === 'green' || light === 'yellow';
}
