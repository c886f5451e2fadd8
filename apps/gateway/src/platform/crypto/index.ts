// What the rest of the gateway may know of cryptography.
export { hashSecret } from './hash-secret.ts';
export { hashPassword, verifyPassword } from './password.ts';
export { SecretBox, SecretBoxError } from './secret-box.ts';
