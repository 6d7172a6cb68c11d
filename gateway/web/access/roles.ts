import type { Role } from '../../contract/user.ts';

/** Sets of roles that routes ask for; explicit, for the roles are no ladder. An admin is in every one. */
export const roles = {
  admin: ['admin'],
  /** Cameras, discovery, checks. */
  technician: ['technician', 'admin'],
  /** Records: verification. */
  staff: ['staff', 'admin'],
  /** What a technician on site and the office both need: taking a picture, tending a project. */
  technicianOrStaff: ['technician', 'staff', 'admin'],
  /** Looking, within one's projects. */
  everyone: ['leader', 'staff', 'technician', 'admin'],
} as const satisfies Record<string, readonly Role[]>;
