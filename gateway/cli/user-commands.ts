import type { Command } from 'commander';
import { GatewayError } from '../base/gateway-error.ts';
import type { AuditSubject } from '../contract/audit.ts';
import { role, userCreate } from '../contract/user.ts';
import type { Role, User } from '../contract/user.ts';
import { Gateway } from '../main.ts';
import { configOf, print, withCommon } from './common-options.ts';
import type { CommonOptions } from './common-options.ts';

const COMMAND_LINE = { kind: 'system', id: null, name: 'command line' } as const;

interface UserAddOptions extends CommonOptions {
  role: string;
  projects?: string;
}

/** `gantry user add|passwd`: work on the data folder while no gateway runs on it; passwords come over standard input. */
export function addUserCommands(program: Command): void {
  const user = program.command('user').description('people who may sign in');
  withCommon(user.command('add'))
    .argument('<username>')
    .requiredOption('--role <role>', `one of ${role.options.join(', ')}`)
    .option('--projects <ids>', 'projects that the user sees, separated by commas')
    .description('add a user; the password is read from standard input')
    .action(async (username: string, options: UserAddOptions) => {
      const projectIds = options.projects?.split(',').filter((id) => id !== '') ?? [];
      const body = { username, role: options.role as Role, projectIds, password: await lineFromStdin() };
      const checked = userCreate.safeParse(body);
      if (!checked.success) {
        const why = checked.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
        throw new GatewayError('bad-request', why.join('; '));
      }
      const made = await new Gateway(await configOf(options)).withUsers(async (users, audit) => {
        const created = await users.create(checked.data);
        const detail = { role: created.role, projectIds: created.projectIds };
        await audit.record({
          actor: COMMAND_LINE,
          action: 'user.created',
          subject: subjectOf(created),
          detail,
        });
        return created;
      });
      print(`${made.username} was added as ${made.role}`);
    });
  addPasswdCommand(user);
}

function addPasswdCommand(user: Command): void {
  withCommon(user.command('passwd'))
    .argument('<username>')
    .description('set a new password, read from standard input; ends the user’s sessions')
    .action(async (username: string, options: CommonOptions) => {
      const password = await lineFromStdin();
      await new Gateway(await configOf(options)).withUsers(async (users, audit) => {
        const wanted = username.toLowerCase();
        const known = (await users.all()).find((each) => each.username.toLowerCase() === wanted);
        if (!known) throw new GatewayError('not-found', `there is no user ${username}`);
        await users.patch(known.id, { password });
        const detail = { fields: ['password'] };
        await audit.record({
          actor: COMMAND_LINE,
          action: 'user.changed',
          subject: subjectOf(known),
          detail,
        });
      });
      print(`the password of ${username} is set`);
    });
}

function subjectOf({ id, username }: User): AuditSubject {
  return { kind: 'user', id, name: username };
}

async function lineFromStdin(): Promise<string> {
  if (process.stdin.isTTY) process.stderr.write('Password: ');
  process.stdin.setEncoding('utf8');
  let text = '';
  for await (const chunk of process.stdin) {
    text += String(chunk);
    if (text.includes('\n')) break;
  }
  process.stdin.destroy();
  return text.replace(/\r?\n[\s\S]*$/, '');
}
