// Owns the commands and how they answer: text for people, or one JSON document with --json.
import { Command, CommanderError } from 'commander';
import { type Config, ownVersion } from '../config/index.ts';
import { type CliOptions, type CliResult, optionsSchema } from './command.ts';
import { verifyLedger } from './ledger-verify.ts';
import { resetPassword } from './reset-password.ts';

export interface CliEnvironment {
  readonly loadConfig: () => Config;
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
}

/** `args` without node and script. Resolves with the exit code. */
export async function runCli(args: readonly string[], environment: CliEnvironment): Promise<number> {
  const program = createProgram(environment);
  try {
    await program.parseAsync([...args], { from: 'user' });
    return 0;
  } catch (error) {
    // Help and version arrive here as well, with code 0.
    if (error instanceof CommanderError) return error.exitCode;
    const message = error instanceof Error ? error.message : String(error);
    if (args.includes('--json')) environment.out(`${JSON.stringify({ error: { message } })}\n`);
    else environment.err(`${message}\n`);
    return 1;
  }
}

function createProgram(environment: CliEnvironment): Command {
  const program = new Command('crs')
    .description('Claude Relay Service, from the command line. Settings come from the environment and .env.')
    .version(ownVersion())
    .exitOverride()
    .configureOutput({ writeOut: environment.out, writeErr: environment.err });
  const admin = program.command('admin').description('the first admin and other users');
  command(admin, 'reset-password', environment, resetPassword)
    .description('give a user a new password, which must be changed at the next sign-in')
    .option('--username <name>', 'whose password; without it that of ADMIN_USERNAME');
  const ledger = program.command('ledger').description('the books of what was used');
  command(ledger, 'verify', environment, verifyLedger)
    .description(
      'count the ledger again and compare every figure and counter with it; exit 1 where they differ',
    )
    .option('--rebuild', 'set what differs from the ledger');
  return program;
}

function command(
  parent: Command,
  name: string,
  environment: CliEnvironment,
  run: (config: Config, options: CliOptions) => Promise<CliResult>,
): Command {
  return parent
    .command(name)
    .option('--json', 'answer with one JSON document')
    .action(async (given: unknown) => {
      const options = optionsSchema.parse(given);
      const { exitCode = 0, json, text } = await run(environment.loadConfig(), options);
      environment.out(`${options['json'] === true ? JSON.stringify(json) : text}\n`);
      if (exitCode !== 0) throw new CommanderError(exitCode, 'crs.result', '');
    });
}
