// Copies what the compiler leaves behind, Lua scripts and JSON data, from src to the same place in dist.
import { copyFileSync, globSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';

const root = join(import.meta.dirname, '..');

for (const file of globSync('**/*.{lua,json}', { cwd: join(root, 'src') })) {
  if (file.split(/[\\/]/).includes('fixtures')) continue;
  const target = join(root, 'dist', file);
  mkdirSync(dirname(target), { recursive: true });
  copyFileSync(join(root, 'src', file), target);
}
