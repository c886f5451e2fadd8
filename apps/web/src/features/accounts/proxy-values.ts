// Owns what a form holds of a proxy, and how it becomes the contract's. Pure.
import type { Account, AccountProxy } from '@crs/shared';

export const proxyTypes = ['http', 'https', 'socks5'] as const satisfies readonly AccountProxy['type'][];

export interface ProxyValues {
  /** Empty: directly. */
  type: AccountProxy['type'] | '';
  host: string;
  port: string;
  username: string;
  /** Never what is stored. */
  password: string;
}

type Stored = Account['proxy'];

export function proxyValues(stored: Stored): ProxyValues {
  return {
    type: stored?.type ?? '',
    host: stored?.host ?? '',
    port: stored === null ? '' : String(stored.port),
    username: stored?.username ?? '',
    password: '',
  };
}

/** The stored password stays as long as the user name does and no other one is typed. */
export function keepsPassword({ username, password }: ProxyValues, stored: Stored): boolean {
  return stored?.hasPassword === true && username.trim() === (stored.username ?? '') && password === '';
}

/** The proxy as the contract wants it; the password is left out where the stored one stays. */
export function proxyBody(values: ProxyValues, stored: Stored): AccountProxy | null {
  const { type, host, port, username, password } = values;
  if (type === '') return null;
  return {
    type,
    host: host.trim(),
    port: port.trim() === '' ? Number.NaN : Number(port),
    username: username.trim() === '' ? null : username.trim(),
    ...(keepsPassword(values, stored) ? {} : { password: password === '' ? null : password }),
  };
}

/** `socks5://user@host:1080`; what a person reads, never with a password. */
export function proxyAddress({ type, host, port, username }: Omit<AccountProxy, 'password'>): string {
  const shownHost = host.includes(':') && !host.startsWith('[') ? `[${host}]` : host;
  return `${type}://${username === null ? '' : `${username}@`}${shownHost}:${port}`;
}

const defaultPorts = { http: '80', https: '443', socks5: '1080' } as const;

/** A whole address, as proxies are handed out, in its parts; null for everything else. */
export function readProxyAddress(text: string): ProxyValues | null {
  const groups = /^(?<scheme>https?|socks5h?):\/\/(?<rest>\S+)$/i.exec(text.trim())?.groups;
  const scheme = groups?.['scheme']?.toLowerCase();
  const type = proxyTypes.find((known) => scheme === known || scheme === `${known}h`);
  // The parser keeps the parts of addresses it knows; all of these are written alike.
  const address = `http://${groups?.['rest'] ?? ''}`;
  if (type === undefined || !URL.canParse(address)) return null;
  const { hostname, port, username, password } = new URL(address);
  const isPlain = port === '' && /:80\/?$/.test(address);
  return {
    type,
    host: hostname,
    port: isPlain ? '80' : port === '' ? defaultPorts[type] : port,
    username: decodeURIComponent(username),
    password: decodeURIComponent(password),
  };
}
