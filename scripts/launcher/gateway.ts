// Starts the gateway, waits until it is ready, and takes the first admin's password that it hands over once.
import { spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { hasEnded, type Running, watch } from './processes.ts';
import { LaunchError } from './progress.ts';
import { type Environment, type LaunchSettings, localUrl } from './settings.ts';

const READY_TIMEOUT_MS = 60_000;
/** On a large machine V8 would let short-lived objects take 128 MB before it looks; a gateway's live for milliseconds. */
const YOUNG_GENERATION = '--max-semi-space-size=16';

/** What the gateway says once, on its very first start on a data directory. */
export interface BootstrapNotice {
  adminUsername: string;
  adminPassword: string;
}

export interface Gateway extends Running {
  /** Null on every start but the first. */
  notice: Promise<BootstrapNotice | null>;
}

export async function startGateway(
  settings: LaunchSettings,
  environment: Environment,
  logFd: number,
): Promise<Gateway> {
  const child = spawn(process.execPath, [YOUNG_GENERATION, settings.gatewayEntry], {
    cwd: settings.workingDir,
    detached: true,
    env: { ...environment, BOOTSTRAP_NOTICE_FD: '3' },
    stdio: ['ignore', logFd, logFd, 'pipe'],
  });
  const running = await watch(child);
  return { ...running, notice: readNotice(child.stdio[3] as Readable) };
}

/** Resolves when `/health/ready` answers 200 or `signal` aborts; rejects when the gateway ended or took too long. */
export async function untilReady(
  gateway: Gateway,
  settings: LaunchSettings,
  signal: AbortSignal,
): Promise<void> {
  const url = `${localUrl(settings)}/health/ready`;
  const deadline = Date.now() + READY_TIMEOUT_MS;
  while (!hasEnded(gateway) && Date.now() < deadline) {
    if (signal.aborted) return;
    try {
      const response = await fetch(url, { signal: AbortSignal.any([signal, AbortSignal.timeout(2000)]) });
      await response.body?.cancel();
      if (response.status === 200) return;
    } catch {
      // Not listening yet.
    }
    await sleep(50);
  }
  throw new LaunchError(
    hasEnded(gateway) ? 'The gateway ended while starting.' : 'The gateway was not ready within 60 s.',
  );
}

async function readNotice(pipe: Readable): Promise<BootstrapNotice | null> {
  let text = '';
  try {
    for await (const chunk of pipe) {
      text += String(chunk);
      if (text.includes('\n')) break;
    }
    return parseNotice(text);
  } catch {
    return null;
  }
}

function parseNotice(text: string): BootstrapNotice | null {
  if (text.trim() === '') return null;
  const value: unknown = JSON.parse(text);
  return typeof value === 'object' &&
    value !== null &&
    'adminUsername' in value &&
    typeof value.adminUsername === 'string' &&
    'adminPassword' in value &&
    typeof value.adminPassword === 'string'
    ? { adminUsername: value.adminUsername, adminPassword: value.adminPassword }
    : null;
}
