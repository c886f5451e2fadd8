// For tests: a person who signs in at a vendor's page, as the upstream simulator shows it.
import type { api, Client } from '@crs/shared';

/** What the person pastes: the code that the page shows, or the address that the browser ends at. */
export async function signInAt(authorizeUrl: string, email: string): Promise<string> {
  const page = await fetch(`${authorizeUrl}&login_hint=${encodeURIComponent(email)}`, { redirect: 'manual' });
  const shown = /<code id="code">([^<]+)</u.exec(await page.text())?.[1];
  const pasted = shown ?? page.headers.get('location');
  if (pasted === null) throw new Error(`the vendor's page shows nothing to paste: ${page.status}`);
  return pasted;
}

/** An account of a login from its beginning to its end, open to every client. */
export async function addLogin(
  { accounts }: Client<typeof api>,
  kind: string,
  email: string,
  { mode = null, ...fields }: { mode?: string | null; name?: string; priority?: number } = {},
) {
  const { url, state } = await accounts.authUrl({ params: { kind }, body: { mode } });
  const code = await signInAt(url, email);
  return accounts.exchange({ params: { kind }, body: { state, code, clients: [], ...fields } });
}
