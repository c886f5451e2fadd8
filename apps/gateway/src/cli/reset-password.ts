// `crs admin reset-password`: the way back in when a password is lost.
import type { Config } from '../config/index.ts';
import { createUsers } from '../modules/users/index.ts';
import { systemClock } from '../platform/clock.ts';
import { CliError, type CliOptions, type CliResult } from './command.ts';
import { withRedis } from './with-redis.ts';

export async function resetPassword(config: Config, options: CliOptions): Promise<CliResult> {
  const username = typeof options['username'] === 'string' ? options['username'] : config.admin.username;
  const made = await withRedis(config, async (redis) => {
    return createUsers(redis, systemClock).resetPassword(username);
  });
  if (made === null)
    throw new CliError(`There is no user named ${username}. Start the gateway once, or pass --username.`);
  return {
    json: { username: made.username, password: made.password, mustChangePassword: true },
    text: [
      `User      ${made.username}`,
      `Password  ${made.password}`,
      'It must be changed at the next sign-in; all sessions of this user have ended.',
    ].join('\n'),
  };
}
