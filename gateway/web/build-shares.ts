import type { ShareTarget } from '../contract/share.ts';
import type { Access } from './access/access.ts';
import { visibleProjects } from './access/principal.ts';
import { Shares } from './access/shares.ts';
import type { ShareCreator, SharesOptions } from './access/shares.ts';
import type { WebServices } from './web-services.ts';

/** Makes the share links over the people and tokens that make them and the things that they open. */
export function buildShares(
  options: Pick<SharesOptions, 'database' | 'clock' | 'logger' | 'audit' | 'maxDays' | 'maxOpen'>,
  access: Pick<Access, 'changes' | 'users' | 'tokens'>,
  services: Pick<WebServices, 'cameras' | 'snapshots'>,
): Shares {
  const { clock } = options;
  return new Shares({
    ...options,
    changes: access.changes,
    async creator(kind, id): Promise<ShareCreator | undefined> {
      const maker = kind === 'user' ? await access.users.get(id) : await access.tokens.get(id);
      if (!maker) return undefined;
      const ended = 'expiresAtMs' in maker && maker.expiresAtMs !== null && maker.expiresAtMs <= clock.now();
      return ended
        ? undefined
        : { role: maker.role, projectIds: visibleProjects(maker.role, maker.projectIds) };
    },
    async projectsOf(target: ShareTarget): Promise<readonly string[] | undefined> {
      const cameraIds = await camerasOf(target, services.snapshots);
      const projectIds = cameraIds?.map((id) => services.cameras.get(id)?.projectId);
      return projectIds?.every((id) => id !== undefined) === true ? projectIds : undefined;
    },
  });
}

async function camerasOf(
  target: ShareTarget,
  snapshots: Pick<WebServices['snapshots'], 'get'>,
): Promise<string[] | undefined> {
  if (target.kind === 'live') return [target.cameraId];
  const left = await snapshots.get(target.leftId);
  const right = await snapshots.get(target.rightId);
  return left && right ? [left.cameraId, right.cameraId] : undefined;
}
