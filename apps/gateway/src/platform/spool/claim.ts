// Owns who takes over the journal of a dead process: several that start at the same time on one directory must not
// deliver the same rows side by side.
import { readFileSync, renameSync, statSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isAlive } from './owner.ts';

/** A claim without a name in it is being written, or was by a process that died over it. */
const UNNAMED_LIFE_MS = 5000;

/**
 * True: the journal marked `mark` is for the process marked `own` to take over; it calls `release` when the files are
 * gone. False: a living process has it.
 */
export function claim(dir: string, mark: string, own: string): boolean {
  const path = pathOf(dir, mark);
  for (;;) {
    try {
      writeFileSync(path, own, { flag: 'wx', mode: 0o600 });
      return true;
    } catch (error) {
      if (!hasCode(error, 'EEXIST')) throw error;
    }
    const holder = holderOf(path);
    if (holder === own) return true;
    if (holder !== null && isHeld(path, holder)) return false;
    if (holder !== null) dropClaimOf(path, holder, own);
  }
}

export function release(dir: string, mark: string): void {
  unlinkSync(pathOf(dir, mark));
}

function pathOf(dir: string, mark: string): string {
  return join(dir, `claim-${mark}`);
}

/** Null where nobody holds it any more. */
function holderOf(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return null;
    throw error;
  }
}

function isHeld(path: string, holder: string): boolean {
  if (holder !== '') return isAlive(holder);
  const age = Date.now() - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0);
  return age < UNNAMED_LIFE_MS;
}

/** Whoever moves it away drops it. What somebody has claimed anew meanwhile is put back. */
function dropClaimOf(path: string, holder: string, own: string): void {
  const aside = `${path}.${own}`;
  try {
    renameSync(path, aside);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return;
    throw error;
  }
  if (readFileSync(aside, 'utf8') === holder) unlinkSync(aside);
  else renameSync(aside, path);
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
