// Owns reading what a running request holds, as scripts/hold.lua writes it.

export interface StoredHold {
  /** Meter as the hold names it (`key|b:day|<period>`) -> what of it is reserved. */
  readonly amounts: ReadonlyMap<string, number>;
  /** As the admission noted it. */
  readonly facts: string;
}

export function readHold(text: string): StoredHold {
  const [names = '', amounts = '', , ...facts] = text.split('\n');
  const values = amounts.split(' ');
  return {
    amounts: new Map(
      names === '' ? [] : names.split(' ').map((name, index) => [name, Number(values[index] ?? 0)]),
    ),
    facts: facts.join('\n'),
  };
}
