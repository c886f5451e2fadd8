// Owns the addresses operators give: what is accepted, and how a vendor's path is put behind one.
import { z } from 'zod';

/** Base URLs come in several habits: with a slash at the end, with the version, with the whole path of one call. */
const VENDOR_PATH = /\/+(?:v1(?:\/+(?:messages|chat\/+completions|responses))?\/*)?$/;

export interface Address {
  /** `https://host:port`. */
  readonly origin: string;
  /** Path without a slash at its end; empty where there is none. */
  readonly basePath: string;
}

/** An address; `title` and `description` are for its form. */
export function addressSchema(title: string, description: string) {
  return z
    .url({ protocol: /^https?$/, error: 'must be an address that begins with https:// or http://' })
    .max(500)
    .refine((text) => isPlain(text), {
      error: 'must not carry a user name, a password, a query or a fragment',
    })
    .meta({ title, description });
}

/** An address that may stand in for the vendor's own; `path` is what it ends before. */
export function baseUrlSchema(builtIn: string, path = '/v1/messages') {
  return foreignUrlSchema(path).default(builtIn);
}

/** An address that every account names for itself; `path` is what it ends before. */
export function foreignUrlSchema(path: string) {
  return addressSchema(
    'Base URL',
    `Ends where ${path} begins; one that already carries ${versionOf(path)} is understood.`,
  );
}

function versionOf(path: string): string {
  return path.slice(0, path.indexOf('/', 1));
}

/** Accounts have few addresses, and every call asks for one. */
const known = new Map<string, Address>();
const MAX_KNOWN = 1000;

/** Where the calls of an account go. `baseUrl` has passed the schema; `vendorPath` is what it may end with. */
export function addressOf(baseUrl: string, vendorPath = VENDOR_PATH): Address {
  const name = `${vendorPath.source} ${baseUrl}`;
  let address = known.get(name);
  if (address === undefined) {
    const url = new URL(baseUrl);
    address = { origin: url.origin, basePath: url.pathname.replace(vendorPath, '') };
    if (known.size >= MAX_KNOWN) known.clear();
    known.set(name, address);
  }
  return address;
}

function isPlain(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const url = new URL(text);
  return url.username === '' && url.password === '' && url.search === '' && url.hash === '';
}
