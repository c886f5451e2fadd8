import { execFileSync, spawnSync } from 'node:child_process';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { quoteForCmd, quoteForCode, quoteForJavaScript, setInCmd } from './quoting';

const awkward = [
  'plain',
  '',
  'two words',
  'a "quoted" word',
  `it's`,
  String.raw`C:\folder\ `,
  String.raw`ends with \ `.trim(),
  String.raw`\"both\\"`,
  'a&b|c<d>e^f(g)',
  '"a&b" & "c|d"',
  '{"model":"x","n":[1,2]}',
  '$HOME `id` !x!',
  'Zürich 中文 🙂',
];

/** What cmd hands to a program: carets outside of quotes are taken away, and nothing special may be left there. */
function cmdHandsOver(command: string): string {
  let isQuoted = false;
  let handed = '';
  for (let at = 0; at < command.length; at += 1) {
    const character = command.charAt(at);
    if (character === '"') isQuoted = !isQuoted;
    if (!isQuoted && character === '^') {
      at += 1;
      handed += command.charAt(at);
    } else {
      if (!isQuoted && '&|<>()'.includes(character)) throw new Error(`cmd acts on ${character}`);
      handed += character;
    }
  }
  return handed;
}

/** How a program of Windows reads its first argument. */
function argumentOf(line: string): string {
  let isQuoted = false;
  let argument = '';
  for (let at = 0; at < line.length; ) {
    const slashes = /^\\*/.exec(line.slice(at))?.[0].length ?? 0;
    at += slashes;
    if (line[at] === '"') {
      argument += '\\'.repeat(Math.floor(slashes / 2));
      if (slashes % 2 === 1) argument += '"';
      else isQuoted = !isQuoted;
      at += 1;
    } else {
      argument += '\\'.repeat(slashes);
      if (line[at] === ' ' && !isQuoted) break;
      argument += line[at] ?? '';
      at += 1;
    }
  }
  return argument;
}

test.each(awkward)('a program started by cmd gets exactly %j', (text) => {
  expect(argumentOf(cmdHandsOver(quoteForCmd(text)))).toBe(text);
});

test('set of cmd takes everything between its outer quotes', () => {
  expect(setInCmd('NAME', 'a&b c')).toBe('set "NAME=a&b c"');
});

test.each(awkward)('JavaScript and JSON read %j', (text) => {
  expect(runInNewContext(quoteForJavaScript(text))).toBe(text);
  expect(JSON.parse(quoteForCode(text))).toBe(text);
});

// Nothing but Node.js is needed to work on this project.
const hasPython = spawnSync('python3', ['--version']).status === 0;

test.skipIf(!hasPython).each(awkward)('Python reads %j', (text) => {
  const program = `import sys\nsys.stdout.buffer.write(${quoteForCode(text)}.encode('utf-16-le', 'surrogatepass'))`;
  expect(execFileSync('python3', ['-c', program]).toString('utf16le')).toBe(text);
});

test('what breaks a line in JavaScript is written as its number', () => {
  expect(quoteForCode('a\u2028b\u007Fc')).toBe(String.raw`"a\u2028b\u007fc"`);
});
