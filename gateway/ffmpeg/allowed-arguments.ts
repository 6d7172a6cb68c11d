import type { FfmpegCommand } from 'fluent-ffmpeg';
import { GatewayError } from '../base/gateway-error.ts';

/** fluent-ffmpeg's argument list is private; its typings leave it out. */
interface ArgumentSource {
  _getArguments(): unknown[];
}

/**
 * The command's arguments; throws `internal` when an option outside `allowed`, or a file or URL, has slipped in.
 * `output` is a pipe, or a fixed file name in the folder that FFmpeg is started in.
 */
export function allowedArguments(
  command: FfmpegCommand,
  allowed: ReadonlySet<string>,
  output: 'pipe:1' | 'timelapse.mp4' = 'pipe:1',
): string[] {
  const list = (command as unknown as ArgumentSource)._getArguments().map(String);
  for (const [index, argument] of list.entries()) {
    if (argument.startsWith('-') && !allowed.has(argument)) refuse(argument);
    if (list[index - 1] === '-i' && argument !== 'pipe:0') refuse(argument);
  }
  if (list.at(-1) !== output) refuse(list.at(-1) ?? '');
  return list;
}

function refuse(argument: string): never {
  throw new GatewayError('internal', `FFmpeg argument "${argument}" is not on the list of those allowed`);
}
