// What the operator sees when everything runs: where to go, how to sign in, where the data is.
import { setTimeout as sleep } from 'node:timers/promises';
import type { DemoLogin } from './demo/demo.ts';
import type { BootstrapNotice, Gateway } from './gateway.ts';
import { print, say } from './progress.ts';
import { type LaunchSettings, localUrl } from './settings.ts';

const NOTICE_WAIT_MS = 300;

export async function printWelcome(
  settings: LaunchSettings,
  gateway: Gateway,
  demo: DemoLogin | null,
): Promise<void> {
  // Handed over before the gateway is ready; on later starts there is none, and the pipe may stay open.
  const notice = await Promise.race([gateway.notice, sleep(NOTICE_WAIT_MS, null)]);
  const url = localUrl(settings);
  say('Claude Relay Service is ready');
  print('');
  row('Console', `${url}/web/`);
  row('Claude Code', `ANTHROPIC_BASE_URL=${url}/api  ANTHROPIC_AUTH_TOKEN=<a relay key from the console>`);
  if (notice !== null) printSignIn(notice, '(shown this once; must be changed at the first sign-in)');
  if (demo !== null) {
    printSignIn(demo, '');
    row('Relay key', demo.relayKey);
  }
  row('Data', settings.demo ? `${settings.dataDir} (removed at the end)` : settings.dataDir);
  row('Logs', settings.logDir);
  row('Stop', 'Ctrl-C');
  print('');
}

function printSignIn({ adminUsername, adminPassword }: BootstrapNotice, note: string): void {
  row('User', adminUsername);
  row('Password', `${adminPassword}  ${note}`.trimEnd());
}

function row(label: string, text: string): void {
  print(`  ${label.padEnd(12)} ${text}`);
}
