// Owns the addresses inside the console (below the base path). Links are built here and nowhere else.

export const paths = {
  home: '/',
  login: '/login/',
  changePassword: '/change-password/',
  dashboard: '/dashboard/',
  keys: '/keys/',
  keyView: '/keys/view/',
  accounts: '/accounts/',
  accountView: '/accounts/view/',
  groups: '/groups/',
  pricing: '/pricing/',
  requests: '/requests/',
  request: '/requests/view/',
  audit: '/audit/',
  settings: '/settings/',
  setup: '/setup/',
  keyStatus: '/key-status/',
} as const;

export const BASE_PATH = '/web';

/** The description of the admin API, outside of the console. */
export const API_DOCUMENT = '/api/v2/docs';

/** Address with query parameters; undefined and empty ones are left out. */
export function withQuery(path: string, query: Record<string, string | undefined>): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== '') search.set(name, value);
  }
  const text = search.toString();
  return text === '' ? path : `${path}?${text}`;
}

/** Addresses of one entry, of a form, of a narrowed list. */
export const links = {
  key: (id: string) => withQuery(paths.keys, { id }),
  keyView: (id: string) => withQuery(paths.keyView, { id }),
  newKey: withQuery(paths.keys, { new: '1' }),
  account: (id: string) => withQuery(paths.accounts, { id }),
  accountView: ({ id, kind }: { id: string; kind: string }) => withQuery(paths.accountView, { kind, id }),
  accountsOfGroup: (groupId: string) => withQuery(paths.accounts, { groupId }),
  newAccount: withQuery(paths.accounts, { new: '1' }),
  group: (id: string) => withQuery(paths.groups, { id }),
  request: (id: string) => withQuery(paths.request, { id }),
  settings: (section: string) => withQuery(paths.settings, { section }),
  audit: (targetId: string) => withQuery(paths.audit, { targetId }),
  price: (key: string) => withQuery(paths.pricing, { id: key }),
  requests: (filter: { keyId?: string; model?: string; accountId?: string }) =>
    withQuery(paths.requests, filter),
} as const;

/** Where sign-in leads back to: a path of this console, or the dashboard for anything else. */
export function safeNext(next: string | null): string {
  if (next === null || !next.startsWith('/') || next.startsWith('//') || next.includes('\\')) {
    return paths.dashboard;
  }
  const target = new URL(next, 'http://console.invalid');
  if (target.origin !== 'http://console.invalid') return paths.dashboard;
  const isSignIn = target.pathname === paths.login || target.pathname === paths.changePassword;
  return isSignIn || target.pathname === paths.home ? paths.dashboard : target.pathname + target.search;
}

/** Whether a page is for everybody: nobody is sent from it to the sign-in. */
export function isOpenPath(address: string): boolean {
  return address.startsWith(paths.setup) || address.startsWith(paths.keyStatus);
}

/** The present address below the base path, to come back to. Browser only. */
export function currentAddress(): string {
  const { pathname, search } = window.location;
  const below = pathname.startsWith(BASE_PATH) ? pathname.slice(BASE_PATH.length) : pathname;
  return (below === '' ? '/' : below) + search;
}
