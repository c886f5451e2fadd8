// Owns what happens to the export after `next build`: a CSP in every page, compressed copies, the bundle budget.
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { addPolicy } from './content-security-policy.ts';
import { budgetOf, firstLoadScripts, formatBudgetTable, type PageWeight } from './bundle-budget.ts';

const gzipAsync = promisify(gzip);
const brotliAsync = promisify(brotliCompress);
const compressible = /\.(js|css|html|svg|json|txt)$/;
/** Below this a compressed copy saves less than its file costs. */
const MIN_COMPRESSED_BYTES = 1024;

async function listFiles(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

async function compress(path: string): Promise<number> {
  const content = await readFile(path);
  const zipped = await gzipAsync(content, { level: 9 });
  if (content.length >= MIN_COMPRESSED_BYTES) {
    const params = {
      [constants.BROTLI_PARAM_QUALITY]: 11,
      [constants.BROTLI_PARAM_SIZE_HINT]: content.length,
    };
    const squeezed = await brotliAsync(content, { params });
    await Promise.all([writeFile(`${path}.gz`, zipped), writeFile(`${path}.br`, squeezed)]);
  }
  return zipped.length;
}

async function finish(out: string): Promise<boolean> {
  const files = (await listFiles(out)).filter((path) => !/\.(gz|br)$/.test(path));
  const pages = files.filter((path) => path.endsWith('.html'));
  for (const page of pages) {
    await writeFile(page, addPolicy(await readFile(page, 'utf8')));
  }

  const zippedBytes = new Map<string, number>();
  for (const path of files.filter((file) => compressible.test(file))) {
    zippedBytes.set(relative(out, path), await compress(path));
  }

  const weights: PageWeight[] = [];
  for (const page of pages) {
    const scripts = firstLoadScripts(await readFile(page, 'utf8'));
    const bytes = scripts.reduce((sum, script) => sum + (zippedBytes.get(script) ?? Number.NaN), 0);
    const name = relative(out, page);
    weights.push({ page: name, bytes, budgetBytes: budgetOf(name) });
  }
  console.log(formatBudgetTable(weights));
  // A script that is not in the export counts as NaN and fails as well.
  return weights.every(({ bytes, budgetBytes }) => bytes <= budgetBytes);
}

/** Another folder than that of the build is for tests. */
const out = process.argv[2] ?? fileURLToPath(new URL('../out', import.meta.url));
if (!(await finish(out))) {
  console.error('A page is over its budget: load what is not needed at first lazily.');
  process.exitCode = 1;
}
