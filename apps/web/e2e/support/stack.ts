// Owns what a test knows of the running stack: addresses, and the first administrator.

export interface Stack {
  /** Origin of the gateway. */
  baseUrl: string;
  simulatorUrl: string;
  /** Process of the database, to be frozen and woken. */
  redisPid: number;
  adminUsername: string;
  /** Generated at the first start; good until the first sign-in changes it. */
  adminPassword: string;
}

const VARIABLE = 'RELAY_BROWSER_STACK';

/** Hands the stack to the workers, which are started with this environment. */
export function publish(started: Stack): void {
  process.env[VARIABLE] = JSON.stringify(started);
}

export function stack(): Stack {
  const text = process.env[VARIABLE];
  if (text === undefined) throw new Error('the stack was not started');
  return JSON.parse(text) as Stack;
}

export function consoleUrl(path: string): string {
  return `${stack().baseUrl}/web${path}`;
}
