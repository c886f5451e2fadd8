// Owns what may be shown as a logo: a picture whose bytes are what its name says. No SVG, which can hold scripts.

const SIGNATURES: Readonly<Record<string, (bytes: Buffer) => boolean>> = {
  png: (bytes) => bytes.subarray(0, 8).equals(Buffer.from('89504e470d0a1a0a', 'hex')),
  jpeg: (bytes) => bytes.subarray(0, 3).equals(Buffer.from('ffd8ff', 'hex')),
  gif: (bytes) => /^GIF8[79]a/.test(bytes.toString('latin1', 0, 6)),
  webp: (bytes) => bytes.toString('latin1', 0, 4) === 'RIFF' && bytes.toString('latin1', 8, 12) === 'WEBP',
};

/** What is wrong with a picture given as a data URL, in words; null where it is accepted. */
export function imageFault(dataUrl: string, maximumBytes: number): string | null {
  const [, format = '', text = ''] = /^data:image\/(\w+);base64,(.*)$/s.exec(dataUrl) ?? [];
  const isFormat = SIGNATURES[format];
  if (isFormat === undefined) return 'must be a PNG, JPEG, WebP or GIF';
  const bytes = Buffer.from(text, 'base64');
  if (bytes.length > maximumBytes) return `must not be larger than ${Math.floor(maximumBytes / 1024)} kB`;
  return isFormat(bytes) ? null : `is not a ${format.toUpperCase()} picture; choose the file again`;
}
