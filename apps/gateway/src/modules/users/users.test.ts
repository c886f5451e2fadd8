// The first admin is made once, whatever starts at the same time; passwords follow the rules.
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { type AdminApi, PASSWORD, startAdminApi } from '../../../test/admin-api.ts';
import { generatePassword, passwordFault } from './password-rules.ts';
import { createUsers } from './users.ts';

let admin: AdminApi;
beforeAll(async () => {
  admin = await startAdminApi();
});
afterAll(() => admin.stop());
afterEach(() => admin.reset());

test('a generated password is handed out once, works, and must be changed', async () => {
  const made = await admin.users.ensureAdmin({ username: 'admin', password: null });
  expect(made?.username).toBe('admin');
  const user = await admin.users.findByName('ADMIN');
  expect(user).toMatchObject({ role: 'admin', enabled: true, mustChangePassword: true });
  expect(await admin.users.checkPassword(user, made?.password ?? '')).toBe(true);
  expect(await admin.users.ensureAdmin({ username: 'admin', password: null })).toBeNull();
});

test('a configured password is not handed out, need not be changed, and a later one changes nothing', async () => {
  expect(await admin.users.ensureAdmin({ username: 'admin', password: PASSWORD })).toBeNull();
  expect(await admin.users.ensureAdmin({ username: 'admin', password: 'another password' })).toBeNull();
  const user = await admin.users.findByName('admin');
  expect(user?.mustChangePassword).toBe(false);
  expect(await admin.users.checkPassword(user, PASSWORD)).toBe(true);
});

test('replicas that start together make one admin, even under two names', async () => {
  const replicas = ['admin', 'admin', 'root', 'root'].map((username) => ({
    username,
    users: createUsers(admin.redis, admin.clock),
  }));
  const made = await Promise.all(
    replicas.map(({ users, username }) => users.ensureAdmin({ username, password: null })),
  );
  const winners = made.filter((each) => each !== null);
  expect(winners).toHaveLength(1);
  const found = await Promise.all(['admin', 'root'].map((username) => admin.users.findByName(username)));
  expect(found.filter((user) => user !== null).map((user) => user.username)).toEqual([winners[0]?.username]);
});

test('a later ADMIN_USERNAME makes no second admin', async () => {
  await admin.users.ensureAdmin({ username: 'admin', password: PASSWORD });
  expect(await admin.users.ensureAdmin({ username: 'root', password: PASSWORD })).toBeNull();
  expect(await admin.users.findByName('root')).toBeNull();
});

test('a configured password that breaks the rules, or a taken name, stops the start with its setting', async () => {
  await expect(admin.users.ensureAdmin({ username: 'admin', password: 'short' })).rejects.toThrow(
    /^ADMIN_PASSWORD: /,
  );
  await admin.addUser({ username: 'admin', role: 'user' });
  await expect(admin.users.ensureAdmin({ username: 'Admin', password: null })).rejects.toThrow(
    /^ADMIN_USERNAME: /,
  );
});

test('a reset gives a new password that must be changed, ends the sessions, and knows who does not exist', async () => {
  const user = await admin.addUser({ username: 'ada' });
  const token = await admin.tokenOf(user);
  const reset = await admin.users.resetPassword('Ada');
  const after = await admin.users.findByName('ada');
  expect(after?.mustChangePassword).toBe(true);
  expect(await admin.users.checkPassword(after, reset?.password ?? '')).toBe(true);
  expect(await admin.users.checkPassword(after, PASSWORD)).toBe(false);
  expect(await admin.sessions.authenticate(token)).toBeNull();
  expect(await admin.users.resetPassword('nobody')).toBeNull();
});

test('changes at the same time are not lost', async () => {
  const user = await admin.addUser({ username: 'ada' });
  await Promise.all([
    admin.users.resetPassword('ada'),
    admin.users.resetPassword('ada'),
    admin.users.resetPassword('ada'),
  ]);
  expect(await admin.users.get(user.id)).toMatchObject({ version: 4, sessionEpoch: 4 });
});

test('an unknown name costs the work of a known one', async () => {
  const user = await admin.addUser({ username: 'ada' });
  const timed = async (whom: typeof user | null): Promise<number> => {
    const startedAt = performance.now();
    for (let round = 0; round < 3; round += 1)
      expect(await admin.users.checkPassword(whom, 'wrong password')).toBe(false);
    return performance.now() - startedAt;
  };
  await timed(null);
  const [known, unknown] = [await timed(user), await timed(null)];
  expect(unknown).toBeGreaterThan(known / 4);
});

test('passwords are long, not the name; generated ones keep the rules and differ', () => {
  expect(passwordFault('123456789', 'ada', 10)).toContain('10 characters');
  expect(passwordFault('Administrator', 'administrator', 10)).toContain('user name');
  expect(passwordFault('1234567890', 'ada', 10)).toBeNull();
  const made = Array.from({ length: 50 }, () => generatePassword());
  expect(new Set(made).size).toBe(50);
  for (const password of made) expect(password).toMatch(/^[a-km-zA-HJ-NP-Z2-9]{20}$/);
});
