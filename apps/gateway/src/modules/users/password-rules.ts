// Owns which passwords are accepted, and how new ones are made.
import { randomInt } from 'node:crypto';

const GENERATED_LENGTH = 20;
/** Without letters and digits that are read for one another. */
const ALPHABET = 'abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789';

/** What is wrong with a new password, in words; null where it is accepted. Whether it is the old one is for its hash to say. */
export function passwordFault(password: string, username: string, minimumLength: number): string | null {
  if (password.length < minimumLength) return `use ${minimumLength} characters or more`;
  if (password.trim().toLowerCase() === username.trim().toLowerCase()) return 'must not be the user name';
  return null;
}

/** 116 random bits. */
export function generatePassword(): string {
  return Array.from({ length: GENERATED_LENGTH }, () => ALPHABET.charAt(randomInt(ALPHABET.length))).join('');
}
