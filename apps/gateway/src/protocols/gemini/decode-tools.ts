// Owns reading Google's tools into the canonical form.
import { isJsonObject, type JsonObject } from '../../platform/json.ts';
import type { CanonicalTool } from '../canonical.ts';
import { type ConversionNotes, NotConvertible } from '../codec.ts';
import { member, objectsIn, textIn } from './read.ts';
import { toJsonSchema } from './schema.ts';

const SEARCHES = new Set(['googleSearch', 'googleSearchRetrieval']);
const NO_PARAMETERS: JsonObject = { type: 'object', properties: {} };

export function decodeTools(
  tools: readonly JsonObject[],
  path: string,
  notes: ConversionNotes,
): readonly CanonicalTool[] {
  return tools.flatMap((tool, index) =>
    Object.keys(tool).flatMap((name): readonly CanonicalTool[] => {
      const known = name.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
      if (known === 'functionDeclarations') {
        return objectsIn(tool, known).map((declaration, place) =>
          functionOf(declaration, `${path}.${index}.functionDeclarations.${place}`, notes),
        );
      }
      if (SEARCHES.has(known)) return [{ type: 'web_search', maxUses: null }];
      throw new NotConvertible(
        `${path}.${index}.${name}`,
        `${name} runs at Google and cannot be used with this model; leave it out.`,
      );
    }),
  );
}

function functionOf(declaration: JsonObject, path: string, notes: ConversionNotes): CanonicalTool {
  const name = textIn(declaration, 'name');
  if (name === null || name === '') throw new NotConvertible(`${path}.name`, 'Field required, a name');
  if (member(declaration, 'behavior') !== undefined) notes.drop('behavior');
  const schema = member(declaration, 'parametersJsonSchema') ?? member(declaration, 'parameters');
  return {
    type: 'function',
    name,
    description: textIn(declaration, 'description'),
    inputSchema: isJsonObject(schema) ? toJsonSchema(schema) : NO_PARAMETERS,
    strict: null,
  };
}
