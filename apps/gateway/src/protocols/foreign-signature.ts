// Owns how a thought's proof travels through a client of another vendor: as text that names whose it is.
import type { Signature, SignatureVendor } from './canonical.ts';

const FOREIGN = /^crs\.(anthropic|openai|gemini)\.(.*)$/s;
const VENDORS: Readonly<Record<string, SignatureVendor>> = {
  anthropic: 'anthropic',
  openai: 'openai',
  gemini: 'gemini',
};

/** As a client of `ownVendor`'s dialect gets it: its own vendor's as it came, others with their name. */
export function writeSignature({ vendor, value }: Signature, ownVendor: SignatureVendor): string {
  return vendor === ownVendor ? value : `crs.${vendor}.${value}`;
}

/** What a client of `ownVendor`'s dialect sends back. */
export function readSignature(text: string, ownVendor: SignatureVendor): Signature {
  const [, name = '', value = ''] = FOREIGN.exec(text) ?? [];
  const vendor = VENDORS[name];
  return vendor === undefined ? { vendor: ownVendor, value: text } : { vendor, value };
}
