// Owns the commands and how they answer: text for people, or one JSON document with --json.
import { Command, CommanderError } from 'commander';
import { type Config, ownVersion } from '../config/index.ts';
import { type CliCall, type CliResult, optionsSchema } from './command.ts';
import { repriceLedger } from './ledger-reprice.ts';
import { verifyLedger } from './ledger-verify.ts';
import { showPrices, updatePrices } from './prices.ts';
import { resetPassword } from './reset-password.ts';

export interface CliEnvironment {
  readonly loadConfig: () => Config;
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  /** Asks whoever sits there; null or absent where nobody does. */
  readonly ask?: CliCall['ask'];
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
  command(admin, 'reset-password', environment, (config, { options }) => resetPassword(config, options))
    .description('give a user a new password, which must be changed at the next sign-in')
    .option('--username <name>', 'whose password; without it that of ADMIN_USERNAME');
  const ledger = program.command('ledger').description('the books of what was used');
  command(ledger, 'verify', environment, (config, { options }) => verifyLedger(config, options))
    .description(
      'count the ledger again and compare every figure and counter with it; exit 1 where they differ',
    )
    .option('--rebuild', 'set what differs from the ledger');
  command(ledger, 'reprice', environment, repriceLedger)
    .description('price a past range again by the prices now in force, after a look at the difference')
    .requiredOption('--from <time>', 'arrival of the first requests, such as 2026-11-01T00:00:00Z')
    .option('--to <time>', 'arrival of the first ones after them; without it now')
    .option('--model <names>', 'only these models, as clients asked for them, separated by commas')
    .option('--original', 'back to what was charged at first')
    .option('--yes', 'do not ask')
    .option('--dry-run', 'only show what it changes');
  const prices = program.command('prices').description('what calls cost');
  command(prices, 'show', environment, showPrices)
    .argument('[model]', 'one model with its prices over time; without it all')
    .description('show the prices in force, in USD per million tokens');
  command(prices, 'update', environment, updatePrices)
    .argument('<file>', 'a price pack')
    .description('check a price pack, show what it changes, and put it into force on every replica')
    .option('--yes', 'do not ask')
    .option('--dry-run', 'only show what it changes');
  return program;
}

function command(
  parent: Command,
  name: string,
  environment: CliEnvironment,
  run: (config: Config, call: CliCall) => Promise<CliResult>,
): Command {
  return parent
    .command(name)
    .option('--json', 'answer with one JSON document')
    .action(async (...given: unknown[]) => {
      // Arguments, options, and the command itself.
      const options = optionsSchema.parse(given.at(-2));
      const args = given.slice(0, -2).filter((arg) => typeof arg === 'string');
      // One JSON document is all that --json answers.
      const ask = options['json'] === true ? null : (environment.ask ?? null);
      const { exitCode = 0, json, text } = await run(environment.loadConfig(), { args, options, ask });
      environment.out(`${options['json'] === true ? JSON.stringify(json) : text}\n`);
      if (exitCode !== 0) throw new CommanderError(exitCode, 'crs.result', '');
    });
}
