// Builds all packages; turbo leaves out what has not changed since the last time.
import { join } from 'node:path';
import { runCommand } from './processes.ts';
import { duringStep, LaunchError } from './progress.ts';

export async function build(root: string, signal: AbortSignal): Promise<void> {
  const env = { ...process.env };
  // Builds are always for production; a NODE_ENV of the operator's would make Next.js complain.
  delete env['NODE_ENV'];
  const result = await duringStep(
    'Building (seconds when nothing changed, else under a minute)',
    runCommand(
      join(root, 'node_modules/.bin/turbo'),
      ['run', 'build', '--ui=stream', '--output-logs=errors-only'],
      {
        cwd: root,
        env,
        signal,
      },
    ),
  );
  if (signal.aborted || result.code === 0) return;
  throw new LaunchError(`${result.output.trim().split('\n').slice(-40).join('\n')}\nThe build failed.`);
}
