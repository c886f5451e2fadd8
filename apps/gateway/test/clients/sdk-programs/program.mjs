// What all programs here share: the order on the command line, the SDKs of the folder it names, one line of JSON as the
// answer. Plain JavaScript: the SDKs are not there when the project is checked.
import { createRequire } from 'node:module';

export const order = JSON.parse(process.argv[2]);
export const load = createRequire(`${order.cache}/package.json`);

/** The tool that the simulator is told to call, and what it finds out. */
export const weather = {
  name: 'get_weather',
  description: 'The weather of a city',
  schema: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
  find: ({ city }) => (city === 'Bern' ? 'answer-42' : `no weather in ${city}`),
};

/**
 * `ask` gets an answer, whole or by a stream, with or without the tool, and goes on until it is a text; `lists` says
 * what else there is to ask.
 */
export async function tell({ ask, lists }) {
  const { scenario } = order;
  const isStream = ['stream', 'toolStream', 'thoughts', 'cut', 'errorEvent'].includes(scenario);
  const hasTool = ['tool', 'toolStream', 'thoughts'].includes(scenario);
  try {
    const text = scenario === 'lists' ? await lists() : await ask({ isStream, hasTool });
    process.stdout.write(`${JSON.stringify({ text })}\n`);
  } catch (error) {
    const { name, status = error.statusCode, message } = error;
    process.stdout.write(`${JSON.stringify({ name, status, error: message })}\n`);
    process.exitCode = 1;
  }
}
