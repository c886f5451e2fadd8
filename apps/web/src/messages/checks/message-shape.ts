// Owns the reading of messages for tests: their keys, and the arguments each of them names.

/** Dotted keys of all messages with their text. */
export function flatten(messages: object, prefix = ''): Map<string, string> {
  const flat = new Map<string, string>();
  for (const [name, value] of Object.entries(messages)) {
    const key = prefix === '' ? name : `${prefix}.${name}`;
    if (typeof value === 'string') flat.set(key, value);
    else if (typeof value === 'object' && value !== null) {
      for (const [inner, text] of flatten(value as object, key)) flat.set(inner, text);
    }
  }
  return flat;
}

/** Names of the arguments of an ICU message; braces of plural and select branches are not arguments. */
export function argumentsOf(message: string): string[] {
  const names = new Set<string>();
  let depth = 0;
  for (let index = 0; index < message.length; index += 1) {
    if (message[index] === '}') depth -= 1;
    if (message[index] !== '{') continue;
    // Arguments open on even depths, their branches on odd ones.
    const name = depth % 2 === 0 ? /^\{\s*(\w+)\s*[,}]/.exec(message.slice(index))?.[1] : undefined;
    if (name !== undefined) names.add(name);
    depth += 1;
  }
  return [...names].toSorted();
}
