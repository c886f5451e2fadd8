// Owns the one change an account may declare to a request body: the model's name, put in place byte for byte so that
// everything else stays as the client wrote it.
import { membersOf, withMembers } from '../../platform/json-members.ts';

/** `body` is valid JSON, an object. One without a model is returned as it is. */
export function replaceModel(body: Buffer, model: string): Buffer {
  const members = membersOf(body);
  const hasModel = members.some(({ name }) => name === 'model');
  return hasModel ? withMembers(body, { model: JSON.stringify(model) }, members) : body;
}
