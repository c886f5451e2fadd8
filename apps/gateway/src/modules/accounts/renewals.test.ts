import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { startAccounts, type TestAccounts } from '../../../test/accounts.ts';
import { providersAt } from '../../../test/providers.ts';
import { startTestRedis, type TestRedis } from '../../../test/redis.ts';
import { type AnyProvider, LoginExpired } from '../../providers/provider.ts';

const HOUR_MS = 3_600_000;

let server: TestRedis;
let vendor: RotatingVendor;
let nowMs = Date.parse('2026-11-01T00:00:00Z');
let replicas: TestAccounts[] = [];

/** A token endpoint whose refresh tokens end with their first use. */
class RotatingVendor {
  readonly #server: Server;
  current = 'rt-0';
  rotations = 0;
  refused = 0;
  /** Answers with this status instead. */
  failure: number | null = null;
  /** What it decides at once is said later. */
  answersAfterMs = 0;
  refusesAfterMs = 0;

  constructor() {
    this.#server = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => {
        body += chunk.toString();
      });
      request.on('end', () => {
        if (this.failure !== null) {
          response.writeHead(this.failure).end('{}');
          return;
        }
        if (body !== this.current) {
          this.refused += 1;
          setTimeout(() => response.writeHead(400).end('{"error":"invalid_grant"}'), this.refusesAfterMs);
          return;
        }
        this.rotations += 1;
        this.current = `rt-${this.rotations}`;
        const tokens = { accessToken: `at-${this.rotations}`, refreshToken: this.current };
        setTimeout(() => response.end(JSON.stringify(tokens)), this.answersAfterMs);
      });
    });
  }

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.#server.close();
  }
}

const credentialSchema = z.strictObject({
  accessToken: z.string(),
  refreshToken: z.string(),
  expiresAt: z.string(),
});

function renewableKind(origin: string): AnyProvider {
  const base = providersAt(origin).get('claude-console');
  if (base === undefined) throw new Error('no such kind');
  return {
    ...base,
    kind: 'renewable',
    account: { settings: z.strictObject({}), credential: credentialSchema },
    baseUrl: () => origin,
    expiresAtMs: (credential) => Date.parse(credentialSchema.parse(credential).expiresAt),
    refresh: async (credential, _settings, send) => {
      const { refreshToken } = credentialSchema.parse(credential);
      const answer = await send({
        method: 'POST',
        origin,
        path: '/token',
        headers: [],
        body: Buffer.from(refreshToken),
      });
      if (answer.status === 400) throw new LoginExpired('invalid_grant');
      if (answer.status !== 200) throw new Error(`status ${answer.status}`);
      const tokens = credentialSchema.omit({ expiresAt: true }).parse(JSON.parse(answer.body.toString()));
      return { ...tokens, expiresAt: new Date(nowMs + HOUR_MS).toISOString() };
    },
  };
}

let origin = '';
beforeAll(async () => {
  server = await startTestRedis();
});
beforeEach(async () => {
  vendor = new RotatingVendor();
  origin = await vendor.listen();
});
afterEach(async () => {
  for (const opened of replicas) await opened.close();
  replicas = [];
  vendor.close();
  await server.flush();
});
afterAll(async () => {
  await server.stop();
});

async function replica(): Promise<TestAccounts> {
  const kind = renewableKind(origin);
  const opened = await startAccounts(server, {
    providers: new Map([[kind.kind, kind]]),
    clock: { now: () => nowMs },
  });
  replicas.push(opened);
  return opened;
}

/** An account whose token ends in that time. */
async function account({ accounts }: TestAccounts, leftMs: number): Promise<string> {
  const expiresAt = new Date(nowMs + leftMs).toISOString();
  const credential = { accessToken: 'at-0', refreshToken: vendor.current, expiresAt };
  return (await accounts.create('renewable', { name: 'one', credential })).id;
}

function live({ accounts }: TestAccounts, id: string) {
  const found = accounts.find(id);
  if (found === undefined) throw new Error('no such account');
  return found;
}

test('of many requests on two replicas one renews, and all get the same new token', async () => {
  const [one, two] = [await replica(), await replica()];
  const id = await account(one, -1);
  await two.accounts.exist([id]);
  const outcomes = await Promise.all(
    [one, two, one, two, two].map(async (at) => at.accounts.renew(live(at, id))),
  );
  expect(vendor).toMatchObject({ rotations: 1, refused: 0 });
  const sealed = outcomes.map((outcome) =>
    outcome.type === 'renewed' ? outcome.account.document.credentialSealed : outcome.type,
  );
  expect(new Set(sealed).size).toBe(1);
  expect(live(one, id).expiresAtMs).toBe(nowMs + HOUR_MS);
});

test('a copy of the account that is behind does not renew again', async () => {
  const opened = await replica();
  const id = await account(opened, -1);
  const old = live(opened, id);
  await opened.accounts.renew(old);
  expect(await opened.accounts.renew(old)).toMatchObject({ type: 'renewed', account: live(opened, id) });
  expect(vendor.rotations).toBe(1);
});

test('a token that ends soon is renewed while requests go on with it, one that has ended is waited for', async () => {
  const opened = await replica();
  const { accounts } = opened;
  const id = await account(opened, 2 * HOUR_MS);
  expect(accounts.isUsable(live(opened, id))).toBe(true);
  expect(vendor.rotations).toBe(0);
  nowMs += 2 * HOUR_MS - 60_000;
  expect(accounts.isUsable(live(opened, id))).toBe(true);
  await accounts.renew(live(opened, id));
  expect(vendor.rotations).toBe(1);
  nowMs += HOUR_MS - 1000;
  expect(accounts.isUsable(live(opened, id))).toBe(false);
});

test('an edit that an administrator began before the renewal is taken, and loses no token', async () => {
  const opened = await replica();
  const { accounts } = opened;
  const id = await account(opened, -1);
  const { version } = live(opened, id).document;
  await accounts.renew(live(opened, id));
  const { after } = await accounts.update('renewable', id, { priority: 3, version });
  expect(after.priority).toBe(3);
  await accounts.renew(live(opened, id));
  expect(vendor).toMatchObject({ rotations: 2, refused: 0 });
  await expect(accounts.update('renewable', id, { priority: 4, version })).rejects.toMatchObject({
    code: 'conflict',
  });
});

test('where only a person helps, the account waits for one and the vendor is left alone', async () => {
  const opened = await replica();
  const id = await account(opened, -1);
  vendor.current = 'another';
  expect(await opened.accounts.renew(live(opened, id))).toEqual({
    type: 'login-needed',
    reason: 'invalid_grant',
  });
  expect((await opened.accounts.get('renewable', id)).standing.status).toBe('needs-login');
  await opened.accounts.renewDue(new AbortController().signal);
  expect(vendor.refused).toBe(1);
});

test('a vendor that fails is tried again later, not at every request', async () => {
  const opened = await replica();
  const id = await account(opened, -1);
  vendor.failure = 503;
  expect(await opened.accounts.renew(live(opened, id))).toMatchObject({ type: 'failed' });
  vendor.failure = null;
  expect(await opened.accounts.renew(live(opened, id))).toMatchObject({ type: 'failed' });
  expect(vendor.rotations).toBe(0);
  nowMs += 6000;
  expect(await opened.accounts.renew(live(opened, id))).toMatchObject({ type: 'renewed' });
  expect((await opened.accounts.get('renewable', id)).standing.status).toBe('ready');
});

test('the job renews what ends soon, and nothing else', async () => {
  const opened = await replica();
  const soon = await account(opened, HOUR_MS);
  nowMs += HOUR_MS - 60_000;
  await opened.accounts.renewDue(new AbortController().signal);
  expect(vendor.rotations).toBe(1);
  await opened.accounts.renewDue(new AbortController().signal);
  expect(vendor.rotations).toBe(1);
  expect(live(opened, soon).expiresAtMs).toBe(nowMs + HOUR_MS);
});

test('a token that lasts for minutes only is not renewed as soon as it is had', async () => {
  const opened = await replica();
  const id = await account(opened, 60_000);
  nowMs += 40_000;
  expect(opened.accounts.isUsable(live(opened, id))).toBe(true);
  await opened.accounts.renewDue(new AbortController().signal);
  expect(vendor.rotations).toBe(0);
  nowMs += 16_000;
  expect(opened.accounts.isUsable(live(opened, id))).toBe(true);
  await opened.accounts.renewDue(new AbortController().signal);
  expect(vendor.rotations).toBe(1);
});

test('a process that ends waits for the answer of a renewal under way, and stores it', async () => {
  const opened = await replica();
  const id = await account(opened, -1);
  vendor.answersAfterMs = 150;
  void opened.accounts.renew(live(opened, id));
  await expect.poll(() => vendor.rotations).toBe(1);
  await opened.accounts.stop();
  const next = await replica();
  vendor.answersAfterMs = 0;
  expect(await next.accounts.renew(live(next, id))).toMatchObject({ type: 'renewed' });
  expect(vendor).toMatchObject({ rotations: 2, refused: 0 });
});

test('a refused token that another process renewed meanwhile does not make the account wait for a person', async () => {
  const [one, two] = [await replica(), await replica()];
  const id = await account(one, -1);
  await two.accounts.exist([id]);
  vendor.refusesAfterMs = 400;
  vendor.current = 'another';
  const held = one.accounts.renew(live(one, id));
  await expect.poll(() => vendor.refused).toBe(1);
  // Its lock was taken for a dead one's.
  await one.redis.background.del(one.redis.keyspace.accountRenewal(id));
  vendor.current = 'rt-0';
  expect(await two.accounts.renew(live(two, id))).toMatchObject({ type: 'renewed' });
  expect(await held).toMatchObject({ type: 'renewed' });
  expect((await one.accounts.get('renewable', id)).standing.status).toBe('ready');
});

test('a lock whose holder died is waited for, and then taken', async () => {
  const opened = await replica();
  const id = await account(opened, -1);
  await opened.redis.background.set(opened.redis.keyspace.accountRenewal(id), 'dead', 'PX', 250);
  const startedAt = performance.now();
  expect(await opened.accounts.renew(live(opened, id))).toMatchObject({ type: 'renewed' });
  expect(performance.now() - startedAt).toBeGreaterThan(200);
});
