// Owns how relay keys are recognised without being stored: v1's scheme, so that its keys keep working.
import { hash } from 'node:crypto';

/** SHA-256 of secret + pepper, hex. A relay key is 256 random bits: it needs no slow hash. */
export function hashSecret(secret: string, pepper: string): string {
  return hash('sha256', secret + pepper, 'hex');
}
