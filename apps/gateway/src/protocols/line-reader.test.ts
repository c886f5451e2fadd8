import { expect, test } from 'vitest';
import { LineReader } from './line-reader.ts';

function linesOf(text: string | Buffer, chunkBytes = Number.POSITIVE_INFINITY): string[] {
  const bytes = Buffer.from(text);
  const lines: string[] = [];
  const reader = new LineReader((buffer, start, end) => lines.push(buffer.toString('utf8', start, end)));
  for (let start = 0; start < bytes.length; start += chunkBytes) {
    reader.push(bytes.subarray(start, start + Math.min(chunkBytes, bytes.length)));
  }
  return lines;
}

const long = 'x'.repeat(200);
const cases: readonly [name: string, text: string, lines: readonly string[]][] = [
  ['LF', `a\n\nb${long}\n`, ['a', '', `b${long}`]],
  ['CRLF', `a\r\n\r\nb${long}\r\n`, ['a', '', `b${long}`]],
  ['lone CR', `a\r\rb${long}\rc\r`, ['a', '', `b${long}`, 'c']],
  ['a first line longer than what is scanned at once, ended by CR', `${long}\rb\rc\r`, [long, 'b', 'c']],
  ['LF and CRLF mixed', `a\r\nb\n\r\n${long}\n${long}\r\nc\n`, ['a', 'b', '', long, long, 'c']],
  ['code points of two to four bytes', 'é漢👩‍🚀\n“ü”\n', ['é漢👩‍🚀', '“ü”']],
  ['a byte order mark', '\ufeffevent: ping\n\n', ['event: ping', '']],
  ['an unfinished last line is not handed over', 'a\nb', ['a']],
];

test.each(cases)('%s: the same lines whatever the chunks', (_name, text, expected) => {
  expect(linesOf(text)).toEqual(expected);
  for (const chunkBytes of [1, 2, 3, 7, 47, 48, 49]) {
    expect(linesOf(text, chunkBytes), `${chunkBytes} bytes a chunk`).toEqual(expected);
  }
});

test('bytes that only begin like a byte order mark are kept', () => {
  expect(linesOf(Buffer.from([0x61, 0xef, 0xbb, 0xbf, 0x0a]))).toEqual(['a\ufeff']);
});

test('a line without end is kept up to a limit; what comes after it is read again', () => {
  const mebibyte = 'y'.repeat(1024 * 1024);
  const lines: number[] = [];
  const reader = new LineReader((_, start, end) => lines.push(end - start));
  for (let count = 0; count < 10; count += 1) reader.push(Buffer.from(mebibyte));
  reader.push(Buffer.from('\nabc\n'));
  expect(lines).toEqual([4 * 1024 * 1024, 3]);
});

test('chunks may be overwritten after they were read', () => {
  const lines: string[] = [];
  const reader = new LineReader((buffer, start, end) => lines.push(buffer.toString('utf8', start, end)));
  const chunk = Buffer.from('first ');
  reader.push(chunk);
  chunk.fill('#');
  reader.push(Buffer.from('second\n'));
  expect(lines).toEqual(['first second']);
});
