// Owns the addresses operators give: what is accepted, and how a vendor's path is put behind one.
import { z } from 'zod';

/** Base URLs come in several habits: with a slash at the end, with the version, with the whole path of one call. */
const VENDOR_PATH = /\/+(?:v1(?:\/+messages)?\/*)?$/;

export interface Address {
  /** `https://host:port`. */
  readonly origin: string;
  /** Path without a slash at its end; empty where there is none. */
  readonly basePath: string;
}

export function baseUrlSchema(builtIn: string) {
  return z
    .url({ protocol: /^https?$/, error: 'must be an address that begins with https:// or http://' })
    .max(500)
    .refine((text) => isPlain(text), {
      error: 'must not carry a user name, a password, a query or a fragment',
    })
    .default(builtIn)
    .meta({
      title: 'Base URL',
      description: 'Ends where /v1/messages begins; one that already carries /v1 is understood.',
    });
}

/** Accounts have few addresses, and every call asks for one. */
const known = new Map<string, Address>();
const MAX_KNOWN = 1000;

/** Where the calls of an account go. `baseUrl` has passed the schema. */
export function addressOf(baseUrl: string): Address {
  let address = known.get(baseUrl);
  if (address === undefined) {
    const url = new URL(baseUrl);
    address = { origin: url.origin, basePath: url.pathname.replace(VENDOR_PATH, '') };
    if (known.size >= MAX_KNOWN) known.clear();
    known.set(baseUrl, address);
  }
  return address;
}

function isPlain(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const url = new URL(text);
  return url.username === '' && url.password === '' && url.search === '' && url.hash === '';
}
