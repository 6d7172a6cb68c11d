import type { Role } from '../../gateway/contract/user.ts';
import { translate } from '../i18n/translate.ts';

/** A role as people call it. */
export function roleText(role: Role): string {
  const names = {
    admin: translate('shell.roleAdmin'),
    technician: translate('shell.roleTechnician'),
    staff: translate('shell.roleStaff'),
    leader: translate('shell.roleLeader'),
  };
  return names[role];
}
