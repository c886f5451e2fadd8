// Gemini CLI, headless: by API key, and by way of Code Assist as after a Google login.
import { join } from 'node:path';
import { type Client, SHELL_PROMPT, servedBy, standingIn, survivedOn, type Trial } from './case.ts';
import { runProgram } from './program.ts';

const OWN = 'gemini-api';
const CODE_ASSIST = 'Code Assist';
const OWN_CHOICE = 'its own choice of model';
const byCodeAssist = (trials: readonly Trial[]): Trial[] =>
  trials.map((trial) => ({ ...trial, way: CODE_ASSIST }));

export const geminiCli: Client = {
  name: 'Gemini CLI',
  dialects: ['gemini', 'code-assist'],
  toolPrompt: SHELL_PROMPT,
  // What came of a broken answer stands before it.
  shown: (text) => new RegExp(`${text}$`, 'm'),
  trials: [
    { scenario: 'text', kind: OWN, succeeds: true, statuses: [200] },
    // A small model tells it first which one fits.
    { scenario: 'text', kind: OWN, way: OWN_CHOICE, succeeds: true, statuses: [200, 200] },
    { scenario: 'tool', kind: OWN, succeeds: true, statuses: [200, 200] },
    { scenario: 'wrongKey', kind: OWN, succeeds: false },
    { scenario: 'spent', kind: OWN, succeeds: false, statuses: [402] },
    ...survivedOn([OWN, 'claude-console', 'openai']),
    ...servedBy([OWN], ['thoughts']),
    ...servedBy(['gemini', 'claude-console', 'bedrock', 'openai', 'openai-responses'], ['text', 'tool']),
    ...servedBy(['claude', 'azure-openai', 'codex'], ['tool']),
    ...standingIn('gemini-3.8-flash', ['claude-console', 'openai'], ['text', 'tool']),
    ...byCodeAssist([
      { scenario: 'wrongKey', kind: 'gemini', succeeds: false },
      { scenario: 'cut', kind: 'gemini', succeeds: true },
      ...servedBy(['gemini', OWN, 'claude-console', 'openai'], ['text', 'tool']),
    ]),
  ],
  run: ({ cache, url, key, model, prompt, way }) => {
    const address = `${url}/gemini`;
    const isKey = way !== CODE_ASSIST;
    const selectedType = isKey ? 'gemini-api-key' : 'oauth-personal';
    return runProgram({
      command: join(cache, 'node_modules/.bin/gemini'),
      args: [...(way === OWN_CHOICE ? [] : ['-m', model]), '-p', prompt, '--yolo'],
      env: {
        GEMINI_CLI_TRUST_WORKSPACE: 'true',
        ...(isKey
          ? { GOOGLE_GEMINI_BASE_URL: address, GEMINI_API_KEY: key }
          : {
              GOOGLE_GENAI_USE_GCA: 'true',
              GOOGLE_CLOUD_ACCESS_TOKEN: key,
              CODE_ASSIST_ENDPOINT: address,
            }),
      },
      files: { '.gemini/settings.json': JSON.stringify({ security: { auth: { selectedType } } }) },
    });
  },
};
