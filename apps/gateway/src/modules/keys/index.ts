// What the rest of the gateway may know of relay keys.
export type { Presented } from './authenticator.ts';
export { type KeyDocument, ownerTag } from './document.ts';
export { KeyRepository } from './keys.repository.ts';
export { Keys } from './keys.service.ts';
