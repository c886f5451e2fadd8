// Owns which models belong together: the line of a Claude model, which shares quota and health at the vendor.

const CLAUDE_LINE = /claude-(?:[\d.]+-)*([a-z]{3,})/;

/** `opus` for `claude-opus-5-5` and `claude-3-opus-20240229`; the id itself where it names no line of Claude. */
export function modelFamily(model: string): string {
  return CLAUDE_LINE.exec(model.toLowerCase())?.[1] ?? model;
}
