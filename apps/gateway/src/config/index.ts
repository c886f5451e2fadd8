// What the rest of the gateway may know of its settings.
import { type Config, loadConfig } from './config.ts';

export { type Config, ConfigError, loadConfig, ownVersion } from './config.ts';

/** Of this process, from its environment and working directory. */
export function loadOwnConfig(): Config {
  return loadConfig(process.env, process.cwd());
}
